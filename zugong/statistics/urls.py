"""Addresses of the statistics room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.statistics import views
from zugong.ui.pages import page

read = page(Permission.STATISTICS_READ)
app_name = "statistics"
urlpatterns = [
    path("", read(views.figures), name="figures"),
    path("structure/", read(views.cross), name="structure"),
    path("structure/people/", read(views.people), name="structure-people"),
    path("structure/people/export/", read(views.people_export), name="structure-export"),
    path("<str:figure>/", read(views.figure), name="figure"),
    path("<str:figure>/facets/", read(views.facets), name="figure-facets"),
    path("<str:figure>/export/", read(views.export), name="figure-export"),
]
