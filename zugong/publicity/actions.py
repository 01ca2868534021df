"""Every change articles and brands undergo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zugong.base.access import Permission
from zugong.base.actions import action, amend, create
from zugong.base.ledgers import Ledger, Row, Values
from zugong.base.models import User
from zugong.base.removing import take_out
from zugong.base.sets import SetWrite, set_action
from zugong.organizations.models import PartyOrganization
from zugong.publicity.models import Article, Brand


@action(Permission.PUBLICITY_EDIT, at="article")
def edit(*, by: User, on: date, article: Article, changes: dict[str, Any]) -> Article:
    """Correct what is kept about an article."""
    return amend(article, **changes)


@action(Permission.PUBLICITY_EDIT, at="articles")
def remove(*, by: User, on: date, articles: QuerySet) -> None:
    """Take out articles that should not have been recorded."""
    take_out(articles)


@action(Permission.ORGANIZATIONS_EDIT, at="organization")
def begin_brand(
    *, by: User, on: date, organization: PartyOrganization, name: str, solved: str = "", begun_on: date | None = None
) -> Brand:
    """Put a brand that an organization begins to nurture on the list."""
    return create(Brand(organization=organization, name=name, begun_on=begun_on or on, solved=solved))


@action(Permission.ORGANIZATIONS_EDIT, at="brand")
def edit_brand(*, by: User, on: date, brand: Brand, changes: dict[str, Any]) -> Brand:
    """Correct what is kept about a brand; its days come from the steps it goes through."""
    return amend(brand, **changes)


@action(Permission.ORGANIZATIONS_EDIT, at="brands")
def remove_brands(*, by: User, on: date, brands: QuerySet) -> None:
    """Take out brands that should not have been listed."""
    take_out(brands)


@set_action(Permission.PUBLICITY_EDIT)
def take_articles(*, by: User, on: date, rows: Sequence[Row], write: SetWrite, ledger: Ledger) -> None:
    """Keep the rows of ledger 19."""

    def fields(row: Row) -> Values:
        v = row.values
        return {
            "title": v["title"],
            "column": v["column"] or "",
            "office": v["office"] or "",
            "platform": v["platform"] or "",
            "published_on": v["published_on"],
            "reads": v["reads"],
        }

    write.keep(rows, Article, fields)
