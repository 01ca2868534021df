"""The plan a report ends with: the sentences under 下半年工作计划, 下一步打算 and the like, each of which may become a task."""

from __future__ import annotations

from collections.abc import Iterator

from zugong.reports.parts import said
from zugong.reports.texts import Sentence, parse

SHORTEST = 8  # characters; what is shorter is a heading or a rest


def planned(text: str) -> Iterator[Sentence]:
    """The sentences that stand under a heading of the first level about what is to be done; headings themselves left out."""
    structure = parse(text)
    own_line = {(h.start, h.end) for h in structure.headings}
    for sentence in structure.sentences:
        over = structure.headings_over(sentence.start)
        heading = (sentence.start, sentence.start + len(sentence.text.rstrip())) in own_line
        if over and said("plan").search(over[0].text) and not heading and len(sentence.text.strip()) >= SHORTEST:
            yield sentence
