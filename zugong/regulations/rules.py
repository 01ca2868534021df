"""May a line be entered, put in force, set for one place, or said to be read? Pure: facts in, Verdict out."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from zugong.base.rules import Leeway, Reason, Source, Standing, Verdict, room_for_local

SHORTEST_REASON = 4
LARGEST = 9_999
WAYS = {
    Leeway.NONE: "不能另定",
    Leeway.MORE: "只能更大，不能更小",
    Leeway.LESS: "只能更小，不能更大",
    Leeway.ANY: "可以另定",
}


def may_draft(value: int, regulation: str, since_taken: bool) -> Verdict:
    """A line can be drafted: it says a number, by which document, on a day that has no line of its own yet."""
    reasons = []
    if not 0 <= value <= LARGEST:
        reasons.append(Reason(f"新的数：{value} 不在 0 到 {LARGEST} 之间。"))
    if not regulation.strip():
        reasons.append(Reason("制度：还没有写依据哪一份文件。"))
    return Verdict((*reasons, *_free(since_taken).reasons))


def may_put_in_force(since: date, on: date, reason: str, since_taken: bool) -> Verdict:
    """A line holds from the day it is put in force or later, an earlier one only where the official text says so; and from a
    day that has no line of its own yet."""
    free = _free(since_taken)
    if since >= on or len(reason.strip()) >= SHORTEST_REASON:
        return free
    text = f"施行日 {since} 早于今天 {on}：已经过去的日子，只有原文写明才能改。请在理由里写明原文哪一句这样规定。"
    return Verdict((Reason(text), *free.reasons))


def _free(since_taken: bool) -> Verdict:
    taken = Reason("施行日：这一天已经有一条生效的。要改它，请先撤回原来的。")
    return Verdict((taken,) if since_taken else ())


def may_set_local(leeway: Leeway, why: str, national: int, local: int, source: Source, reason: str) -> Verdict:
    """A place may have a number of its own: on the side the national rule leaves open, by a reason of its own."""
    reasons = []
    if not room_for_local(leeway, national, local):
        said = f"，{why}" if why else ""
        reasons.append(Reason(f"全国的规定是 {national}，本地{WAYS[leeway]}{said}；您填的是 {local}。", source))
    elif local == national:
        reasons.append(Reason(f"全国的规定就是 {national}，不用另定。", source))
    if len(reason.strip()) < SHORTEST_REASON:
        reasons.append(Reason("理由：还没有写清楚为什么本地另定。"))
    return Verdict(tuple(reasons))


def may_check(standing: Standing, article: str, url: str, text_read: bool) -> Verdict:
    """A clause can be signed off: it awaits checking, and whoever signs names the article and where the text stands."""
    reasons = []
    if standing == Standing.LOCAL:
        reasons.append(Reason("本部门的规定没有要核对的官方原文。"))
    if standing == Standing.VERIFIED:
        reasons.append(Reason("这一条已经核对过。要重新核对，请先撤回原来的。"))
    if not article.strip():
        reasons.append(Reason("条款：请照原文写，例如“第十一条”。"))
    if not is_address(url):
        reasons.append(Reason("官方网址：请写刊登原文的网页，以 http:// 或 https:// 开头。"))
    if not text_read:
        reasons.append(Reason("请先读原文，再勾选“我读过原文”。"))
    return Verdict(tuple(reasons))


def is_address(url: str) -> bool:
    """Whether it is the address of a page: http or https, a host with a dot, no account in it."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
