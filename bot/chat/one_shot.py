"""Answers without a conversation: one question, or a file of them, a line each."""

import io
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from bot.answering.answerer import answer
from bot.chat.as_json import reply_as_line
from bot.chat.asking import ask_line, from_known_source
from bot.chat.language import gettext, speaking_locally
from bot.chat.narrowing import NarrowingError, asked_sentence
from bot.chat.noting import Noting
from bot.chat.plain import reply_lines
from bot.chat.wording import printable
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.model import OnrecordError, Refusal, Reply

ANSWERED, NOT_ANSWERED = 0, 1
QUOTES_AS_JSON = 5  # where no number is asked for: a program may want to choose, a person wants the answer
QUOTES_AS_TEXT = 1


@speaking_locally()
def ask_one(
    question: str,
    corpus: Corpus,
    *,
    top: int | None,
    as_json: bool,
    explain: bool,
    scope: Scope | None = None,
    noting: Noting | None = None,
) -> int:
    """Prints the reply to a question, notes it where it is to be noted, and gives the exit status.

    `scope` and the operators in the question narrow what is asked.

    Raises:
        OnrecordError: the question cannot be narrowed so.
    """
    standing = from_known_source(scope, corpus.releases)
    reply, asked = ask_line(question, corpus, standing, ask=answer, top=top or QUOTES_AS_JSON)
    if as_json:
        _print_line(reply_as_line(reply, explain=explain))
    elif sys.stdout.isatty():
        from bot.chat.render import open_console, show_reply

        show_reply(reply, open_console(), count=top or QUOTES_AS_TEXT, explain=explain)
        if reply.refusal is Refusal.NOT_ON_RECORD and reply.quotes and not explain:
            print(gettext("The nearest sentences: the same with --explain."), file=sys.stderr)
    else:
        for line in _text_lines(reply, top, explain):
            _print_line(line)
    if not as_json and reply.refusal is Refusal.NOT_ON_RECORD and (narrowed := asked_sentence(asked)):
        print(narrowed, file=sys.stderr)
    if noting is not None:
        noting.note(reply)
    return ANSWERED if reply.answered else NOT_ANSWERED


@speaking_locally()
def ask_many(
    questions: str, corpus: Corpus, *, top: int | None, as_json: bool, explain: bool, scope: Scope | None = None
) -> int:
    """Prints a reply for each line of the file `questions` (`-` is standard input), in order, as soon as it is there.

    A blank line gets an empty reply, and so does one that cannot be narrowed as it says, with the reason on standard
    error, or in its place in plain text. The exit status is that of an answer where at least one question has one.

    Raises:
        OnrecordError: the file cannot be read, or no release is from the source of the scope.
    """
    answered = False
    standing = from_known_source(scope, corpus.releases)
    for number, question in enumerate(_lines(questions), 1):
        try:
            reply, _ = ask_line(question, corpus, standing, ask=answer, top=top or QUOTES_AS_JSON)
            lines = _text_lines(reply, top, explain)
        except NarrowingError as error:
            reply, lines = Reply(question, refusal=Refusal.EMPTY), [printable(str(error))]
            if as_json:
                print(f"{number}: {lines[0]}", file=sys.stderr)
        answered = answered or reply.answered
        _print_line(reply_as_line(reply, explain=explain) if as_json else "\n".join([*lines, ""]))
    return ANSWERED if answered else NOT_ANSWERED


def _text_lines(reply: Reply, top: int | None, explain: bool) -> list[str]:
    return reply_lines(reply, count=top or QUOTES_AS_TEXT, explain=explain)


def _print_line(line: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    print(line, flush=True)


def _lines(questions: str) -> Iterator[str]:
    try:
        with nullcontext(sys.stdin.buffer) if questions == "-" else Path(questions).open("rb") as lines:
            for number, line in enumerate(lines):
                yield line.decode("utf-8-sig" if number == 0 else "utf-8", errors="replace").rstrip("\r\n")
    except OSError as error:
        raise OnrecordError(f"Cannot read the questions: {error.strerror or error}. Name a file, or - .") from error
