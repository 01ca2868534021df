"""A program by itself, run by `pdfwords`: a PDF on standard input, its words on standard output, page after page. What cannot
be read ends it."""

from __future__ import annotations

import io
import sys
from itertools import islice

from pypdf import PdfReader

try:
    import resource
except ImportError:  # Windows has no such bound; the time is bounded all the same
    resource = None  # type: ignore[assignment]

MEMORY = 1 << 30  # bytes
MOST_PAGES, MOST_WORDS = 300, 200_000


def tell() -> None:
    """Write the words as they are read, so that a reader cut short has told what it had."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    left = MOST_WORDS
    for page in islice(PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages, MOST_PAGES):
        text = page.extract_text()[:left]
        sys.stdout.buffer.write(text.encode("utf-8", "ignore") + b"\n")
        sys.stdout.buffer.flush()
        left -= len(text)
        if not left:
            break


if __name__ == "__main__":
    tell()
