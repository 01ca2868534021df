"""What the office does about a person's rights: whose account is whose, corrections asked for, data that is set aside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base.access import Privacy
from zugong.base.cells import BadCell
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.people import aside, correcting, owning, proofs
from zugong.people.models import AccountLink, Correction, Outcome, Person, Restriction
from zugong.ui.forms import DayInput, RegisterForm, TypeAhead, form_field, sent
from zugong.ui.handing import attachment
from zugong.ui.posting import by_post, made_of
from zugong.ui.registers import REGISTERS
from zugong.ui.shown import field_of, record_href

SHOWN = 200
PURPOSE = "核对更正申请"


# Whose account is whose


def link_form(user: User, data: Any = None) -> RegisterForm:
    """A person and the account that is theirs."""
    person = TypeAhead(rows=Person.objects.visible_to(user), label="人员")
    person.help_text = "输入姓名，再从列表里选。"
    username = forms.CharField(
        label="账号", max_length=60, help_text="安全管理员开通的账号名，要一字不差；账号的姓名要和人员一样。"
    )
    return RegisterForm({"person": person, "username": username}, data)


def links(request: HttpRequest) -> HttpResponse:
    """Which accounts are whose, and one more."""
    form = link_form(request.user, sent(request))
    if link := made_of(request, form, owning.link_account):
        messages.success(request, f"已把账号“{link.user.username}”对应到“{link.person}”，本人登录后能看到自己的记录。")
        return redirect("people:links")
    rows = AccountLink.objects.visible_to(request.user).select_related("person", "user").order_by("-pk")
    return render(request, "people/links.html", {"form": form, "rows": rows[:SHOWN], "total": rows.count()})


def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """An account is no longer somebody's own."""
    link = get_object_or_404(AccountLink.objects.visible_to(request.user).select_related("person", "user"), pk=pk)
    said = f"已解除：账号“{link.user.username}”不再看得到“{link.person}”的记录。"
    by_post(request, said, owning.unlink_account, link=link)
    return redirect("people:links")


# Corrections


def corrections(request: HttpRequest) -> HttpResponse:
    """The requests for corrections: what is open by its day, then what was decided, latest first."""
    rows = Correction.objects.visible_to(request.user).select_related("person").defer("held", "wanted", "reason", "answer")
    every = "all" in request.GET
    still_open = rows.filter(state=Outcome.OPEN).order_by("due_on", "pk")
    decided = rows.exclude(state=Outcome.OPEN).order_by("-pk")
    found = [*still_open[:SHOWN], *(decided[:SHOWN] if every else ())]
    shown = [(one, one.words_on(request.today)) for one in found]
    return render(request, "people/corrections.html", {"rows": shown, "every": every, "open": still_open.count()})


def one_correction(request: HttpRequest, pk: int) -> Correction:
    """A request the reader may decide; 404 otherwise."""
    return get_object_or_404(Correction.objects.visible_to(request.user).select_related("person"), pk=pk)


def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One request. What was said is shown for a purpose, and the trail says so."""
    one, fault = one_correction(request, pk), ""
    if request.method == "POST":
        try:
            purpose = request.POST.get("purpose", "")
            correcting.read_correction(by=request.user, on=request.user.day, correction=one, purpose=purpose)
            return show(request, one, opened=True)
        except Refused as refusal:
            fault = str(refusal)
    return show(request, one, fault=fault)


def show(request: HttpRequest, one: Correction, *, opened: bool = False, fault: str = "", form: Any = None) -> HttpResponse:
    """Draw the page of a request."""
    record = correcting.record_about(one)
    open_now = one.state == Outcome.OPEN and not correcting.is_own(request.user, one)
    context = {
        "one": one,
        "state": one.words_on(request.today),
        "opened": opened,
        "fault": fault,
        "purpose": PURPOSE,
        "is_own": correcting.is_own(request.user, one),
        "form": (form or value_form(request.user, one, record)) if opened and open_now else None,
        "may_decide": opened and open_now,
        "record_href": record_href(record) if record else "",
    }
    return render(request, "people/correction.html", context)


def value_form(user: User, one: Correction, record: Record | None, data: Any = None) -> RegisterForm | None:
    """The input for the right value, as the record's own form has it, with what the person says; None where the field
    cannot be mended through its record."""
    register = REGISTERS.get(one.about.partition(":")[0])
    if record is None or register is None or register.edit is None or one.field not in register.editable:
        return None
    field, _ = field_of(register.model, one.field)
    made = form_field(field, user, register.choices.get(one.field, ()))
    made.label, made.required = "改成", True
    choices = dict(getattr(made, "choices", ()))
    fits = not choices or one.wanted in choices
    return RegisterForm({"value": made}, data, {"value": one.wanted if fits else ""})


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is held through the record's own edit, or refuse with a reason."""
    one = one_correction(request, pk)
    if request.method != "POST":
        return redirect("people:correction", pk=pk)
    record = correcting.record_about(one)
    form, by = value_form(request.user, one, record, request.POST), {"by": request.user, "on": request.user.day}
    answer = request.POST.get("answer", "")
    try:
        if request.POST.get("do") == "refuse":
            correcting.refuse_correction(**by, correction=one, answer=answer)
        elif form is None:
            correcting.correct(**by, correction=one, edit=None, values={}, answer=answer)
        else:
            correcting.correct(**by, correction=one, **changed(one, record, form), answer=answer)
        messages.success(request, f"“{one}”已办结：{one.words_on(request.today)}，本人能看到答复。")
        return redirect("people:corrections")
    except Refused as refusal:
        correcting.read_correction(**by, correction=one, purpose=PURPOSE)
        return show(request, Correction.objects.get(pk=pk), opened=True, fault=str(refusal), form=form)


def changed(one: Correction, record: Record | None, form: RegisterForm) -> dict[str, Any]:
    """What the record's own editing action takes. Raises Refused for a value that cannot be read."""
    register = REGISTERS[one.about.partition(":")[0]]
    if not form.is_valid():
        raise Refused("改成的内容没有填对，没有办结。请看下面标出的地方。")
    value, read = form.cleaned_data["value"], register.readers.get(one.field)
    try:
        value = read(value) if read else value
    except BadCell as bad:
        raise Refused(f"{bad.reason}。{bad.hint}没有办结。") from None
    return {"edit": register.edit, "values": {register.edit_argument: record, "changes": {one.field: value}}}


def correction_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """On POST, hand over the proof as it came; the trail says so."""
    one = one_correction(request, pk)
    if request.method != "POST" or not one.proof_as:
        return redirect("people:correction", pk=pk)
    correcting.read_correction(by=request.user, on=request.user.day, correction=one, purpose=f"{PURPOSE}：证明材料")
    return attachment(proofs.opened(one.proof_as), one.proof)


# Data that is only stored


def restriction_form(user: User, data: Any = None) -> RegisterForm:
    """Whose data is set aside, why, until when."""
    person = TypeAhead(rows=Person.objects.visible_to(user), label="人员")
    reason = forms.CharField(label="事由", max_length=200, help_text="例如：离开本县，保存期未满；本人提出异议，核实期间停用。")
    until = forms.DateField(label="截止日期", required=False, widget=DayInput, help_text="到这一天恢复使用。留空表示一直限制。")
    return RegisterForm({"person": person, "reason": reason, "valid_to": until}, data)


def restrictions(request: HttpRequest) -> HttpResponse:
    """Whose data is only stored, and one more."""
    form = restriction_form(request.user, sent(request))
    if made := made_of(request, form, aside.restrict):
        messages.success(request, f"“{made.person}”的数据从今天起只存不用：列表、查找、导出里都不再出现。")
        return redirect("people:restrictions")
    rows = (
        Restriction.objects.visible_to(request.user)
        .select_related("person")
        .order_by(F("valid_to").desc(nulls_first=True), "-pk")
    )
    shown = [(one, "限制中" if one.valid_to is None or one.valid_to > request.user.day else "已结束") for one in rows[:SHOWN]]
    shows = request.user.reads(Privacy.PERSONAL, Restriction.READ)
    return render(request, "people/restrictions.html", {"form": form, "rows": shown, "total": rows.count(), "shows": shows})


def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's data is used again."""
    one = get_object_or_404(Restriction.objects.visible_to(request.user).select_related("person"), pk=pk)
    by_post(request, f"“{one.person}”的数据从今天起恢复使用。", aside.lift_restriction, restriction=one)
    return redirect("people:restrictions")
