"""What is printed bears who printed it, when, and the number by which the trail knows of it."""

from __future__ import annotations

import json
import re

from django.urls import reverse

from conftest import ROOT
from tests.test_pages import PAGES
from zugong.base.models import Export, TrailEntry

PRINT = re.compile(r'href="([^"]*\bprint=1[^"]*)"')
# Buttons that print what is on the screen: pages that bear the mark already, one's own codes, what is published or a rule.
PRINTS_THE_SCREEN = {"ui/piece_paper.html", "ui/register_print.html", "desk/recovery_codes.html", "reports/public.html"}
PRINTS_THE_SCREEN |= {"regulations/procedure.html"}
ASKED = {"tasks:cases", "desk:home", "desk:dues", "desk:calendar", "desk:weekly", "people:person-list"}
ASKED |= {"statistics:figures", "statistics:figure", "statistics:structure"}


def pages():
    for name in ASKED:
        yield name, reverse(name, args=["people.party_members"] if PAGES[name].pattern.converters else [])
    yield "statistics:structure-people", f"{reverse('statistics:structure-people')}?subject=cadres"


def test_no_other_page_prints_what_is_on_the_screen():
    found = {path for path in ROOT.glob("zugong/*/templates/**/*.html") if "data-print" in path.read_text("utf-8")}
    assert {f"{path.parent.name}/{path.name}" for path in found} == PRINTS_THE_SCREEN


def test_each_page_that_can_be_printed_is_marked_and_noted(yunxi, clerk, freely):
    for name, where in pages():
        before = Export.objects.count()
        links = PRINT.findall(clerk.get(where).content.decode())
        assert Export.objects.count() == before, (name, "looked at only")
        assert links, name
        page = clerk.get(f"{where.partition('?')[0]}{links[0].replace('&amp;', '&')}").content.decode()
        kept = Export.objects.latest("pk")
        assert Export.objects.count() == before + 1, name
        mark = re.search(r'<p class="paper-mark">([^<]+)</p>', page)[1]
        assert clerk.user.name in mark, name
        assert mark.endswith(f"第 {kept.pk} 号"), name
        told = json.loads(TrailEntry.objects.filter(verb="base:record_export").latest("number").values)
        assert (told["number"], told["filters"]["方式"]) == (kept.pk, "打印"), name
