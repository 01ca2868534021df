"""Addresses of the mentoring room."""

from zugong.mentoring.views import PAIRS
from zugong.ui.urls import addresses

app_name = "mentoring"
urlpatterns = addresses(PAIRS)
