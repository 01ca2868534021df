"""Steps through the pages of the reports, and what is read off them."""

from __future__ import annotations

import json
import re

from django.test import Client
from django.urls import reverse

from conftest import ROOT, YUNXI
from zugong.meetings.models import Meeting
from zugong.organizations.models import PartyOrganization
from zugong.reports import texts
from zugong.reports.models import AdoptedText, Report

SEED = texts.read(ROOT / "examples/2023H1-work-report.txt")
EXPECTED = json.loads((YUNXI / "expected.json").read_text("utf-8"))["report_slots"]
NUMBERS = [value for value in EXPECTED.values() if isinstance(value, int)]
CHIP = re.compile(r'<a class="fig[^"]*" id="slot-(\d+)"[^>]*>([^<]*)</a>')
OPEN_TEXT = "2023年上半年，办理人才服务事项12件，走访调研30次。"
HTMX = {"HX-Request": "true"}


def page(answer) -> str:
    return answer.content.decode()


def adopt(who: Client, words: str = SEED, name: str = "稿子") -> AdoptedText:
    answer = who.post(reverse("reports:adopt"), {"pasted": words, "name": name})
    assert answer.status_code == 302, page(answer)
    return AdoptedText.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def write(who: Client, words: str = SEED, period: str = "2023H1") -> Report:
    answer = who.post(reverse("reports:draft", args=[adopt(who, words).pk]), {"period": period})
    return Report.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def there(report: Report) -> str:
    return reverse("reports:report", args=[report.pk])


def branch_with_meetings() -> str:
    """The code of a branch that held a meeting."""
    held = Meeting.objects.filter(kind="主题党日", held_on__year=2023, held_on__month__lte=6)
    return PartyOrganization.objects.filter(meetings__in=held).values_list("code", flat=True).first()


def chips(text: str) -> list[tuple[int, str]]:
    """The figures in the text, by their numbers."""
    return [(int(number), words) for number, words in CHIP.findall(text)]
