"""What a whole batch must satisfy: references that exist, keys that do not repeat, facts that agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from zugong.base import cells
from zugong.base.access import Privacy
from zugong.base.ledgers import Ledger, Row
from zugong.base.numbers import holds_id
from zugong.intake.comparing import Key, key_of
from zugong.organizations.actions import names_no_superior
from zugong.organizations.models import PartyOrganization, Unit, roots_on
from zugong.people.actions import FACT_TITLES, Acquaintances, stated_facts
from zugong.people.models import Membership, Person, kept_forms, mark_of
from zugong.training.models import TrainingClass

UNMATCHED = "未对应"


@dataclass
class Known:
    """Names of one kind: those the batch brings, and those kept, asked for as they come up."""

    ask: Callable[[Iterable[str]], Iterable[str]]
    names: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def meet(self, names: Iterable[str | None]) -> None:
        """Ask which of these are kept."""
        new = {n for n in names if n} - self.asked
        self.asked |= new
        self.names |= set(self.ask(new)) if new else set()


def members_among(marks: Iterable[str]) -> Iterable[str]:
    """Those of these indexes that are a Party member's."""
    forms = kept_forms(marks)
    kept = Membership.objects.values_list("person__resident_id_index", flat=True)
    return (forms[mark] for mark in kept.among("person__resident_id_index", forms))


@dataclass
class Gate:
    """What the batch has shown so far, file after file in the order of the ledgers."""

    organizations: Known = field(default_factory=lambda: Known(PartyOrganization.objects.named))
    units: Known = field(default_factory=lambda: Known(Unit.objects.named))
    classes: Known = field(
        default_factory=lambda: Known(lambda names: TrainingClass.objects.values_list("name", flat=True).among("name", names))
    )
    members: Known = field(default_factory=lambda: Known(members_among))
    people: Acquaintances = field(default_factory=Acquaintances)
    newcomers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    new_cadres: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[tuple[str, Key], tuple[str, int]] = field(default_factory=dict)
    tops: dict[str, str] = field(default_factory=dict)
    rolls: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def expect(self, rows: Iterable[Row], on: date) -> None:
        """Let the organizations a batch brings be known before any row is checked: a superior may stand in a later row or
        sheet. Keeps the names of those without a superior, kept or new, the first of which is the root."""
        coming = [row for row in rows if not row.refused]
        names = [row.values[column] for row in coming for column in ("code", "name", "superior_name")]
        self.organizations.meet(names)
        kept = set(self.organizations.names)
        self.tops = {one.code: one.name for one in roots_on(on)}
        for row in coming:
            code, name = row.values["code"], row.values["name"]
            if names_no_superior(row.values) and (code or name) not in kept:
                self.tops.setdefault(code or name, name)
        self.organizations.names.update(filter(None, (row.values[c] for row in coming for c in ("code", "name"))))

    def check(self, ledger: Ledger, file: str, sheet: str, rows: Sequence[Row]) -> None:
        """Refuse or warn about rows of one sheet, then let those taken be known to the sheets after it."""
        self._fetch(ledger, rows)
        for row in rows:
            _numbers(ledger, row)
            self._references(ledger, row)
            if ledger.id == "organizations":
                self._superior(row)
            self._identity(ledger, row)
            if ledger.identified:
                self._repeats(ledger, file, sheet, row)
        self._names(ledger, rows)
        self._members(ledger, rows)
        self._learn(ledger, [row for row in rows if not row.refused])

    def _fetch(self, ledger: Ledger, rows: Sequence[Row]) -> None:
        for column in ledger.columns:
            kind = {"organization": self.organizations, "organization?": self.organizations, "unit": self.units}.get(
                column.refers
            )
            if kind:
                kind.meet(row.values[column.name] for row in rows)
        if ledger.id == "trainees":
            self.classes.meet(row.values["class_name"] for row in rows)
        marks = [mark_of(row) for row in rows if mark_of(row)]
        self.people.meet(marks)
        if ledger.id == "cadres":
            self.members.meet(marks)

    def _references(self, ledger: Ledger, row: Row) -> None:
        for column in ledger.columns:
            value = row.values[column.name]
            if value is None:
                continue
            if column.refers == "organization" and value not in self.organizations.names:
                row.refuse(
                    column.name, f"没有“{value}”这个党组织，本批来件里也没有", "请核对名称，应与党组织基本信息表里的全称一致。"
                )
            elif column.refers == "organization?" and value not in self.organizations.names and value not in self.units.names:
                row.warn(column.name, f"{UNMATCHED}：“{value}”不在党组织名册里，按原文收下")
            elif column.refers == "unit" and value not in self.units.names:
                row.warn(column.name, f"{UNMATCHED}：“{value}”不在单位名册里，按原文收下")
        if ledger.id == "trainees" and row.values["class_name"] and row.values["class_name"] not in self.classes.names:
            row.warn("class_name", f"{UNMATCHED}：没有“{row.values['class_name']}”这个班次，按原文收下")

    def _superior(self, row: Row) -> None:
        """A superior nobody knows is kept as text; a second organization without one is a second root, kept apart."""
        superior, code, name = (row.values[column] for column in ("superior_name", "code", "name"))
        if superior and superior not in self.organizations.names:
            reason = f"{UNMATCHED}：没有“{superior}”这个党组织，本批来件里也没有，上级按原文收下"
            row.warn("superior_name", reason, "请核对上级的全称；改好再导入，就归到它的下面。")
        first = next(iter(self.tops), None)
        if names_no_superior(row.values) and (code or name) in self.tops and (code or name) != first:
            reason = f"没有上级党组织，而“{self.tops[first]}”也没有上级：按另一个根收下，与它互不相属"
            row.warn("superior_name", reason, "请核对，多半是漏填了上级党组织。")

    def _identity(self, ledger: Ledger, row: Row) -> None:
        """ID against birth date and sex, dates against each other, members against the members' roster."""
        resident_id = row.values.get("resident_id")
        if resident_id:
            birth, sex = row.values.get("birth_date"), row.values.get("sex")
            if birth and cells.id_birth(resident_id) not in (birth, None):
                row.warn("birth_date", f"出生日期 {birth} 与证件号码里的不一致")
            if sex in ("男", "女") and cells.id_sex(resident_id) != sex:
                row.warn("sex", f"性别“{sex}”与证件号码里的不一致")
            member = row.values.get("political_status") == "中共党员"
            if member and ledger.id == "cadres" and mark_of(row) not in self.members.names:
                row.warn("political_status", "政治面貌是中共党员，党员花名册里没有此人")
        for first, last in (("joined_on", "full_on"), ("valid_from", "valid_to"), ("starts_on", "ends_on")):
            a, b = row.values.get(first), row.values.get(last)
            if a and b and b < a:
                row.warn(last, f"{ledger.column(last).heading}早于{ledger.column(first).heading}")
        due, present = row.values.get("due"), row.values.get("present")
        if due is not None and present is not None and present > due:
            row.warn("present", f"实到 {present} 多于应到 {due}")

    def _repeats(self, ledger: Ledger, file: str, sheet: str, row: Row) -> None:
        """A key with an ID or a code may not come twice in a file; the later row is refused."""
        identifying = _identifying(ledger, row)
        if any(row.values[name] is None for name in identifying):
            return
        here = (sheet, row.number)
        earlier = self.keys.setdefault((f"{file}/{ledger.id}", key_of(ledger, row)), here)
        if earlier != here:
            place = f"第 {earlier[1]} 行" if earlier[0] == sheet else f"工作表“{earlier[0]}”第 {earlier[1]} 行"
            row.refuse(identifying[-1], f"与{place}重复，是同一条记录", f"请核对这两行，只留一行；{place}按它自己的内容处理。")

    def _names(self, ledger: Ledger, rows: Sequence[Row]) -> None:
        """Names that stand for a person without an ID: exactly one cadre, else exactly one person, must bear them."""
        columns = [c.name for c in ledger.columns if c.refers == "person"]
        names = {row.values[c] for row in rows for c in columns if row.values[c]}
        if not names:
            return
        bearers = {name: set(self.newcomers[name]) for name in names}
        cadres = {name: set(self.new_cadres[name]) for name in names}
        for name, mark, pk in Person.objects.values_list("name", "resident_id_index", "pk").among("name", names):
            bearers[name].add(self.people.marks.get(pk) or mark or str(pk))
        posted = Person.objects.filter(appointments__isnull=False).values_list("name", "resident_id_index", "pk")
        for name, mark, pk in posted.among("name", names):
            cadres[name].add(self.people.marks.get(pk) or mark or str(pk))
        for row in rows:
            for column in columns:
                name = row.values[column]
                n = len(cadres[name] or bearers[name]) if name else 1
                if n != 1:
                    row.warn(column, f"{UNMATCHED}：{f'有 {n} 个人叫' if n else '没有人叫'}“{name}”，按原文收下")

    def _members(self, ledger: Ledger, rows: Sequence[Row]) -> None:
        """Names of members of the row's organization: exactly one of them, kept or in this batch, must bear each, and no two
        columns may mean the same."""
        columns = [c.name for c in ledger.columns if c.refers == "member"]
        if not columns:
            return
        places = PartyOrganization.objects.named(row.values["organization"] for row in rows if row.values["organization"])
        kept = Membership.objects.bearing(row.values[c] for row in rows for c in columns if row.values[c])
        for row in rows:
            place, named = row.values["organization"], [row.values[c] for c in columns if row.values[c]]
            for column in columns:
                name = row.values[column]
                n = len(kept.get((places.get(place, 0), name), ()) or self.rolls[place, name])
                if name and n != 1:
                    said = f"“{place}”的党员里{f'有 {n} 个人叫' if n else '没有人叫'}“{name}”"
                    row.refuse(column, said, "请核对姓名和党支部；同名的，请在网页上登记。")
            if len(set(named)) < len(named):
                row.refuse(columns[-1], "写的是同一个人", "请核对姓名。")

    def _learn(self, ledger: Ledger, rows: Sequence[Row]) -> None:
        for row in rows:
            if ledger.id == "organizations":
                self.organizations.names.update(filter(None, (row.values["name"], row.values["code"])))
                self.units.names.add(row.values["unit_name"])
            elif ledger.id == "classes":
                self.classes.names.add(row.values["name"])
            if mark_of(row):
                self._learn_person(ledger, row, mark_of(row))

    def _learn_person(self, ledger: Ledger, row: Row, mark: str) -> None:
        stated = stated_facts(ledger, row.values)
        if mark not in self.people.known:
            self.newcomers[row.values.get("name") or ""].add(mark)
        if ledger.id == "cadres":
            self.new_cadres[row.values.get("name") or ""].add(mark)
        elif ledger.id == "members":
            self.members.names.add(mark)
            self.rolls[row.values["organization"], row.values["name"]].add(mark)
        for outcome in self.people.weigh(mark, ledger.id, stated):
            if outcome.differs:
                held = self.people.known[mark].values.get(outcome.fact)
                column = next(c.name for c in ledger.columns if c.fact == outcome.fact)
                said = f"已记{FACT_TITLES[outcome.fact]}“{held}”，这里是“{outcome.stated}”"
                row.warn(column, f"与其他台账说法不一：{said}，先不改动，列出待定")
            row.touches_person |= outcome.is_news


def _numbers(ledger: Ledger, row: Row) -> None:
    """A resident ID in a column that is kept in the open keeps the row out."""
    for column in ledger.columns:
        if column.privacy != Privacy.RESTRICTED and holds_id(row.values[column.name]):
            hint = "这一列不加密保存。请把号码移到证件号码一列，或者删去。"
            row.refuse(column.name, "这一格里有证件号码", hint)


def _identifying(ledger: Ledger, row: Row) -> tuple[str, ...]:
    """The key columns that hold an ID or a code."""
    if "resident_id" in ledger.key:
        return ("resident_id",)
    return ledger.alternative_key if row.values[ledger.key[0]] is None and ledger.alternative_key else ledger.key
