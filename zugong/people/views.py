"""The registers of persons, memberships, appointments and of what ledgers state otherwise."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base import cells
from zugong.base.access import Permission, Privacy
from zugong.base.cells import BadCell
from zugong.base.exports import record_lookup, record_reading
from zugong.base.periods import Frame
from zugong.base.rules import Refused
from zugong.people import actions
from zugong.people.actions import FACT_TITLES
from zugong.people.ledgers import CATEGORIES, DEGREES, EDUCATIONS
from zugong.people.models import Application, Appointment, Membership, Person, Statement, id_index
from zugong.ui.filters import Choice, Days, Of
from zugong.ui.history import history
from zugong.ui.registers import Group, Register, validity
from zugong.ui.shown import MASK, Column, Kind, words

I = Privacy.INTERNAL
STATE = Column("state", "状态", Kind.STATE, I)
# The ledgers that name persons; their declarations lie further in.
LEDGER_TITLES = dict(
    members="党员花名册",
    cadres="干部花名册",
    trainees="参训人员名单",
    introductions="人才引进台账",
    tenancies="人才公寓入住台账",
    reserve="年轻干部人才库",
    secondments="挂职干部台账",
    merits="干部实绩台账",
)


def with_places(rows: QuerySet, frame: Frame) -> QuerySet:
    """Add the branch and the post a person has on the frame's day."""
    branch = Membership.objects.in_force(frame.day).filter(person=OuterRef("pk")).values("organization__name")[:1]
    unit = Coalesce("unit__name", "unit_name", output_field=CharField())
    post = Appointment.objects.in_force(frame.day).filter(person=OuterRef("pk")).annotate(words=Concat(unit, F("title")))
    return rows.annotate(branch=Subquery(branch), post=Subquery(post.order_by("-pk").values("words")[:1]))


def with_category(rows: QuerySet, frame: Frame) -> QuerySet:
    """Add the state of a membership, and the category it has on the frame's day."""
    then = Membership.objects.on(frame.day).filter(pk=OuterRef("pk")).values("category_then")
    return validity("在册", "已转出")(rows, frame).annotate(category_then=Coalesce(Subquery(then), F("category")))


def with_words(rows: QuerySet, frame: Frame) -> QuerySet:
    """Add the Chinese names of fact and ledger, and whether somebody has decided."""
    facts = [When(fact=name, then=Value(title)) for name, title in FACT_TITLES.items()]
    ledgers = [When(ledger=name, then=Value(title)) for name, title in LEDGER_TITLES.items()]
    return rows.annotate(
        fact_title=Case(*facts, default=F("fact")),
        ledger_title=Case(*ledgers, default=F("ledger")),
        state=Case(When(settled_on__isnull=True, then=Value("待处理")), default=Value("已处理")),
    )


PERSONS = Register(
    model=Person,
    slug="persons",
    title="人员",
    office="人员",
    unit="人",
    what="每个人只记一次，党员、干部、人才都在这里；在哪里、担任什么，从各本台账来。",
    ledger="党员花名册",
    order="name",
    rows=with_places,
    columns=(
        Column("name", sort=True),
        "sex",
        "birth_date",
        Column("branch", "所在党支部", privacy=I),
        Column("post", "单位和职务", privacy=I),
        "education",
        Column("degree", shown=False),
        Column("ethnicity", shown=False),
        Column("work_started_on", shown=False),
        Column("resident_id", shown=False),
        Column("phone", shown=False),
    ),
    filters=(Choice("sex", values=("男", "女")), Choice("education", values=EDUCATIONS), Days("birth_date")),
    search=("name",),
    search_words="搜索姓名，或完整的证件号码",
    groups=(
        Group("基本情况", ("name", "sex", "ethnicity", "birth_date", "resident_id", "phone")),
        Group("学历和工作", ("education", "degree", "work_started_on")),
        Group("现在在哪里", (Column("branch", "所在党支部", privacy=I), Column("post", "单位和职务", privacy=I))),
    ),
    edit=actions.edit,
    editable=(
        "name", "sex", "ethnicity", "birth_date", "education", "degree", "work_started_on", "resident_id", "phone",
    ),
    choices={"sex": ("男", "女"), "education": EDUCATIONS, "degree": DEGREES},
    readers={"name": cells.name, "resident_id": cells.resident_id},
    touched_by=("people:settle",),
    sensitive=("resident_id", "phone"),
    hint=("branch", "post"),
)  # fmt: skip

MEMBERSHIPS = Register(
    model=Membership,
    slug="memberships",
    title="党员",
    linked_title="党籍",
    office="人员",
    unit="名",
    what="谁的组织关系在哪个党支部，什么时候入党、转正。",
    ledger="党员花名册",
    order="organization_id",
    rows=with_category,
    columns=(
        "person",
        "organization",
        Column("category_then", "党员类别", privacy=I),
        Column("joined_on", sort=True),
        "full_on",
        "party_post",
        "education",
        Column("degree", shown=False),
        STATE,
    ),
    filters=(
        Choice("category_then", "党员类别", CATEGORIES),
        Choice("state", "状态", ("在册", "已转出")),
        Of("organization"),
        Days("joined_on"),
        Days("full_on"),
    ),
    search=("person__name", "organization__name"),
    search_words="搜索姓名或党支部",
    edit=actions.edit_membership,
    editable=(
        "organization", "joined_on", "full_on", "category", "party_post", "education", "degree", "valid_from", "valid_to",
    ),
    choices={"category": tuple(CATEGORIES), "education": EDUCATIONS, "degree": DEGREES},
)  # fmt: skip

APPOINTMENTS = Register(
    model=Appointment,
    slug="appointments",
    title="任职",
    office="人员",
    unit="条",
    what="谁在哪个单位担任什么职务，什么职务层次。",
    ledger="干部花名册",
    order="-pk",
    rows=validity("现任", "已离任"),
    columns=(
        "person",
        Column("unit_label", "单位", privacy=I, needs=("unit",)),
        "title",
        "rank",
        Column("rank_since", sort=True),
        Column("post_since", shown=False),
        Column("valid_from", sort=True, shown=False),
        Column("valid_to", sort=True, shown=False),
        STATE,
    ),
    filters=(Choice("rank"), Choice("state", "状态", ("现任", "已离任")), Of("unit"), Of("person")),
    search=("person__name", "unit_name", "title"),
    search_words="搜索姓名、单位或职务",
    edit=actions.edit_appointment,
    editable=("unit", "unit_name", "title", "rank", "rank_since", "post_since", "valid_from", "valid_to"),
    touched_by=("cadres:edit",),
)

STATEMENTS = Register(
    model=Statement,
    slug="statements",
    title="说法不一",
    office="人员",
    unit="处",
    what="两本台账对同一个人说得不一样的地方。程序不替人决定，请核对后选一个。",
    order="-pk",
    rows=with_words,
    columns=(
        "person",
        Column("fact_title", "事项", privacy=I),
        Column("ledger_title", "不一样的台账", privacy=I),
        "stated",
        STATE,
        "settled_on",
    ),
    filters=(Choice("state", "状态", ("待处理", "已处理")), Of("person")),
    search=("person__name",),
    search_words="搜索姓名",
    edit=actions.settle,
    touched_by=("people:settle",),
    own_page="people:statement",
)


def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """What is held and what a ledger states, side by side, to decide between them."""
    rows = with_words(Statement.objects.visible_to(request.user), request.frame)
    one = get_object_or_404(rows.select_related("person"), pk=pk)
    privacy, purpose, fault = Person.privacy_of(one.fact), request.POST.get("purpose"), ""
    seen = one.shows(request.user, privacy) and privacy != Privacy.RESTRICTED
    if purpose is not None:
        try:
            record_reading(by=request.user, on=request.user.day, record=one, fields=("stated",), purpose=purpose)
            seen = True
        except Refused as refusal:
            fault = str(refusal)
    context = {
        "register": STATEMENTS,
        "record": one,
        "state": one.state,
        "held": words(getattr(one.person, one.fact)) if seen else MASK,
        "stated": words(one.stated) if seen else MASK,
        "held_from": LEDGER_TITLES.get(one.person.giver(one.fact), "手工登记"),
        "may_reveal": not seen and one.shows(request.user, Privacy.RESTRICTED),
        "may_edit": request.user.may_somewhere(Permission.PEOPLE_EDIT),
        "fault": fault,
        "events": history(one, request.user, STATEMENTS.touched_by),
    }
    return render(request, "people/statement.html", context)


def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the ledger's word, or keep what is held."""
    one = get_object_or_404(Statement.objects.visible_to(request.user), pk=pk)
    if not request.user.may(Permission.PEOPLE_EDIT, one.path_on(request.user.day)):
        raise PermissionDenied("您可以看这条记录，但没有处理它的权限。")
    if request.method == "POST" and request.POST.get("take") in ("held", "stated"):
        accept = request.POST["take"] == "stated"
        actions.settle(by=request.user, on=request.user.day, statement=one, accept=accept)
        messages.success(request, "已采用台账的说法。" if accept else "已保留现有的内容。")
    return redirect("people:statement", pk=pk)


def by_id(request: HttpRequest) -> HttpResponse:
    """Find a person by the whole resident ID, which comes by POST only and is kept nowhere."""
    if request.method == "POST":
        try:
            said = cells.resident_id(request.POST.get("q", ""))
            mark = id_index(said or "")
            found = next(iter(Person.objects.visible_to(request.user).identified([mark])), None)
            sought = {"register": PERSONS.label, "by_what": "resident_id", "mark": mark}
            record_lookup(by=request.user, on=request.user.day, read=Person.READ, found=found, **sought)
            if found:
                return redirect("people:person", pk=found.pk)
            messages.warning(request, "没有这个证件号码的人，或者不在您能看到的范围里。")
        except BadCell as bad:
            messages.warning(request, f"{bad.reason}。{bad.hint}")
    return redirect("people:person-list")


APPLICATIONS = Register(
    model=Application,
    slug="applications",
    title="入党申请",
    office="人员",
    unit="份",
    what="谁递交了入党申请，派人谈话、确定积极分子、考察、发展对象、审批各在哪天。",
    order="-applied_on",
    columns=(
        "person",
        "organization",
        Column("applied_on", sort=True),
        "talked_on",
        "activist_on",
        "object_on",
        Column("reviewed_on", shown=False),
        Column("reported_on", shown=False),
        Column("approved_on", shown=False),
        Column("valid_to", shown=False),
    ),
    filters=(Days("applied_on"), Of("organization"), Of("person")),
    search=("person__name", "organization__name"),
    search_words="搜索姓名或党支部",
    groups=(
        Group("申请", ("person", "organization", "applied_on", "talked_on")),
        Group("培养", ("activist_on", "reviewed_on", "object_on")),
        Group("审批", ("reported_on", "approved_on", "valid_to")),
    ),
    edit=actions.edit_application,
    editable=(
        "applied_on",
        "talked_on",
        "activist_on",
        "reviewed_on",
        "object_on",
        "reported_on",
        "approved_on",
        "valid_to",
    ),
    add=actions.record_application,
    add_title="登记入党申请",
)
