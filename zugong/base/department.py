"""What the department says about itself: its name, place, level, and how its papers look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.models import Setting, User
from zugong.base.periods import BadPeriod, day_said
from zugong.base.rules import Refused


@dataclass(frozen=True)
class Known:
    """A setting there is: its key, what it means, an example, the words it may take."""

    name: str
    title: str
    help: str
    choices: tuple[str, ...] = ()


KNOWN: dict[str, Known] = {
    one.name: one
    for one in (
        Known("department", "部门全称", "例如：中共云溪县委组织部"),
        Known("place", "地名", "例如：云溪县。留空时从根党组织的名称推出"),
        Known(
            "level",
            "层级",
            "报告里“全县”“县委”的那个字",
            ("", "省", "市", "县", "区", "旗", "乡", "镇", "街道", "集团", "校", "院"),
        ),
        Known("superior", "上级层级", "例如：市。留空时由层级推出"),
        Known("signature", "落款", "报告末尾的署名。留空时用部门全称"),
        Known("body_font", "正文字体", "默认 仿宋_GB2312"),
        Known("title_font", "标题字体", "默认 方正小标宋简体"),
        Known("heading_font", "一级标题字体", "默认 黑体"),
        Known("subheading_font", "二级标题字体", "默认 楷体_GB2312"),
        Known("public_shows", "公开版可显示的指标", "指标编号，用逗号分开；编号后加 :total 只显示总数。留空时全部遮去"),
        Known("demo_day", "演示日期", "只用于演示：把这一天当作今天，写成 2023-06-30"),
    )
}


DEMO = "demo_home"  # kept like a setting, and none: only `zugong demo` writes it, into an empty home (desk.actions)


def told(name: str) -> str:
    """The value of a setting, "" where it was never given."""
    return Setting.objects.filter(name=name).values_list("value", flat=True).first() or ""


def everything() -> dict[str, str]:
    """All settings with their values."""
    kept = dict(Setting.objects.values_list("name", "value"))
    return {name: kept.get(name, "") for name in (*KNOWN, DEMO)}


@action(Permission.SETTINGS_CHANGE)
def settle(*, by: User, on: date, values: dict[str, str]) -> dict[str, str]:
    """Change settings. Raises Refused for an unknown key or a word that is not among the choices."""
    for name, value in values.items():
        _check(name, value)
        kept = Setting.objects.filter(name=name).first()
        if kept:
            amend(kept, value=value)
        elif value:
            create(Setting(name=name, value=value))
    return everything()


def _check(name: str, value: str) -> None:
    known = KNOWN.get(name)
    if known is None:
        raise Refused(f"没有“{name}”这个设置项，什么也没改。可用的有：{'、'.join(KNOWN)}。")
    if known.choices and value not in known.choices:
        raise Refused(f"“{known.title}”只能是 {'、'.join(c for c in known.choices if c)} 之一，什么也没改。")
    if name == "demo_day" and value:
        try:
            day_said(value)
        except BadPeriod as bad:
            raise Refused(f"{bad}什么也没改。") from None
