"""The form for recording a meeting: one screen on a phone."""

from __future__ import annotations

from datetime import date

from django import forms

from zugong.base.models import User
from zugong.meetings.models import (
    APPRAISAL,
    DEMOCRATIC_LIFE,
    GENERAL_MEETING,
    KINDS,
    ORGANIZATION_LIFE,
    PARTY_LECTURE,
    THEME_DAY,
    Meeting,
)
from zugong.ui.forms import Fields, form_field

ALSO = {
    PARTY_LECTURE: ("lecturer", "by_secretary"),
    THEME_DAY: ("lecturer", "by_secretary", "as_assembly"),
    ORGANIZATION_LIFE: ("criticised", "balloted", "appraised"),
    APPRAISAL: ("criticised", "balloted", "appraised"),
    DEMOCRATIC_LIFE: ("session_year", "consent", "special"),
    GENERAL_MEETING: (),
}
"""What else is asked about a meeting of a kind, so that it can count as more than one thing."""


def meeting_fields(user: User, last_day: date, kind: str = "") -> Fields:
    """Which organization, when, what kind, about what, how many were due and came; and what its kind may also be."""

    def of(name: str, **options: object) -> forms.Field:
        return form_field(Meeting._meta.get_field(name), user, **options)

    made = {
        "organization": of("organization"),
        "held_on": of("held_on"),
        "kind": of("kind", choices=tuple(KINDS)),
        "topic": of("topic"),
        "partner": of("partner"),
        "due": of("due"),
        "present": of("present"),
    }
    made["held_on"].widget.attrs["max"] = last_day.isoformat()
    made["topic"].widget = forms.Textarea(attrs={"rows": 2, "maxlength": 300})
    made["partner"].widget = forms.TextInput(attrs={"maxlength": 200, "placeholder": "联学共建才填"})
    made["due"].help_text = "默认是在册党员数"
    made |= {name: of(name) for name in ALSO.get(kind, ())}
    for name in ("due", "present"):
        made[name].widget.attrs |= {"inputmode": "numeric"}
    return made
