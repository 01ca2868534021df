"""Addresses of the room of regulations."""

from django.urls import path

from zugong.base.access import Permission
from zugong.regulations import procedurepages
from zugong.ui.pages import page

read = page(Permission.REGULATIONS_READ)
app_name = "regulations"
urlpatterns = [
    path("procedures/", read(procedurepages.procedures), name="procedures"),
    path("procedures/<str:code>/", read(procedurepages.procedure), name="procedure"),
]
