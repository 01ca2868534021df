"""How many lines a text takes, counted without a word processor.

Used for one decision only: would signature and date stand on a page without text? An estimate by Word's rules is
enough: wide characters on a grid, Latin words and numbers whole, closing punctuation hanging over the edge.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from math import ceil

from .word_styles import CHARACTER, EM, LINE, LINES, MEASURE, TITLE_LINE, TRACKING

HANGING = frozenset("，。、；：！？）》”’」』】〕…")
WORD = re.compile(r"[!-~]+|.", re.S)
CLOSING_LINES = 3  # a blank line, the signature, the date


def length(text: str) -> int:
    """What a text of body size takes on the line, in twips; Latin letters and digits half of a character."""
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return wide * CHARACTER + (len(text) - wide) * (EM // 2 + TRACKING)


def lines_of(text: str, indent: int = 2 * EM) -> int:
    """The lines of a paragraph whose first begins `indent` twips from the edge."""
    count, used = 1, indent
    for word in WORD.findall(text):
        space = length(word)
        if used + space > MEASURE and word not in HANGING:
            # A word longer than a line is broken as often as it must.
            count, used = count + max(1, ceil(space / MEASURE)), space % MEASURE
        else:
            used += space
    return count


def title_space(lines: int) -> int:
    """What must follow a title of so many lines, in twips: about a blank line, ending on the grid of the text."""
    rest = -lines * TITLE_LINE % LINE
    return rest if rest >= LINE // 2 else rest + LINE


def signature_would_stand_alone(title_lines: int, addressee: str, texts: Iterable[str]) -> bool:
    """Whether the text ends so near the foot of a page that signature and date go to the next one."""
    above = (title_lines * TITLE_LINE + title_space(title_lines)) // LINE if title_lines else 0
    every = above + (lines_of(addressee, 0) if addressee else 0) + sum(map(lines_of, texts))
    return every > 0 and -every % LINES < CLOSING_LINES
