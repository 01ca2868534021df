"""Addresses of the intake."""

from django.urls import path

from zugong.base.access import Permission
from zugong.intake import views
from zugong.ui.pages import page

read, commit = page(Permission.INTAKE_READ), page(Permission.INTAKE_COMMIT)
app_name = "intake"
urlpatterns = [
    path("", read(views.drop), name="drop"),
    path("receive/", commit(views.receive), name="receive"),
    path("running/<slug:key>/", read(views.running_job), name="running"),
    path("<int:pk>/", read(views.batch), name="batch"),
    path("<int:pk>/absent/", read(views.absent), name="absent"),
    path("<int:pk>/commit/", commit(views.commit), name="commit"),
    path("<int:pk>/undo/", commit(views.undo), name="undo"),
    path("file/<int:pk>/refused/", commit(views.refused), name="refused"),
    path("row/<int:pk>/", read(views.origin), name="origin"),
]
