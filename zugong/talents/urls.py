"""Addresses of the talents' room."""

from zugong.talents.views import INTRODUCTIONS, POSTS, TENANCIES
from zugong.ui.urls import addresses

app_name = "talents"
urlpatterns = addresses(POSTS, INTRODUCTIONS, TENANCIES)
