"""Batches as pages show them: a line of the list, the head of one, what taking it back would undo, what goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.apps import apps
from django.http import HttpResponse

from zugong.base.access import Permission, Privacy
from zugong.base.accounts import names_of
from zugong.base.models import User
from zugong.intake import actions, results, returned, rights, running, staging
from zugong.intake.models import Batch, BatchWrite, StagedFile, State
from zugong.intake.previewing import SheetCard, Told
from zugong.ui.leaving import attachment


def lines(batches: Sequence[Batch]) -> list[dict[str, Any]]:
    """Batches with who, which files and how many rows of each state; three statements for all of them."""
    names = names_of(b.account for b in batches)
    files: dict[int, list[str]] = {}
    for number, name in StagedFile.objects.filter(batch__in=batches).order_by("pk").values_list("batch", "name"):
        files.setdefault(number, []).append(name)
    totals = {summary["batch"]: summary for summary in results.summaries(batches)}
    return [
        {"of": b, "who": names.get(b.account, b.account), "files": files.get(b.pk, []), "counts": totals[b.pk]} for b in batches
    ]


def head(of: Batch, cards: Sequence[SheetCard], user: User) -> dict[str, Any]:
    """What stands at the top of a batch: its state, what may be done with it, and which files have rows to go back."""
    going_back: Counter[StagedFile] = Counter()
    for card in cards:
        going_back[card.sheet.file] += card.sheet.refused
    refused = sum(going_back.values())
    may_take = rights.takeable(user) >= {card.sheet.ledger for card in cards if card.sheet.ledger}
    sees_all = all(rights.shows(user, card.sheet.ledger, Privacy.RESTRICTED) for card in cards if card.sheet.refused)
    return {
        "batch": of,
        "who": names_of([of.account]).get(of.account, of.account),
        "sentence": results.sentence(of),
        "to_write": sum(card.to_write for card in cards),
        "rows": sum(card.rows for card in cards),
        "refused": refused,
        "goes_back": bool(refused) and of.state != State.UNDONE,
        "going_back": [(kept, n, returned.name_of(kept)) for kept, n in going_back.items() if n],
        "may_write": of.state == State.PREVIEW and user.may(Permission.INTAKE_COMMIT) and may_take,
        "may_undo": of.state == State.COMMITTED and user.may(Permission.INTAKE_COMMIT) and may_take,
        "may_take_out": user.may(Permission.INTAKE_COMMIT) and sees_all,
        "own": of.account == user.username,
        "jobs": running.under_way(of.key),
    }


def about(job: running.Job | None) -> int | None:
    """The number of the batch a piece of work is about."""
    number = job.subject.rpartition(":")[2] if job else ""
    return int(number) if number else None


def what_goes(of: Batch) -> list[tuple[str, int, int]]:
    """What taking the batch back would undo: for each kind of record, how many go and how many are as before."""
    created: dict[str, set[int]] = {}
    changed: dict[str, set[int]] = {}
    for kept in BatchWrite.objects.filter(batch=of).order_by("position", "pk"):
        step = staging.opened_write(kept)
        created.setdefault(step.model, set()).update(step.created)
        changed.setdefault(step.model, set()).update(pk for pk, _, _ in step.changed)
    return [(str(apps.get_model(kind)._meta.verbose_name), len(new), len(changed[kind] - new)) for kind, new in created.items()]


def refused_workbook(kept: StagedFile, user: User) -> HttpResponse | None:
    """The rows of a file that go back, as a download; None when none of them was refused. Raises NotAllowed."""
    handed = returned.hand_over(kept, user)
    return attachment(handed.mark, BytesIO(handed.content), returned.name_of(kept)) if handed else None


def note_shown(of: Batch, told: Iterable[Told], user: User) -> None:
    """Note on the trail, once for a page, which ID numbers and phone numbers it shows."""
    cells = [one.place for one in told if one.reveals]
    if cells:
        actions.note_reading(by=user, on=user.day, batch=of, cells=cells)
