"""Each slot is bound to the right figure and facets, with a reason, or to none."""

from __future__ import annotations

import pytest
import yaml

from zugong.base.facets import resolve
from zugong.base.figures import AS_OF, FLOW, PLAN
from zugong.reports import texts
from zugong.reports.binding import OTHER, propose
from zugong.reports.tests.marked import CASES, SHARED, Measure, labelled, measure, unmarked
from zugong.statistics.catalogue import FIGURES

SENTENCES = yaml.safe_load((CASES / "slots.yaml").read_text("utf-8"))
REPORTS = sorted(CASES.glob("*.txt"))
DEV = sorted((SHARED / "reports/dev").glob("*.json"))
SEED = SHARED / "seed/2023H1-work-report.txt"


@pytest.mark.parametrize("about", SENTENCES)
def test_sentences(about):
    told = Measure()
    for line in SENTENCES[about]:
        measure(*unmarked(line), told)
    assert not [f for f in told.failures if f.startswith("bound")]


@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_our_own_reports(path):
    told = measure(*unmarked(path.read_text("utf-8")))
    assert told.bound_share >= 0.97, told.failures


@pytest.mark.skipif(not DEV, reason="../shared is not here")
def test_the_labelled_reports():
    told = Measure()
    for path in DEV:
        measure(*labelled(path), told)
    assert told.bound_share >= 0.95, told.failures


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not here")
def test_the_reference_text():
    proposed = [(p.figure, p.facets) for p in propose(texts.read(SEED))]
    assert proposed == [
        ("meetings.held", {"kind": "专题交流研讨", "topic": "双创"}),
        ("talents.introduced", {"kind": "急需紧缺人才"}),
        ("talents.introduced", {"kind": "急需紧缺人才", "education": "硕士研究生"}),
        ("talents.planned_headcount", {"way": "公开招录招聘"}),
        ("training.classes", {"kind": "专项培训等个性化培训"}),
        ("meetings.held", {"kind": "业务大讲堂"}),
        ("cadres.reserve_selected", {"kind": "优秀年轻后备干部"}),
        ("talents.posts", {"way": "人才引进"}),
        ("meetings.held", {"kind": "座谈会", "topic": "人才工作领导小组"}),
        ("visits.research_reports", {"topic": "人才"}),
        ("talents.apartment_residents", {}),
    ]


def only(text: str):
    (proposal,) = propose(text)
    return proposal


def test_a_part_goes_on_with_its_whole():
    parts = propose("引进急需紧缺人才12名，其中博士3名、硕士9名。")
    assert [p.facets for p in parts] == [
        {"kind": "急需紧缺人才"},
        {"kind": "急需紧缺人才", "education": "博士"},
        {"kind": "急需紧缺人才", "education": "硕士"},
    ]
    assert "承接前文" in parts[1].reason


def test_words_that_name_several_values_resolve_to_all_of_them():
    words = only("组织专项培训等个性化培训*次。").facets["kind"]
    assert set(resolve(words, ["专项培训", "个性化培训", "主体班"], {})) == {"专项培训", "个性化培训"}


def test_every_facet_is_one_the_figure_has():
    for path in REPORTS:
        for proposal in propose(unmarked(path.read_text("utf-8"))[0]):
            known = FIGURES[proposal.figure].facets if proposal.figure != OTHER else {}
            assert proposal.facets.keys() <= known.keys()
            assert all(proposal.facets.values())


def test_every_facet_stands_in_the_report():
    for path in REPORTS:
        text = unmarked(path.read_text("utf-8"))[0] + "联学共建"  # what those who came to a joint study came to
        for proposal in propose(text):
            assert all(words in text for words in proposal.facets.values()), proposal


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("目前人才公寓已入住*人。", AS_OF),
        ("已安排*名引进人才入住人才公寓。", FLOW),
        ("全年计划招聘教师*名。", PLAN),
        ("现有党员*名。", AS_OF),
        ("召开座谈会*次。", FLOW),
        ("新建党支部*个。", FLOW),
        ("三、下半年工作计划\n举办培训班*期。", PLAN),
    ],
)
def test_the_kind_of_period(sentence, period):
    assert only(sentence).period == period


def test_what_a_figure_cannot_be_seen_as_needs_a_decision():
    assert not only("新建小区党支部*个。").supported
    assert only("全县共有党支部*个。").supported


def test_a_number_of_an_earlier_period_is_prior():
    now, before = propose("发展党员46名，去年同期为41名。")
    assert (now.prior, before.prior) == (False, True)
    assert now.figure == before.figure == "people.members_developed"


@pytest.mark.parametrize(
    "share", ["党员占31.4%。", "比上年增加3名。", "投入经费*万元。", "平均年龄39岁。", "改造阵地300平方米。"]
)
def test_shares_growth_averages_and_other_money_are_no_figure(share):
    assert only(share).figure == OTHER


def test_the_reason_is_one_sentence():
    for proposal in propose("召开座谈会*次，其中人才座谈会*次，办结率*%。"):
        assert proposal.reason.endswith("。")
        assert proposal.reason.count("。") == 1
