"""When a term expires. Decisions only."""

from __future__ import annotations

from datetime import date

from zugong.base.rules import Reason, Source, Verdict, add_months, add_years


def term_expires_on(elected_on: date, years: int) -> date:
    """The day a term ends: so many years after the election."""
    return add_years(elected_on, years)


def may_be_extended(expires_on: date | None, extended_to: date | None, most_months: int, basis: str, source: Source) -> Verdict:
    """Whether a term may be extended to a day: with approval, and not beyond so many months after it ends."""
    if expires_on is None:
        return Verdict((Reason("任期（年）：这一届没有写任期，先补任期再登记延期。"),))
    reasons = []
    if not basis.strip():
        reasons.append(Reason("延期批准依据：延期换届要经上级党组织批准，请写明批准的文件。", source))
    if extended_to is None:
        reasons.append(Reason("经批准延期至：写了批准依据，还要写延到哪一天。"))
    elif extended_to <= expires_on:
        reasons.append(Reason(f"经批准延期至：{extended_to} 不晚于届满日 {expires_on}，不是延期。"))
    elif extended_to > add_months(expires_on, most_months):
        latest = add_months(expires_on, most_months)
        reasons.append(Reason(f"经批准延期至：最迟到 {latest}，延期一般不超过 {most_months} 个月。", source))
    return Verdict(tuple(reasons))
