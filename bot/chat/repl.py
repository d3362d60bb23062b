"""The REPL: reads lines from a terminal or from a pipe, and shows what `bot.chat.session.step` says to them."""

import io
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from bot.chat.asking import from_known_source
from bot.chat.language import gettext, ngettext, speaking_locally
from bot.chat.noting import Noting
from bot.chat.parts import Hint, Part
from bot.chat.plain import part_lines
from bot.chat.session import Session, renewed, step
from bot.chat.wording import example_question, grouped, printable, refusal_sentence, source_line
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.model import OnrecordError, Refusal, Reply

PAGE = 20  # releases listed at a time


@speaking_locally()
def run_repl(
    source: Callable[[], Corpus],
    *,
    data: Path,
    top: int = 5,
    explain: bool = False,
    news: deque[str] | None = None,
    noting: Noting | None = None,
    scope: Scope | None = None,
) -> int:
    """Answers lines until they end, and gives the exit status.

    `source` gives the corpus to ask, anew for each line. On a terminal there is a prompt, with a history kept in the
    folder `data`; the sentences that come in through `news` are shown before it, and taken away. From or into a pipe
    each line is answered in plain text, and nothing else is printed. `noting` notes each question after its answer. `scope` narrows
    what is asked, until `/all`.

    Raises:
        OnrecordError: the answers cannot be written, to a full disk for example, or no release is from the source of the
            scope.
    """
    corpus = source()
    standing = from_known_source(scope, corpus.releases)
    session = Session(corpus, top=top, explain=explain, standing=standing, noting=noting)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if _is_terminal(sys.stdin) and _is_terminal(sys.stdout):
        return _converse(session, source, data, deque() if news is None else news)
    return _answer_lines(session, source, sys.stdin, sys.stdout)


def _stepped(session: Session, corpus: Corpus, line: str) -> tuple[Session, tuple[Part, ...]]:
    """What a line leads to in the corpus as it is now."""
    session, first = renewed(session, corpus)
    session, then = step(session, line)
    return session, (*first, *then)


def _note(before: Session, after: Session) -> None:
    """Notes the question that led from one session to the other, if there was one."""
    if after.noting and after.reply is not None and after.reply is not before.reply:
        after.noting.note(after.reply)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _answer_lines(session: Session, source: Callable[[], Corpus], lines: TextIO | None, out: TextIO | None) -> int:
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="replace")
    try:
        for line in lines or ():
            before = session
            session, parts = _stepped(session, source(), line)
            if out is not None and parts:
                _write([text for part in parts for text in part_lines(part)], out)
            _note(before, session)
            if session.over:
                break
    except BrokenPipeError:
        pass  # the reader has seen enough
    except KeyboardInterrupt:
        return 130
    return 0


def _write(lines: Iterable[str], out: TextIO) -> None:
    try:
        for line in lines:
            print(line, file=out)
        out.flush()
    except OSError as error:
        # What is still buffered must not fail once more when Python flushes it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise OnrecordError(f"The answer cannot be written: {error.strerror}.") from error


def _converse(session: Session, source: Callable[[], Corpus], data: Path, news: deque[str]) -> int:
    # rich takes a tenth of a second to import, which a pipe must not wait for.
    from bot.chat.render import open_console, show

    console = open_console()
    session = replace(session, page=PAGE)
    for text in greeting(session.corpus):
        console.print(text)
    read_line = input if console.is_dumb_terminal else _line_editor(source, data)
    while not session.over:
        session, changed = renewed(session, source())
        for part in (*changed, *(Hint(printable(news.popleft())) for _ in range(len(news)))):
            show(part, console)
        try:
            for line in read_line(prompt_text(session, console.width)).splitlines():
                before = session
                session, parts = _stepped(session, source(), line)
                for part in parts:
                    show(part, console)
                if parts:
                    console.print()
                _note(before, session)
        except KeyboardInterrupt:
            console.print()
        except EOFError:
            if console.is_dumb_terminal:
                console.print()
            break
    return 0


def _line_editor(source: Callable[[], Corpus], data: Path) -> Callable[[str], str]:
    from bot.chat.prompt import line_history, line_prompt

    history = line_history(data)
    if history is None:
        told = gettext("The history of this run is not kept: {folder} cannot be written.")
        print(told.format(folder=printable(str(data))))
    return line_prompt(source, history).prompt


def greeting(corpus: Corpus) -> tuple[str, str]:
    """Two lines for the start: what is loaded, and how to ask."""
    example = example_question(corpus.words)
    return _loaded(corpus), gettext("Ask, for example: {example} (more: /help)").format(example=example)


def _loaded(corpus: Corpus) -> str:
    count = len(corpus.releases)
    if count == 0:
        return refusal_sentence(Reply("", refusal=Refusal.NO_RELEASES))
    if count == 1:
        return gettext("On the record: {release}").format(release=source_line(corpus.releases[0]))
    told = ngettext("On the record: {count} release.", "On the record: {count} releases.", count)
    return told.format(count=grouped(count))


def prompt_text(session: Session, width: int) -> str:
    """The prompt, which names the release in use as far as there is room."""
    if session.release is None:
        return "> "
    room = min(32, width - 30)
    title = printable(session.release.title).strip()
    if room < 8:
        return f"[{session.number}] > "
    return f"[{session.number}: {title if len(title) <= room else title[: room - 1].rstrip() + '…'}] > "
