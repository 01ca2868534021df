"""Addresses of the cadres' room."""

from zugong.cadres.views import CADRES, MATERIALS, MERITS, POSTINGS, RESERVE, SECONDMENTS
from zugong.ui.urls import addresses

app_name = "cadres"
urlpatterns = addresses(CADRES, RESERVE, SECONDMENTS, MERITS, POSTINGS, MATERIALS)
