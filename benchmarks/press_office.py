"""What the press office costs: releases kept as Markdown and read back, notes of questions, and what is made of them.

    python benchmarks/press_office.py ../shared/senate/senate-press-releases.tar.xz

Of RELEASES releases of the archive, drawn at random, it prints how many have the same text when they are read from the
Markdown that keeps them. Then QUESTIONS made-up questions are noted: the milliseconds that a note takes, and the seconds
of grouping the open ones and of a report.
"""

import random
import statistics
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bot.desk.figures import last_days, open_questions
from bot.desk.log import open_log
from bot.desk.noted import Noted
from bot.desk.report import write_report
from bot.desk.writing import settled
from bot.model import OnrecordError
from bot.reading.files import read_draft

RELEASES, QUESTIONS = 1_500, 10_000
THINGS = "ticket ferry quay plant harbour crane budget bridge school road museum station market park river".split()
WORDS = (
    "what does the {} cost?",
    "when does the {} open?",
    "who paid for the {}?",
    "how old is the {}",
    "is the {} safe?",
)


def archived(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of an archive, by name."""
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None and member.name.endswith(".txt"):
                yield Path(member.name).name, file.read()


def kept_texts(files: list[tuple[str, bytes]]) -> tuple[int, int]:
    """How many of the files hold a release, and of how many the text is the same when it is read back."""
    read = same = 0
    for name, raw in files:
        try:
            draft = read_draft(raw, name)
            read += 1
            kept, source = settled(draft)
            same += kept.text == draft.text == read_draft(source.encode(), "kept.md").text
        except OnrecordError:
            continue
    return read, same


def main() -> None:
    chance = random.Random(1)
    files = chance.sample(list(archived(Path(sys.argv[1]))), RELEASES)
    read, same = kept_texts(files)
    print(f"{read} releases written as Markdown and read back: {same} with the same text")
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as place:
        log, notes = open_log(Path(place), 90), []
        for number in range(QUESTIONS):
            question = chance.choice(WORDS).format(" ".join(chance.sample(THINGS, 2)))
            person, asked = log.person("telegram", number % 500), now - timedelta(minutes=number)
            noted = Noted(person, "telegram", "en", question, chance.random() < 0.6, 0.5, asked_at=asked)
            start = perf_counter()
            log.note(noted)
            notes.append(1000 * (perf_counter() - start))
        notes.sort()
        print(f"a note {statistics.median(notes):.2f} ms (p50) {notes[len(notes) * 99 // 100]:.2f} ms (p99)")
        start = perf_counter()
        groups = open_questions(last_days(log, 28, now))
        print(f"the open ones of {QUESTIONS} questions in {len(groups)} groups, in {perf_counter() - start:.2f} s")
        start = perf_counter()
        write_report(Path(place) / "report.html", log, ())
        print(f"a report in {perf_counter() - start:.2f} s")
        log.close()


if __name__ == "__main__":
    main()
