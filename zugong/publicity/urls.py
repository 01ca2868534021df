"""Addresses of the publicity room."""

from zugong.publicity.views import ARTICLES, BRANDS
from zugong.ui.urls import addresses

app_name = "publicity"
urlpatterns = addresses(ARTICLES, BRANDS)
