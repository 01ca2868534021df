"""What is done on a register's page besides reading it: views kept, rows chosen and handed on, removals taken back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from zugong.base.removing import going
from zugong.base.rules import Refused
from zugong.ui.listing import Listing
from zugong.ui.models import Removal, SavedView
from zugong.ui.registers import Further
from zugong.ui.removing import along_words, remove_selected, restore
from zugong.ui.saved import drop_view, keep_view, query_of, rename_view
from zugong.ui.selection import Selection, numbers_in
from zugong.ui.views import Pages, asked

REMOVALS = 30
NAMED, SHOWN = 20, 5
GONE = "选中的记录已经不在了，或者不在您能看到的范围里。"


class Acts:
    """Pages that act on one register."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.register = pages, pages.register

    def back(self, request: HttpRequest) -> HttpResponse:
        """The list as it was."""
        query = request.GET.urlencode()
        return redirect(f"{self.register.href()}?{query}" if query else self.register.href())

    # Saved views

    def views(self, request: HttpRequest) -> HttpResponse:
        """One's own views of the register: keep the present one, rename, remove."""
        if request.method != "POST":
            return self.show_views(request)
        change = {"keep": self.keep, "rename": self.rename, "drop": self.drop}.get(request.POST.get("do", ""))
        try:
            return change(request) if change else self.show_views(request)
        except Refused as refusal:
            return self.show_views(request, fault=str(refusal), typed=request.POST.get("name", ""))

    def keep(self, request: HttpRequest) -> HttpResponse:
        """Keep the present list under a name."""
        listing, facts = Listing(self.register, asked(request)), self.pages.chosen_facts(request)
        query = query_of(listing, facts, request.frame if request.POST.get("framed") else None)
        name = request.POST.get("name", "")
        view = keep_view(by=request.user, on=request.user.day, register=self.register.label, name=name, query=query)
        messages.success(request, f"已保存视图“{view.name}”。以后点筛选条件上面的名称就能打开，只有您自己看得到。")
        return redirect(f"{self.register.href()}?{view.query}")

    def own_view(self, request: HttpRequest) -> SavedView:
        """The view named in the form, if it is the reader's."""
        views = SavedView.objects.visible_to(request.user).filter(register=self.register.label)
        number = request.POST.get("view", "")
        return get_object_or_404(views, pk=int(number) if number.isdecimal() and len(number) < 19 else None)

    def rename(self, request: HttpRequest) -> HttpResponse:
        """Give a view another name."""
        view = rename_view(by=request.user, on=request.user.day, view=self.own_view(request), name=request.POST.get("name", ""))
        messages.success(request, f"视图现在叫“{view.name}”。")
        return redirect(self.register.href("views"))

    def drop(self, request: HttpRequest) -> HttpResponse:
        """Forget a view; the page then offers to keep it again."""
        view = self.own_view(request)
        name, query = view.name, view.query
        drop_view(by=request.user, on=request.user.day, view=view)
        messages.success(request, f"已删除视图“{name}”。台账里的记录没有变。")
        return self.show_views(request, dropped={"name": name, "query": query, "framed": "period=" in query})

    def show_views(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """Draw the page of views."""
        listing = Listing(self.register, asked(request))
        views = SavedView.objects.visible_to(request.user).filter(register=self.register.label).order_by("name")
        context = {
            "register": self.register,
            "saved": [(view, f"{self.register.href()}?{view.query}") for view in views],
            "chips": listing.chips(),
            "narrowed": request.GET.urlencode(),
            **more,
        }
        return render(request, "ui/views.html", context)

    # Chosen rows

    def selected(self, request: HttpRequest) -> HttpResponse:
        """Do something with the rows chosen: export, print, or take out (which is asked once more)."""
        if request.method != "POST":
            return self.back(request)
        selection = Selection(self.register, asked(request), numbers_in(request.POST.getlist("row")))
        if not selection.held:
            messages.warning(request, GONE if selection.numbers else "一条也没有选。请先勾选左边的方框，再点按钮。")
            return self.back(request)
        return self.doing(request.POST.get("do", ""))(request, selection)

    def doing(self, said: str) -> Callable[[HttpRequest, Selection], HttpResponse]:
        """What a button stands for; without one, the list is shown again."""
        known = {"export": self.pages.workbook, "print": self.printed}
        if self.register.remove:
            known |= {"remove": self.ask, "removed": self.take_out}
        known |= {one.do: functools.partial(self.hand_on, one) for one in self.register.further}
        return known.get(said, lambda request, selection: self.back(request))

    def hand_on(self, further: Further, request: HttpRequest, selection: Selection) -> HttpResponse:
        """Lead on to the page that does something else with the chosen rows."""
        query = urlencode({"of": self.register.label, "row": selection.held}, doseq=True)
        return redirect(f"{reverse(further.page)}?{query}")

    def printed(self, request: HttpRequest, selection: Selection) -> HttpResponse:
        """The chosen rows on paper."""
        facts = self.pages.chosen_facts(request)
        rows = list(self.pages.rows(selection.every(facts), facts, request.user))
        mark = self.pages.note_taken(request, selection, facts, len(rows), "打印")
        context = {
            "register": self.register,
            "facts": facts,
            "rows": rows,
            "chips": selection.chips(),
            "total": selection.total,
            "mark": mark,
        }
        return render(request, "ui/register_print.html", context)

    def ask(self, request: HttpRequest, selection: Selection, reasons: tuple[Any, ...] = ()) -> HttpResponse:
        """Say what goes and what goes with it, before anything does."""
        found = going(selection.plain())
        facts = tuple(replace(f, sort=False) for f in self.register.facts if f.shown)[:SHOWN]
        allowed = selection.plain().held_by(request.user, self.register.remove.permission).count()
        missing = len(selection.numbers) - len(selection.held)
        forbidden = len(selection.held) - allowed
        context = {
            "register": self.register,
            "facts": facts,
            "rows": list(self.pages.rows(selection.every(facts), facts, request.user)),
            "numbers": selection.held,
            "total": selection.total,
            "missing": missing,
            "forbidden": forbidden,
            "along": along_words(found),
            "along_rows": [(rows.model._meta.verbose_name, rows.order_by("pk")[:NAMED]) for rows in found.along],
            "reasons": reasons or found.hindrances,
            "query": request.GET.urlencode(),
        }
        return render(request, "ui/remove.html", context)

    def take_out(self, request: HttpRequest, selection: Selection) -> HttpResponse:
        """Take the rows out; where that is refused, all of them stay and the page says why."""
        try:
            removal = remove_selected(by=request.user, on=request.user.day, selection=selection)
        except Refused as refusal:
            return self.ask(request, selection, refusal.reasons)
        along = f"，连同{removal.along}" if removal.along else ""
        unit, title = self.register.unit, self.register.title
        messages.success(request, f"已删除{title} {removal.number} {unit}{along}。删错了可以恢复：点下面的“删除过的”。")
        return self.back(request)

    def removed(self, request: HttpRequest) -> HttpResponse:
        """What one took out of the register, latest first; on POST, put back."""
        own = Removal.objects.visible_to(request.user).filter(register=self.register.label)
        number = request.POST.get("removal", "")
        if request.method == "POST":
            removal = get_object_or_404(own, pk=int(number) if number.isdecimal() and len(number) < 19 else None)
            restore(by=request.user, on=request.user.day, removal=removal)
            messages.success(request, f"已恢复 {removal.number} {self.register.unit}，和删除前一样。")
            return redirect(self.register.href("removed"))
        codes = request.user.codes(self.register.remove.permission)
        removals = [(one, one.in_reach(codes)) for one in own.defer("content").order_by("-pk")[:REMOVALS]]
        return render(request, "ui/removed.html", {"register": self.register, "removals": removals})
