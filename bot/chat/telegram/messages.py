"""From a reply to what is sent: answers, their context and inline results, as HTML with buttons.

Text from outside is put into pieces of plain text, which become HTML last, so that nothing in it is read as a tag.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.language import gettext
from bot.chat.narrowing import asked_sentence
from bot.chat.telegram import texts
from bot.chat.telegram.buttons import Button, Context, Press, Show, Vote, encode
from bot.chat.telegram.fragment import text_fragment_url
from bot.chat.telegram.html import (
    LIMIT,
    Block,
    Piece,
    cut,
    cut_pieces,
    filled,
    rendered,
    said,
    utf16_length,
    visible,
    visible_lines,
)
from bot.chat.wording import corrections_sentence, refusal_sentence, source_line
from bot.index.scope import Scope
from bot.model import Quote, Refusal, Release, Reply, Span

INLINE = 5  # articles
_LONG = 500  # UTF-16 units; a longer passage is folded
_SOURCE = 500  # UTF-16 units of a source line
_TITLE = 60  # UTF-16 units of the title of an inline result, and twice as many of its description


@dataclass(frozen=True, slots=True)
class Message:
    """A message: HTML of at most 4096 UTF-16 units after entities, and rows of buttons."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class InlineArticle:
    """A quote that is offered while somebody types, and the message that it becomes."""

    id: str
    title: str
    description: str
    html: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as it is shown, under the number by which its buttons name it.

    `understood` is the whole question, where it leaned on the one before; `scope` is the release that was asked, where
    it was only one; `ups` and `downs` count the votes; `narrowed` is what was asked by source and days.
    """

    row: int
    reply: Reply
    understood: str | None = None
    scope: Release | None = None
    ups: int = 0
    downs: int = 0
    narrowed: Scope | None = None


def answer_message(answer: Answer) -> Message:
    """The first quote, or why there is no answer, with a button for the nearest sentences where there are any."""
    reply = answer.reply
    if reply.answered:
        return quote_message(answer, 0) or Message(rendered([said(texts.GONE)]))
    blocks = [*_read_as(answer), filled(refusal_sentence(reply))]
    if answer.scope and reply.refusal is Refusal.NOT_ON_RECORD:
        blocks.append(said(texts.SCOPED, title=answer.scope.title))
    if reply.refusal is Refusal.NOT_ON_RECORD and (narrowed := asked_sentence(answer.narrowed)):
        blocks.append(filled("{line}", line=narrowed))
    nearest = Button(gettext(texts.NEAREST), encode(Show(answer.row, 0)))
    return Message(rendered(blocks), ((nearest,),) if reply.quotes else ())


def quote_message(answer: Answer, position: int) -> Message | None:
    """The quote at a position, from 0, with its source and all buttons; None where there is no such quote.

    In a sentence that is longer than a message the answer is what stays.
    """
    quote = _quote_at(answer, position)
    if quote is None:
        return None
    above = [*_nearest_label(answer, position), *(_read_as(answer) if position == 0 else ())]
    return Message(_quote_html(quote, answer.reply.answered, above), _quote_buttons(answer, position))


def context_message(answer: Answer, position: int) -> Message | None:
    """The passage of that quote, with the quote in bold, and the way back; None where there is no such quote.

    A passage that holds nothing else is shown with the paragraphs around it. A long one is folded; of one that is
    longer than a message the part around the quote stays.
    """
    quote = _quote_at(answer, position)
    if quote is None:
        return None
    text, around = quote.release.text, _surroundings(quote)
    before = visible_lines(text[around.start : quote.start]).lstrip()
    after = visible_lines(text[quote.end : around.end]).rstrip()
    pieces = [Piece(before), Piece(visible(quote.text), "b"), Piece(after)]
    focuses = _focuses(quote, answer.reply.answered, len(before))
    html = _with_source(quote, pieces, focuses, _nearest_label(answer, position), fold=True)
    return Message(html, ((Button(gettext(texts.BACK), encode(Show(answer.row, position))),),))


def inline_articles(reply: Reply) -> tuple[InlineArticle, ...]:
    """Up to five quotes with their sources, to choose one from; none where the reply holds no answer."""
    quotes = reply.quotes[:INLINE] if reply.answered else ()
    return tuple(_article(number, quote) for number, quote in enumerate(quotes))


def _article(number: int, quote: Quote) -> InlineArticle:
    text, source = visible(quote.text).strip(), visible(source_line(quote.release))
    place = hashlib.blake2b(f"{quote.release.id} {quote.start}".encode("utf-8", "surrogatepass"), digest_size=16)
    return InlineArticle(
        id=f"{number}-{place.hexdigest()}",
        title=cut(text if _legible(text) else source, _TITLE),
        description=cut(source, 2 * _TITLE),
        html=_quote_html(quote, answered=True),
    )


def _legible(text: str) -> bool:
    """Whether there is anything to see, which Telegram asks of a title."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in text)


def _quote_at(answer: Answer, position: int) -> Quote | None:
    quotes = answer.reply.quotes
    return quotes[position] if 0 <= position < len(quotes) else None


def _nearest_label(answer: Answer, position: int) -> list[Block]:
    if answer.reply.answered:
        return []
    return [said(texts.NEAREST_LABEL, number=position + 1, count=len(answer.reply.quotes))]


def _read_as(answer: Answer) -> list[Block]:
    """How the question was understood, where that is not as it was typed."""
    corrected = [filled("{line}", line=corrections_sentence(answer.reply))] if answer.reply.corrections else []
    return [said(texts.READ_AS, question=answer.understood), *corrected] if answer.understood else corrected


def _quote_html(quote: Quote, answered: bool, above: Sequence[Block] = ()) -> str:
    text = visible(quote.text)
    answer = _shown(quote.text, quote.answer) if quote.answer and answered else Span(0, 0)
    before = f"{visible(quote.before.text)} " if quote.before else ""
    pieces = [
        Piece(before, "i"),
        Piece(text[: answer.start]),
        Piece(text[answer.start : answer.end], "b"),
        Piece(text[answer.end :]),
    ]
    return _with_source(quote, pieces, _focuses(quote, answered, len(before)), above)


def _with_source(
    quote: Quote, pieces: Sequence[Piece], focuses: Sequence[Span], above: Sequence[Block], *, fold: bool = False
) -> str:
    """The pieces as a quotation, cut to the room that the lines above and the source below leave."""
    release = quote.release
    link = text_fragment_url(release.url, quote.text, release.text) if release.url else None
    source = Block((Piece(cut(visible(source_line(release)), _SOURCE), link=link),))
    room = LIMIT - sum(utf16_length(block.text) + 1 for block in (*above, source))
    quotation = Block(cut_pieces(pieces, focuses, room), quoted=True)
    if fold and utf16_length(quotation.text) > _LONG:
        quotation = Block(quotation.pieces, quoted=True, folded=True)
    return rendered([*above, quotation, source])


def _focuses(quote: Quote, answered: bool, offset: int) -> list[Span]:
    """What has to stay of a text that has the quote at `offset`: the quote, or else its answer, or else its start."""
    spans = [Span(0, len(visible(quote.text)))]
    spans += [_shown(quote.text, quote.answer)] if quote.answer and answered else []
    return [Span(start + offset, end + offset) for start, end in (*spans, Span(0, 0))]


def _shown(text: str, span: Span) -> Span:
    """Where a span of the text lies in what `visible` leaves of it."""
    length = len(visible(text))
    start, end = (min(length, len(visible(text[:place]))) for place in span)
    return Span(start, max(start, end))


def _surroundings(quote: Quote) -> Span:
    """The passage of a quote, and where that is nothing more, the paragraphs before and after it too."""
    text, passage = quote.release.text, quote.passage
    start, end = min(passage.start, quote.start), max(passage.end, quote.end)
    if text[start : quote.start].strip() or text[quote.end : end].strip():
        return Span(start, end)
    earlier, later = text[:start].rstrip(), text[end:].lstrip()
    start = len(earlier) - len(earlier.rpartition("\n\n")[2])
    return Span(start, len(text) - len(later) + len(later.partition("\n\n")[0]))


def _quote_buttons(answer: Answer, position: int) -> tuple[tuple[Button, ...], ...]:
    row, count = answer.row, len(answer.reply.quotes)
    last = position + 1 == count
    more = gettext(texts.FIRST) if last else gettext(texts.MORE).format(number=position + 2, count=count)
    ways: list[tuple[str, Press]] = [(more, Show(row, 0 if last else position + 1))] if count > 1 else []
    ways.append((gettext(texts.IN_CONTEXT), Context(row, position)))
    votes: list[tuple[str, Press]] = [
        (_tally(texts.UP, answer.ups), Vote(row, position, up=True)),
        (_tally(texts.DOWN, answer.downs), Vote(row, position, up=False)),
    ]
    return tuple(tuple(Button(label, encode(press)) for label, press in line) for line in (ways, votes))


def _tally(sign: str, votes: int) -> str:
    if votes < 1:
        return sign
    return texts.VOTED.format(sign=sign) if votes == 1 else texts.VOTED_BY.format(sign=sign, count=votes)
