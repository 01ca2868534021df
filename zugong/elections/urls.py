"""Addresses of the elections' room."""

from zugong.elections.views import MEMBERS, TERMS
from zugong.ui.urls import addresses

app_name = "elections"
urlpatterns = addresses(TERMS, MEMBERS)
