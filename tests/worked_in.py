"""Work in a home of one's own as people do: ledgers in, corrections, undo, refused rows, exports, views, removals, a report,
a look-up by number, logins that fail. Prints the numbers that were typed. Run by test_at_rest in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from zugong.base import sealing  # noqa: E402
from zugong.base.grants import Given, give_grant  # noqa: E402
from zugong.base.holders import Holder, file_key, holders  # noqa: E402
from zugong.base.models import User  # noqa: E402
from zugong.base.records import writing_allowed  # noqa: E402
from zugong.base.rules import Refused  # noqa: E402
from zugong.desk import demo  # noqa: E402
from zugong.desk.clock import today  # noqa: E402
from zugong.desk.prepare import home_ready, operator  # noqa: E402
from zugong.intake import actions as intake  # noqa: E402
from zugong.intake.actions import Incoming  # noqa: E402
from zugong.intake.models import Batch, StagedFile  # noqa: E402
from zugong.meetings.models import Meeting  # noqa: E402
from zugong.people.models import Person  # noqa: E402
from zugong.reports import actions as reports  # noqa: E402
from zugong.reports.models import Report  # noqa: E402
from zugong.statistics.frames import frame_of  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
YUNXI = ROOT / "examples" / "yunxi"
TYPED = ["429901198003072411", "13987650123", "13712340987", "429901199912310019"]


def browser(username: str) -> Client:
    """Somebody's browser."""
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.post(reverse("desk:login"), {"username": username, "password": demo.PASSWORD})
    with writing_allowed():  # a second factor is not what is looked at here
        client.force_login(User.objects.get(username=username))
    return client


def at_the_door(number: str) -> None:
    """Numbers typed where a name belongs."""
    stranger = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    for name in (number, "keshi"):
        stranger.post(reverse("desk:login"), {"username": name, "password": number})
    stranger.get(f"/people/persons/?q={number}")


def looking(clerk: Client, number: str) -> None:
    """Numbers typed into what looks for people, views kept, columns chosen, exports, rows shown with a purpose."""
    persons = reverse("people:person-list")
    for address in (persons, reverse("desk:search")):
        clerk.get(address, {"q": number})
    clerk.post(reverse("people:by-id"), {"q": number})
    clerk.post(reverse("people:person-views") + f"?q={number}", {"do": "keep", "name": number[:8]})
    clerk.post(persons, {"column": ["name", "resident_id", "phone"]})
    clerk.get(persons)
    clerk.post(reverse("people:person-export"), {"purpose": "核对"})
    person = Person.objects.exclude(resident_id_index=None).first()
    clerk.post(reverse("people:person-reveal", args=[person.pk]), {"purpose": f"核对任免材料 {number}"})
    clerk.get(reverse("people:person", args=[person.pk]))


def changing(clerk: Client) -> None:
    """Corrections of numbers, also refused ones, and rows taken out and put back."""
    one, other = Person.objects.exclude(resident_id_index=None).order_by("pk")[:2]
    for pk, field, value in (
        (one.pk, "phone", TYPED[1]),
        (one.pk, "resident_id", TYPED[0]),
        (other.pk, "resident_id", TYPED[0]),
    ):
        person = Person.objects.get(pk=pk)
        given = {"name": person.name, "revision": person.revision, "sex": person.sex, field: value}
        clerk.post(reverse("people:person-edit", args=[pk]), given)
    meeting = Meeting.objects.first()
    for do in ("remove", "removed"):
        clerk.post(reverse("meetings:meeting-selected"), {"row": [meeting.pk], "do": do})
    clerk.get(reverse("meetings:meeting-removed"))


def bringing_in(clerk: Client, by: User) -> None:
    """A second import, one taken back, and faulty rows looked at and handed back."""
    roster = YUNXI / "02党员花名册.xlsx"
    clerk.post(reverse("intake:receive"), {"files": SimpleUploadedFile(roster.name, roster.read_bytes())})
    lines = f"姓名,身份证号,入党时间,党员类别,所在党支部,手机号\n王新,{TYPED[3]},2001-01-01,正式党员,没有的支部,{TYPED[2]}\n"
    clerk.post(reverse("intake:receive"), {"files": SimpleUploadedFile("党员.csv", lines.encode())})
    for name in ("03干部花名册.xlsx", "10人才引进台账.xlsx"):
        batch = intake.stage(by=by, on=by.day, files=[Incoming(YUNXI / name, name)])
        intake.commit(by=by, on=by.day, batch=batch)
        intake.undo(by=by, on=by.day, batch=batch)
    for batch in Batch.objects.all():
        clerk.get(reverse("intake:batch", args=[batch.pk]))
    for kept in StagedFile.objects.filter(sheets__refused__gt=0).distinct():
        clerk.post(reverse("intake:refused", args=[kept.pk]), {"purpose": "改正退回的格子"})


def reporting(by: User) -> None:
    """The report of the half-year, submitted where nothing is open."""
    report = Report.objects.first()
    with suppress(Refused):
        reports.submit(by=by, on=by.day, report=report, frame=frame_of(demo.PERIOD, demo.DAY))


def forgotten(known: list[Holder]) -> list[str]:
    """Columns and files that hold sealed values and which the rotation of keys does not know of; the trail is meant to be
    none of its business."""
    head = sealing.text_head(sealing.ring().current)
    columns = {(h.model._meta.db_table, f.column) for h in known for f in h.texts} | {("base_trailentry", "values")}
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                quoted = connection.ops.quote_name(column.name)
                cast = f"CAST({quoted} AS text) LIKE %s"
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)} WHERE {cast}", [f"%{head}%"])
                if cursor.fetchone()[0] and (table, column.name) not in columns:
                    found.append(f"{table}.{column.name}")
    named = {name for h in known for _, name, _ in _every_name(h)}
    for path in Path(settings.ZUGONG_FILES).iterdir():
        if file_key(path.name) and path.name not in named:
            found.append(path.name)
    return found


def _every_name(holder: Holder) -> Iterator[tuple[int, str, object]]:
    after = 0
    while names := holder.names(after):
        after = names[-1][0]
        yield from names


def main() -> None:
    """A few days' work."""
    home_ready()
    by = operator()
    by.day = today()
    demo.build(by, by.day, lambda text: None)
    clerk = browser("keshi")
    for number in TYPED:
        at_the_door(number)
        looking(clerk, number)
    changing(clerk)
    bringing_in(clerk, by)
    with suppress(Refused):
        reporting(by)
    with suppress(Refused):
        give_grant(by=by, on=by.day, user=User.objects.get(username="keshi"), given=Given("head", reason=f"接替 {TYPED[0]}"))
    assert Person.objects.filter(resident_id_index__isnull=False).count() > 1800
    assert forgotten(holders()) == []
    assert len(forgotten([])) > 5, "what no rotation goes over is found"
    sys.stdout.write(json.dumps(TYPED) + "\n")


if __name__ == "__main__":
    main()
