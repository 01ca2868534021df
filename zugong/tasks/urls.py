"""Addresses of the tasks' room."""

from zugong.tasks.views import TASKS
from zugong.ui.urls import addresses

app_name = "tasks"
urlpatterns = addresses(TASKS)
