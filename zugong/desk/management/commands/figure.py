"""zugong figure ID --period 2023H1 [--facet kind=…]… [--rows]: one figure, with the rows behind it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from zugong.base import exports
from zugong.base.access import Permission
from zugong.base.facets import Unresolved
from zugong.base.figures import Figure, NameFigure
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.periods import Frame
from zugong.base.rules import Refused
from zugong.desk.commands import UNUSABLE, ZugongCommand
from zugong.statistics.answers import Question
from zugong.statistics.catalogue import CATALOGUE
from zugong.statistics.guarded import insist_on_known, standing


class Command(ZugongCommand):
    help = "一个指标的数，和数背后的每一行"
    permission = Permission.STATISTICS_READ
    leaves = True
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("id", metavar="指标")
        parser.add_argument("--period", required=True, metavar="期间")
        parser.add_argument("--facet", action="append", default=[], metavar="限定=值", help="可写多个；同一限定的几个值是“或”")
        parser.add_argument("--rows", action="store_true", help="列出每一行")

    def act(self, **options: Any) -> int | None:
        one = CATALOGUE.get(options["id"])
        if one is None:
            raise _wrong(f"没有“{options['id']}”这个指标。用 zugong figures --period … 看有哪些。")
        frame = self.frame(options["period"], options["scope"])
        if isinstance(one, NameFigure):
            document: dict[str, Any] = {"id": one.id, "value": one.names(frame, self.by)}
            every, told = one.rows(frame) if one.rows else None, False
        else:
            document, every, told = self._counted(one, frame, facets_of(options["facet"]))
        if options["rows"]:
            found = list(every.visible_to(self.by).order_by("pk")) if every is not None else []
            mark = self._note(one, options, len(found))
            document["rows"] = [{"key": row.key, "label": str(row)} for row in found]
            document["mark"] = mark.words
            if told and every is not None and (hidden := every.count() - len(found)):
                document["not_shown"] = hidden
        self._tell(one, document)
        return None

    def _counted(self, one: Figure, frame: Frame, facets: dict[str, list[str]]) -> tuple[dict[str, Any], QuerySet | None, bool]:
        """The number as far as it may be told, its rows, and whether it is told how many of them the account does not see."""
        stand = standing(self.by, Question(one.id, facets, "", frame))
        if stand.withheld:
            rows = None if facets else one.rows(frame)
            return {"id": one.id, "value": None, "withheld": stand.withheld.why}, rows, False
        return {"id": one.id, "value": self._number(one, frame, facets)}, one.rows(frame, facets), stand.whole

    def _note(self, one: Figure | NameFigure, options: dict[str, Any], rows: int) -> Mark:
        """Rows that leave the house are on the trail, from here as from the pages."""
        asked = {"期间": options["period"], "范围": options["scope"], "限定": "、".join(options["facet"]), "方式": "命令行"}
        return exports.record_export(
            by=self.by, on=self.day, read=Permission.STATISTICS_READ, register=one.id,
            filters={name: said for name, said in asked.items() if said}, columns=(), rows=rows,
        )  # fmt: skip

    def _number(self, one: Figure, frame: Any, facets: dict[str, list[str]]) -> Any:
        try:
            insist_on_known(self.by, one, facets)
            return one.number(frame, facets)
        except Unresolved as words:
            raise _wrong(f"“{one.name}”认不出这个限定：{words}。{known_facets(one, self.by)}") from None

    def _tell(self, one: Figure | NameFigure, document: dict[str, Any]) -> None:
        if self.json:
            self.out(document)
            return
        value = document["value"]
        unit = one.unit if isinstance(one, Figure) else ""
        none = document.get("withheld", "缺数")
        shown = "、".join(value) if isinstance(value, list) else none if value is None else f"{value} {unit}"
        self.stdout.write(f"{one.name}：{shown}\n{one.definition}")
        if "mark" in document:
            self.stdout.write(document["mark"])
        for row in document.get("rows", ()):
            self.stdout.write(f"  {row['key']}  {row['label']}")


def facets_of(given: list[str]) -> dict[str, list[str]]:
    """kind=甲 kind=乙 as {"kind": ["甲", "乙"]}; raises Refused."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in given:
        name, mark, value = one.partition("=")
        if not mark or not value:
            raise _wrong(f"“{one}”应写成 限定=值，例如 kind=急需紧缺人才。")
        found[name].append(value)
    return dict(found)


def known_facets(one: Figure, by: User) -> str:
    """What a figure can be narrowed by, as it is written on the command line."""
    known = ((one.facets[name].title, name, "、".join(values) or "（包含的字）") for name, values in one.values(by).items())
    said = [f"{name}={values}（{title}）" for title, name, values in known]
    return f"可以写 {'；'.join(said)}。" if said else "这个指标没有限定。"


def _wrong(sentence: str) -> Refused:
    refusal = Refused(sentence)
    refusal.exit_code = UNUSABLE  # type: ignore[attr-defined]
    return refusal
