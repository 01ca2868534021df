"""Which marks turn a file away, and which words are only words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zugong.base import secrecy

CASES = yaml.safe_load((Path(__file__).parent / "cases/secrecy.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: next(iter(str(v) for k, v in case.items() if k != "mark")))
def test_marks_and_words(case):
    found = (
        secrecy.marked_name(case.get("name", "")),
        secrecy.marked(case.get("titles", ())),
        secrecy.stamped(case.get("rows", ())),
    )
    assert next(filter(None, found), "") == case["mark"]


def test_a_paper_is_marked_in_its_first_lines_only():
    body = "\n".join(f"第{n}行" for n in range(20))
    assert secrecy.marked_paper("总结.docx", f"\n\n机密★1年\n{body}") == "机密★1年"
    assert secrecy.marked_paper("总结.docx", f"{body}\n机密\n") == ""
