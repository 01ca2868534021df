"""A calendar file (RFC 5545) that phones subscribe to: whole days, each with a reminder. Writing only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

OCTETS = 75  # the longest line, in octets of UTF-8, without its end


@dataclass(frozen=True)
class Entry:
    """Something due on a day. `key` stays the same while it is the same thing: a phone then moves it, and has it once."""

    key: str
    day: date
    title: str
    about: str = ""
    remind_days: int = 3


def written(name: str, entries: Iterable[Entry], stamp: date) -> bytes:
    """The file. `stamp` is the day it is written."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zugong//duties//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    head += [f"X-WR-CALNAME:{_text(name)}", "X-WR-TIMEZONE:Asia/Shanghai", "REFRESH-INTERVAL;VALUE=DURATION:PT12H"]
    lines = [*head, *(line for one in entries for line in _event(one, stamp)), "END:VCALENDAR"]
    return b"".join(folded(line) for line in lines)


def _event(one: Entry, stamp: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(one.key.encode()).hexdigest()[:40]}@zugong"
    yield f"DTSTAMP:{stamp:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(one.title)}"
    if one.about:
        yield f"DESCRIPTION:{_text(one.about)}"
    yield "TRANSP:TRANSPARENT"
    yield from (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(one.title)}",
        f"TRIGGER:-P{one.remind_days}D",
        "END:VALARM",
    )
    yield "END:VEVENT"


def _text(said: str) -> str:
    """Text as a value: what separates values is escaped, no character that ends a line is left."""
    plain = said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def folded(line: str) -> bytes:
    """A line cut into pieces of at most 75 octets, never inside a character; each piece after the first begins with a space."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
