"""The pages of the intake: files in, what each row would do, write or take back, what went wrong and how to mend it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from zugong.base.access import Permission
from zugong.intake import batches, errands, paging, previewing, received, results, rights, running
from zugong.intake.absent import Absent
from zugong.intake.catalogue import LEDGERS
from zugong.intake.forms import MOST_FILES, MOST_MEGABYTES, TOO_MANY, DropForm
from zugong.intake.models import Batch, RowState, StagedFile, StagedRow, State
from zugong.intake.paging import Place
from zugong.intake.running import Job
from zugong.ui.listing import Listing
from zugong.ui.registers import REGISTERS
from zugong.ui.views import Pages, asked, number_in

PATIENCE = 1.5  # seconds a page waits for work that may be done at once


def drop(request: HttpRequest) -> HttpResponse:
    """Where files are put in, and the batches there are."""
    return drop_page(request, DropForm())


def place(request: HttpRequest) -> Place:
    """Where in a list the reader is."""
    return Place(number_in(request, "after"), number_in(request, "before"))


def drop_page(request: HttpRequest, form: DropForm, status: int = 200) -> HttpResponse:
    """Draw the page with a form that may hold sentences about the files."""
    whole = request.user.may(Permission.INTAKE_READ)
    rows = Batch.objects.visible_to(request.user)
    page = paging.by_key(rows, "pk", place(request), size=paging.BATCHES, descending=True)
    context = {
        "form": form,
        "faults": form.errors.get("files", []),
        "whole": whole,
        "may_commit": request.user.may(Permission.INTAKE_COMMIT),
        "jobs": [job for job in running.under_way() if theirs(request, job)],
        "page": page,
        "lines": batches.lines(page.records),
        "ledgers": LEDGERS,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_MEGABYTES,
    }
    return render(request, "intake/drop.html", context, status=status)


@csrf_exempt  # so that too many files get a sentence here; whatever is taken in goes through `taken_in`, which is protected
def receive(request: HttpRequest) -> HttpResponse:
    """Take files in; the rest happens in the background."""
    if request.method != "POST":
        return redirect("intake:drop")
    try:
        files = request.FILES
    except TooManyFilesSent:
        form = DropForm({})
        form.errors["files"] = form.error_class([TOO_MANY])
        return drop_page(request, form, status=400)
    return taken_in(request, DropForm(request.POST, files))


@csrf_protect
def taken_in(request: HttpRequest, form: DropForm) -> HttpResponse:
    """Start reading the files, unless one of them cannot be taken."""
    if not form.is_valid():
        return drop_page(request, form, status=400)
    files = received.keep(form.cleaned_data["files"])
    return followed(errands.read(request.user, files))


def followed(job: Job) -> HttpResponse:
    """To the batch when the work is done at once, else to the page that shows how far it is."""
    job.finished.wait(PATIENCE)
    return redirect(outcome(job))


def outcome(job: Job) -> str:
    """The address of what the work came to, as far as it has."""
    return reverse("intake:batch", args=[job.batch]) if job.batch else reverse("intake:running", args=[job.key])


def theirs(request: HttpRequest, job: Job) -> bool:
    """Whether a piece of work is the reader's own, or the reader may look at whatever comes in."""
    return job.account == request.user.username or rights.reads_everything(request.user)


def running_job(request: HttpRequest, key: str) -> HttpResponse:
    """How far a piece of work is; why it came to nothing; or that nobody knows of it any more."""
    job = running.find(key)
    if job is not None and not theirs(request, job):
        raise Http404("没有这件事，或者不是您交办的。")
    polled = request.htmx and not request.htmx.boosted
    if polled and (job is None or job.finished.is_set()):
        return HttpResponse(status=204, headers={"HX-Redirect": outcome(job) if job else request.path})
    if job is not None and job.batch:
        return redirect(outcome(job))
    template = "intake/running.html#progress" if polled else "intake/running.html"
    return render(request, template, {"job": job, "about": batches.about(job)})


def one_batch(request: HttpRequest, pk: int) -> Batch:
    """The batch, if the reader may see batches; 404 otherwise."""
    return get_object_or_404(Batch.objects.visible_to(request.user), pk=pk)


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch before and after it is written: its sheets, and the rows of the one that was chosen."""
    of = one_batch(request, pk)
    cards = previewing.cards(of)
    context = {**batches.head(of, cards, request.user), "cards": cards}
    chosen = next((c for c in cards if c.ledger and c.sheet.pk == number_in(request, "sheet")), None)
    if chosen is None:
        absent = Absent(of, [card.sheet for card in cards], request.user)
        found = previewing.first_refused(cards, request.user) if context["goes_back"] else []
        batches.note_shown(of, [told for _, _, told in found], request.user)
        return render(request, "intake/batch.html", {**context, "absent": absent.counts(), "first_refused": found})
    return render(request, "intake/sheet.html", {**context, **sheet_context(request, chosen)})


def sheet_context(request: HttpRequest, chosen: previewing.SheetCard) -> dict[str, Any]:
    """One page of the rows of a sheet, in one state or all."""
    said = request.GET.get("state", "")
    state = said if said in (*RowState.values, "warned", "all") else chosen.first_state
    from_row = number_in(request, "row")
    where = Place(after=from_row - 1) if from_row else place(request)
    page = paging.by_key(paging.rows_of(chosen.sheet, state), "number", where)
    shown = previewing.shown_rows(page.records, chosen.sheet, request.user)
    batches.note_shown(chosen.sheet.file.batch, [told for row in shown.rows for told in row.told], request.user)
    return {"card": chosen, "state": state, "page": page, "shown": shown, "from_row": from_row}


def absent(request: HttpRequest, pk: int) -> HttpResponse:
    """Records of one of the batch's ledgers that did not come in it."""
    of = one_batch(request, pk)
    found = Absent(of, [card.sheet for card in previewing.cards(of)], request.user)
    ledger = next((one for one in found.ledgers if one.id == request.GET.get("ledger")), None)
    if ledger is None:
        return redirect("intake:batch", pk=pk)
    register = REGISTERS[ledger.kept().model._meta.label_lower]
    facts = tuple(fact for fact in register.facts if fact.shown)
    rows, listing = found.rows(ledger), Listing(register, asked(request))
    page = paging.by_key(rows, "pk", place(request), fetch=lambda pks: listing.fetched(pks, facts))
    shown = Pages(register).rows(page.records, facts, request.user)
    context = {"batch": of, "ledger": ledger, "table": {"facts": facts, "rows": shown}, "page": page, "total": rows.count()}
    return render(request, "intake/absent.html", context)


def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was previewed."""
    of = one_batch(request, pk)
    if request.method != "POST":
        return redirect("intake:batch", pk=pk)
    return followed(errands.write(request.user, of))


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what goes when the batch is taken back; on POST, take it back."""
    of = one_batch(request, pk)
    if of.state != State.COMMITTED:
        messages.warning(request, f"这一批的状态是“{of.get_state_display()}”，没有可撤销的。")
        return redirect("intake:batch", pk=pk)
    if request.method == "POST":
        return followed(errands.take_back(request.user, of))
    return render(
        request, "intake/undo.html", {"batch": of, "goes": batches.what_goes(of), "resting": results.reports_resting_on(of)}
    )


def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over the workbook with the refused rows of one file, and note that on the trail."""
    files = StagedFile.objects.filter(batch__in=Batch.objects.visible_to(request.user))
    kept = get_object_or_404(files.prefetch_related("sheets"), pk=pk)
    workbook = batches.refused_workbook(kept, request.user) if request.method == "POST" else None
    return workbook or redirect("intake:batch", pk=kept.batch_id)


def origin(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a record came from: the file, the sheet, the row as it was read."""
    rows = StagedRow.objects.filter(sheet__ledger__in=rights.readable(request.user))  # of its office, whatever came with it
    staged = get_object_or_404(rows.select_related("sheet__file__batch"), pk=pk)
    shown = previewing.shown_rows([staged], staged.sheet, request.user)
    card, of = previewing.SheetCard(staged.sheet), staged.sheet.file.batch
    batches.note_shown(of, shown.rows[0].told, request.user)
    whole = Batch.objects.visible_to(request.user).filter(pk=of.pk).exists()
    return render(request, "intake/origin.html", {"batch": of, "card": card, "row": shown.rows[0], "whole": whole})
