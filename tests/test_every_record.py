"""What holds for every record, action, figure, duty and ledger there is."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings

from conftest import ROOT
from zugong.base.access import ROLES, Permission, Privacy
from zugong.base.figures import Figure
from zugong.base.likeness import forms
from zugong.base.records import Kept, OutsideAction
from zugong.desk.dues import DUTIES
from zugong.intake.catalogue import LEDGERS
from zugong.statistics.catalogue import CATALOGUE
from zugong.ui.history import verb_words

KEPT_ELSEWHERE = {
    ("organizations", "elected_on"): "terms__elected_on",
    ("members", "birth_date"): "person__birth_date",
    ("cadres", "birth_date"): "person__birth_date",
    ("cadres", "work_started_on"): "person__work_started_on",
}
RECORDS = [m for m in apps.get_models() if issubclass(m, Kept)]
FORBIDDEN = re.compile(
    r"(^|_)(score|points?|check_?in|sign_?in|gps|latitude|longitude|location|face|fingerprint|photo|ranking|league|duration|screen_time)(_|$)"
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda m: m._meta.label)
def test_every_field_has_its_privacy_class(record):
    for field in record._meta.concrete_fields:
        assert isinstance(record.privacy_of(field.name), Privacy), field.name
    assert set(record.PRIVACY) <= {f.name for f in record._meta.concrete_fields}, "a class for a field there is not"


@pytest.mark.parametrize("record", RECORDS, ids=lambda m: m._meta.label)
def test_every_record_has_a_chinese_name_and_a_reading_right(record):
    assert re.search(r"[一-鿿]", str(record._meta.verbose_name))
    assert isinstance(record.READ, Permission)
    for field in record._meta.concrete_fields:
        if field.name not in ("id",):
            assert re.search(r"[一-鿿]", str(field.verbose_name)), f"{record.__name__}.{field.name}"


@pytest.mark.parametrize("record", RECORDS, ids=lambda m: m._meta.label)
def test_nothing_is_kept_that_may_not_be(record):
    """No scores, rankings, check-ins, places or faces of people (field-survey, section 6)."""
    for field in record._meta.concrete_fields:
        assert not FORBIDDEN.search(field.name), f"{record.__name__}.{field.name}"


@pytest.mark.parametrize("record", RECORDS, ids=lambda m: m._meta.label)
def test_no_record_is_written_outside_an_action(record, db):
    for write in (
        lambda: record().save(),
        lambda: record._default_manager.all().update(id=2),
        lambda: record._default_manager.all().delete(),
        lambda: record._default_manager.bulk_create([record()]),
    ):
        with pytest.raises(OutsideAction):
            write()


def actions():
    for room in settings.ROOMS:
        try:
            module = import_module(f"zugong.{room}.actions")
        except ModuleNotFoundError:
            continue
        yield from (
            (name, f) for name, f in inspect.getmembers(module) if hasattr(f, "verb") and f.__module__ == module.__name__
        )


@pytest.mark.parametrize(("name", "action"), list(actions()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_action_is_a_verb_of_its_room_with_a_right(name, action):
    assert action.verb == f"{action.__module__.split('.')[1]}:{name}"
    assert isinstance(action.permission, Permission)
    assert action.__doc__
    assert any(action.permission in role.permissions for role in ROLES.values())


def test_the_trail_calls_every_action_by_a_word():
    assert [action.verb for _, action in actions() if verb_words(action.verb) == "改动"] == []


def test_the_trail_calls_whatever_is_noted_outside_actions_by_a_word_too():
    """Every `trail.note(…)` in the house names its verb in the open, and the verb has its word."""
    noted = []
    for path in (ROOT / "zugong").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("trail.note", "note") and node.args:
                noted.append((path.name, ast.literal_eval(node.args[0])))
    assert [(name, verb) for name, verb in noted if ":" not in verb or verb_words(verb) == "改动"] == []


def test_every_permission_is_given_by_some_role():
    assert {p for role in ROLES.values() for p in role.permissions} == set(Permission)


def test_administrators_see_no_records():
    records = {p for p in Permission if not p.startswith(("base:",))}
    for code in ("system_administrator", "auditor"):
        assert not ROLES[code].permissions & records


@pytest.mark.parametrize("figure", list(CATALOGUE.values()), ids=lambda f: f.id)
def test_every_figure_has_a_name_and_a_definition(figure):
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", figure.id)
    assert figure.definition.endswith("。")
    if isinstance(figure, Figure):
        assert figure.unit in figure.measures
        assert all(function.__doc__ for function in figure.rows_by_time.values())


@pytest.mark.parametrize("duty", list(DUTIES.values()), ids=lambda d: d.id)
def test_every_duty_names_its_source(duty):
    for line in duty.parameter.lines:
        assert line.source.regulation
        assert "条款待核" in line.source.cite() or line.source.status in ("verified", "本地规定")
        assert "第" not in line.source.cite() or line.source.status == "verified", "an unverified article is not printed"


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda x: x.id)
def test_no_heading_of_a_ledger_means_two_columns_by_its_first_name(ledger):
    """A standard heading is its own column's, whatever synonyms others have."""
    standard = {form: c.name for c in ledger.columns for form in forms(c.heading)}
    assert len(standard) >= len(ledger.columns)
    assert ledger.key or ledger.alternative_key


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda one: one.id)
def test_what_a_ledger_says_has_happened_may_not_be_set_to_a_later_day_by_hand_either(ledger):
    for column in ledger.columns:
        if column.happened:
            *path, name = (KEPT_ELSEWHERE.get((ledger.id, column.name)) or column.stored).split("__")
            model = ledger.kept().model
            for step in path:
                model = model._meta.get_field(step).related_model
            assert name in model.HAPPENED, column.heading
            assert model._meta.get_field(name).get_internal_type() == "DateField"


def test_there_are_twenty_one_ledgers():
    assert sorted(x.number for x in LEDGERS) == [f"{n:02d}" for n in range(1, 22)]
