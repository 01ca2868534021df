"""What somebody typed is never run: not as a template here, not as a formula in the spreadsheet that opens a file of ours."""

from __future__ import annotations

import ast
import csv
import functools
import io
from collections.abc import Iterator
from pathlib import Path

from django.urls import reverse
from openpyxl import load_workbook

from conftest import ROOT
from zugong.base.ledgers import Row
from zugong.base.marks import Mark
from zugong.base.models import TrailEntry
from zugong.base.records import writing_allowed
from zugong.base.sheets import Writer
from zugong.desk import entries
from zugong.desk.clock import now
from zugong.intake import returned
from zugong.intake.models import StagedSheet
from zugong.tasks.models import Task

PACKAGE = ROOT / "zugong"
# Words that make a text into something that runs, and the one place where each may stand.
RUNS = {
    "Template",
    "from_string",
    "docxtpl",
    "DocxTemplate",
    "jinja2",
    "Environment",
    "eval",
    "exec",
    "format_map",
    "mark_safe",
}
RUNS |= {"pickle", "marshal", "shelve", "__import__", "import_module", "unsafe_load", "full_load"}
NAMED_BY_SETTINGS = {"import_string": {"base/providers.py"}}
EVIL = ("=1+1", "+1", "-1+2", "@SUM(1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0")


@functools.cache
def modules() -> list[tuple[str, ast.Module]]:
    inside = [path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py"))]
    ours = [path for path in inside if not {"tests", "migrations"} & set(path.parts)]
    return [(path.as_posix(), ast.parse((PACKAGE / path).read_text("utf-8"))) for path in ours]


def used(tree: ast.Module) -> Iterator[str]:
    """The names a file imports, reads and calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (part for alias in node.names for part in alias.name.split("."))
            yield from (getattr(node, "module", None) or "").split(".")
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_no_text_is_made_into_a_template_or_a_program():
    for name, tree in modules():
        words = set(used(tree))
        assert words & RUNS == set(), name
        assert all(name in places for word, places in NAMED_BY_SETTINGS.items() if word in words), name


def test_templates_are_named_by_constants_and_written_in_constants():
    """The first argument of format_html, and the template of a page, stand in the code; no page takes one from a request."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "format_html":
                assert isinstance(node.args[0], ast.Constant), (name, node.lineno)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("render", "render_to_string", "get_template"):
                at = 1 if node.func.id == "render" else 0
                assert names_a_template(node.args[at]), (name, node.lineno)


def names_a_template(node: ast.expr) -> bool:
    """A text in the code, one of two, or a name that stands for such: never an expression over what was sent."""
    if isinstance(node, ast.IfExp):
        return names_a_template(node.body) and names_a_template(node.orelse)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_template_takes_the_escaping_off():
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text("utf-8")
        assert "|safe" not in text, path
        assert "autoescape off" not in text, path


# Formulas


def formulas(content: bytes) -> list[str]:
    """The cells that a spreadsheet would work out."""
    book = load_workbook(io.BytesIO(content))
    return [f"{page.title}!{cell.coordinate}" for page in book for row in page for cell in row if cell.data_type == "f"]


def texts(content: bytes) -> set[str]:
    book = load_workbook(io.BytesIO(content))
    return {cell.value for page in book for row in page for cell in row if isinstance(cell.value, str)}


def evil_mark() -> Mark:
    return Mark(1, "=1+1", "=1+1", "=1+1", now(), "=1+1")


def test_what_looks_like_a_formula_is_a_text_in_every_place_of_a_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    writer = Writer(path, evil_mark())
    writer.sheet("=1+1", EVIL, [EVIL], title="=1+1", note="=1+1\n@SUM(1)")
    writer.close()
    assert formulas(path.read_bytes()) == []
    assert {one.strip() for one in EVIL} <= {one.strip() for one in texts(path.read_bytes())}


def test_refused_rows_go_back_as_texts(monkeypatch):
    sheet = StagedSheet(name="=1+1", headings=list(EVIL), positions={})
    monkeypatch.setattr(returned, "refused_rows", lambda of: [Row(2, {}, cells=EVIL)])
    assert formulas(returned._new([sheet], evil_mark())) == []


def test_only_cells_of_text_numbers_and_days_are_written():
    writes = {"write_formula", "write_array_formula", "write_dynamic_array_formula", "write_url", "write_rich_string", "write"}
    for name in ("base/sheets.py", "intake/returned.py"):
        tree = ast.parse((PACKAGE / name).read_text("utf-8"))
        assert writes & set(used(tree)) == set(), name


def test_a_register_with_such_words_leaves_without_a_formula(yunxi, clerk, freely):
    with writing_allowed():
        for one, evil in zip(Task.objects.order_by("pk"), EVIL, strict=False):
            Task.objects.filter(pk=one.pk).update(title=evil)
    content = b"".join(clerk.post(f"{reverse('tasks:task-export')}?scope=").streaming_content)
    assert formulas(content) == []
    assert "=1+1" in texts(content)


def test_a_trail_with_such_words_leaves_without_a_formula(tmp_path: Path):
    path = tmp_path / "t.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        entries.write([TrailEntry(account=one, system_user=one, subject=one, values="{}") for one in EVIL], target, "=1+1")
    with path.open(newline="", encoding="utf-8") as source:
        cells = [cell for row in csv.reader(source) for cell in row]
    assert len(cells) > 8 * len(EVIL)
    assert [cell for cell in cells if cell.startswith(entries.FORMULA)] == []
    assert f"'{EVIL[0]}" in cells
