"""The log as files for others: CSV for a spreadsheet, JSON for a program, votes as a set for `onrecord eval`."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.desk.aside import check_file, check_folder, file_aside, folder_aside
from bot.desk.log import QuestionLog
from bot.desk.noted import Question, Vote
from bot.desk.writing import as_plain, written
from bot.index.releases import Releases
from bot.model import OnrecordError, Release
from bot.reading.draft import Draft
from bot.reading.files import read_release
from bot.reading.ids import slug

_COLUMNS = (
    "id", "asked_at", "person", "way", "language", "question", "answered", "confidence", "release", "title", "quote",
    "up", "down",
)  # fmt: skip
_CSV_MARK = ",".join(_COLUMNS).encode("utf-8-sig")
_JSON_MARKS = (b'[\n{"id": ', b"[\n]\n")
_RUN = tuple("=+-@\t\r＝＋－＠")  # how a cell begins that a spreadsheet may take for a formula
_ABOUT = """\
# Votes as an evaluation set

Made by `onrecord export`: questions that people asked, with the sentences that more of them found right than wrong, and
the releases that say so. Measure the answers: `onrecord eval` with the name of this folder.
"""


def export_csv(path: Path, log: QuestionLog) -> int:
    """Writes a row for each question that is kept, with the number of its votes, and gives how many there are.

    The file is in UTF-8 with a mark by which Excel knows that. Times are UTC, in the form of ISO 8601. A cell that a
    spreadsheet would run has an apostrophe before it.

    Raises:
        OnrecordError: the log cannot be read, the file is something else, or it cannot be written.
    """
    check_file(path, _CSV_MARK)
    count = 0
    with log.everything() as (questions, votes), file_aside(path, "utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS)
        for count, (one, cast) in enumerate(_with_votes(questions, votes), start=1):  # noqa: B007 - the last is the sum
            values = {**_plain(one), "answered": int(one.answered), "up": sum(vote.up for vote in cast)}
            values["down"] = len(cast) - sum(vote.up for vote in cast)
            rows.writerow([_defused(values[column]) for column in _COLUMNS])
    return count


def export_json(path: Path, log: QuestionLog) -> int:
    """Writes an array with an object for each question that is kept, one a line, with its votes; gives how many.

    Raises:
        OnrecordError: the log cannot be read, the file is something else, or it cannot be written.
    """
    check_file(path, *_JSON_MARKS)
    count = 0
    with log.everything() as (questions, votes), file_aside(path) as file:
        file.write("[")
        for count, (one, cast) in enumerate(_with_votes(questions, votes), start=1):
            mine = [{name: value for name, value in _plain(vote).items() if name != "question"} for vote in cast]
            file.write(",\n" if count > 1 else "\n")
            json.dump(_plain(one) | {"votes": mine}, file, ensure_ascii=False)
        file.write("\n]\n")
    return count


def export_votes(folder: Path, log: QuestionLog, known: Releases) -> int:
    """Writes a set that `onrecord eval` reads, and gives how many questions it has.

    The answers to a question are the sentences with more votes for them than against, as far as their release still has
    them word for word; it is copied as it is now. A question that has none is left out.

    Raises:
        OnrecordError: no question is left, the log cannot be read, the folder holds something else, or it cannot be
            written.
    """
    check_folder(folder, "README.md", _ABOUT.splitlines()[0].encode())
    rows, copies = _voted_right(log, known)
    if not rows:
        raise OnrecordError(
            "There are no votes to export: no sentence of the releases has more for it than against it."
        )
    with folder_aside(folder) as aside:
        corpus = aside / "corpus"
        corpus.mkdir()
        for number, (release, (ending, source)) in enumerate(sorted(copies.items()), start=1):
            # A number before it, for an id may be a name that no file can have, or that is passed over.
            (corpus / f"{number:03}-{slug(release)}{ending}").write_text(source, encoding="utf-8", newline="\n")
        with (aside / "questions.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            for question, answers in rows.items():
                row = {"question": question, "answers": answers, "paragraph": None}
                file.write(f"{json.dumps(row, ensure_ascii=False)}\n")
        (aside / "README.md").write_text(_ABOUT, encoding="utf-8", newline="\n")
    return len(rows)


def _voted_right(log: QuestionLog, known: Releases) -> tuple[dict[str, list[str]], dict[str, tuple[str, str]]]:
    """The questions with their right sentences, and the copies of the releases that hold these."""
    sums: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    wordings: dict[str, str] = {}
    with log.everything() as (questions, votes):
        for one, cast in _with_votes(questions, votes):
            asked = one.question.casefold()
            for vote in cast:
                wordings.setdefault(asked, one.question)
                sums[asked][vote.release, vote.quote] += 1 if vote.up else -1
    rows: dict[str, list[str]] = {}
    copies: dict[str, tuple[str, str]] = {}
    for asked, balance in sums.items():
        right = []
        for (name, quote), votes_for in balance.items():
            release = known.find(name) if votes_for > 0 else None
            if release and quote in release.text and (copied := copies.get(name) or _copy(release)):
                copies[name] = copied
                right.append(quote)
        if right:
            rows[wordings[asked]] = list(dict.fromkeys(right))
    return rows, copies


def _copy(release: Release) -> tuple[str, str] | None:
    """The ending of a file and its content, which is read back as this release; None where there is no such."""
    draft = Draft(
        text=release.text,
        title=release.title,
        id=release.id,
        published=release.published,
        source=release.source,
        place=release.place,
        wire=release.wire,
        url=release.url,
    )
    plain = as_plain(draft)
    for ending, source in ((".md", written(draft)), (".txt", plain)):
        if source and read_release(source.encode(), f"copy{ending}")[0].text == release.text:
            return ending, source
    return None


def _with_votes(questions: Iterable[Question], votes: Iterable[Vote]) -> Iterator[tuple[Question, list[Vote]]]:
    """Each question with its votes; both come in the order of the questions."""
    waiting = iter(votes)
    vote = next(waiting, None)
    for one in questions:
        cast = []
        while vote is not None and vote.question == one.id:
            cast.append(vote)
            vote = next(waiting, None)
        yield one, cast


def _plain(one: Question | Vote) -> dict[str, object]:
    """The fields of a row, times in the form of ISO 8601."""
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in asdict(one).items()}


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _defused(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUN) else cell
