"""Addresses of the room of regulations."""

from django.urls import path

from zugong.base.access import Permission
from zugong.regulations import procedurepages, views
from zugong.ui.pages import page

read, edit = page(Permission.REGULATIONS_READ), page(Permission.REGULATIONS_EDIT)
app_name = "regulations"
urlpatterns = [
    path("", read(views.instruments), name="list"),
    path("papers/", read(views.papers), name="papers"),
    path("papers/add/", edit(views.paper_add), name="paper-add"),
    path("papers/<int:pk>/", read(views.paper), name="paper"),
    path("papers/<int:pk>/version/", edit(views.paper_version), name="paper-version"),
    path("papers/<int:pk>/end/", edit(views.paper_end), name="paper-end"),
    path("papers/files/<int:pk>/", read(views.paper_file), name="paper-file"),
    path("procedures/", read(procedurepages.procedures), name="procedures"),
    path("procedures/<str:code>/", read(procedurepages.procedure), name="procedure"),
]
