"""The form for a visit, with the opinion raised on it."""

from __future__ import annotations

from django import forms

from zugong.base.models import User
from zugong.ui.forms import Fields, form_field
from zugong.visits.models import Opinion, Visit


def visit_fields(user: User) -> Fields:
    """When, where, by whom; and what was asked for, which office answers."""
    when, visited, visitor = (Visit._meta.get_field(name) for name in ("visited_on", "visited", "visitor"))
    text, office = (Opinion._meta.get_field(name) for name in ("text", "office"))
    opinion = form_field(text, user)
    opinion.required = False
    opinion.widget = forms.Textarea(attrs={"rows": 3})
    opinion.help_text = "没有提意见建议就留空。"
    made = {
        "visited_on": form_field(when, user),
        "visited": form_field(visited, user),
        "visitor": form_field(visitor, user),
        "opinion": opinion,
        "office": form_field(office, user),
    }
    made["visited_on"].initial = user.day
    made["visited"].help_text = "写党组织全称，就自动归到那个党组织名下。"
    return made
