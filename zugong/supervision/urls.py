"""Addresses of the supervision room."""

from zugong.supervision.views import FINDINGS, SESSIONS
from zugong.ui.urls import addresses

app_name = "supervision"
urlpatterns = addresses(SESSIONS, FINDINGS)
