"""Addresses of the people's room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.people import rightpages, views
from zugong.people.views import APPLICATIONS, APPOINTMENTS, MEMBERSHIPS, PERSONS, STATEMENTS
from zugong.ui.pages import page
from zugong.ui.urls import addresses

read, edit = page(Permission.PEOPLE_READ), page(Permission.PEOPLE_EDIT)
decides, keeps = page(Permission.CORRECTIONS_DECIDE), page(Permission.PEOPLE_ERASE)
app_name = "people"
urlpatterns = [
    path("by-id/", read(views.by_id), name="by-id"),
    path("statements/<int:pk>/", read(views.statement), name="statement"),
    path("statements/<int:pk>/settle/", edit(views.settle), name="statement-settle"),
    path("links/", edit(rightpages.links), name="links"),
    path("links/<int:pk>/end/", edit(rightpages.unlink), name="link-end"),
    path("corrections/", decides(rightpages.corrections), name="corrections"),
    path("corrections/<int:pk>/", decides(rightpages.correction), name="correction"),
    path("corrections/<int:pk>/decide/", decides(rightpages.decide), name="correction-decide"),
    path("corrections/<int:pk>/proof/", decides(rightpages.correction_proof), name="correction-proof"),
    path("restrictions/", keeps(rightpages.restrictions), name="restrictions"),
    path("restrictions/<int:pk>/lift/", keeps(rightpages.lift), name="restriction-lift"),
    *addresses(PERSONS, MEMBERSHIPS, APPOINTMENTS, STATEMENTS, APPLICATIONS),
]
