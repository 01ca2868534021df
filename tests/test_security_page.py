"""docs/security.md: each of its sentences has a command beside it, and each of these commands there is."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from zugong.desk.entry import _commands

PAGE = (ROOT / "docs/security.md").read_text("utf-8")
PYTEST = re.compile(r"`P ([^`]+)`")
ZUGONG = re.compile(r"`zugong (\w+)[^`]*`")
TESTS = sorted(set(PYTEST.findall(PAGE)))


def promises() -> list[tuple[str, str]]:
    """The rows of the tables that say what is done and how to check it."""
    rows, wanted = [], False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| 做到的"):
            wanted = True
        elif not line.startswith("|"):
            wanted = False
        elif wanted and not set(line) <= set("|-"):
            rows.append((cells[0], cells[-1]))
    return rows


def names(command: str) -> list[tuple[str, list[str]]]:
    """The test files of a command, each with the tests it has."""
    files = re.findall(r"\S+\.py", command)
    return [(f, re.findall(r"^def (test_\w+)", (ROOT / f).read_text("utf-8"), re.M)) for f in files]


def test_there_is_something_to_check():
    assert len(promises()) > 40


@pytest.mark.parametrize(("sentence", "command"), promises(), ids=lambda v: v[:20])
def test_every_sentence_has_its_command(sentence, command):
    assert re.fullmatch(r"`(P |zugong |\.venv/bin/python -m bench )[^`]+`", command), sentence


@pytest.mark.parametrize("command", TESTS)
def test_every_test_named_there_is(command):
    found = names(command)
    assert found
    assert all(tests for _, tests in found)
    words = re.search(r'-k (?:"([^"]+)"|(\S+))', command)
    for word in re.split(r" or ", (words[1] or words[2])) if words else ():
        assert any(word in test for _, tests in found for test in tests), word


def test_every_command_named_there_is():
    assert set(ZUGONG.findall(PAGE)) <= set(_commands())
