"""What is said in every way in, as plain text: the source line, why there is no answer, what was read differently.

No colours and no state but the language that is spoken, so that Telegram, the terminal and a pipe say the same words.
"""

import re
from collections.abc import Collection
from datetime import date

from bot.chat.language import N_, gettext
from bot.model import Refusal, Release, Reply

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

# A question that shows how to ask, and the words without which a corpus cannot answer it. It is asked of the releases,
# and so it is in their language.
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
    day = date_words(release.published) if release.published else ""
    parts = (printable(release.title).strip() or printable(release.id), day, printable(release.source or "").strip())
    return " · ".join(part for part in parts if part)


def date_words(day: date) -> str:
    """The date in words, such as `22 April 2021`."""
    # Translators: a date, such as 22 April 2021.
    return gettext("{day} {month} {year}").format(day=day.day, month=gettext(MONTHS[day.month - 1]), year=day.year)


def percent(share: float) -> str:
    """A share from 0 to 1 as a whole percentage, such as `93%`."""
    # Translators: a percentage, such as 93%.
    return gettext("{number}%").format(number=round(100 * share))


def grouped(count: int) -> str:
    """A number with its thousands apart, such as `1,200`."""
    # Translators: what stands between thousands, as in 1,200,000.
    return f"{count:,}".replace(",", gettext(","))


def refusal_sentence(reply: Reply) -> str:
    """Why the reply holds no answer, and what to do about it; empty when it holds one."""
    match reply.refusal:
        case None:
            return ""
        case Refusal.EMPTY:
            return gettext("Nothing was asked. Type a question, for example: {example}").format(example=EXAMPLES[0][0])
        case Refusal.VAGUE:
            return gettext("Ask with a name or a thing, for example: {example}").format(example=EXAMPLES[0][0])
        case Refusal.TOO_LONG:
            return gettext("This is too long for one question. Ask it in a sentence or two.")
        case Refusal.NO_RELEASES:
            return gettext("There are no releases to ask.")
        case Refusal.NOT_ON_RECORD:
            return gettext("Not on the record: the releases do not say.")


def corrections_sentence(reply: Reply) -> str:
    """Which words were read as others, such as `I read «chiars» as «chairs».`, a sentence each; empty when none were."""
    return " ".join(
        gettext("I read «{typed}» as «{word}».").format(typed=printable(typed), word=printable(word))
        for typed, word in reply.corrections
    )


def nearest_label() -> str:
    """What stands over sentences that are near to a question and do not answer it."""
    return gettext("Nearest, not an answer:")


def example_question(words: Collection[str]) -> str:
    """A question to show a newcomer, chosen so that a corpus of these words may well answer it."""
    return next(question for question, needed in EXAMPLES if needed <= set(words))


def reasons_line(score: float, matched: Collection[str], features: dict[str, float]) -> str:
    """Why a quote stands where it stands, on one line: `score=7.1 matched=chairs,chain bm25=3.2`."""
    figures = {"score": f"{score:.3g}", "matched": ",".join(map(printable, matched)) or "-"}
    figures |= {printable(name): f"{value:.3g}" for name, value in features.items()}
    return " ".join(f"{name}={value}" for name, value in figures.items())
