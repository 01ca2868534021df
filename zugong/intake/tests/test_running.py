"""Work in the background: one at a time, the same not twice, every failure a sentence."""

from __future__ import annotations

import threading

import pytest

from zugong.base.rules import Refused
from zugong.intake import running


def test_a_second_job_waits_for_the_first_and_the_same_is_not_begun_twice():
    go, order = threading.Event(), []

    def slow(progress) -> int:
        order.append("first")
        assert go.wait(10)
        return 1

    def quick(progress) -> int:
        order.append("second")
        return 2

    first = running.begin(slow, account="a", title="甲", subject="intake.batch:1")
    second = running.begin(quick, account="b", title="乙")
    assert running.begin(slow, account="a", title="甲", subject="intake.batch:1") is first
    assert not second.finished.wait(0.2)
    assert second.text == "等前面的办完"
    assert running.under_way("intake.batch:1") == [first]
    go.set()
    assert first.finished.wait(10)
    assert second.finished.wait(10)
    assert (order, first.batch, second.batch) == (["first", "second"], 1, 2)
    assert running.find(second.key) is second


def test_a_failure_becomes_a_sentence_and_gives_the_turn_on(caplog):
    def broken(progress) -> int:
        raise RuntimeError("x")

    def unwilling(progress) -> int:
        raise Refused("甲不行", "乙也不行")

    first = running.begin(broken, account="a", title="甲")
    second = running.begin(unwilling, account="a", title="乙")
    assert first.finished.wait(10)
    assert second.finished.wait(10)
    assert "程序出错，什么都没有改动" in first.reasons[0]
    assert second.reasons == ("甲不行", "乙也不行")


def test_there_is_an_end_to_what_may_wait(monkeypatch):
    monkeypatch.setattr(running, "_jobs", {})
    monkeypatch.setattr(running, "launch", lambda job, work: None)
    for _ in range(running.MOST):
        running.begin(lambda progress: 1, account="a", title="甲")
    with pytest.raises(Refused, match="没有收下"):
        running.begin(lambda progress: 1, account="a", title="甲")
