"""Addresses of the reports' room."""

from django.urls import path

from zugong.base.access import Permission
from zugong.reports import views
from zugong.ui.pages import page

read, write = page(Permission.REPORTS_READ), page(Permission.REPORTS_WRITE)
app_name = "reports"
urlpatterns = [
    path("", read(views.listed), name="list"),
    path("adopt/", write(views.adopt), name="adopt"),
    path("text/<int:pk>/", read(views.text), name="text"),
    path("text/<int:pk>/plan/", read(views.plan), name="adoptedtext"),  # where a key of the text leads
    path("text/<int:pk>/slot/<int:number>/", write(views.bind), name="bind"),
    path("text/<int:pk>/part/<int:number>/", write(views.back), name="back"),
    path("text/<int:pk>/draft/", write(views.draft), name="draft"),
    path("<int:pk>/", read(views.report), name="report"),
    path("<int:pk>/day/", write(views.day), name="day"),
    path("<int:pk>/slot/<int:number>/", write(views.number), name="number"),
    path("<int:pk>/slot/<int:number>/withdraw/", write(views.withdraw), name="withdraw"),
    path("<int:pk>/word/", read(views.word), name="word"),
    path("<int:pk>/evidence/", read(views.evidence), name="evidence"),
    path("<int:pk>/submit/", page(Permission.REPORTS_SUBMIT)(views.submit), name="submit"),
]
