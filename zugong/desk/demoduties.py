"""What the demo adds to the example county's ledgers, so that duties whose records no ledger brings are awake, too."""

from __future__ import annotations

from datetime import date

from zugong.base.models import User
from zugong.cadres import actions as cadres
from zugong.cadres.models import Secondment
from zugong.elections import actions as elections
from zugong.meetings import actions as meetings
from zugong.meetings.models import APPRAISAL, ORGANIZATION_LIFE, PARTY_LECTURE, TALKS, THEME_DAY
from zugong.organizations import actions as organizations
from zugong.organizations.models import PartyOrganization
from zugong.people import actions as people
from zugong.people.models import Membership
from zugong.training import actions as training

POSTS = ("书记", "组织委员", "宣传委员")


def add(by: User, on: date, branch: PartyOrganization) -> None:
    """A few records of each kind for one branch and for two cadres."""
    act = {"by": by, "on": on}
    members = [one.person for one in Membership.objects.in_force(on).filter(organization=branch).select_related("person")[:6]]
    for name in ("第一党小组", "第二党小组"):
        organizations.record_group(**act, organization=branch, name=name, valid_from=date(2022, 1, 1))
    for person, post in zip(members, POSTS, strict=False):
        elections.record_member(**act, organization=branch, person=person, post=post, valid_from=date(2021, 7, 1))
    meetings.record_talk(
        **act, organization=branch, held_on=date(2023, 3, 10), kind=TALKS[0], person=members[0], other=members[1]
    )
    _meetings(act, branch)
    people.record_application(**act, person=members[-1], organization=branch, applied_on=date(2023, 4, 20))
    people.excuse(
        **act, about=branch, duty="meetings.committee_meeting", soft=True, reason="一月集中下村，与镇党委会合并研究", basis="",
        valid_from=date(2023, 1, 1), valid_to=date(2023, 2, 1),
    )  # fmt: skip
    people.excuse(
        **act, about=branch, duty="meetings.party_lecture", soft=False, reason="整体搬迁，第一季度未上党课",
        basis="县委组织部批复", valid_from=date(2023, 1, 1), valid_to=date(2023, 4, 1),
    )  # fmt: skip
    _cadres(act)
    training.record_hours(**act, person=members[0], studied_on=date(2023, 5, 6), hours=8, content="党员集中培训")


def _meetings(act: dict[str, object], branch: PartyOrganization) -> None:
    for day, kind, also in (
        (date(2022, 12, 20), ORGANIZATION_LIFE, {"criticised": 9, "balloted": 9, "appraised": 9}),
        (date(2021, 12, 22), APPRAISAL, {"criticised": 8, "balloted": 8, "appraised": 8}),
        (date(2023, 6, 1), THEME_DAY, {"lecturer": "张书记", "by_secretary": True}),
        (date(2022, 7, 1), PARTY_LECTURE, {"lecturer": "张书记", "by_secretary": True}),
    ):
        meetings.record(**act, organization=branch, held_on=day, kind=kind, topic="学习贯彻党的二十大精神", also=also)  # type: ignore[arg-type]


def _cadres(act: dict[str, object]) -> None:
    first, second = [one.person for one in Secondment.objects.select_related("person").order_by("pk")[:2]]
    posting = cadres.record_posting(**act, person=first, title="乡镇副职", decided_on=date(2023, 5, 8))  # type: ignore[arg-type]
    days = {"archive_on": date(2023, 5, 4), "posted_from": date(2023, 5, 10), "posted_to": date(2023, 5, 15)}
    cadres.edit_posting(**act, posting=posting, changes={**days, "noticed_on": date(2023, 5, 16)})  # type: ignore[arg-type]
    cadres.record_material(**act, person=second, title="年度考核登记表", made_on=date(2023, 5, 10))  # type: ignore[arg-type]
