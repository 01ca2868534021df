"""The command line: one JSON document on standard output, one Chinese sentence for every error, exit codes, narrowing."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT, YUNXI
from tests.forks import ZUGONG, made_ready, zugong

CHINESE = re.compile(r"[一-鿿]")
TEMPLATE = str(ROOT / "examples/2023H1-work-report.txt")
COMMANDS = ROOT / "zugong/desk/management/commands"


class Shell:
    """Runs commands in one home, as an account where one is said."""

    def __init__(self, home: Path, account: str = "") -> None:
        self.account = account
        self.env = {k: v for k, v in os.environ.items() if k != "ZUGONG_DATABASE_URL"} | {"ZUGONG_HOME": str(home)}

    def __call__(self, *arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
        given = [*map(str, arguments)]
        if self.account and "--as" not in given and given[0] not in ("demo", "help"):
            given += ["--as", self.account]
        return zugong({**self.env, **env}, *given)

    def json(self, *arguments: object) -> object:
        done = self(*arguments, "--json")
        assert done.returncode in (0, 3), done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Shell:
    """The demo home, where there are administrators and the clerk keeps the ledgers."""
    shell = Shell(tmp_path_factory.mktemp("demo"), "keshi")
    made_ready(shell.env)
    done = shell("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return shell


@pytest.fixture
def fresh(tmp_path) -> Shell:
    """An empty home."""
    shell = Shell(tmp_path / "home")
    made_ready(shell.env)
    return shell


def test_the_first_command_of_any_kind_prepares_the_home_on_standard_error(tmp_path):
    fresh = Shell(tmp_path / "home")
    done = subprocess.run([ZUGONG, "batches", "--json"], env=fresh.env, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == []
    assert "准备数据库" in done.stderr
    assert fresh("batches").stderr == ""


def test_the_demo_says_what_is_due_and_where_the_report_is(demo):
    again = demo("demo", "--no-serve")
    assert "换届选举　已逾期 9 项" in again.stdout
    word = re.search(r"报告：(.+\.docx)", again.stdout)[1]
    assert Path(word).stat().st_size > 10_000
    assert "keshi" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["figures"], 2, "--period"),
        (["figures", "--period", "上半年"], 2, "看不懂的期间"),
        (["figure", "no.such", "--period", "2023"], 2, "没有“no.such”这个指标"),
        (["figure", "meetings.held", "--period", "2023", "--facet", "kind"], 2, "限定=值"),
        (["figure", "meetings.held", "--period", "2023", "--facet", "kind=跳广场舞"], 2, "认不出"),
        (["figures", "--period", "2023", "--scope", "999"], 1, "没有代码为“999”的党组织"),
        (["figures", "--period", "2023", "--as", "nobody"], 1, "没有“nobody”这个账号"),
        (["figures", "--period", "2023", "--on", "30/6"], 2, "不是日期"),
        (["structure", "--by", "height"], 1, "不能按“height”分组"),
        (["structure", "--subject", "cats", "--by", "sex"], 1, "没有“cats”这个分析对象"),
        (["intake", "/no/such/file.xlsx"], 2, "找不到"),
        (["commit", "4711"], 1, "没有批次 4711"),
        (["undo", "4711"], 1, "没有批次 4711"),
        (["settings", "place", "--as", "guanli"], 1, "设置项=值"),
        (["settings", "colour=red", "--as", "guanli"], 1, "没有“colour”这个设置项"),
        (["slots", "/no/such.txt"], 2, "找不到"),
        (["report", "--template", TEMPLATE, "--period", "2023H1", "--out", "/no/such/folder/r.docx"], 2, "没有写任何文件"),
        (["report", "--template", TEMPLATE, "--period", "2023H1", "--out", "r.docx", "--rendition", "secret"], 2, "secret"),
        (["dance"], 2, "没有“dance”这个命令"),
        (["flush", "--no-input"], 2, "没有“flush”这个命令"),  # the framework's own commands write past the actions
        (["slots"], 2, "缺少 "),
        (["figures", "--period"], 2, "--period 后面要写一个值"),
    ],
)
def test_an_error_is_one_clear_sentence_and_an_exit_code(demo, arguments, code, word):
    done = demo(*arguments)
    assert done.returncode == code, done.stderr
    assert word in done.stderr
    assert CHINESE.search(done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_help_lists_our_commands_and_only_those_in_chinese(demo):
    said = demo("help").stdout
    assert set(re.findall(r"(?m)^  ([a-z]+) ", said)) == {path.stem for path in COMMANDS.glob("[a-z]*.py")}
    for line in said.splitlines():
        assert not line.strip() or CHINESE.search(line)
    assert "写法：" in demo("report", "--help").stdout


def test_json_is_one_document_and_nothing_else(demo):
    for arguments in (
        ["figures", "--period", "2023H1"],
        ["duties", "--period", "2023H1"],
        ["structure", "--by", "sex"],
        ["settings", "--as", "buzhang"],
        ["batches"],
    ):
        done = demo(*arguments, "--json")
        json.loads(done.stdout)
        assert done.stderr == ""


def test_an_account_only_narrows(demo):
    everything = demo.json("figure", "meetings.held", "--period", "2023H1")
    branch = demo.json("figure", "meetings.held", "--period", "2023H1", "--rows", "--as", "shuji")
    assert everything["value"] == 1383 + 1  # those of the ledgers, and the one the demo records itself
    assert "请写明用途" in demo("figure", "meetings.held", "--period", "2023H1", "--rows").stderr  # more than one takes alone
    assert 0 < branch["value"] == len(branch["rows"]) < 30
    told = {one["subject"] for one in demo.json("duties", "--period", "2023H1", "--as", "shuji")}
    assert {name for name in told if name.startswith("中共")} == {"中共云溪县财政局机关支部委员会"}  # others are its members
    assert demo.json("figure", "talents.introduced", "--period", "2023H1", "--rows", "--as", "shuji")["rows"] == []
    for arguments in (["intake", str(YUNXI)], ["settings", "place=某县"]):
        done = demo(*arguments, "--as", "shuji")
        assert done.returncode == 1
        assert "没有办理此事的权限" in done.stderr


def test_a_scope_is_an_organization_and_everything_below_it(demo):
    whole = demo.json("figure", "organizations.party_organizations", "--period", "2023H1", "--rows")
    town = next(row for row in whole["rows"] if row["label"] == "中共云溪县青石镇委员会")
    assert town
    below = demo.json("figure", "organizations.party_organizations", "--period", "2023H1", "--scope", "42990100006", "--rows")
    assert all("青石镇" in row["label"] for row in below["rows"])
    assert demo.json("figure", "tasks.items", "--period", "2023H1", "--scope", "42990100006")["value"] is None


def test_what_no_record_was_ever_taken_in_for_is_null(demo):
    figures = {f["id"]: f["value"] for f in demo.json("figures", "--period", "2023H1")}
    assert figures["talents.services"] is None
    assert figures["organizations.brands_recognized"] is None
    assert figures["cadres.disciplined"] is not None


def test_duties_name_a_source_and_never_a_resident_id(demo):
    found = demo.json("duties", "--period", "2023H1")
    assert {d["source"]["status"] for d in found} <= {"条款待核", "本地规定", "verified"}
    assert all(d["source"]["regulation"] for d in found)
    assert not re.search(r"\d{17}[\dX]", json.dumps(found))
    assert {d["subject_code"][0] for d in found if d["duty"] == "cadres.secondment_midway"} == {"P"}


def test_a_file_that_is_no_ledger_keeps_everything_out(fresh, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x/怪.xlsx").write_bytes(b"PK not really")
    done = fresh("intake", tmp_path / "x", "--commit")
    assert done.returncode == 2
    assert "怪.xlsx" in done.stderr
    assert fresh.json("batches") == []
    assert not list(Path(fresh.env["ZUGONG_HOME"]).glob("files/*"))


def test_a_preview_is_committed_as_it_was_seen(fresh, tmp_path):
    preview = fresh.json("intake", YUNXI)
    assert fresh.json("figure", "people.persons", "--period", "2023")["value"] is None
    done = fresh("commit", preview["batch"], "--json")
    assert done.returncode == 3
    assert fresh.json("figure", "people.persons", "--period", "2023")["value"] == 1816
    out = tmp_path / "back"
    fresh("intake", YUNXI, "--refused-out", out)
    assert sorted(p.name for p in out.iterdir()) == [
        "02党员花名册-退回.xlsx",
        "04组织生活台账-退回.xlsx",
        "10人才引进台账-退回.xlsx",
    ]
    assert fresh("undo", preview["batch"]).returncode == 0
    assert fresh.json("figure", "people.persons", "--period", "2023")["value"] is None


def test_a_report_that_is_not_ready_is_not_submitted(demo, tmp_path):
    (tmp_path / "稿.txt").write_text("2023年上半年，办理人才服务事项12件。", "utf-8")
    out = tmp_path / "r.docx"
    arguments = ("report", "--template", tmp_path / "稿.txt", "--period", "2023H1", "--out", out)
    done = demo(*arguments, "--rendition", "submitted", "--as", "buzhang")
    assert done.returncode == 4
    assert "缺数" in done.stderr
    assert not out.exists()
    assert demo(*arguments).returncode == 0
    assert out.exists()


def test_the_public_rendition_gives_nothing_away(demo, tmp_path):
    out = tmp_path / "r.docx"
    document = demo.json("report", "--template", TEMPLATE, "--period", "2023H1", "--rendition", "public", "--out", out)
    assert {slot["value"] for slot in document["slots"]} == {None}
    assert "云溪" not in document["title"] + document["text"]
    with zipfile.ZipFile(out) as parts:
        assert [name for name in parts.namelist() if "云溪" in parts.read(name).decode("utf-8", "replace")] == []
    done = demo(
        "report",
        "--template",
        TEMPLATE,
        "--period",
        "2023H1",
        "--rendition",
        "public",
        "--out",
        out,
        "--evidence",
        tmp_path / "e.xlsx",
    )
    assert done.returncode == 1
    assert not (tmp_path / "e.xlsx").exists()
    assert "没有写任何文件" in done.stderr


def test_what_leaves_by_the_command_line_is_on_the_trail(demo, tmp_path):
    with sqlite3.connect(f"file:{demo.env['ZUGONG_HOME']}/zugong.sqlite3?mode=ro", uri=True) as kept:
        exports = "select count(*) from base_trailentry where verb = 'base:record_export'"
        [before] = kept.execute(exports).fetchone()
        out = ("--out", tmp_path / "r.docx", "--evidence", tmp_path / "e.xlsx")
        assert demo("report", "--template", TEMPLATE, "--period", "2023H1", *out).returncode == 0
        assert demo("figure", "visits.made", "--period", "2023H1", "--rows").returncode == 0
        assert demo("figure", "visits.made", "--period", "2023H1").returncode == 0  # a number alone names nobody
        assert demo("intake", YUNXI, "--refused-out", tmp_path / "back").returncode == 3
        assert kept.execute(exports).fetchone()[0] - before == 3 + len(list((tmp_path / "back").iterdir())) == 6


@pytest.mark.parametrize(
    ("attack", "fault"),
    [
        ("update base_trailentry set account = 'another' where number = 5", "第 5 条被改动过"),
        ("delete from base_trailentry where number = 5", "第 5 条缺失"),
        ("delete from base_trailentry where number = (select max(number) from base_trailentry)", "链尾"),
        ("delete from base_trailhead", "链尾的记录没有了"),
    ],
)
def test_an_edited_trail_is_found_out(demo, tmp_path, attack, fault):
    home = shutil.copytree(demo.env["ZUGONG_HOME"], tmp_path / "home")
    there = Shell(home, "shenji")
    assert "没有发现改动" in there("audit", "verify").stdout
    with sqlite3.connect(home / "zugong.sqlite3") as kept:
        kept.execute(attack)
    done = there("audit", "verify")
    assert done.returncode == 1
    assert fault in done.stdout
    assert there("audit", "verify", "--as", "keshi").returncode == 1  # whoever keeps ledgers does not judge the trail


def test_the_home_holds_no_resident_id_in_clear(demo):
    ids = {row.encode() for row in (b"429901199107286292".decode(), "429901196710111223", "42990119860930154X")}
    for path in Path(demo.env["ZUGONG_HOME"]).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(one in content for one in ids), path.name
