"""Addresses of the training room."""

from zugong.training.views import CLASSES, HOURS, TRAINEES
from zugong.ui.urls import addresses

app_name = "training"
urlpatterns = addresses(CLASSES, TRAINEES, HOURS)
