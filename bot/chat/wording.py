"""What is said in every way in, as plain text: the source line, why there is no answer, what was read differently.

Pure functions and no colours, so that Telegram, the terminal and a pipe say the same words.
"""

import re
from collections.abc import Collection

from bot.model import Refusal, Release, Reply

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# A question that shows how to ask, and the words without which a corpus cannot answer it.
EXAMPLES: tuple[tuple[str, frozenset[str]], ...] = (
    ("who chairs the chain?", frozenset({"chain"})),
    ("who is the chairman?", frozenset({"chairman"})),
    ("how many people took part?", frozenset({"people"})),
    ("when was it announced?", frozenset()),
)

# A whole command to the terminal: a colour or a cursor move (CSI), or a title or a link (OSC) with its end.
_ESCAPE_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)")
_DROPPED: dict[int, str | None] = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
_BIDI: dict[int, str | None] = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_SPACES: dict[int, str | None] = dict.fromkeys(map(ord, "\t\n\v\f\r\x85\u2028\u2029"), " ")
_SURROGATES: dict[int, str | None] = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_PRINTABLE = _DROPPED | _BIDI | _SPACES | _SURROGATES


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal or a chat would obey.

    Escape sequences, control characters and marks that turn the direction of writing are left out, line ends and tabs
    become spaces, and half a surrogate pair becomes U+FFFD. Everything else is as it was.
    """
    return _ESCAPE_SEQUENCE.sub("", text).translate(_PRINTABLE)


def source_line(release: Release) -> str:
    """Where a quote is from: title, date and source, as far as they are known, such as `Title · 22 April 2021 · PR`."""
    day = release.published
    date = f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""
    parts = (printable(release.title).strip() or printable(release.id), date, printable(release.source or "").strip())
    return " · ".join(part for part in parts if part)


def refusal_sentence(reply: Reply) -> str:
    """Why the reply holds no answer, and what to do about it; empty when it holds one."""
    match reply.refusal:
        case None:
            return ""
        case Refusal.EMPTY:
            return f"Nothing was asked. Type a question, for example: {EXAMPLES[0][0]}"
        case Refusal.VAGUE:
            return f"Ask with a name or a thing, for example: {EXAMPLES[0][0]}"
        case Refusal.TOO_LONG:
            return "This is too long for one question. Ask it in a sentence or two."
        case Refusal.NO_RELEASES:
            return "There are no releases to ask."
        case Refusal.NOT_ON_RECORD:
            return "Not on the record: the releases do not say."


def corrections_sentence(reply: Reply) -> str:
    """Which words were read as others, such as `I read «chiars» as «chairs».`; empty when none were."""
    pairs = [f"«{printable(typed)}» as «{printable(word)}»" for typed, word in reply.corrections]
    if not pairs:
        return ""
    return f"I read {' and '.join([', '.join(pairs[:-1]), pairs[-1]] if pairs[1:] else pairs)}."


def example_question(words: Collection[str]) -> str:
    """A question to show a newcomer, chosen so that a corpus of these words may well answer it."""
    return next(question for question, needed in EXAMPLES if needed <= set(words))


def reasons_line(score: float, matched: Collection[str], features: dict[str, float]) -> str:
    """Why a quote stands where it stands, on one line: `score=7.1 matched=chairs,chain bm25=3.2`."""
    figures = {"score": f"{score:.3g}", "matched": ",".join(map(printable, matched)) or "-"}
    figures |= {printable(name): f"{value:.3g}" for name, value in features.items()}
    return " ".join(f"{name}={value}" for name, value in figures.items())
