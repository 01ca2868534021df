"""Template tags: numbers and days as written in tables, states as word and shape, the address with one thing changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zugong.ui.shown import record_href, words

register = template.Library()

SHAPES = {"done": "✓", "late": "▲", "advised": "△", "open": "◐", "now": "●", "over": "○", "plain": "–"}
STATES = {
    "done": "已解决 完成 已答复 已完成 已更正 已办结 已销号 已处理 已写入 已核 已换届 已落实 met",
    "late": "又出现了 失败 出错，会再试 超期 今天到期 遇到困难 已届满 退回 缺数 无据 应办未办 missed",
    "open": "未解决 待批准 待答复 培育中 中止 临近 按计划推进 待同意 进行中 办理中 整改中 待核实 限制中 "
    "待处理 待写入 待定 变更 due",
    "now": "等待 在运行 已命名 现任 在册 在库 在挂 在住 帮带中 现有 新增 启用 任期内 有效",
    "over": "不采纳 已撤回 已清除 不同意 不予更正 本人撤回 已离任 已出库 已结束 已退出 已撤销 已转出 停用 相同 exempt",
}
TONES = {word: tone for tone, said in STATES.items() for word in said.split()}
PLACES = ("after", "before")


@register.filter
def number(value: Any) -> str:
    """1,234 for a number, "" for none."""
    return words(value)


@register.filter
def day(value: Any) -> str:
    """2023-06-30, as in tables."""
    return words(value)


@register.filter
def day_words(value: Any) -> str:
    """2023年6月30日, as in prose."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.filter
def page_of(record: Any) -> str:
    """The address of a record's page, "" where it has none."""
    return record_href(record)


@register.simple_tag
def badge(word: str, tone: str = "") -> SafeString | str:
    """A state: its word with a shape, so that colour says nothing alone."""
    if not word:
        return ""
    tone = tone or TONES.get(word, "plain")
    return format_html(
        '<span class="state state-{}"><span aria-hidden="true">{}</span>{}</span>', tone, SHAPES.get(tone, "–"), word
    )


@register.simple_tag
def withheld(number: Any, *, why: bool = False) -> SafeString | str:
    """What stands in the place of a number that is not told: its word, and on request the sentence that says why."""
    if not number:
        return ""
    word = badge(number.words, "plain")
    return format_html('{}<span class="value-note">{}</span>', word, number.why) if why else word


@register.simple_tag(takes_context=True)
def query(context: Context, *dropped: str, **changed: Any) -> str:
    """This page's query with some parameters dropped or changed; turning to another page of rows starts over."""
    get = context["request"].GET.copy()
    for name in (*dropped, *(p for p in PLACES if p not in changed)):
        get.pop(name, None)
    for name, value in changed.items():
        if value is None or value == "":
            get.pop(name, None)
        else:
            get[name] = value
    return f"?{get.urlencode()}" if get else "?"


@register.simple_tag(takes_context=True)
def query_without(context: Context, names: Iterable[str]) -> str:
    """This page's query with some parameters dropped."""
    return query(context, *names)


@register.simple_tag(takes_context=True)
def query_days(context: Context, first: str, last: str, period: Any) -> str:
    """This page's query narrowed to the days of a period."""
    return query(context, **{first: period.first.isoformat(), last: period.last.isoformat()})


@register.simple_tag
def counted(total: tuple[int, bool], unit: str) -> SafeString:
    """How many: 3,061 条, or 1 万条以上 where nobody counted further."""
    n, more = total
    if more:
        return format_html("<strong>{} 万</strong>{}以上", f"{n // 10_000:,}", unit)
    return format_html("<strong>{}</strong> {}", f"{n:,}", unit)


@register.simple_tag(takes_context=True)
def other_parameters(context: Context, *names: str) -> list[tuple[str, str]]:
    """The address's parameters apart from some, for a form that must keep them."""
    skipped = {*names, *PLACES}
    return [(name, value) for name, values in context["request"].GET.lists() if name not in skipped for value in values]


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """The address of that name, "" where there is none (yet)."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
