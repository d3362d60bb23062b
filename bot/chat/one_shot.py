"""Answers without a conversation: one question, or a file of them, a line each."""

import io
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from bot.answering.answerer import answer
from bot.chat.as_json import reply_as_line
from bot.chat.language import gettext, speaking_locally
from bot.chat.noting import Noting
from bot.chat.plain import reply_lines
from bot.index.corpus import Corpus
from bot.model import OnrecordError, Refusal, Reply

ANSWERED, NOT_ANSWERED = 0, 1
QUOTES_AS_JSON = 5  # where no number is asked for: a program may want to choose, a person wants the answer
QUOTES_AS_TEXT = 1


@speaking_locally()
def ask_one(
    question: str, corpus: Corpus, *, top: int | None, as_json: bool, explain: bool, noting: Noting | None = None
) -> int:
    """Prints the reply to a question, notes it where it is to be noted, and gives the exit status."""
    reply = answer(question, corpus, top=top or QUOTES_AS_JSON)
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
    if noting is not None:
        noting.note(reply)
    return ANSWERED if reply.answered else NOT_ANSWERED


@speaking_locally()
def ask_many(questions: str, corpus: Corpus, *, top: int | None, as_json: bool, explain: bool) -> int:
    """Prints a reply for each line of the file `questions` (`-` is standard input), in order, as soon as it is there.

    A blank line gets an empty reply. The exit status is that of an answer where at least one question has one.

    Raises:
        OnrecordError: the file cannot be read.
    """
    answered = False
    for question in _lines(questions):
        reply = answer(question, corpus, top=top or QUOTES_AS_JSON)
        answered = answered or reply.answered
        if as_json:
            _print_line(reply_as_line(reply, explain=explain))
        else:
            _print_line("\n".join([*_text_lines(reply, top, explain), ""]))
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
