"""docs/proofs.md: each row is a proof there is, and each proof is a test there is."""

from __future__ import annotations

import re

from conftest import ROOT
from tests.proofs import DATABASES, HEAD, PAGE, PROOFS, put, rows


def test_each_proof_is_a_test_there_is():
    for proof in PROOFS:
        path, _, name = proof.partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.M), proof


def test_each_row_of_the_page_is_a_proof_there_is():
    page = PAGE.read_text("utf-8")
    told = [line for line in page.removeprefix(HEAD).splitlines() if line]
    assert page.startswith(HEAD)
    assert len(rows(page)) == len(told)
    for (proof, database), line in rows(page).items():
        assert line.startswith(f"| {PROOFS[proof]} | {database} |")
        assert database in DATABASES.values()


def test_a_proof_that_is_run_again_replaces_its_row(tmp_path):
    page, (first, second, *_) = tmp_path / "proofs.md", PROOFS
    line = "| x | SQLite | {} | `python3 make.py test-long {}` |".format
    for proof, outcome in ((second, "通过"), (first, "没有通过"), (first, "通过")):
        put(page, proof, "SQLite", line(outcome, proof))
    assert page.read_text("utf-8") == HEAD + line("通过", first) + "\n" + line("通过", second) + "\n"
