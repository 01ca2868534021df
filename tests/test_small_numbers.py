"""Small numbers, over everything one reader is shown: each told number is held against who is behind it, every two of them
against each other, parts against their totals; and where few could be none, every page is the same to the letter."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from zugong.base.access import ROLES, Permission
from zugong.base.department import DEMO
from zugong.base.figures import AS_OF, Figure
from zugong.base.models import Setting
from zugong.base.records import writing_allowed
from zugong.cadres.models import Cadre, Merit, ReserveEntry, Secondment
from zugong.desk.clock import today
from zugong.desk.dues import findings
from zugong.desk.framing import half_year_of
from zugong.organizations.models import PartyOrganization
from zugong.statistics import guarded, structure, views
from zugong.statistics.catalogue import FIGURES
from zugong.statistics.frames import frame_of, widest
from zugong.talents.models import Introduction, Tenancy
from zugong.training.models import Trainee

FEWEST = 5  # as parameters.yaml has it; written here again, so that a change of the rule is seen
# fmt: off
ABOUT_PERSONS = [
    "people.persons", "people.party_members", "people.members_developed", "training.trainees", "training.hours",
    "talents.introduced", "talents.apartment_residents", "talents.services", "talents.benefits_paid", "talents.projects",
    "cadres.total", "cadres.reserve_selected", "cadres.reserve_used", "cadres.appointed", "cadres.interviewed",
    "cadres.seconded", "cadres.secondments_running", "cadres.commended", "cadres.disciplined", "mentoring.pairs",
]
ABOUT_OTHERS = [
    "organizations.party_organizations", "organizations.brands_recognized", "meetings.held", "meetings.joint_study",
    "meetings.attendance", "visits.made", "visits.organizations", "visits.opinions", "visits.research_reports",
    "training.classes", "talents.posts", "talents.planned_headcount", "supervision.groups", "supervision.meetings",
    "supervision.problems", "supervision.registered",
    "supervision.answers", "elections.held", "publicity.articles", "publicity.reads", "tasks.items", "tasks.due",
]
# fmt: on
PERIODS = ("", "2023H1", "2022H2", "2023", "2023Q2", "2023-03")
ASKED = ({}, {"sex": "女"}, {"time": "as_of"}, {"on": "2023-05-04"})
PAGES = {"periods": ("", "2023H1"), "looked": ("2023H1",), "asked": ({},)}
NUMBERS = {"periods": ("2023H1",), "looked": (), "subjects": ("cadres",)}
PLACES = {
    "general branch": "中共云溪县交通运输局总支部委员会",
    "branch": "中共云溪县农业农村局支部委员会",
    "small branch": "中共云溪县住房和城乡建设局机关支部委员会",
    "committee": "中共云溪县教育局委员会",
}
COUNTING = [role.code for role in ROLES.values() if Permission.STATISTICS_READ in role.permissions]
EVERY_DAY = [("supervision_member", "general branch", PAGES), ("branch", "branch", NUMBERS), ("education_office", "", NUMBERS)]


@dataclass(frozen=True)
class Fact:
    """A number somebody was told: of what, and those behind it whom he may not see, by their numbers."""

    figure: str
    what: str
    number: int | float
    hidden: frozenset[int]
    room: str
    sums: bool


def hidden_of(user: Any, rows: Any) -> frozenset[int]:
    """The persons behind rows the reader sees none of; a row that names nobody stands for somebody."""
    way = rows.SUBJECTS[-1]

    def who(some: Any) -> set[int]:
        return {person or -pk for pk, person in some.order_by().values_list("pk", way)}

    return frozenset(who(rows) - who(rows.visible_to(user)))


def sees_all(user: Any, rows: Any) -> bool:
    return not rows.exclude(pk__in=rows.visible_to(user).order_by().values("pk")).exists()


class Gathered:
    """All that one reader is told of persons, page by page and command by command."""

    def __init__(self, who: Any) -> None:
        self.who, self.user = who, who.user
        self.facts: dict[tuple[str, Any], Fact] = {}
        self.parts: list[tuple[Fact, list[tuple[int | None, frozenset[int]]]]] = []
        self.pages: dict[str, str] = {}
        self.behind: dict[str, frozenset[int] | None] = {}  # None: the reader may see everybody

    def note(self, figure: Figure, value: Any, frame: Any, facets: Any = None, time: Any = None) -> Fact | None:
        """A number told, unless the reader may see everybody in it."""
        if value is None or figure.id not in ABOUT_PERSONS:
            return None
        what = f"{figure.id} {frame.scope.code} {frame.period} {frame.day} {facets or ''} {time or ''}"
        rows = figure.rows(frame, facets, time)
        if what not in self.behind:
            whole = self.user.may(rows.model.READ, frame.scope.path) and sees_all(self.user, rows)
            self.behind[what] = None if whole else hidden_of(self.user, rows)
        hidden = self.behind[what]
        if hidden is None:
            return None
        fact = Fact(figure.id, what, value, hidden, rows.model._meta.app_label, bool(figure.amount))
        self.facts[what, value] = fact
        return fact

    def get(self, page: str, where: str, query: dict[str, Any]) -> Any:
        answer = self.who.get(where, query)
        self.pages[f"{page} {query}"] = plain(answer.content.decode())
        return answer

    def catalogue(self, period: str) -> None:
        answer = self.get("catalogue", reverse("statistics:figures"), {"period": period, "on": ""})
        frame = answer.context["frame"]
        changes = [change for entries in answer.context["offices"].values() for _, change, _ in entries]
        home = self.get("home", reverse("desk:home"), {"period": period})
        for change in [*changes, *(home.context or {}).get("changes", ())]:
            self.note(change.figure, change.value, frame)
            self.note(change.figure, change.before, frame.during(frame.period.previous()))

    def figure(self, id: str, query: dict[str, Any]) -> None:
        figure = FIGURES[id]
        answer = self.get(id, reverse("statistics:figure", args=[id]), query)
        frame, context = answer.context["frame"], answer.context
        facets = {name: [query[name]] for name in figure.facets if name in query}
        time = AS_OF if query.get("time") == "as_of" and AS_OF in figure.rows_by_time else None
        fact = self.note(figure, context["answer"].value, frame, facets, time)
        times = {}
        for period in (frame.period.previous(), frame.period.a_year_before()):
            then = frame.during(period)
            times |= {f"截至 {then.day}": then, period.title: then}
        for one in context["earlier"]:
            self.note(figure, one.answer.value, times[one.title], facets, time)
        for offer in context["offered"]:
            if fact is not None and offer.parts:
                self.note_parts(fact, figure, offer.facet, frame, [(p.value or "未填", p.number) for p in offer.parts])
        rows = context["rows"]
        if rows is not None and not sees_all(self.user, figure.rows(frame, facets, time)):
            assert rows.hidden is None, id

    def note_parts(self, fact: Fact, figure: Figure, facet: Any, frame: Any, told: list[tuple[str, int | None]]) -> None:
        """Parts told of a number whose rows are not all the reader's."""
        named, declared = figure.rows(frame).annotate(value=facet.expression(frame)), {value for value, _ in told}
        there: dict[str, set[int]] = {value: set() for value in declared}
        for pk, value in named.order_by().values_list("pk", "value"):
            there["未填" if not value else value if value in declared else "其他"].add(pk)
        rows = {value: figure.records().filter(pk__in=pks) for value, pks in there.items()}
        self.parts.append((fact, [(n, hidden_of(self.user, rows[value])) for value, n in told]))

    def structure(self, query: dict[str, Any]) -> None:
        answer = self.get("structure", reverse("statistics:structure"), query)
        cross, made = answer.context["cross"], answer.context["made"]
        if made.withheld or not made.grids:
            return
        for grid, frame in zip(made.grids, [cross.frame, cross.against], strict=False):
            fact = self.note(cross.figure, grid.total[-1].count if len(cross.by) == 2 else grid.total[0].count, frame)
            if fact is None:
                return
            assert cross.against is None, "two days beside each other"
            if len(cross.by) == 1:
                facet = cross.figure.facets[cross.by[0]]
                self.note_parts(fact, cross.figure, facet, frame, [(value, cells[0].count) for value, cells in grid.lines])
                bars = {bar["value"]: bar["n"] for bar in made.charts[0][1]["data"]["values"]} if made.charts else {}
                assert bars.items() <= {value: cells[0].count for value, cells in grid.lines}.items()
            else:
                for value, cells in grid.lines:
                    for cell in cells[:-1]:
                        chosen = {cross.by[0]: value, cross.by[1]: cell.title}
                        rows = structure.people(cross.subject, frame, chosen)
                        assert len(hidden_of(self.user, rows)) >= FEWEST, "a small number is told in a cell"


def plain(html: str) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|&quot;X-CSRFToken&quot;[^}]*|"X-CSRFToken": ?"[^"]+"', "", html)


def gather(
    who: Any, *, periods: Any = PERIODS, looked: Any = PERIODS, asked: Any = ASKED, subjects: Any = tuple(structure.SUBJECTS)
) -> Gathered:
    """Everything about persons on the pages of one reader."""
    found = Gathered(who)
    for period in periods:
        found.catalogue(period)
    for period in looked:
        for id in ABOUT_PERSONS:
            if not FIGURES[id].records().query.is_empty():
                for more in asked:
                    found.figure(id, {"period": period, "on": "", **more})
    found.figure("cadres.total", {"period": "", "on": ""})
    who.get(reverse("statistics:figures"), {"period": "", "on": ""})
    for subject in subjects:
        facets = list(structure.subject(subject).facets)
        for query in [*({"rows": one} for one in facets), {"rows": facets[0], "columns": facets[1]}, {"against": "2023-06-30"}]:
            found.structure({"subject": subject, **query})
        found.structure({"subject": subject, "rows": facets[0], "day": "2023-06-30"})
    return found


def insist(found: Gathered) -> None:
    """What an attacker would try with all of it."""
    facts = list(found.facts.values())
    small = [one for one in facts if len(one.hidden) < FEWEST]
    assert small == [], "a small number is told"
    for one, other in permutations([f for f in facts if not f.sums], 2):
        if one.hidden >= other.hidden and (one.room == other.room or "people" in (one.room, other.room)):
            same = one.hidden == other.hidden and one.figure == other.figure
            assert same or len(one.hidden - other.hidden) >= FEWEST, (one.what, other.what)
    for total, parts in found.parts:
        held = [hidden for n, hidden in parts if n is None]
        assert frozenset().union(*(hidden for _, hidden in parts)) == total.hidden, "the parts are the whole"
        assert all(len(hidden) >= FEWEST for n, hidden in parts if n is not None), total.what
        assert not held or (len(held) >= 2 and sum(map(len, held)) >= 2 * FEWEST - 1) or len(held) == len(parts), total.what


def place_of(name: str) -> str:
    return PartyOrganization.objects.get(name=PLACES[name]).code if name else ""


def commands(found: Gathered, capsys: Any) -> None:
    """What the same reader is told by the command line."""

    def out(*words: str) -> Any:
        capsys.readouterr()
        call_command(*words, "--as", found.user.username, "--json")
        return json.loads(capsys.readouterr().out)

    day, user = today(), found.user
    for period in ("2026H2", "2023H1"):
        frame = frame_of(period, day)
        frame = replace(frame, scope=widest(user, frame.day))
        for one in out("figures", "--period", period):
            assert ("withheld" not in one) or (one["value"] is None and one["withheld"].endswith("。"))
            found.note(FIGURES[one["id"]], one["value"], frame)
        told = out("figure", "cadres.total", "--period", period, "--rows")
        rows = FIGURES["cadres.total"].rows(frame)
        found.note(FIGURES["cadres.total"], told["value"], frame)
        assert "not_shown" not in told or sees_all(user, rows)
        assert len(told["rows"]) == rows.visible_to(user).count()
    narrowed = out("figure", "cadres.total", "--period", "2026H2", "--facet", "sex=女", "--rows")
    found.note(FIGURES["cadres.total"], narrowed["value"], frame, {"sex": ["女"]})
    for by in (["sex"], ["sex", "education"]):
        cells = out("structure", *(word for one in by for word in ("--by", one)))["cells"]
        if held := [cell for cell in cells if cell["count"] is None]:
            assert all(cell["withheld"] for cell in held)
            assert len(by) == 1


def test_each_figure_falls_on_its_side():
    def about_persons(figure: Figure) -> bool:
        return hasattr(figure.records(), "SUBJECTS")

    assert [id for id, one in FIGURES.items() if about_persons(one)] == ABOUT_PERSONS
    assert sorted(FIGURES) == sorted([*ABOUT_PERSONS, *ABOUT_OTHERS])


def test_what_a_cross_table_counts_leads_its_kind():
    assert all(guarded.leads(structure.subject(name)) for name in structure.SUBJECTS)


@pytest.mark.parametrize(("role", "place", "shown"), EVERY_DAY)
def test_no_small_number_of_unseen_persons_is_told_or_follows(yunxi, door, capsys, role, place, shown):
    found = gather(door(role, place_of(place)), **shown)
    commands(found, capsys)
    insist(found)
    assert len(found.facts) >= 2, "something is told, or nothing was tried"


@pytest.mark.parametrize("demo", [True, False])
def test_the_one_day_told_is_the_demos_in_a_demo_home_and_the_real_one_in_earnest(yunxi, door, capsys, demo):
    settings = {"demo_day": "2023-06-30"} | ({DEMO: "演示"} if demo else {})
    with writing_allowed():
        Setting.objects.bulk_create(Setting(name=name, value=value) for name, value in settings.items())
    who, now = door("branch", place_of("branch")), today()
    asked = {date(2023, 6, 30): "2023H1", date(2022, 12, 31): "2022H2", date(2023, 3, 31): "2023Q1", now: half_year_of(now)}
    pages, commands = [], []
    for day, period in asked.items():
        page = who.get(reverse("statistics:figure", args=["cadres.total"]), {"period": period, "on": day})
        pages += [day] if guarded.TODAY.why not in page.content.decode() else []
        capsys.readouterr()
        call_command("figure", "cadres.total", "--period", period, "--on", f"{day}", "--as", who.user.username, "--json")
        commands += [day] if json.loads(capsys.readouterr().out).get("withheld") != guarded.TODAY.why else []
    assert pages == commands == [date(2023, 6, 30) if demo else now]


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", COUNTING)
def test_no_role_at_any_place_is_told_a_small_number(yunxi, door, capsys, freely, role, place):
    found = gather(door(role, place_of(place)))
    commands(found, capsys)
    insist(found)


def test_the_attacker_finds_out_what_is_not_guarded(yunxi, door, monkeypatch):
    unguarded(monkeypatch)
    found = Gathered(door("supervision_member", place_of("general branch")))
    found.catalogue("2023H1")
    with pytest.raises(AssertionError, match="small number"):
        insist(found)


def unguarded(monkeypatch: Any) -> None:
    for place in (guarded, views):
        monkeypatch.setattr(place, "guards", lambda user, rows: False)


OWN = ("people.persons", "people.party_members", "people.members_developed")


@pytest.mark.parametrize(("role", "place", "ids"), [("head", "", ABOUT_PERSONS[::3]), ("branch", "branch", OWN)])
def test_who_may_see_every_row_sees_every_page_as_it_was(yunxi, door, monkeypatch, role, place, ids):
    """To the letter: the house with the guard, and the same house without it."""

    def pages() -> dict[str, str]:
        found = Gathered(door(role, place_of(place)))
        if not place:
            found.catalogue("2023H1")
        for id in ids:
            found.figure(id, {"period": "2023H1", **({"sex": "女"} if id.startswith("people.party") else {})})
        for query in ({"rows": "sex"}, {"rows": "sex", "columns": "age_band", "against": "2022-12-31"}):
            found.get("structure", reverse("statistics:structure"), {"subject": "members", **query})
        return found.pages

    kept = pages()
    unguarded(monkeypatch)
    assert pages() == kept


def leave(rows: Any, n: int, away: dict[str, Any]) -> None:
    """Let `n` of some rows be where they are, and the others elsewhere."""
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    with writing_allowed():
        rows.model.objects.filter(pk__in=pks[n:]).update(**away)


def test_where_few_are_none_nothing_changes(yunxi, door, capsys):
    """A branch that sees no cadre: four of each kind or nobody, all it is shown is the same to the letter."""
    who = door("branch", place_of("branch"))
    long_ago, elsewhere = date(1990, 1, 1), {"unit": None, "unit_name": "别处"}
    away = [
        (Cadre, {"valid_from": long_ago, "valid_to": date(1990, 1, 2)}),
        (Merit, {"recorded_on": long_ago}),
        *((kind, elsewhere) for kind in (ReserveEntry, Secondment, Trainee, Introduction, Tenancy)),
    ]
    asked = [
        ("figures", [], {"period": "2023H1"}),
        ("figures", [], {"period": ""}),
        ("figure", ["cadres.total"], {"period": ""}),
        ("figure", ["training.trainees"], {"period": "2023H1"}),
        ("figure", ["cadres.disciplined"], {"level": "县级"}),
        ("structure", [], {"subject": "cadres", "rows": "sex"}),
        ("structure", [], {"subject": "cadres", "rows": "rank", "columns": "sex"}),
        ("structure-people", [], {"subject": "cadres", "sex": "女"}),
    ]

    def shown() -> dict[str, str]:
        found = Gathered(who)
        for page, args, query in asked:
            found.get(page, reverse(f"statistics:{page}", args=args), query)
        for words in ("figures --period 2023H1", "structure --by sex"):
            capsys.readouterr()
            call_command(*words.split(), "--as", who.user.username, "--json")
            found.pages[words] = capsys.readouterr().out
        return found.pages

    scope, seen = widest(who.user, today()), []
    for n in (4, 0):
        for kind, gone in away:
            leave(kind.objects.within(scope), n, gone)
        seen.append(shown())
    assert seen[0] == seen[1]
    assert "不足5人，不显示" in "".join(seen[0].values())


def test_no_duty_says_how_many_members_a_branch_has_to_who_may_not_see_them(yunxi, account):
    member = account("supervision_member", place_of("general branch"))
    found = list(findings(frame_of("2023H1", today(), place_of("general branch")), member))
    assert found
    said = ["".join((one.note, *one.missing)).replace("不足 7 人", "") for one in found]
    assert not [words for words in said if re.search(r"\d 名?(党员|人)", words)]
