"""Work in the background: due once, made up once, tried again, taken up again from the dead, never two at once."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from conftest import ROOT
from tests.test_concurrent import environment as environment
from zugong.base.jobs import JobRun, Outcome, WorkerSeen
from zugong.base.models import TrailEntry
from zugong.base.rules import Refused
from zugong.base.timing import Every, Timing
from zugong.desk.background import jobs, looking
from zugong.desk.background.schedule import Job, aware, hand_over, take_up_again
from zugong.desk.background.worker import Background

ZUGONG = Path(sys.executable).with_name("zugong")
MINUTE = datetime.timedelta(minutes=1)


def at(day: str, hour: int) -> datetime.datetime:
    return aware(datetime.datetime.fromisoformat(f"{day} {hour:02}:00"))


@pytest.fixture
def one_job(operator, monkeypatch):
    """One job, due on working days at nine; gives what it is to do and what it did."""
    told = {"does": lambda: "办了", "times": 0}

    def do(by, moment):
        told["times"] += 1
        return told["does"]()

    job = Job("note", "记一笔", "只记一笔。", Timing(Every.WORKING_DAY, datetime.time(9)), do)
    monkeypatch.setattr(jobs, "JOBS", {"note": job})
    monkeypatch.setattr(looking, "JOBS", {"note": job})
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)  # it would close the test's own transaction
    hand_over(jobs.JOBS, jobs.run_job.enqueue, at("2023-09-27", 12))
    return told


def due(moment: datetime.datetime) -> list[JobRun]:
    return hand_over(jobs.JOBS, jobs.run_job.enqueue, moment)


def work() -> None:
    Background().queue.run()


def test_what_lies_before_the_first_look_is_not_made_up_and_what_is_due_is_done_once(one_job):
    assert [run.outcome for run in JobRun.objects.all()] == [Outcome.SKIPPED]
    assert due(at("2023-09-28", 8)) == []
    (run,) = due(at("2023-09-28", 9))
    assert due(at("2023-09-28", 10)) == []
    assert DBTaskResult.objects.get().args_kwargs == {"args": [run.pk], "kwargs": {}}
    work()
    work()
    run.refresh_from_db()
    assert (run.outcome, run.words, one_job["times"]) == (Outcome.DONE, "办了", 1)


def test_days_missed_are_made_up_once_and_holidays_are_none(one_job):
    assert [run.due_at for run in due(at("2023-10-05", 12))] == [at("2023-09-28", 9)]
    work()
    assert due(at("2023-10-06", 23)) == []
    assert [run.due_at for run in due(at("2023-10-12", 8))] == [at("2023-10-11", 9)]


def test_none_is_handed_over_while_an_earlier_run_is_open(one_job):
    due(at("2023-09-28", 9))
    assert due(at("2023-10-08", 9)) == []
    work()
    assert len(due(at("2023-10-08", 9))) == 1


def test_what_fails_is_tried_three_times_later_each_time_and_then_said_to_have_failed(one_job):
    def fail():
        raise ValueError("330102198503070015 张某")

    one_job["does"] = fail
    (run,) = due(at("2023-09-28", 9))
    waited = []
    for _ in range(4):
        work()
        DBTaskResult.objects.filter(status="FAILED").update(finished_at=at("2023-09-28", 9))
        take_up_again(at("2023-09-28", 9))
        waited += [one.run_after - at("2023-09-28", 9) for one in DBTaskResult.objects.filter(status="READY")]
        DBTaskResult.objects.update(run_after=at("2023-09-28", 9))
    run.refresh_from_db()
    assert (run.outcome, one_job["times"]) == (Outcome.FAILED, 3)
    assert waited == [MINUTE, 4 * MINUTE]
    kept = f"{run.words} {DBTaskResult.objects.get().traceback}"
    assert "ValueError" in kept
    assert "张某" not in kept, "what a failure was about is not kept"
    assert any("记一笔" in said and "失败" in said for said in looking.stuck(at("2023-09-28", 10)))


def test_a_refusal_is_kept_in_its_own_words(one_job):
    def refuse():
        raise Refused("没有设邮件服务器。")

    one_job["does"] = refuse
    (run,) = due(at("2023-09-28", 9))
    work()
    run.refresh_from_db()
    assert (run.outcome, run.words) == (Outcome.AGAIN, "没有设邮件服务器。")


@pytest.mark.parametrize(("silent", "taken"), [(30, 0), (90, 1)])
def test_what_a_dead_worker_held_is_taken_up_again_and_what_a_living_one_holds_is_not(one_job, silent, taken):
    due(at("2023-09-28", 9))
    moment = timezone.now()
    seen = moment - datetime.timedelta(seconds=silent)
    WorkerSeen.objects.create(name="w", host="elsewhere", pid=1, begun_at=seen, seen_at=seen)
    DBTaskResult.objects.get().claim("w")
    said = list(looking.stuck(moment))
    assert ("已经不在" in "".join(said)) is bool(taken)
    assert take_up_again(moment) == taken
    work()
    assert one_job["times"] == taken


def test_the_doctor_knows_what_waits_while_nobody_works(one_job):
    due(at("2023-09-28", 9))
    assert list(looking.stuck(timezone.now())) == []
    later = timezone.now() + 11 * MINUTE
    assert list(looking.stuck(later)) == ["有 1 件后台的事等了十分钟以上，没有后台进程在办"]


def test_the_administrator_sees_the_jobs_and_sets_their_time(yunxi, door):
    who = door("system_administrator")
    page = who.get(reverse("desk:schedule")).content.decode()
    assert "留痕锚点" in page
    assert "没有后台进程" in page
    address = reverse("desk:schedule-time", args=["anchor"])
    assert who.post(address, {"every": "每周", "at": "25:00", "weekday": "2"}).status_code == 200
    who.post(address, {"every": "每周", "at": "07:45", "weekday": "2"})
    assert "每周三 07:45" in who.get(reverse("desk:schedule")).content.decode()
    assert TrailEntry.objects.order_by("-number").first().verb == "desk:set_job_time"
    who.post(address, {"every": "每周", "at": "07:45", "weekday": "2", "off": "on"})
    assert {line.job.name for line in looking.lines(timezone.now()) if line.timing is None} == {"anchor"}
    assert who.get(reverse("desk:schedule-time", args=["nothing"])).status_code == 404


def test_many_workers_at_once_make_one_run_for_each_moment_and_do_it_once(environment, tmp_path):
    command = [sys.executable, "-c", "from tests.background_at_once import main; main(4, 3)"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert set(told["runs"].values()) == {1}
    assert len(told["runs"]) == 3
    assert (told["finished"], told["done"], told["faults"]) == (2, 2, []), "the first moment is only where counting begins"


@pytest.mark.long
def test_what_a_killed_process_was_at_is_done_by_the_next_and_one_that_is_asked_to_ends_cleanly(environment, tmp_path):
    env = {**environment, "ZUGONG_WORKER_LEASE": "3"}
    code = "import django; django.setup(); from tests.background_tasks import linger; print(linger.enqueue({!r}).id)"
    settings = {**env, "DJANGO_SETTINGS_MODULE": "zugong.settings"}
    enqueue = [sys.executable, "-c", code.format(str(tmp_path))]
    subprocess.run([ZUGONG, "batches"], env=env, check=True, capture_output=True)
    subprocess.run(enqueue, env=settings, cwd=ROOT, check=True, capture_output=True)
    serve = subprocess.Popen([ZUGONG, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: (tmp_path / "first").exists())
    assert int((tmp_path / "first").read_text()) == serve.pid, "zugong serve does it within"
    os.kill(serve.pid, signal.SIGKILL)
    serve.wait()
    worker = subprocess.Popen([ZUGONG, "worker"], env=env, stdout=subprocess.PIPE, text=True)
    look = "import django; django.setup(); from django_tasks_db.models import DBTaskResult as T; from zugong.base.jobs import"
    look += " WorkerSeen as W; print([(t.status, t.return_value) for t in T.objects.filter(task_path__contains='linger')],"
    look += " W.objects.filter(host__gt='').count())"
    asked = [sys.executable, "-c", look]
    found = lambda: subprocess.run(asked, env=settings, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: E731
    wait_for(lambda: found().startswith("[('SUCCESSFUL', 'again')]"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert "后台已停止" in worker.stdout.read()
    assert found() == "[('SUCCESSFUL', 'again')] 1\n", "the killed one's row stays until it is tidied away"


def wait_for(seen, seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.2)
