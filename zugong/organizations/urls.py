"""Addresses of the organizations' room."""

from zugong.organizations.views import GROUPS, ORGANIZATIONS, UNITS
from zugong.ui.urls import addresses

app_name = "organizations"
urlpatterns = addresses(ORGANIZATIONS, GROUPS, UNITS)
