"""What is shown, as lines of plain text for a pipe or a file: a quote is one line, whatever its length.

The same parts as `bot.chat.render`, with no colours, no marks and no wrapping, and without rich.
"""

from collections.abc import Iterator, Sequence

from bot.chat.commands import COMMANDS
from bot.chat.language import gettext
from bot.chat.narrowing import EXAMPLE
from bot.chat.parts import Context, Help, Hint, Listing, Nearest, Note, Part, Quotes, Reasons
from bot.chat.wording import (
    corrections_sentence,
    nearest_label,
    printable,
    reasons_line,
    refusal_sentence,
    source_line,
)
from bot.model import Quote, Reply


def reply_lines(reply: Reply, *, first: int = 0, count: int = 1, explain: bool = False) -> list[str]:
    """The `count` quotes from number `first` (from 0) on, each with its source line, or why there is no answer.

    What was read differently stands last. With `explain` each quote is followed by why it ranks where it does, and a
    reply without an answer by the sentences nearest to it.
    """
    lines = [] if reply.answered else [refusal_sentence(reply)]
    if not reply.answered and explain and reply.quotes:
        lines.append(nearest_label())
    if reply.answered or explain:
        lines += _quotes(reply.quotes[first : first + count], explain=explain)
    if first == 0 and reply.corrections:
        lines.append(corrections_sentence(reply))
    return lines


def part_lines(part: Part) -> list[str]:
    """A part of a session's output; a hint is for people only and has no lines here."""
    match part:
        case Quotes(reply, first, count, explain):
            return reply_lines(reply, first=first, count=count, explain=explain)
        case Nearest(reply, first, count):
            return [nearest_label(), *_quotes(reply.quotes[first : first + count])]
        case Context(quote, nearest):
            passage = [printable(line) for line in quote.passage.text.splitlines() if line.strip()]
            return [*([nearest_label()] if nearest else []), *passage, f"— {source_line(quote.release)}", *_url(quote)]
        case Reasons(reply):
            return list(_quotes(reply.quotes, explain=True))
        case Listing(releases, first, _):
            return [f"{number}. {source_line(release)}" for number, release in enumerate(releases, first)]
        case Help(example):
            ask = gettext("Ask a question in your own words, for example: {example}").format(example=example)
            return [ask, *(f"{command.usage}: {command.meaning}" for command in COMMANDS), narrow_line(example)]
        case Note(text):
            return [text]
        case Hint():
            return []


def narrow_line(example: str) -> str:
    """How a question is narrowed, with an example made of a question."""
    told = gettext("Narrow it by source and date: from:, since:, until:, for example: {example}")
    return told.format(example=EXAMPLE.format(question=example))


def matched_words(quote: Quote) -> list[str]:
    """The words of a quote that the question asked for, in order, each once."""
    return list(dict.fromkeys(quote.text[start:end].lower() for start, end in quote.matched))


def _quotes(quotes: Sequence[Quote], *, explain: bool = False) -> Iterator[str]:
    for quote in quotes:
        before = f"{printable(quote.before.text)} " if quote.before else ""
        yield f"{before}“{printable(quote.text)}”"
        yield f"— {source_line(quote.release)}"
        if explain:
            yield reasons_line(quote.score, matched_words(quote), dict(quote.features))


def _url(quote: Quote) -> list[str]:
    return [printable(quote.release.url)] if quote.release.url else []
