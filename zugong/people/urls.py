"""Addresses of the people's room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.people import views
from zugong.people.views import APPOINTMENTS, MEMBERSHIPS, PERSONS, STATEMENTS
from zugong.ui.pages import page
from zugong.ui.urls import addresses

read, edit = page(Permission.PEOPLE_READ), page(Permission.PEOPLE_EDIT)
app_name = "people"
urlpatterns = [
    path("by-id/", read(views.by_id), name="by-id"),
    path("statements/<int:pk>/", read(views.statement), name="statement"),
    path("statements/<int:pk>/settle/", edit(views.settle), name="statement-settle"),
    *addresses(PERSONS, MEMBERSHIPS, APPOINTMENTS, STATEMENTS),
]
