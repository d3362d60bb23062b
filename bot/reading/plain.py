"""Plain text, wrapped or not."""

from bot.reading.draft import Draft
from bot.reading.layout import lay_out
from bot.reading.wire import drop_end_marks


def read_plain(text: str) -> Draft:
    """A draft of a clean plain text: its paragraphs laid out, and no title yet."""
    return Draft(lay_out(drop_end_marks(text)))
