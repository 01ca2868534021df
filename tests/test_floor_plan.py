"""The floor plan as a machine can hold it: what import-linter cannot see, and the budgets."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from conftest import ROOT

PACKAGE = ROOT / "zugong"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PUBLIC_FACES = {"models", "actions", "figures", "duties", "ledgers"}
MORE_FACES = {  # of the rooms that serve no office of their own; those of reports and intake are for the desk's commands
    "regulations": {"papers", "procedures", "register", "resting"},
    "tasks": {
        "casebook",
        "cases",
        "carrying",
        "evidence",
        "running",
        "colleagues",
        "followups",
        "reminders",
        "speaking",
    },  # what a record goes through, and what shows it; who is reminded, who speaks
    "statistics": {"answers", "catalogue", "frames", "guarded", "numbers", "structure"},
    "intake": {"received", "results", "returned"},
    "reports": {"binding", "evidence", "handing", "moving", "paper", "producing", "texts", "wording"},
}
SERVICE_ROOMS = {"base", "ui"}


def sources(*, tests: bool = False) -> Iterator[Path]:
    """Our own Python files, migrations aside."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE).parts
        if "migrations" not in inside and (tests or "tests" not in inside):
            yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    return node.end_lineno - node.lineno + 1


def layers() -> list[str]:
    contract = next(c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "corridor")
    return [room.strip() for layer in reversed(contract["layers"]) for room in layer.split("|")]


def test_the_rooms_in_settings_and_in_the_contract_stand_in_one_order():
    assert layers() == settings.ROOMS


def test_relations_point_towards_the_entrance():
    order = {room: i for i, room in enumerate(settings.ROOMS)}
    for model in apps.get_models():
        if not model.__module__.startswith("zugong."):
            continue
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                there = field.related_model._meta.app_label
                assert order.get(there, -1) <= order[model._meta.app_label], f"{model.__name__}.{field.name} points inwards"


def test_a_room_uses_only_the_public_faces_of_another():
    offices = set(settings.ROOMS) - SERVICE_ROOMS
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zugong."):
                room, *inside = node.module.split(".")[1:]
                names = {inside[0]} if inside else {alias.name for alias in node.names}
                if room in offices - {path.relative_to(PACKAGE).parts[0]}:
                    assert names <= PUBLIC_FACES | MORE_FACES.get(room, set()), f"{path}: {node.module}"


def test_nothing_of_ours_is_imported_inside_a_function():
    for path in sources():
        for function in functions(path):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom):
                    assert not (node.module or "").startswith("zugong"), f"{path}:{node.lineno}"


def test_no_drawers_without_a_label():
    forbidden = {"services", "utils", "helpers", "managers", "signals", "common", "misc", "util"}
    assert not [path for path in sources(tests=True) if path.stem in forbidden]


def test_nothing_implicit_about_today():
    clock = re.compile(r"\b(date\.today|datetime\.(now|today|utcnow)|timezone\.(now|localdate))\(")
    readers = {str(p.relative_to(PACKAGE)) for p in sources() if clock.search(p.read_text("utf-8"))}
    # the clock of the outermost layer; the trail and the batch note the moment they happen
    assert readers <= {"desk/clock.py", "base/trail.py", "intake/actions.py"}


@pytest.mark.parametrize("path", list(sources(tests=True)), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_are_short(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 400, f"{lines} lines"


def test_functions_are_short():
    found = sorted((length(f), f"{p.relative_to(ROOT)}:{f.name}") for p in sources() for f in functions(p))
    assert found[-1][0] <= 60, found[-3:]
    assert found[int(len(found) * 0.9)][0] <= 35


def test_views_are_short():
    for path in sources():
        if path.name == "views.py":
            for function in functions(path):
                assert length(function) <= 25, f"{path}:{function.name} has {length(function)} lines"


STYLES = {
    path.name: set(re.findall(r"\.([a-z][\w-]*)", path.read_text("utf-8"))) for path in PACKAGE.glob("ui/static/ui/*.css")
}
EVERYWHERE = {"zugong.css", "pieces.css", "print.css"}
TEMPLATES = {path.relative_to(path.parents[1]).as_posix(): path for path in PACKAGE.rglob("templates/*/*.html")}


def drawn_by(name: str, seen: set[str]) -> str:
    """The text of a template with all it includes."""
    seen.add(name)
    text = TEMPLATES[name].read_text("utf-8")
    parts = [one for one in re.findall(r'{% include "([^"]+)"', text) if one in TEMPLATES and one not in seen]
    return "".join([text, *(drawn_by(one, seen) for one in parts)])


def test_a_page_loads_the_styles_of_what_it_draws():
    """A class that only a style sheet of some rooms knows leaves a page bare which does not load that sheet."""
    missing, pages = {}, [name for name, path in TEMPLATES.items() if '{% extends "ui/shell' in path.read_text("utf-8")]
    for name in pages:
        text = drawn_by(name, set())
        loaded = EVERYWHERE | set(re.findall(r"static 'ui/([\w-]+\.css)'", text))
        used = {one for said in re.findall(r'class="([^"]*)"', text) for one in re.sub(r"{[{%].*?[}%]}", " ", said).split()}
        known = {sheet for sheet in STYLES if sheet in loaded}
        bare = {
            one for one in used if any(one in some for some in STYLES.values()) and not any(one in STYLES[s] for s in known)
        }
        if bare:
            missing[name] = bare
    assert len(pages) > 90
    assert missing == {}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("templates/**/*.html")), ids=lambda p: p.name)
def test_templates_are_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= 150


def test_the_house_is_not_deep():
    for path in PACKAGE.rglob("*"):
        inside = path.relative_to(PACKAGE).parts
        if path.is_dir() and not {"static", "management", "__pycache__", "vendor"} & set(inside):
            assert len(inside) <= 3, path


def test_each_runtime_dependency_has_its_sentence():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    project = PYPROJECT["project"]
    for dependency in [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]:
        line = next(line for line in text.splitlines() if f'"{dependency}"' in line)
        assert len(line.partition("#")[2].strip()) > 15, dependency


def test_locks_carry_hashes_and_no_address():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file://|--index-url|--find-links", text), lock
    npm = ROOT / "front-end/package-lock.json"
    assert not re.search(r'"resolved"|https?://registry', npm.read_text("utf-8")) if npm.exists() else True


def test_public_functions_of_the_named_files_have_a_docstring():
    for path in sources():
        in_a_room = path.parent.parent == PACKAGE
        if path.parent.name == "base" or (in_a_room and path.name in ("rules.py", "actions.py", "figures.py", "duties.py")):
            for node in tree(path).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    assert ast.get_docstring(node), f"{path}: {node.name}"


def test_every_room_says_what_it_is_for():
    for room in settings.ROOMS:
        words = ast.get_docstring(tree(PACKAGE / room / "__init__.py")) or ""
        assert len(words) > 60, room


def test_texts_name_no_machine_of_ours():
    """No path of a machine and no address of a registry in what is committed."""
    for path in [*sources(tests=True), *ROOT.glob("*.py"), *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        if path.name != "test_floor_plan.py":
            assert not re.search(r"/work/|/root/|farm|pypi\.org/simple", path.read_text("utf-8")), path
