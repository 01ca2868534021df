"""The register of instruments: everything that cites one cites one that is in it."""

from __future__ import annotations

import re
from datetime import date

from zugong.base.parameters import everywhere
from zugong.base.rules import Standing
from zugong.regulations.procedures import shipped
from zugong.regulations.register import DATES, named, register

CLAUSES = [(one, clause) for one in register().values() for clause in one.clauses]


def test_every_line_of_every_parameter_rests_on_an_instrument():
    cited = {line.source.regulation for one in everywhere().values() for line in one.lines}
    assert sorted(one for one in cited if named(one) is None) == []


def test_what_a_line_says_of_its_standing_is_what_the_instrument_is():
    for one in everywhere().values():
        for line in one.lines:
            local = line.source.status == Standing.LOCAL
            assert named(line.source.regulation).local == local, f"{one.key}: {line.source.regulation}"


def test_every_national_text_a_procedure_names_is_in_the_register():
    sources = [step.source for one in shipped().values() for step in one.steps]
    assert sorted(s.regulation for s in sources if s.status != Standing.LOCAL and named(s.regulation) is None) == []


def test_the_numbers_a_clause_names_are_there_and_name_its_instrument_back():
    for one, clause in CLAUSES:
        for key in clause.numbers:
            assert one.name in {line.source.regulation for line in everywhere()[key].lines}, key


def test_a_line_that_names_its_article_rests_on_a_clause_of_that_article_or_of_none():
    for one in everywhere().values():
        for line in one.lines:
            clause = named(line.source.regulation).clause_of(one.key, line.source.regulation)
            if clause and clause.article and line.source.article:
                assert clause.article in line.source.article.split("、"), one.key


def test_keys_and_names_are_each_used_once():
    keys = [clause.key for _, clause in CLAUSES]
    names = [name for one in register().values() for name in one.names]
    assert len(keys) == len(set(keys))
    assert len(names) == len(set(names))
    assert not {one.partition(".")[0] for one in everywhere()} & set(register()), "a key of a clause could be a parameter's"


def test_an_article_is_written_as_the_text_writes_it_and_a_clause_is_a_sentence():
    for one, clause in CLAUSES:
        assert not clause.article or re.fullmatch(r"第[一二三四五六七八九十百]+条|8\.1\.4\.\d+", clause.article), clause.key
        assert one.local or clause.says.endswith("。"), clause.key
        assert clause.strength in ("", "应当", "一般", "可以")


def test_the_dates_make_sense_and_can_be_signed_too():
    for one in register().values():
        if one.issued:
            assert date(1990, 1, 1) <= one.issued <= one.in_force <= date(2026, 11, 30), one.key
            assert one.clauses[0].key == f"{one.key}.{DATES}"
