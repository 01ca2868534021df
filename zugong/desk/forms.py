"""Forms of the front desk: login, password, settings, accounts and grants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from zugong.base.access import ROLES
from zugong.base.department import KNOWN
from zugong.base.grants import OPERATOR, Given
from zugong.base.models import Grant, User
from zugong.organizations.models import PartyOrganization
from zugong.ui.forms import DayInput, Fields, RegisterForm, TypeAhead

FIRST = ("department", "place", "level")


class LoginForm(AuthenticationForm):
    """Account and password."""

    error_messages = {"invalid_login": "账号或密码不对，请重新输入。", "inactive": "账号或密码不对，请重新输入。"}

    def __init__(self, request: HttpRequest | None = None, *args: Any, **options: Any) -> None:
        super().__init__(request, *args, **options)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control"
            field.label = {"username": "账号", "password": "密码"}[name]


def _password(label: str, complete: str) -> forms.CharField:
    return forms.CharField(label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": complete}))


class CodeForm(RegisterForm):
    """Six digits of the authenticator, or a recovery code."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        typed = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})
        super().__init__({"code": forms.CharField(label="验证码", max_length=20, widget=typed)}, data)


class PasswordForm(RegisterForm):
    """The password now, and the new one twice."""

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        self.user = user
        new, again = _password("新密码", "new-password"), _password("再输一次新密码", "new-password")
        new.help_text = "至少 10 个字，不能全是数字，不要用姓名、单位名或常见的密码，也不能和最近用过的 5 个相同。"
        super().__init__({"old": _password("现在的密码", "current-password"), "new": new, "again": again}, data)

    def clean(self) -> dict[str, Any]:
        """The old password is right, and the new one was typed the same twice."""
        given = self.cleaned_data
        if "old" in given and not self.user.check_password(given["old"]):
            self.add_error("old", "现在的密码不对。")
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", "两次输入的新密码不一样。")
        return given


def settings_form(values: Mapping[str, str], proposed: Mapping[str, str], data: Any = None, names: Any = KNOWN) -> RegisterForm:
    """The department's settings; what can be derived stands in the hint as long as nothing is set."""
    made: Fields = {}
    for name in names:
        known = KNOWN[name]
        hint = f"{known.help}。" if known.help and not known.help.endswith("。") else known.help
        if proposed.get(name) and not values.get(name):
            hint = f"{hint}现在按“{proposed[name]}”办。"
        if known.choices:
            pairs = [(c, c or "（未设）") for c in known.choices]
            made[name] = forms.ChoiceField(label=known.title, choices=pairs, required=False, help_text=hint)
        elif name == "demo_day":
            made[name] = forms.CharField(label=known.title, required=False, widget=DayInput, help_text=hint)
        else:
            made[name] = forms.CharField(label=known.title, required=False, max_length=200, help_text=hint)
    return RegisterForm(made, data, {name: values.get(name, "") for name in names})


def _grant_fields() -> Fields:
    offered = (role for role in ROLES.values() if role.code != OPERATOR)
    second = "（须第二人同意）"
    roles = [
        ("", "请选择"),
        *((r.code, f"{r.title}{second if r.sensitive else ''}：{r.description}") for r in offered),
    ]
    rows = PartyOrganization.objects.all()  # whoever grants names places without reading what is kept there
    where = TypeAhead(rows=rows, find="desk:find-place", label="在哪个党组织", required=False)
    where.help_text = "管这个党组织和它的下级。留空表示全部。督导组成员必须选。"
    since = forms.DateField(label="开始日期", required=False, widget=DayInput, help_text="可以填以后的日子。留空表示从今天起。")
    until = forms.DateField(
        label="截止日期", required=False, widget=DayInput, help_text="到这一天就不再有效。留空表示一直有效。督导组成员必须填。"
    )
    reason = forms.CharField(label="事由", max_length=200, help_text="例如：接替张某任组织科科长。")
    on_call = forms.BooleanField(
        label="须启用",
        required=False,
        help_text="平时不生效；本人写明事由，启用几小时，期间每一页都有提示。少用的大权限这样授。",
    )
    role = forms.ChoiceField(label="角色", choices=roles)
    return {"role": role, "organization": where, "valid_from": since, "valid_to": until, "reason": reason, "on_call": on_call}


def account_form(data: Any = None) -> RegisterForm:
    """A new account with its first grant."""
    username = forms.CharField(label="账号", max_length=60, help_text="登录用的名字，可用汉字、字母、数字。")
    return RegisterForm({"username": username, "name": forms.CharField(label="姓名", max_length=60), **_grant_fields()}, data)


def grant_form(data: Any = None, grant: Grant | None = None) -> RegisterForm:
    """One more grant for an account, or another in the place of one."""
    if grant is None:
        return RegisterForm(_grant_fields(), data)
    place = PartyOrganization.objects.filter(code=grant.organization_code).first() if grant.organization_code else None
    names = ("role", "valid_to", "on_call")
    return RegisterForm(_grant_fields(), data, {"organization": place, **{name: getattr(grant, name) for name in names}})


def switch_form(most: int, data: Any = None) -> RegisterForm:
    """For how long an on-call grant is switched on, and why."""
    hours = forms.IntegerField(
        label="启用几小时", min_value=1, max_value=most, initial=1, help_text=f"1 到 {most} 小时，到时自己关闭，也可以提前关。"
    )
    return RegisterForm({"hours": hours, "reason": forms.CharField(label="启用事由", max_length=200)}, data)


def grant_given(form: RegisterForm) -> Given:
    """What is granted by a form of these fields."""
    said = form.cleaned_data
    code = said["organization"].code if said["organization"] else ""
    return Given(said["role"], code, said["valid_from"], said["valid_to"], said["reason"], said["on_call"])


def ask_form(data: Any = None) -> RegisterForm:
    """What a field of one's own record should be, and why."""
    wanted = forms.CharField(label="应当是", max_length=500, help_text="写正确的内容。日期写成 1988-07-21 这样。")
    reason = forms.CharField(label="理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}))
    reason.help_text = "写明为什么不对，依据什么材料。办理的科室会看到。"
    return RegisterForm({"wanted": wanted, "reason": reason}, data)
