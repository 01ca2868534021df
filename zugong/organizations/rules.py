"""May an organization stand there? Which Party organization speaks for a unit? Decisions only."""

from __future__ import annotations

import re

from zugong.base.rules import Reason, Verdict

LEVELS = ("省", "自治区", "市", "自治州", "地区", "盟", "县", "区", "旗", "乡", "镇", "街道")
SUPERIOR = {"县": "市", "区": "市", "旗": "市", "市": "省", "自治州": "省", "地区": "省", "乡": "县", "镇": "县", "街道": "区"}


def may_stand_under(code: str, parent_path: str) -> Verdict:
    """An organization may not stand under itself or under one that stands below it."""
    if code in parent_path.split("."):
        return Verdict((Reason("上级党组织就是它自己或它的下级，隶属关系会成环"),))
    return Verdict()


def place_and_level(root_name: str) -> tuple[str, str]:
    """The place and the level a root organization's name speaks of: 中共云溪县委员会 → 云溪县, 县."""
    bare = re.sub(r"^(中国共产党|中共)", "", root_name)
    bare = re.sub(r"(直属机关)?(工作)?(委员会|工委|委)$", "", bare)
    for level in LEVELS:
        if bare.endswith(level) and len(bare) > len(level):
            return bare, level
    return bare, ""


def superior_of(level: str) -> str:
    """The level above: a county's is the city, a city's the province; "" where it is not fixed."""
    return SUPERIOR.get(level, "")
