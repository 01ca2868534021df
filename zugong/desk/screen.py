"""The mark on the screen: the reader's name, account and the minute, faint and repeated, as a picture of our own address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

from zugong.base import trail
from zugong.base.marks import marked

TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="200">'
    '<g transform="rotate(-20 180 100)" fill="#000" font-family="sans-serif" font-size="13" text-anchor="middle">'
    '<text x="180" y="96">{who}</text><text x="180" y="116">{moment}</text></g></svg>'
)


def mark(request: HttpRequest) -> HttpResponse:
    """The tile that pages repeat; kept nowhere, so it always bears the reader and the minute."""
    mine = marked(request.user, 0, trail.moment())
    return HttpResponse(TILE.format(who=escape(mine.who), moment=mine.moment), content_type="image/svg+xml")
