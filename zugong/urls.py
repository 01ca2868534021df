"""Every address: each room under its own name."""

from django.urls import URLPattern, URLResolver, include, path

ROOMS = [
    "regulations",
    "organizations",
    "people",
    "tasks",
    "meetings",
    "visits",
    "training",
    "publicity",
    "elections",
    "mentoring",
    "talents",
    "cadres",
    "supervision",
    "statistics",
    "reports",
    "intake",
]
urlpatterns: list[URLPattern | URLResolver] = [
    *(path(f"{room}/", include(f"zugong.{room}.urls")) for room in ROOMS),
    path("", include("zugong.desk.urls")),
]
handler500 = "zugong.desk.door.failed"
