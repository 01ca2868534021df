"""What the demo shows of the regulations: an article signed, a local rule, a revision to be tried, two papers of the house."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from zugong.base.models import User
from zugong.base.parameters import everywhere
from zugong.organizations.models import PartyOrganization
from zugong.regulations import actions, papers
from zugong.regulations.actions import Wording
from zugong.regulations.models import PaperKind
from zugong.regulations.resting import about

ARTICLE, READ_AT = "branch_2018.assembly_quarterly", "https://www.12371.cn/"
LECTURES, ASSEMBLIES = "meetings.party_lectures_a_quarter", "meetings.general_meetings_a_quarter"
PLACE = "中共云溪县直属机关工作委员会"
PAPERS = (
    ("走访调研工作办法", PaperKind.RULE, "组织科", date(2023, 1, 1)),
    ("换届请示模板", PaperKind.TEMPLATE, "组织科", date(2023, 1, 1)),
)


def show_rules(by: User, on: date, folder: Path) -> None:
    """Enter them; the local rule and the revision begin after the demo's day, so that what is owed stays as it is."""
    revised = Wording(2, date(2023, 10, 1), "中国共产党支部工作条例（试行）", reason="演示：假如改为每季度两次")
    actions.draft_line(by=by, on=on, parameter=everywhere()[ASSEMBLIES], wording=revised)
    place, parameter = PartyOrganization.objects.filter(name=PLACE).first(), everywhere()[LECTURES]
    if place is not None:
        said = Wording(2, date(2023, 7, 1), "县直机关党课安排通知", reason="县直机关党员集中，工委要求每季度上两次党课")
        local = actions.draft_line(by=by, on=on, parameter=parameter, wording=said, place=place)
        actions.put_in_force(by=by, on=on, line=local, parameter=parameter, reason=f"{said.reason}，下半年起", place=place)
    signed = about(ARTICLE)
    if signed is not None:
        actions.check(by=by, on=on, about=signed, article="第十一条", url=READ_AT, text_read=True)
    for title, kind, office, since in PAPERS:
        upload = papers.looked_at(f"{title}.txt", (folder / f"{title}.txt").read_bytes())
        papers.add_paper(by=by, on=on, title=title, kind=kind, office=office, since=since, upload=upload)
