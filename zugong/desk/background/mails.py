"""Digests on their way by mail: words that any reader of the mail may see, to whoever asked for it, outside quiet hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django_tasks import task

from zugong.base.duties import State
from zugong.base.models import User
from zugong.base.numbers import without_numbers
from zugong.base.rules import Refused
from zugong.base.timing import quiet_until
from zugong.desk.background.digest import Assembled, Item, assemble
from zugong.desk.background.schedule import aware, local
from zugong.desk.clock import now, today
from zugong.desk.prepare import operator
from zugong.tasks.models import Digest, Reminding
from zugong.tasks.reminders import keep_digests, note_mailed

WHEN = {State.MISSED: "已到期", State.ADVISED: "提醒（一般要求）", State.DUE: "到期"}
LINES = 20  # lines of a mail; what is more is on the page


def remind(by: User, at: datetime) -> str:
    """The daily job: keep everybody's digest, and hand the mails to the queue, each to the end of its reader's quiet hours."""
    day = by.day or today()
    found = assemble(day)
    many = keep_digests(by=by, on=day, told=found.news)
    moments = hand_over_mails(found, at) if settings.ZUGONG_MAIL else 0
    return f"{day} 提醒 {many} 人" + (f"，邮件分 {moments} 批发" if moments else "")


def hand_over_mails(found: Assembled, at: datetime) -> int:
    """One task for each moment at which quiet hours end; its argument is the day and the moment. Returns how many."""
    moments = {
        quiet_until(local(at), one.reminding.quiet_from, one.reminding.quiet_to)
        for one in found.concerns.values()
        if one.user in found.news and one.reminding and one.reminding.by_mail
    }
    for moment in moments:
        send_mails.using(run_after=aware(moment) if moment else None).enqueue(found.day.isoformat())
    return len(moments)


@task()
def send_mails(day: str) -> str:
    """Send the digests of a day that wait for it and whose reader is not in quiet hours. Each is noted before it goes, so that
    a worker killed in between sends none twice; what the server does not take is noted back, and the task is tried again."""
    on, at = date.fromisoformat(day), local(now())
    waiting = {one.user_id: one for one in Digest.objects.filter(day=on, mailed=False)}
    wanted = Reminding.objects.filter(
        by_mail=True, user__is_active=True, user_id__in=Digest.objects.filter(day=on).values("user_id")
    )
    ready = [r for r in wanted if r.user_id in waiting and r.address and quiet_until(at, r.quiet_from, r.quiet_to) is None]
    found = assemble(on, [one.user_id for one in ready]) if ready else None
    mails = {waiting[r.user_id].pk: _mail(r.address, waiting[r.user_id], found) for r in ready}
    return f"发出 {_send({pk: mail for pk, mail in mails.items() if mail is not None})} 封"


def _send(mails: dict[int, EmailMessage]) -> int:
    if not mails:
        return 0
    by = operator()
    by.day, by.now = today(), now()
    note_mailed(by=by, on=by.day, digests=list(mails))
    gone: list[int] = []
    try:
        with get_connection() as server:
            for pk, mail in mails.items():
                server.send_messages([mail])
                gone.append(pk)
    except OSError:
        note_mailed(by=by, on=by.day, digests=[pk for pk in mails if pk not in gone], mailed=False)
        raise Refused(f"邮件服务器不收，{len(mails) - len(gone)} 封没有发出") from None
    return len(gone)


def _mail(address: str, digest: Digest, found: Assembled | None) -> EmailMessage | None:
    """The mail of a digest: of what it told only what its reader may still see now, and nobody's name."""
    told = set(digest.told())
    items = [i for i in (found.items.get(digest.user_id, []) if found else []) if i.told in told]
    if not items:
        return None
    late = sum(item.state == State.MISSED for item in items)
    subject = f"组工台：{len(items)} 件要办" + (f"，其中 {late} 件已到期" if late else "")
    return EmailMessage(subject, body(items, digest.day), settings.DEFAULT_FROM_EMAIL, [address])


def body(items: Iterable[Item], day: date) -> str:
    """The words of a mail: what, whose, by when, why; a person is not named, and no number of anybody stands in it."""
    lines, rest = [f"{day} 新列的事："], 0
    grouped: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        grouped[item.what if item.personal else item.key].append(item)
    for number, same in enumerate(grouped.values(), 1):
        if number > LINES:
            rest += len(same)
            continue
        lines.append(f"{number}. {_words(same)}")
    lines += [f"另有 {rest} 件。"] if rest else []
    link = f"{settings.ZUGONG_ADDRESS}{reverse('desk:reminders')}" if settings.ZUGONG_ADDRESS else "组工台“今天的提醒”"
    return "\n".join([*lines, "", f"办理和细节：{link}", "不想收邮件，在那一页的“提醒设置”里关掉。"])


def _words(same: list[Item]) -> str:
    first = same[0]
    whose = f"{len(same)} 人" if first.personal else first.whose
    when = f"，{first.due_on} {WHEN[first.state]}" if first.due_on else ""
    return str(without_numbers(f"{first.what}（{whose}）{when}。依据：{first.why}"))
