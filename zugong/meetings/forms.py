"""The form for recording a meeting: one screen on a phone."""

from __future__ import annotations

from datetime import date

from django import forms

from zugong.base.models import User
from zugong.meetings.models import KINDS, Meeting
from zugong.ui.forms import Fields, form_field


def meeting_fields(user: User, last_day: date) -> Fields:
    """Which organization, when, what kind, about what, how many were due and came."""

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
    made["partner"].help_text = "联学共建才填：和哪个单位一起。"
    made["due"].help_text = "按当天在册党员人数填好了，有出入再改。"
    for name in ("due", "present"):
        made[name].widget.attrs |= {"inputmode": "numeric"}
    return made
