"""What is shown, on a terminal: marks on the words that matched, more on the answer, the rest kept quiet.

Text from outside is only ever put into a `rich.text.Text`, so that nothing in it is read as markup, and passes
`printable` first, so that nothing in it is obeyed. Where the console is no terminal, `bot.chat.plain` speaks.
"""

import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.chat.commands import COMMANDS
from bot.chat.language import gettext
from bot.chat.parts import Context, Help, Hint, Listing, Nearest, Note, Part, Quotes, Reasons
from bot.chat.plain import matched_words, narrow_line, part_lines
from bot.chat.wording import corrections_sentence, nearest_label, percent, printable, refusal_sentence, source_line
from bot.index.releases import Releases
from bot.model import Quote, Release, Reply, Span

# Each mark also changes more than the colour, for NO_COLOR and for eyes that do not tell colours apart.
MATCHED = "bold"
ANSWER = "bold underline green"
QUIET = "dim"
NARROW = 40  # columns; below that every one is for the text


def open_console() -> Console:
    """The console on standard output. What its encoding does not have is shown as a question mark."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False, markup=False, emoji=False)


def show_reply(reply: Reply, console: Console, *, first: int = 0, count: int = 1, explain: bool = False) -> None:
    """Prints the `count` quotes from number `first` (from 0) on, each with its source line, or why there is no answer.

    On a terminal the matched words and the answer are marked; elsewhere a quote is one line of plain text. With
    `explain` the figures that ranked the quotes follow, and a reply without an answer shows the nearest sentences.
    """
    show(Quotes(reply, first, count, explain), console)


def show(part: Part, console: Console) -> None:
    """Prints a part of a session's output."""
    if not console.is_terminal:
        for line in part_lines(part):
            console.out(line, highlight=False)
        return
    match part:
        case Quotes(reply, first, count, explain):
            _show_quotes(reply, console, first, count, explain)
        case Nearest(reply, first, count):
            _block(console, Text(nearest_label(), QUIET))
            _show_each(reply, console, first, count)
        case Context(quote, nearest):
            _show_context(quote, nearest, console)
        case Reasons(reply):
            _show_reasons(reply.quotes, 1, console)
        case Listing(releases, first, chosen):
            _show_releases(releases, first, chosen, console)
        case Help(example):
            _show_help(example, console)
        case Note(text):
            _block(console, Text(text))
        case Hint(text):
            _block(console, Text(text, QUIET))


def _show_quotes(reply: Reply, console: Console, first: int, count: int, explain: bool) -> None:
    if not reply.answered:
        _block(console, Text(refusal_sentence(reply)))
        if explain and reply.quotes:
            _block(console, Text(nearest_label(), QUIET))
    if reply.answered or explain:
        _show_each(reply, console, first, count)
    if first == 0 and reply.corrections:
        _block(console, Text(corrections_sentence(reply), QUIET))
    if explain:
        _show_reasons(reply.quotes[first : first + count], first + 1, console)


def _show_each(reply: Reply, console: Console, first: int, count: int) -> None:
    for number, quote in enumerate(reply.quotes[first : first + count], first):
        if number > first:
            console.print()
        label = f"{number + 1}. " if number or not reply.answered else ""
        before = f"{printable(quote.before.text)} " if quote.before else ""
        _block(console, Text.assemble((label + before, QUIET), "“", _marked(quote, reply.answered), "”"))
        source = f"— {source_line(quote.release)}"
        if reply.answered and number == 0:
            source = gettext("{source} · {share} sure").format(source=source, share=percent(reply.confidence))
        _block(console, Text(source, QUIET))


def _marked(quote: Quote, answered: bool) -> Text:
    """The quote with its matched words marked, and the answer in it only where the reply holds one."""
    text = Text(printable(quote.text))
    for span in quote.matched:
        text.stylize(MATCHED, *_shown(quote.text, span))
    if quote.answer and answered:
        text.stylize(ANSWER, *_shown(quote.text, quote.answer))
    return text


def _shown(text: str, span: Span) -> tuple[int, int]:
    """Where a span of the text lies in what `printable` leaves of it."""
    return len(printable(text[: span.start])), len(printable(text[: span.end]))


def _show_context(quote: Quote, nearest: bool, console: Console) -> None:
    if nearest:
        _block(console, Text(nearest_label(), QUIET))
    passage, text = quote.passage, quote.release.text
    before = _paragraphs(text[min(passage.start, quote.start) : quote.start])
    after = _paragraphs(text[quote.end : max(passage.end, quote.end)])
    _block(console, Text.assemble((before, QUIET), _marked(quote, not nearest), (after, QUIET)))
    _block(console, Text(f"— {source_line(quote.release)}", QUIET))
    if quote.release.url:
        _block(console, Text(printable(quote.release.url), QUIET))


def _paragraphs(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _show_reasons(quotes: Sequence[Quote], first: int, console: Console) -> None:
    """Figures down, quotes across, as many as there is room for; then the matched words of each.

    A figure that is zero for all of them decides nothing and is left out.
    """
    names = list(dict.fromkeys(name for quote in quotes for name, figure in quote.features.items() if figure))
    margin = _margin(console)
    name_width = max(len(name) for name in ["score", *names])
    shown = quotes[: max(1, (console.width - margin - name_width) // 9)]
    several = len(shown) > 1 or first > 1
    table = Table(box=None, show_header=several, header_style=QUIET, pad_edge=False, padding=(0, 0, 0, 2))
    table.add_column("", style=QUIET, overflow="fold")
    for number in range(first, first + len(shown)):
        table.add_column(f"{number}.", justify="right", no_wrap=True)
    table.add_row("score", *[f"{quote.score:.3g}" for quote in shown])
    for name in names:
        figures = [quote.features.get(name) for quote in shown]
        table.add_row(Text(printable(name)), *["" if figure is None else f"{figure:.3g}" for figure in figures])
    console.print(Padding.indent(table, margin))
    for number, quote in enumerate(shown, first):
        words = ", ".join(map(printable, matched_words(quote)))
        matched = gettext("matched: {words}").format(words=words) if words else gettext("matched: nothing")
        _block(console, Text(f"{number}. {matched}" if several else matched, QUIET))


def _show_releases(releases: Sequence[Release] | Releases, first: int, chosen: int | None, console: Console) -> None:
    """One line each, cut to the width: the title says enough, and `/use` says the rest."""
    for number, release in enumerate(releases, first):
        day = f"{release.published}  " if release.published and console.width >= NARROW else ""
        title = printable(release.title).strip() or printable(release.id)
        line = Text.assemble((f"{number:>3} ", "bold" if number == chosen else QUIET), (day, QUIET), title)
        line.truncate(console.width, overflow="ellipsis")
        console.print(line, no_wrap=True, overflow="ignore", crop=False)


def _show_help(example: str, console: Console) -> None:
    before, _, after = gettext("Ask a question in your own words, for example: {example}").partition("{example}")
    _block(console, Text.assemble(before, (example, "bold"), after))
    column = max(cell_len(command.usage) for command in COMMANDS) + 2 if console.width >= NARROW else 0
    for command in COMMANDS:
        space = " " * max(1, column - cell_len(command.usage))
        _block(console, Text.assemble((command.usage + space, "bold"), (command.meaning, QUIET)))
    _block(console, Text(narrow_line(example), QUIET))
    _block(console, Text(gettext("Tab completes commands and words of the releases; Ctrl-C drops the line."), QUIET))


def _block(console: Console, text: Text) -> None:
    """Prints a text wrapped between margins, with no space at the ends of its lines."""
    margin = _margin(console)
    lines: Iterable[Text] = text.wrap(console, console.width - margin)
    for line in lines:
        console.print(Text.assemble(" " * margin, line), no_wrap=True, overflow="ignore", crop=False)


def _margin(console: Console) -> int:
    return 2 if console.width >= NARROW else 0
