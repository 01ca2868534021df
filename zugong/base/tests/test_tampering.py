"""Whoever edits the trail is found out: a thousand edits in the database, and what can be done to the files outside."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F

from conftest import IMPORT_DAY
from zugong.base import anchors, attesting, chain, department, keyfiles, trail
from zugong.base.models import TrailEntry, TrailHead, TrailTouch

EDITS, MANY_EDITS, LENGTH, PER_DAY = 80, 1000, 30, 8
FAR = 1_000_000
DAY = date(2026, 11, 2)
TEXTS = ("account", "system_user", "via", "verb", "subject", "values", "previous", "mark", "seal")


class Undo(Exception):
    """Takes an edit back."""


def entry(number: int) -> TrailEntry:
    return TrailEntry.objects.get(number=number)


@pytest.fixture
def kept(operator, settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks) -> Callable[[], int]:
    """A trail of its own over several days, with its anchors; gives a function that adds an entry and tells its number."""
    settings.ZUGONG_ANCHORS = tmp_path / "anchors"
    TrailTouch.objects.all().delete()
    TrailEntry.objects.all().delete()
    TrailHead.objects.update(number=0, mark="0" * 64)
    anchors.anchor(DAY, anchors.BEGIN)
    made = []

    def add() -> int:
        n = len(made) + 1
        moment = datetime(DAY.year, DAY.month, DAY.day, 2, tzinfo=UTC) + timedelta(days=n // PER_DAY, minutes=n)
        monkeypatch.setattr(trail, "_now", lambda: moment)
        with django_capture_on_commit_callbacks(execute=True):
            if n % 3:
                department.settle(by=operator, on=IMPORT_DAY, values={"place": f"{n}县", "department": f"{n}县委组织部"})
            else:
                trail.note("base:fail_login", account=f"u{n}", on=IMPORT_DAY, reason="x")
        made.append(n)
        return n

    for _ in range(LENGTH):
        add()
    return add


# ---- edits: each tells which entries must be named, and which may be ----

Named = tuple[set[int], set[int]]


def a_field(rng: random.Random) -> Named:
    """Any field of any entry."""
    n, name = rng.randint(1, LENGTH), rng.choice((*TEXTS, "at", "effective_on", "number"))
    one = entry(n)
    if name == "number":
        one.number = rng.choice((0, LENGTH + 1, FAR))
    elif name == "at":
        one.at += timedelta(seconds=rng.choice((-86400, -1, 1, 3600)))
    elif name == "effective_on":
        one.effective_on = rng.choice((None, one.effective_on + timedelta(days=1)))
    elif rng.random() < 0.3:
        other = getattr(entry(rng.choice([k for k in range(1, LENGTH + 1) if k != n])), name)
        setattr(one, name, other if other != getattr(one, name) else other + "x")
    else:
        held = list(getattr(one, name) or "x")
        spot = rng.randrange(len(held))
        held[spot] = "0" if held[spot] != "0" else "1"
        changed = "".join(held)
        setattr(one, name, changed if changed != getattr(one, name) else "")
    one.save()
    return {n, one.number}, {n, one.number}


def a_deletion(rng: random.Random) -> Named:
    """One or several entries gone."""
    first = rng.randint(1, LENGTH)
    gone = set(range(first, min(LENGTH, first + rng.randint(0, 3)) + 1))
    TrailEntry.objects.filter(number__in=gone).delete()
    TrailTouch.objects.filter(number__in=gone).delete()
    return gone, gone


def a_copy(rng: random.Random) -> Named:
    """An entry once more at the end, the head taught to end there or not."""
    one = entry(rng.randint(1, LENGTH))
    one.pk, one.number = None, LENGTH + 1
    if rng.random() < 0.5:
        one.previous = entry(LENGTH).mark
        one.mark = chain.mark_of(one)
    one.save()
    if rng.random() < 0.7:
        TrailHead.objects.update(number=one.number, mark=one.mark)
    return {one.number}, {one.number}


def a_swap(rng: random.Random) -> Named:
    """Two entries in each other's place."""
    a, b = rng.sample(range(1, LENGTH + 1), 2)
    for old, new in ((a, FAR), (b, a), (FAR, b)):
        TrailEntry.objects.filter(number=old).update(number=new)
        TrailTouch.objects.filter(number=old).update(number=new)
    return {a, b}, {a, b}


def a_cut(rng: random.Random) -> Named:
    """The end cut off; with the head as it was then, that is a database put back to an older day."""
    last = rng.randint(0, LENGTH - 1)
    gone = set(range(last + 1, LENGTH + 1))
    TrailEntry.objects.filter(number__in=gone).delete()
    TrailTouch.objects.filter(number__in=gone).delete()
    if rng.random() < 0.7:
        TrailHead.objects.update(number=last, mark=entry(last).mark if last else "0" * 64)
    return gone, gone


def rechain(first: int) -> None:
    """What somebody without the key can do: every mark right again from an entry to the end, and the head."""
    before = entry(first - 1).mark if first > 1 else "0" * 64
    for one in TrailEntry.objects.filter(number__gte=first).order_by("number"):
        one.previous = before
        one.mark = before = chain.mark_of(one)
        one.save()
    TrailHead.objects.update(number=one.number, mark=before)


def a_forgery(rng: random.Random) -> Named:
    """An entry put in, everything after it moved up and chained anew by SM3."""
    n = rng.randint(1, LENGTH)
    TrailEntry.objects.filter(number__gte=n).update(number=F("number") + FAR)
    TrailEntry.objects.filter(number__gte=FAR).update(number=F("number") - FAR + 1)
    TrailTouch.objects.filter(number__gte=n).update(number=F("number") + 1)
    one = entry(rng.choice([k for k in range(1, LENGTH + 2) if k != n]))
    one.pk, one.number, one.verb, one.values = None, n, "base:forged", "{}"
    one.seal = rng.choice((one.seal, "", "0" * 64))
    one.save()
    rechain(n)
    return {n}, set(range(n, LENGTH + 2))


def a_rewriting(rng: random.Random) -> Named:
    """Another account in an entry, or one entry less, and the whole chain made right by SM3 from there on."""
    n = rng.randint(1, LENGTH - 1)
    if rng.random() < 0.5:
        TrailEntry.objects.filter(number=n).update(account="somebody-else")
    else:
        TrailEntry.objects.filter(number=n).delete()
        TrailTouch.objects.filter(number=n).delete()
        TrailEntry.objects.filter(number__gt=n).update(number=F("number") + FAR)
        TrailEntry.objects.filter(number__gt=FAR).update(number=F("number") - FAR - 1)
        TrailTouch.objects.filter(number__gt=n).update(number=F("number") - 1)
    if rng.random() < 0.3:
        TrailEntry.objects.update(seal="")
    rechain(n)
    return {n}, set(range(1, LENGTH + 1))


def an_older_head(rng: random.Random) -> Named:
    """The head as it was before, or any other; no entry is at fault."""
    n = rng.randint(0, LENGTH - 1)
    mark = rng.choice((entry(n).mark if n else "0" * 64, "0" * 64, "f" * 64))
    TrailHead.objects.update(number=rng.choice((n, LENGTH)), mark=mark)
    return set(), set()


def the_index(rng: random.Random) -> Named:
    """Which records an entry changed, taken out of the index or put in."""
    rows = list(TrailTouch.objects.order_by("number"))
    one = rng.choice(rows)
    if rng.random() < 0.5:
        one.delete()
    else:
        TrailTouch.objects.create(number=one.number, key="people.person:1")
    return {one.number}, {one.number}


KINDS = (
    a_field,
    a_field,
    a_field,
    a_field,
    a_deletion,
    a_copy,
    a_swap,
    a_cut,
    a_forgery,
    a_rewriting,
    an_older_head,
    the_index,
)


def judge(rng: random.Random) -> None:
    edit = rng.choice(KINDS)
    try:
        with transaction.atomic():
            must, may = edit(rng)
            found = chain.verify().faults
            raise Undo
    except Undo:
        pass
    blamed = {n for fault in found for n in range(fault.first, fault.last + 1)} - {0}
    told = f"{edit.__name__}: must {sorted(must)}, told {[str(one) for one in found]}"
    assert found, told
    assert must & blamed if edit is a_field else must <= blamed, told
    assert blamed <= may, told


def test_edits_are_all_found_and_the_right_entries_named(kept):
    edit_at_random(EDITS)


@pytest.mark.long
def test_a_thousand_edits_are_all_found_and_the_right_entries_named(kept, record_property):
    edit_at_random(MANY_EDITS)
    record_property("told", f"{MANY_EDITS} 次改动，{len(set(KINDS))} 种手法")


def edit_at_random(times: int) -> None:
    for seed in range(times):
        judge(random.Random(seed))
        if seed % 20 == 0:
            assert chain.verify().faults == [], seed
    assert chain.verify().entries == LENGTH


# ---- what the faults are called ----


def told() -> str:
    return "\n".join(str(fault) for fault in chain.verify().faults)


def test_each_kind_of_fault_has_its_word(kept):
    def after(edit: Callable[[], object]) -> str:
        try:
            with transaction.atomic():
                edit()
                said = told()
                raise Undo
        except Undo:
            return said

    def swap() -> None:
        for old, new in ((3, FAR), (9, 3), (FAR, 9)):
            TrailEntry.objects.filter(number=old).update(number=new)
        TrailTouch.objects.all().delete()

    assert "第 5 条被改动过" in after(lambda: TrailEntry.objects.filter(number=5).update(account="x"))
    assert "第 5 条缺失" in after(lambda: TrailEntry.objects.filter(number=5).delete())
    assert "第 3 条不在原来的位置：原是第 9 条" in after(swap)
    assert "第 9 条不在原来的位置：原是第 3 条" in after(swap)
    assert "第 12 条到第 30 条不是程序写的" in after(
        lambda: (TrailEntry.objects.filter(number=12).update(verb="x"), rechain(12))
    )
    assert "链尾的记录没有了" in after(lambda: TrailHead.objects.all().delete())
    assert "第 29 条到第 30 条不见了" in after(lambda: TrailEntry.objects.filter(number__gt=28).delete())


# ---- the files outside ----


def edit_lines(change: Callable[[list[str]], list[str]]) -> None:
    path = anchors.lines_file()
    path.write_text("".join(change(path.read_text("utf-8").splitlines(keepends=True))), "utf-8")


def test_each_day_with_an_entry_has_its_line_and_the_head_is_the_last_entry(kept):
    days = {anchors.day_of(one.at) for one in TrailEntry.objects.all()}
    assert {line.day for line in anchors.read()} == days
    assert (anchors.read_head().number, anchors.read_head().mark) == (LENGTH, entry(LENGTH).mark)
    assert anchors.complaints() == []
    assert oct(anchors.folder().stat().st_mode)[-3:] == "700"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:-1], "那天没有锚定"),  # the file as it was a day ago
        (lambda lines: [lines[0], *lines[2:]], "前面少了一行"),
        (lambda lines: [lines[0], lines[1].replace(" day ", " restored "), *lines[2:]], "第 2 行被改动过"),
        (lambda lines: lines[1:], "没有开头的一行"),
        (lambda lines: [*lines, "x\n"], "第 5 行被改动过"),
        (lambda lines: [], "不在"),
    ],
)
def test_edited_anchors_are_found(kept, change, said):
    assert told() == ""
    edit_lines(change)
    assert said in told()


def test_an_end_that_was_edited_or_taken_away_is_found(kept):
    anchors.head_file().write_text(anchors.head_file().read_text().replace(f" {LENGTH} ", f" {LENGTH - 1} "))
    assert "head.txt”被改动过" in told()
    anchors.head_file().unlink()
    assert "head.txt”不在" in told()


def test_who_has_the_key_but_not_the_anchors_is_found_too(kept):
    """The key gives seals, not the lines written down before; those may lie on another disk."""
    TrailEntry.objects.filter(number=12).update(account="somebody-else")
    rechain(12)
    for one in TrailEntry.objects.filter(number__gte=12):
        TrailEntry.objects.filter(pk=one.pk).update(seal=attesting.seal(one.mark))
    assert "里有改写：与锚定的摘要不符" in told()
    assert [(one.first, one.last) for one in chain.verify().faults if one.kind == "rewritten"] == [(9, 16)]


def test_another_key_is_said_once_and_not_as_many_forgeries_only(kept, settings, tmp_path):
    settings.ZUGONG_KEYS = tmp_path / "keys"
    keyfiles.kept(tmp_path / "keys" / "trail.key", lambda: base64.b64encode(bytes(32)))
    forget_key()
    try:
        assert "是用另一把密钥签的" in told()
    finally:
        forget_key()


def forget_key() -> None:
    for cached in (attesting._subkey, attesting._sealer, attesting._signer):
        cached.cache_clear()


def test_a_line_that_cannot_be_written_stops_nothing_and_is_said(kept, monkeypatch):
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(anchors, "_append", full)
        for _ in range(PER_DAY):
            kept()
        assert "还没有锚定" in anchors.complaints()[0]
        assert "那天没有锚定" in told()
        patched.setattr(anchors, "_write_head", full)
        kept()
        assert "链尾没有记到最新一条" in anchors.complaints()[-1]
    kept()
    assert anchors.complaints() == []


def test_a_day_on_which_the_pages_are_opened_has_its_line(kept):
    lines = len(anchors.read())
    later = DAY + timedelta(days=60)
    anchors.of_today(later)
    anchors.of_today(later)
    assert len(anchors.read()) == lines + 1
    assert chain.verify().faults == []


def test_entries_older_than_the_seals_are_covered_by_the_beginning(kept, settings, tmp_path):
    settings.ZUGONG_ANCHORS = tmp_path / "upgraded"
    TrailEntry.objects.update(seal="")
    anchors.anchor(DAY, anchors.BEGIN)
    kept()
    verdict = chain.verify()
    assert verdict.faults == []
    assert "前 30 条写于有封印之前" in verdict.remarks[0]
    TrailEntry.objects.filter(number=LENGTH + 1).update(seal="")
    assert "第 31 条不是程序写的" in told()
    TrailEntry.objects.filter(number=4).update(account="x")
    rechain(4)
    assert "第 1 条到第 30 条里有改写" in told()


def test_a_backup_put_back_is_found_until_it_is_said_and_then_remarked_for_ever(kept):
    before = LENGTH - PER_DAY
    TrailTouch.objects.filter(number__gt=before).delete()
    TrailEntry.objects.filter(number__gt=before).delete()
    TrailHead.objects.update(number=before, mark=entry(before).mark)
    assert f"第 {before + 1} 条到第 {LENGTH} 条不见了" in told()
    anchors.anchor(DAY + timedelta(days=LENGTH // PER_DAY), anchors.RESTORED)
    for _ in range(3):
        kept()
    verdict = chain.verify()
    assert verdict.faults == []
    assert f"恢复到第 {before} 条，当时已有的第 {before + 1} 条到至少第" in verdict.remarks[0]


def test_the_key_lies_outside_the_database_for_its_owner_only(kept, settings):
    path = Path(settings.ZUGONG_KEYS) / "trail.key"
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert anchors.read()[0].key == attesting.public_key()
