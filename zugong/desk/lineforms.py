"""Forms about the numbers the house goes by: a reading signed, a line drafted, put in force or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from zugong.base.access import Permission
from zugong.base.models import User
from zugong.base.parameters import Line, Parameter
from zugong.base.rules import Leeway
from zugong.organizations.models import PartyOrganization
from zugong.regulations.actions import Wording
from zugong.ui.forms import DayInput, Fields, RegisterForm, TypeAhead

ADDRESS = {"placeholder": "https://www.12371.cn/…", "inputmode": "url"}
WAYS = {Leeway.MORE: "只能比全国规定大", Leeway.LESS: "只能比全国规定小", Leeway.ANY: "可以另定"}


def _address(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="官方网址", required=required, max_length=300, widget=forms.TextInput(attrs=ADDRESS),
        help_text="刊登原文的网页，例如共产党员网、中国政府网。",
    )  # fmt: skip


def check_form(article: str, data: Mapping[str, Any] | None = None) -> RegisterForm:
    """Which article, where the text stands, and that one has read it."""
    made: Fields = {
        "article": forms.CharField(label="条款", max_length=60, help_text="照原文写，例如“第十一条”。"),
        "url": _address(required=True),
        "text_read": forms.BooleanField(label="我读过原文，登记册上写的和原文一致"),
    }
    return RegisterForm(made, data, {"article": article})


def line_form(parameter: Parameter, user: User, *, local: bool, data: Mapping[str, Any] | None = None) -> RegisterForm:
    """A number with its days and where it is written; for a place, which."""
    unit = f"（{parameter.unit}）" if parameter.unit else ""
    made: Fields = {}
    if local:
        where = PartyOrganization.objects.visible_to(user).held_by(user, Permission.REGULATIONS_EDIT)
        hint = "管这个党组织和它的全部下级。"
        made["place"] = TypeAhead(rows=where, label="适用的党组织", help_text=hint)
    limit = f"{WAYS[parameter.leeway]}：{parameter.leeway_why}。" if local and parameter.leeway in WAYS else ""
    made["value"] = forms.IntegerField(label=f"新的数{unit}", help_text=limit)
    made["since"] = forms.DateField(label="施行日", widget=DayInput, help_text="从这一天起按新的算；之前的仍按原来的。")
    if local:
        made["until"] = forms.DateField(label="失效日", required=False, widget=DayInput, help_text="留空表示一直有效。")
    made["regulation"] = forms.CharField(
        label="依据的文件",
        max_length=120,
        help_text="文件全名和文号。" if local else "修订后的制度全名。",
    )
    made["article"] = forms.CharField(label="条款", required=False, max_length=60)
    made["url"] = _address(required=False)
    why = "为什么本地另定。" if local else "施行日早于今天的，写明原文哪一句这样规定。"
    made["reason"] = forms.CharField(label="理由", required=local, max_length=300, help_text=why)
    line: Line = parameter.lines[-1]
    return RegisterForm(made, data, None if local else {"regulation": line.source.regulation})


def wording(given: Mapping[str, Any]) -> Wording:
    """What a form says of a line."""
    return Wording(
        given["value"], given["since"], given["regulation"], given["article"], given["url"], given["reason"],
        given.get("until"),
    )  # fmt: skip
