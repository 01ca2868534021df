"""The proofs that `make test-long` runs, each in a process of its own, and the page their results are gathered on.

A pytest plugin (pyproject: -p tests.proofs), at work where ZUGONG_PROOFS names the page: writes one row for the proof that
was run on the database that was used. A test says numbers of its own by record_property("told", ...).
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

with contextlib.suppress(ImportError):  # Windows
    import resource

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/proofs.md"
PROOFS = {  # where it is: what it proves
    "tests/test_hostile.py::test_five_hundred_hostile_files": "坏的、过大的文件：没有 500，没有残留，内存不过 1 GiB",
    "tests/test_backup.py::test_fifty_of_fifty_backups_taken_under_write_load_come_back_sound": (
        "边写边备份，每一份恢复之后体检都通过"
    ),
    "tests/test_litestream.py::test_what_litestream_replicated_comes_back_sound": "盘丢了：litestream 的副本放回之后体检通过",
    "tests/test_rotation_killed.py::test_a_rotation_killed_many_times_goes_on": "换密钥反复被杀，什么都没有丢，接着做完",
    "tests/test_killed.py::test_a_commit_killed_many_times_leaves_all_or_nothing": "写入反复被杀，一批要么全在，要么全不在",
    "tests/test_background.py::test_what_a_killed_process_was_at_is_done_by_the_next_and_one_that_is_asked_to_ends_cleanly": (
        "后台进程被杀，手上的事由下一个接着办完"
    ),
    "tests/test_concurrent.py::test_many_writers_for_long": "许多人同时改，不丢一次修改，链不断",
    "tests/test_matrix_scope.py::test_out_of_scope_no_record_is_there_and_each_knock_is_on_the_trail": (
        "每种角色、每个页面：别处的记录没有，每次试探都留痕"
    ),
    "tests/test_matrix_scope.py::test_every_command_answers_every_role_as_the_table_says": (
        "每种角色、每条命令：答的与许可表相符"
    ),
    "tests/test_matrix.py::test_another_subtrees_record_is_not_there_by_any_route": (
        "每种角色：别的单位的记录，从哪一条路去都没有"
    ),
    "tests/test_handed_out.py::test_nothing_of_elsewhere_by_any_role_figure_or_fragment": (
        "每种角色、每个页面、指标、片段和文件：没有别处的人名、单位名和记录"
    ),
    "tests/test_doctor.py::test_what_is_damaged_is_found_by_its_check_and_by_no_other": (
        "体检的每一项：弄坏什么就报什么，别的不报"
    ),
    "tests/test_pages.py::test_every_page_answers_every_role_as_its_permission_says": "每种角色、每个页面：答的与它的权限相符",
    "tests/test_masked_everywhere.py::test_no_page_shows_any_role_a_number_unasked": (
        "每种角色：没有写明用途，看不到任何证件号码和手机号"
    ),
    "tests/test_small_numbers.py::test_no_role_at_any_place_is_told_a_small_number": (
        "每种角色、几处地方：看不到的人不足五名的数，不显示也算不出"
    ),
    "tests/test_other_counties.py::test_everything_follows_from_the_ledgers": "别的县、别的表样：数、名单、应办都与另算的一样",
    "zugong/base/tests/test_tampering.py::test_a_thousand_edits_are_all_found_and_the_right_entries_named": (
        "一千次随机改动留痕，全部发现"
    ),
    "tests/test_leaving.py::test_every_file_a_page_hands_over_has_a_number_and_an_entry": ("每个交出去的文件都有编号、有留痕"),
    "tests/test_at_rest.py::test_no_number_of_anybody_lies_in_the_clear": "库、文件、日志里找不到任何人的号码",
}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """# 跑得久的证明 / The long proofs

`make test-long` runs each proof on SQLite and on PostgreSQL, in a process of its own, and writes a row here: what is proved, \
where, how many cases passed, what it counted, how long it took, the most memory any of its processes held, when, on which \
commit. “核对” repeats one of them and replaces its row.

| 证明 | 数据库 | 结果 | 数 | 秒 | 内存峰值 MiB | 日期 | 提交 | 核对 |
|---|---|---|---|---|---|---|---|---|
"""
ROW = re.compile(r"\| [^|]+ \| (?P<database>\w+) \|.*`python3 make.py test-long (?P<proof>\S+)` \|")
begun, outcomes, told, made_of = time.monotonic(), Counter(), [], []


def pytest_sessionstart() -> None:
    """Note the commit: by the end the work tree may be at another."""
    made_of.append(commit())


def pytest_itemcollected(item: Any) -> None:
    """Refuse a long test that is no proof: nothing would run it."""
    if item.get_closest_marker("long") and item.nodeid.partition("[")[0] not in PROOFS:
        raise AssertionError(f"{item.nodeid} is marked long and not among tests.proofs.PROOFS")


def pytest_runtest_logreport(report: Any) -> None:
    """Count a case when it is over, failed on the way or was left out."""
    if report.when == "call" or report.outcome != "passed":
        outcomes[report.outcome] += 1
        told.extend(value for name, value in report.user_properties if name == "told")


def pytest_sessionfinish(session: Any) -> None:
    """Put the row on the page."""
    proof = session.config.args[0].partition("[")[0]
    if "ZUGONG_PROOFS" in os.environ and proof in PROOFS and outcomes["passed"] + outcomes["failed"]:
        vendor = "postgresql" if os.environ.get("ZUGONG_DATABASE_URL") else "sqlite"
        put(Path(os.environ["ZUGONG_PROOFS"]), proof, DATABASES[vendor], row(proof, DATABASES[vendor]))


def row(proof: str, database: str) -> str:
    """What was found just now, in the columns of the page."""
    ran = outcomes["passed"] + outcomes["failed"]
    verdict = "通过" if ran == outcomes["passed"] else f"**没有通过**（{outcomes['failed']}）"
    counted = "；".join([f"{outcomes['passed']}/{ran} 组", *dict.fromkeys(told)])
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(who).ru_maxrss for who in both) // 1024
    found = [verdict, counted, f"{time.monotonic() - begun:.0f}", f"{peak}", f"{date.today()}", *made_of]
    return f"| {' | '.join([PROOFS[proof], database, *found, f'`python3 make.py test-long {proof}`'])} |"


def commit() -> str:
    """The commit the proof was run on, with a + where the work tree differs from it in more than the page of results."""
    asked = ["git", "rev-parse", "--short", "HEAD"], ["git", "status", "--porcelain", "--", ".", ":!docs/proofs.md"]
    told = [subprocess.run(one, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() for one in asked]
    return told[0] + ("+" if told[1] else "") or "—"


def rows(page: str) -> dict[tuple[str, str], str]:
    """The rows of the page by proof and database."""
    return {(found["proof"], found["database"]): line for line in page.splitlines() if (found := ROW.fullmatch(line))}


def put(page: Path, proof: str, database: str, line: str) -> None:
    """Put a row in its place, in the order the proofs are named; one that is there already is replaced."""
    kept = rows(page.read_text("utf-8")) if page.exists() else {}
    kept[proof, database] = line
    order = [(one, name) for one in PROOFS for name in DATABASES.values()]
    page.write_text(HEAD + "".join(f"{kept[one]}\n" for one in order if one in kept), "utf-8")
