"""Addresses of the visits' room."""

from zugong.ui.urls import addresses
from zugong.visits.views import OPINIONS, TOPICS, VISITS

app_name = "visits"
urlpatterns = addresses(VISITS, OPINIONS, TOPICS)
