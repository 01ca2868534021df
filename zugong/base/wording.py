"""Long lists of words, written so that they can be read."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text, cut at spaces."""
    return tuple(text.split())
