"""What is counted of organizations; and the names of place, level and superior."""

from __future__ import annotations

from django.db.models import QuerySet

from zugong.base.department import told
from zugong.base.facets import Facet
from zugong.base.figures import AS_OF, FLOW, figure, names
from zugong.base.periods import Frame
from zugong.base.wording import words
from zugong.organizations.models import KINDS, PartyOrganization, roots_on
from zugong.organizations.rules import place_and_level, superior_of

KIND_SYNONYMS = {
    "党委": words("基层党委 党的委员会 直属党委 二级党委 党工委"),
    "党总支": words("总支 总支部 党总支部"),
    "党支部": words("支部 基层党支部 支部委员会"),
}
KIND = Facet("kind", "组织类别", "kind", values=KINDS, synonyms=KIND_SYNONYMS)


@figure(
    "organizations.party_organizations",
    "党组织",
    unit="个",
    time=AS_OF,
    kept=PartyOrganization,
    facets=(KIND,),
    measures=("个", "家"),
    also=words("基层党组织 党支部 党委 党总支 基层党委 支部 党组织总数"),
)
def party_organizations(frame: Frame) -> QuerySet:
    """期末存在的党组织。"""
    return PartyOrganization.objects.within(frame.scope).in_force(frame.day)


@figure(
    "organizations.brands_recognized",
    "命名党建品牌",
    unit="个",
    time=FLOW,
    kept=PartyOrganization.objects.none,
    measures=("个", "项"),
    also=words("党建品牌 示范品牌 命名品牌 认定品牌 党建示范点 品牌 特色品牌"),
)
def brands_recognized(frame: Frame) -> QuerySet:
    """期间内命名的党建品牌（尚无台账，先作缺数）。"""
    return PartyOrganization.objects.none()


def root_name(frame: Frame) -> str:
    """The name of the root organization on the frame's day."""
    root = roots_on(frame.day).first()
    return root.name if root else ""


@names("organizations.place", "地名")
def place(frame: Frame) -> list[str]:
    """本地的名称，取自设置，未设置时从根党组织的名称推出。"""
    found = told("place") or place_and_level(root_name(frame))[0]
    return [found] if found else []


@names("organizations.level", "层级")
def level(frame: Frame) -> list[str]:
    """本级的层级（县、区、市……），取自设置，未设置时从根党组织的名称推出。"""
    found = told("level") or place_and_level(root_name(frame))[1]
    return [found] if found else []


@names("organizations.superior", "上级层级")
def superior(frame: Frame) -> list[str]:
    """上一级的说法（全市、全省），取自设置，未设置时由本级层级推出。"""
    found = told("superior") or superior_of("".join(level.names(frame)))
    return [f"全{found}"] if found else []
