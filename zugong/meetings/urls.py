"""Addresses of the meetings' room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.meetings import views
from zugong.meetings.views import MEETINGS, TALKED
from zugong.ui.pages import page
from zugong.ui.urls import addresses

app_name = "meetings"
urlpatterns = [
    path("record/", page(Permission.MEETINGS_EDIT)(views.record), name="record"),
    *addresses(MEETINGS, TALKED),
]
