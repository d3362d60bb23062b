"""`onrecord eval`: reads the sets, asks, prints the figures, writes the page."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.wording import printable
from bot.model import OnrecordError

if TYPE_CHECKING:
    from bot.answering.encoder import Understanding
    from bot.evaluation.asking import Outcome
    from bot.evaluation.sets import OpenSet, SelectionSet
    from bot.index.corpus import Corpus

EXTRA = ("ir_measures", "jinja2", "pygal", "sklearn")


def evaluate(
    paths: Sequence[Path],
    data: Path,
    encoder: str = "auto",
    *,
    foreign: Sequence[Path] = (),
    slips: bool = False,
    as_json: bool = False,
    report: Path | None = None,
) -> None:
    """Prints the figures of each set as it is done, a line of a table or a JSON object each.

    Args:
        paths: the sets, see `read_set`.
        data: where snapshots of corpora and vectors of their sentences are kept.
        encoder: what `ONRECORD_ENCODER` says, see `open_encoder`.
        foreign: folders of releases that all questions are put to in place of their own.
        slips: whether to put a slip of typing into each question.
        as_json: whether to print JSON.
        report: the HTML file to write, with all sets.

    Raises:
        OnrecordError: a set, a folder or the extra `evaluation` is not there, or the report cannot be written.
    """
    if not all(map(find_spec, EXTRA)):
        raise OnrecordError("Measuring needs a few more libraries: pip install 'onrecord[evaluation]'")
    from bot.answering.encoder import open_encoder
    from bot.evaluation import table
    from bot.evaluation.figures import ask_set, figures_of_questions, figures_of_sentences
    from bot.evaluation.report import Measured, check_target, measured_questions, write_report
    from bot.evaluation.sets import SentenceSet, read_set

    sets = [read_set(path) for path in paths]
    sentences = [one for one in sets if isinstance(one, SentenceSet)]
    if sentences and (foreign or slips):
        option = "--corpus" if foreign else "--slips"
        raise OnrecordError(
            f"{option} is for sets of questions, and {sentences[0].name} has none: leave one of them out."
        )
    if report:
        check_target(report)
    opened = open_encoder(encoder)
    if opened.note:
        print(opened.note, file=sys.stderr)
    other = _open(foreign, data, opened) if foreign else None
    name_of_other = ", ".join(_name(folder) for folder in foreign) or None
    width = max(18, *(len(one.name) for one in sets))
    heads: dict[str, str] | None = None
    done: list[Measured] = []
    for one in sets:
        if isinstance(one, SentenceSet):
            figures = figures_of_sentences(one)
            done.append(Measured(figures))
        else:
            corpus = other or _corpus_of(one, data, opened)
            asked = ask_set(
                one,
                corpus,
                foreign=other is not None,
                slips=slips,
                progress=partial(_shown, one.name),
            )
            figures = figures_of_questions(one, asked, corpus=name_of_other, slips=slips)
            done.append(measured_questions(figures, asked, corpus) if report else Measured(figures))
        if as_json:
            print(json.dumps(asdict(figures)), flush=True)
            continue
        if table.columns(figures) != heads:
            heads = table.columns(figures)
            print(table.head_line(figures, width))
        print(table.line(figures, width), flush=True)
    if report:
        write_report(report, done)


def _corpus_of(one: "OpenSet | SelectionSet", data: Path, understanding: "Understanding") -> "Corpus":
    from bot.evaluation.selection import selection_corpus
    from bot.evaluation.sets import SelectionSet

    if isinstance(one, SelectionSet):
        return _encoded(selection_corpus(one.rows), data, understanding)
    return _open([one.corpus], data, understanding)


def _open(folders: Sequence[Path], data: Path, understanding: "Understanding") -> "Corpus":
    from bot.index.snapshot import open_corpus

    corpus, warnings = open_corpus(folders, data)
    for warning in warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    return _encoded(corpus, data, understanding)


def _encoded(corpus: "Corpus", data: Path, understanding: "Understanding") -> "Corpus":
    corpus = replace(corpus, reader=understanding.reader)
    if understanding.encoder is None:
        return corpus
    from bot.answering.meaning import with_meaning
    from bot.chat.progress import encoding_shown

    with encoding_shown() as told:
        return with_meaning(corpus, understanding.encoder, data, told)


def _name(folder: Path) -> str:
    """The name of a folder of releases; that of its set where it is only called corpus."""
    resolved = folder.resolve()
    return resolved.parent.name if resolved.name == "corpus" else resolved.name


def _shown(name: str, asked: "Iterable[Outcome]", total: int) -> "Iterable[Outcome]":
    """The outcomes, with a bar on standard error while they come, where that is a terminal."""
    if not sys.stderr.isatty():
        return asked
    from rich.console import Console
    from rich.progress import track

    return track(asked, printable(name), total, console=Console(stderr=True, markup=False), transient=True)
