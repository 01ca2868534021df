"""A new key for everything sealed, while the house is in use; and the end of an old one.

What is sealed is opened and sealed again in small transactions, each of which notes how far it is, so that whoever stops
or kills it loses nothing: reading takes values under every key of the ring, and whoever is looked for by a whole number
is looked for under all of them until the last index is made anew. The trail stays as it is, chained over the sealed form.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from zugong.base import keyfiles, locks, sealing
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.holders import Holder, column, file_key, file_path, holders, needed, rows
from zugong.base.models import KeyRotation, TrailEntry, User
from zugong.base.providers import provider
from zugong.base.rules import NotAllowed, Reason, Refused
from zugong.base.sealing import BadSeal, ring, text_head

Progress = Callable[[str], None]
TRIES = 30  # times a small transaction waits its turn behind somebody else's long one
QUIET = timedelta(hours=1)  # after the end, for whoever was still at work with the old key
IN_TRAIL = '"sealed": "'


def rotate(*, by: User, on: date, progress: Progress) -> KeyRotation:
    """Bring everything sealed under a new key, or go on where it stopped. Raises NotAllowed; Refused where a value does
    not open, which then stays as it is, and so does its key."""
    if not by.may(Permission.SYSTEM_RUN):
        raise NotAllowed(f"账号“{by.username}”没有管密钥的权限（{Permission.SYSTEM_RUN}），没有换。")
    rotation = _under_way(by, on)
    while True:
        began, broken = rotation.done, 0
        for holder in holders():  # what is done already is not asked for again, wherever it stopped
            broken += _over(holder, rotation, progress)
        if rotate_end(by=by, on=on, rotation=rotation):
            return rotation
        if broken or rotation.done == began:
            raise Refused(*_left(rotation.key))


def _under_way(by: User, on: date) -> KeyRotation:
    """The rotation to be done: one that was stopped; one to a key given from outside; else one to a fresh key."""
    keys = ring(again=True)
    known = KeyRotation.objects.filter(key=keys.current).order_by("-pk").first()
    if known is not None and known.ended_at is None:
        return known
    if known is not None or len(keys.keys) == 1:
        provider().add()
        ring(again=True)
    rotation = rotate_begin(by=by, on=on)
    time.sleep(2 * sealing.LOOK_AGAIN)  # by then every other process seals and marks with the new key
    return rotation


@action(Permission.SYSTEM_RUN)
def rotate_begin(*, by: User, on: date) -> KeyRotation:
    """Note that everything sealed is going to be brought under the newest key."""
    entry().note(key=ring().current)
    return KeyRotation.objects.create(key=ring().current)


@action(Permission.SYSTEM_RUN)
def rotate_end(*, by: User, on: date, rotation: KeyRotation) -> bool:
    """Note that nothing but the trail is under an older key any more; False while something is."""
    left = sum(n for key, tables in needed().items() if key != rotation.key for n in tables.values())
    if left:
        entry().note(left=left)
        return False
    KeyRotation.objects.filter(key=rotation.key).update(ended_at=Now(), place="", position=0)
    entry().note(key=rotation.key, values=rotation.done)
    return True


def _over(holder: Holder, rotation: KeyRotation, progress: Progress) -> int:
    """Go over one table and its files; returns how many values did not open."""
    broken = after = 0
    while holder.texts and (numbers := holder.left(rotation.key, after)):
        broken += _patiently(lambda numbers=numbers: _texts(holder, numbers, rotation))  # type: ignore[misc]
        after = numbers[-1]
        progress(f"{holder.title}：换到第 {after} 条，共换 {rotation.done} 处")
    after = 0
    while names := holder.names(after):
        for _, name, field in names:
            broken += _file(name, field.bound_to(), rotation)
        after = names[-1][0]
        _patiently(lambda after=after: _note(rotation, holder, after))  # type: ignore[misc]
        progress(f"{holder.title}的文件：换到第 {after} 个，共换 {rotation.done} 处")
    return broken


def _patiently(step: Callable[[], int]) -> int:
    """Do a small transaction when its turn comes: another may write for long, and that is no fault."""
    for _ in range(TRIES):
        with suppress(OperationalError):
            return step()
        time.sleep(1)
    return step()


def _texts(holder: Holder, numbers: list[int], rotation: KeyRotation) -> int:
    """Seal the texts of some rows again and make their indexes anew. What somebody changes meanwhile is left to them: they
    seal with the new key already."""
    fields = (*holder.texts, *holder.indexes)
    marks = ", ".join(["%s"] * len(numbers))
    names = ", ".join(column(f) for f in fields)
    with transaction.atomic():
        if holder.indexes:
            locks.hold(locks.INTAKE)  # whoever brings people in asked for them under the keys there were
        kept = rows(f"SELECT {holder.key()}, {names} FROM {holder.table()} WHERE {holder.key()} IN ({marks})", numbers)  # noqa: S608
        changes: dict[Any, list[tuple[str, int, str]]] = {f: [] for f in fields}
        broken = sum(_renewed(holder, pk, dict(zip(fields, values, strict=True)), changes) for pk, *values in kept)
        with connection.cursor() as cursor:
            for field, changed in changes.items():
                name = column(field)
                statement = f"UPDATE {holder.table()} SET {name} = %s WHERE {holder.key()} = %s AND {name} = %s"  # noqa: S608
                if changed:
                    cursor.executemany(statement, changed)
        rotation.done += sum(map(len, changes.values()))
        _note(rotation, holder, numbers[-1])
    return broken


def _renewed(holder: Holder, pk: int, values: dict[Any, str | None], changes: dict[Any, list[tuple[str, int, str]]]) -> int:
    """The new form of one row's values; 1 where one of them does not open."""
    current, plain = ring().current, {}
    for field in holder.texts:
        held = values[field]
        if held:
            try:
                plain[field.attname] = sealing.unsealed(held, field.bound_to())
            except ValueError:
                return 1
            if not held.startswith(text_head(current)):
                changes[field].append((sealing.sealed(plain[field.attname], field.bound_to()), pk, held))
    for field in holder.indexes:
        held = values[field]
        if held and not held.startswith(f"{current}:") and plain.get(field.of):
            changes[field].append((field.marks(plain[field.of])[0], pk, held))
    return 0


def _file(name: str, field: str, rotation: KeyRotation) -> int:
    """Seal a file again; 1 where it does not open. Whoever reads it meanwhile reads the old or the new one, whole."""
    if file_key(name) in ("", rotation.key):
        return 0
    try:
        plain = sealing.unseal(file_path(name).read_bytes(), field)
    except BadSeal:
        return 1
    keyfiles.written(file_path(name), sealing.seal(plain, field))
    rotation.done += 1
    return 0


def _note(rotation: KeyRotation, holder: Holder, position: int) -> int:
    """Keep how far it is."""
    rotation.place, rotation.position = holder.label, position
    rotation.save(update_fields=["place", "position", "done"])
    return 0


def _left(current: str) -> list[Reason]:
    """What is not under the newest key, in sentences."""
    found = [(table, n) for key, tables in needed().items() if key != current for table, n in tables.items()]
    said = [Reason(f"{table}还有 {n} 处没有换成：打不开，原样留着，旧密钥也还在") for table, n in found]
    return [*said, Reason("请先查明这些内容为什么打不开（用备份核对），再运行 zugong keys rotate")]


def in_trail() -> dict[str, int]:
    """For each key of the ring how many entries of the trail hold values under it."""
    keys = ring().keys
    found = {key: TrailEntry.objects.filter(values__contains=IN_TRAIL + text_head(key)).count() for key in keys}
    others = TrailEntry.objects.filter(values__contains=IN_TRAIL)
    for key in keys:
        others = others.exclude(values__contains=IN_TRAIL + text_head(key))
    found[keys[0]] += others.count()
    return found


@action(Permission.SYSTEM_RUN)
def retire_key(*, by: User, on: date, key: str, again: str) -> int:
    """Note the end of an old key, which `retire` then destroys. Returns how many entries of the trail it makes unreadable.
    Raises Refused while anything but the trail needs it, or it was not typed again."""
    keys = ring(again=True)
    if key not in keys.keys:
        raise Refused(f"密钥环里没有“{key}”，什么都没有做。用 zugong keys status 看有哪些。")
    if key == keys.current:
        raise Refused("这是现在用的密钥，不能销毁。要换，先运行 zugong keys rotate。")
    needs = needed()[key]
    if needs:
        said = "、".join(f"{table} {n} 处" for table, n in needs.items())
        raise Refused(f"还有内容要用这把密钥：{said}。没有销毁。请先运行 zugong keys rotate。")
    if not KeyRotation.objects.filter(key=keys.current, ended_at__lte=Now() - QUIET).exists():
        raise Refused("换完密钥还不到一小时，可能有人还在用旧的办事。没有销毁，请过一小时再来。")
    if again != key:
        raise Refused("再输一次的密钥编号不一样，没有销毁。")
    entries = in_trail()[key]
    entry().note(key=key, entries=entries)
    return entries


def retire(*, by: User, on: date, key: str, again: str) -> int:
    """Destroy an old key: what the trail holds under it can never be read again, and the chain still holds. Raises as
    `retire_key`."""
    entries = retire_key(by=by, on=on, key=key, again=again)
    provider().destroy(key)
    ring(again=True)
    return int(entries)


_asked: dict[str, float] = {}
_settled: set[str] = set()


def older_keys() -> tuple[str, ...]:
    """The keys under which blind indexes may be kept besides the one in use: none, unless a rotation is under way."""
    keys = ring()
    if len(keys.keys) == 1 or keys.current in _settled:
        return ()
    now = time.monotonic()
    if now - _asked.get(keys.current, -1.0) > sealing.LOOK_AGAIN:
        _asked[keys.current] = now
        if KeyRotation.objects.filter(key=keys.current, ended_at__isnull=False).exists():
            _settled.add(keys.current)
            return ()
    return keys.keys[:-1]
