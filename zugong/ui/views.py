"""The pages every register has: list, record, edit, add, export, type-ahead, and showing what is restricted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from zugong.base import exports
from zugong.base.access import Permission, Privacy
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.base.sheets import Writer
from zugong.ui.filters import Asked
from zugong.ui.forms import EditForm, RegisterForm, add_fields, sent
from zugong.ui.history import history
from zugong.ui.leaving import attachment, framed, strictest
from zugong.ui.linked import linked
from zugong.ui.listing import Listing, described
from zugong.ui.registers import Register
from zugong.ui.saved import SHOW, links, shown_in
from zugong.ui.shown import Cell, Fact, cell, record_href, relations, value_of
from zugong.ui.typeahead import candidates, label_of

CLOSED = (Privacy.RESTRICTED,)
PRINTED = 1000
EXPORTED = 200_000
CHOSEN = "columns"
RESTRICTED = "restricted"  # sent along with a purpose where an export is to show what is restricted


def asked(request: HttpRequest, query: QueryDict | None = None) -> Asked:
    """What a list is asked with."""
    return Asked(query if query is not None else request.GET, request.user, request.frame)


def number_in(request: HttpRequest, name: str) -> int | None:
    """A record's number given in the address."""
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 19 else None


def may(request: HttpRequest, permission: Permission | None) -> bool:
    """Whether the reader holds a permission somewhere; no permission means there is nothing to do."""
    return permission is not None and request.user.may_somewhere(permission)


class Pages:
    """The generic pages of one register."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def listed(self, request: HttpRequest) -> HttpResponse:
        """The register page: rows with filters, search, columns and paging."""
        if request.method == "POST":
            return self.choose_columns(request)
        listing, facts = Listing(self.register, asked(request)), self.chosen_facts(request)
        if "print" in request.GET:
            rows = list(self.rows(listing.every(facts, PRINTED), facts, request.user))
            mark = self.note_taken(request, listing, facts, len(rows), "打印")
            context = {"rows": rows, "chips": listing.chips(), "total": listing.total, "mark": mark}
            return render(request, "ui/register_print.html", {"register": self.register, "facts": facts, **context})
        page = listing.page(number_in(request, "after"), number_in(request, "before"))
        context = {
            "register": self.register,
            "listing": listing,
            "rows": self.to_pick(page.records, facts, request.user),
            "facts": facts,
            "page": page,
            **self.around(listing, facts),
            **self.rights(request),
        }
        return render(request, "ui/register.html", context)

    def around(self, listing: Listing, facts: tuple[Fact, ...]) -> dict[str, Any]:
        """What stands around the rows: views, conditions, what can be narrowed, how many."""
        return {
            "views": links(listing, facts),
            "chips": listing.chips(),
            "panels": listing.panels(),
            "total": listing.total,
            "chosen": {f.name for f in facts},
        }

    def rows(self, records: Any, facts: tuple[Fact, ...], user: User) -> Iterator[tuple[str, list[Cell]]]:
        """Rows ready to be shown: the record's address and its cells."""
        for record in records:
            yield record_href(record), [cell(record, fact, user, closed=CLOSED) for fact in facts]

    def to_pick(self, records: Any, facts: tuple[Fact, ...], user: User) -> Iterator[tuple[str, list[Cell], int]]:
        """Rows ready to be shown, with the number each is chosen by."""
        for record in records:
            for href, cells in self.rows([record], facts, user):
                yield href, cells, record.pk

    def chosen_facts(self, request: HttpRequest) -> tuple[Fact, ...]:
        """The columns the address names, else those the reader chose for this register, else those shown at first."""
        if named := shown_in(request.GET, self.register):
            return named
        chosen = request.session.get(CHOSEN, {}).get(self.register.label)
        facts = self.register.facts
        return tuple(f for f in facts if (f.name in chosen if chosen else f.shown)) or facts

    def choose_columns(self, request: HttpRequest) -> HttpResponse:
        """Keep the columns chosen, for the session."""
        wanted = [f.name for f in self.register.facts if f.name in request.POST.getlist("column")]
        request.session[CHOSEN] = {**request.session.get(CHOSEN, {}), self.register.label: wanted}
        query = request.GET.copy()
        query.pop(SHOW, None)
        return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)

    def rights(self, request: HttpRequest) -> dict[str, Any]:
        """What the reader may do with the register."""
        add = self.register.add.permission if self.register.add else None
        return {
            "may_add": may(request, add) and (self.register.add_name or self.register.name("add")),
            "may_import": bool(self.register.ledger) and may(request, Permission.INTAKE_COMMIT),
            "may_edit": may(request, self.register.edit.permission if self.register.edit else None),
            "may_remove": may(request, self.register.remove.permission if self.register.remove else None),
            "further": [one for one in self.register.further if may(request, one.permission)],
        }

    def one(self, request: HttpRequest, pk: int) -> Record:
        """The record, if the reader may see it; 404 otherwise."""
        rows = self.register.rows(self.register.model.objects.visible_to(request.user), request.frame)
        ways = relations([fact for _, facts in self.register.grouped for fact in facts])
        return get_object_or_404(rows.select_related(*ways) if ways else rows, pk=pk)

    def record(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The record page: facts, what points at it, what happened to it, where it came from."""
        return self.show(request, self.one(request, pk))

    def show(self, request: HttpRequest, record: Record, open_secrets: bool = False, fault: str = "") -> HttpResponse:
        """Draw the record page; restricted facts are masked unless they were asked for with a purpose."""
        return render(request, "ui/record.html", self.around_record(request, record, open_secrets, fault))

    def around_record(
        self, request: HttpRequest, record: Record, open_secrets: bool = False, fault: str = ""
    ) -> dict[str, Any]:
        """What a record's page shows, also where a room draws that page itself."""
        user, closed = request.user, () if open_secrets else CLOSED
        return {
            "register": self.register,
            "record": record,
            "state": getattr(record, "state", ""),
            "groups": [
                (title, [cell(record, f, user, closed=closed) for f in facts]) for title, facts in self.register.grouped
            ],
            "linked": linked(record, user, request.frame),
            "beside": self.register.beside(record, user),
            "panels": [found for one in self.register.panels if (found := one(record, user, request.frame))],
            "events": history(record, user, self.register.told_by),
            "may_reveal": self.secrets(record) and record.shows(user, Privacy.RESTRICTED) and not open_secrets,
            "fault": fault,
            **self.rights(request),
        }

    def secrets(self, record: Record) -> list[str]:
        """What of a record is shown for a purpose only."""
        return [name for name in self.register.sensitive if record.class_of(name) == Privacy.RESTRICTED]

    def reveal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show restricted facts of one record to whoever says what for; that goes on the trail."""
        record = self.one(request, pk)
        purpose, fields = request.POST.get("purpose", ""), self.secrets(record)
        if request.method != "POST" or not fields:
            return redirect(record_href(record))
        try:
            exports.record_reading(by=request.user, on=request.user.day, record=record, fields=fields, purpose=purpose)
        except Refused as refusal:
            return self.show(request, record, fault=str(refusal))
        return self.show(request, record, open_secrets=True)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The edit page: what was changed goes through the room's action."""
        record = self.one(request, pk)
        if not request.user.may(self.register.edit.permission, record.path_on(request.user.day)):
            raise PermissionDenied("您可以看这条记录，但没有修改它的权限。")
        form = EditForm(self.register, record, request.user, sent(request))
        if request.method == "POST" and form.is_valid() and self.save(request, record, form):
            return redirect(record_href(record))
        context = {"register": self.register, "record": record, "form": form, "back": record_href(record)}
        return render(request, "ui/edit.html", context)

    def save(self, request: HttpRequest, record: Record, form: EditForm) -> bool:
        """Hand the changes to the action; a refusal stays on the form."""
        changes, titles = form.changes(), form.titles()
        record.revision = form.cleaned_data["revision"]
        try:
            if changes:
                argument = {self.register.edit_argument: record}
                self.register.edit(by=request.user, on=request.user.day, changes=changes, **argument)
        except Refused as refusal:
            form.refuse(refusal)
            return False
        messages.success(request, f"已保存：{'、'.join(titles)}。改动已留痕。" if titles else "没有改动，内容和原来一样。")
        return True

    def add(self, request: HttpRequest) -> HttpResponse:
        """The page for a new record, kept through the room's action."""
        form = RegisterForm(add_fields(self.register, request.user), sent(request))
        if request.method == "POST" and form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if value is not None}
            try:
                record = self.register.add(by=request.user, on=request.user.day, **given)
                messages.success(request, f"已登记“{record}”。")
                return redirect(record_href(record))
            except Refused as refusal:
                form.refuse(refusal)
        context = {"register": self.register, "form": form, "back": self.register.href()}
        return render(request, "ui/edit.html", context)

    def export(self, request: HttpRequest) -> HttpResponse:
        """Say what an export will hold; on POST, hand it over as a workbook and note it on the trail."""
        listing, user = Listing(self.register, asked(request)), request.user
        too_many = listing.rows().values("pk")[: EXPORTED + 1].count() > EXPORTED
        unsaid = RESTRICTED in request.POST and len(request.POST.get("purpose", "").strip()) < exports.SHORTEST_PURPOSE
        if request.method == "POST" and not too_many and not unsaid:
            return self.workbook(request, listing)
        facts = self.register.facts
        context = {
            "register": self.register,
            "chips": listing.chips(),
            "total": listing.total,
            "facts": [(f.title, f.privacy in CLOSED or not f.reads(user)) for f in facts],
            "may_open": [f.title for f in facts if f.privacy in CLOSED and user.codes(f.permission, f.privacy)],
            "fault": exports.NO_PURPOSE if unsaid else "",
            "too_many": too_many,
        }
        return render(request, "ui/export.html", context)

    def workbook(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Every row asked for, in every column, marked with who takes it; masked as on the page, unless what is restricted
        was asked for with a purpose."""
        register, user, facts, day = self.register, request.user, self.register.facts, request.frame.day
        opened, count = self.opened(request, listing), listing.rows().values("pk").count()
        mark = self.note_taken(request, listing, facts, count, "Excel", opened)
        target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (closed by the response)
        writer = Writer(target, mark)
        closed = () if opened else CLOSED
        rows = ([_plain(r, f, user, closed) for f in facts] for r in listing.every(facts, count))
        said = "；".join(f"{t}：{w}" for t, w in described(listing.chips()).items()) or "全部"
        note = f"截至 {day}　{said}　共 {count} {register.unit}"
        writer.sheet(register.title, [f.title for f in facts], rows, title=register.title, note=note)
        writer.close()
        return attachment(mark, target, f"{register.title}{day:%Y%m%d}.xlsx")

    def opened(self, request: HttpRequest, listing: Listing) -> exports.Opened | None:
        """What is restricted and was asked for with a purpose; None where it stays masked."""
        columns = tuple(f.title for f in self.register.facts if f.privacy in CLOSED)
        if RESTRICTED not in request.POST or not columns:
            return None
        listing.opened = True
        pks = listing.rows().values_list("pk", flat=True)[: exports.MOST_OPENED + 1]
        keys = [f"{self.register.label}:{pk}" for pk in pks]
        return exports.Opened(columns, keys, request.POST.get("purpose", ""))

    def note_taken(
        self,
        request: HttpRequest,
        listing: Listing,
        facts: Sequence[Fact],
        rows: int,
        how: str,
        opened: exports.Opened | None = None,
    ) -> Mark:
        """Put on the trail that rows are taken out, on paper or as a file; the mark they bear."""
        return exports.record_export(
            by=request.user, on=request.user.day, read=self.register.read, register=self.register.label,
            filters={**listing.told(), **framed(request.frame), "方式": how}, columns=[f.title for f in facts], rows=rows,
            holds=strictest(facts, request.user), opened=opened,
        )  # fmt: skip

    def find(self, request: HttpRequest) -> HttpResponse:
        """Options for a type-ahead: the first names that hold what was typed."""
        typed = request.GET.get(request.GET.get("of", "q"), request.GET.get("q", ""))
        rows = self.register.model.objects.visible_to(request.user)
        found = candidates(self.register.rows(rows, request.frame), typed) if typed.strip() else []
        options = [
            (label_of(r), "　".join(filter(None, (str(value_of(r, h) or "") for h in self.register.hint)))) for r in found
        ]
        return render(request, "ui/piece_options.html", {"options": options})


def _plain(record: Record, fact: Fact, user: User, closed: Sequence[Privacy]) -> Any:
    """A value as a workbook takes it: days and numbers as such, masked where the page would mask it."""
    shown = cell(record, fact, user, closed=closed)
    value = value_of(record, fact.name) if not shown.masked else shown.text
    plain = isinstance(value, date | int | float) and not isinstance(value, bool)
    return value if plain and not shown.masked else shown.text
