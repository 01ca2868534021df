"""Meetings and activities of Party organizations."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.wording import words
from zugong.organizations.models import PartyOrganization, PlacedQuerySet, PlacedRecord
from zugong.people.models import AboutPersons, Person

I = Privacy.INTERNAL

GENERAL_MEETING = "支部党员大会"
COMMITTEE_MEETING = "支部委员会会议"
GROUP_MEETING = "党小组会"
PARTY_LECTURE = "党课"
THEME_DAY = "主题党日"
JOINT_THEME_DAY = "联学共建主题党日"
ORGANIZATION_LIFE = "组织生活会"
APPRAISAL = "民主评议党员"
DEMOCRATIC_LIFE = "民主生活会"
REPORTING = "书记述职评议会"
TALKS = ("班子成员之间", "班子成员与党员", "党员之间")

KINDS: dict[str, tuple[str, ...]] = {
    GENERAL_MEETING: words("党员大会 支部大会 支部党员大会会议 党员大会会议 全体党员大会"),
    COMMITTEE_MEETING: words("支委会 支部委员会 支委会会议 支部委员会议 支委会议 支部委员会会"),
    GROUP_MEETING: ("党小组会议", "小组会"),
    PARTY_LECTURE: words("上党课 讲党课 专题党课 党课教育 书记党课 授课"),
    THEME_DAY: words("主题党日活动 党员主题党日 支部主题党日 党日活动"),
    JOINT_THEME_DAY: words(
        "联学共建 联学联建 共建主题党日 联学共建主题党日活动 联学共建活动 结对共建 联合主题党日 共联共建 联创共建"
    ),
    ORGANIZATION_LIFE: ("专题组织生活会",),
    APPRAISAL: ("民主评议",),
    DEMOCRATIC_LIFE: ("领导班子民主生活会",),
    "专题交流研讨": words("专题研讨 交流研讨 研讨会 专题研讨会 研讨交流"),
    "业务大讲堂": ("大讲堂", "业务讲堂"),
    "组工讲坛": ("组工讲堂", "讲坛"),
    "座谈会": ("座谈", "座谈交流会"),
    REPORTING: words("书记述职 述职评议会 党组织书记述职评议"),
    "周一例会": ("例会", "周例会"),
    "班子会": words("领导班子会 部务会 部务会议"),
    "务虚会": ("工作务虚会",),
    "中心组学习": words("理论学习中心组学习 中心组集体学习 理论中心组学习"),
    "专题会议": words("专题会 工作会议 推进会 现场会 联席会 联席会议"),
    "主题演讲": ("演讲比赛",),
}


class MeetingQuerySet(PlacedQuerySet):
    """Meetings."""


class Meeting(PlacedRecord):
    """One meeting or activity of one Party organization. One row of ledger 04 is one meeting.

    It may be more than its kind says, but only by what is recorded of it: a lecture given on the day (`lecturer`, topic), an
    assembly convened with it (`as_assembly`, due, present), self-criticism of so many, ballots and opinions on so many.
    `session_year`: the year a democratic-life meeting was due for, where it was held in another with consent from above.
    """

    PRIVACY = dict(
        held_on=I,
        organization=I,
        kind=I,
        topic=I,
        partner=I,
        due=I,
        present=I,
        lecturer=I,
        by_secretary=I,
        as_assembly=I,
        criticised=I,
        balloted=I,
        appraised=I,
        session_year=I,
        consent=I,
        special=I,
    )
    READ = Permission.MEETINGS_READ
    HAPPENED = ("held_on",)

    held_on = models.DateField("时间")
    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="meetings", verbose_name="党组织")
    kind = models.CharField("活动类别", max_length=40)
    topic = models.CharField("主题", max_length=300, blank=True)
    partner = models.CharField("共建单位", max_length=200, blank=True)
    due = models.PositiveIntegerField("应到", null=True, blank=True)
    present = models.PositiveIntegerField("实到", null=True, blank=True)

    lecturer = models.CharField("讲课人", max_length=60, blank=True, default="")
    by_secretary = models.BooleanField("由书记讲课", default=False)
    as_assembly = models.BooleanField("同时作为支部党员大会召开", default=False)
    criticised = models.PositiveIntegerField("作个人对照检查的人数", null=True, blank=True)
    balloted = models.PositiveIntegerField("民主测评票数", null=True, blank=True)
    appraised = models.PositiveIntegerField("有评定意见的人数", null=True, blank=True)
    session_year = models.PositiveSmallIntegerField("哪一年度的民主生活会", null=True, blank=True)
    consent = models.CharField("提前或推迟经谁同意", max_length=120, blank=True, default="")
    special = models.BooleanField("专题会，不算年度的", default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "会议和活动"
        indexes = [
            models.Index(fields=["kind", "held_on", "organization"], name="meeting_by_kind"),
            models.Index(fields=["organization", "held_on"], name="meeting_by_organization"),
            models.Index(fields=["held_on", "id"], name="meeting_by_day"),
            models.Index(fields=["held_on"], condition=models.Q(by_secretary=True), name="meeting_by_secretary"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.kind} {self.topic}".strip()


class TalkQuerySet(AboutPersons, PlacedQuerySet):
    """Talks."""

    SUBJECTS = ("person", "other")


class Talk(PlacedRecord):
    """A heart-to-heart talk of two members of a branch (谈心谈话): who with whom, and when. What was said is not kept."""

    PRIVACY = dict(organization=I, held_on=I, kind=I, person=I, other=I)
    READ = Permission.MEETINGS_READ
    HAPPENED = ("held_on",)

    organization = models.ForeignKey(PartyOrganization, models.PROTECT, related_name="talks", verbose_name="党支部")
    held_on = models.DateField("时间", db_index=True)
    kind = models.CharField("谁与谁谈", max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, related_name="talks", verbose_name="谈话人")
    other = models.ForeignKey(Person, models.PROTECT, related_name="talks_heard", verbose_name="谈话对象")

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = "谈心谈话"
        constraints = [
            models.CheckConstraint(name="nobody_talks_with_themselves", condition=~models.Q(person=models.F("other")))
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.person}、{self.other}"
