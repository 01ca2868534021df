"""Addresses of the supervision room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.supervision import views
from zugong.supervision.views import FINDINGS, PROBLEMS, SESSIONS
from zugong.ui.pages import page
from zugong.ui.urls import addresses

app_name = "supervision"
urlpatterns = [
    *addresses(SESSIONS, FINDINGS, PROBLEMS),
    path("problems/<int:pk>/close/", page(Permission.SUPERVISION_EDIT)(views.close), name="problem-close"),
]
