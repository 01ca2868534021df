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
handler403, handler404 = "zugong.desk.door.forbidden", "zugong.desk.door.not_there"
handler500 = "zugong.desk.door.failed"
