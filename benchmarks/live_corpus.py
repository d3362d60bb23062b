"""Whether every reply is right while releases are added, changed and removed under those who ask.

    python benchmarks/live_corpus.py
    python benchmarks/live_corpus.py ../shared/senate/senate-press-releases.tar.xz

The first puts QUESTIONS questions from ASKERS threads to FILES releases in a real folder, while CHANGES of them are
added, changed or removed. A reply is right when all of its quotes are from one corpus, each quote is word for word in
a version of its file that lay in the folder at some time from GRACE seconds before the question to the answer, and it
quotes no release that was gone for longer. In the end it says how many questions, changes and wrong replies there were,
the slowest answer against the median without changes, and the seconds from a change to the first answer that knows it.

The second prints the seconds from a change to its answer for corpora of the first releases of the archive, by words
alone and, where they are few, with the encoder.
"""

import random
import statistics
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from time import monotonic, sleep

from bot.answering.answerer import answer
from bot.desk.live import LiveCorpus, open_live
from bot.index.corpus import Corpus
from bot.model import Reply

FILES, QUESTIONS, CHANGES, ASKERS = 60, 1_000, 100, 4
GRACE = 2.0  # seconds from a change to the last answer that may not know it
PAUSE = 0.3  # seconds between changes
MOST = 60.0  # seconds until a change counts as never seen
SIZES = ((10, "off"), (1_000, "off"), (5_000, "off"), (10, "auto"), (100, "auto"))


@dataclass(slots=True)
class Versions:
    """What lay in the folder when: of each file its texts, each from one time to another, and the changes in it."""

    folder: Path
    said: dict[str, list[tuple[float, str]]] = field(default_factory=dict)  # an empty text: there was none
    lock: Lock = field(default_factory=Lock)

    def write(self, name: str, text: str) -> float:
        """Writes the file, or removes it where the text is empty, and gives the time when that was done."""
        with self.lock:  # known before it is there: an answer may be quick
            self.said.setdefault(name, []).append((monotonic(), text))
        if text:
            (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")
        else:
            (self.folder / f"{name}.txt").unlink()
        return monotonic()

    def between(self, name: str, start: float, end: float) -> list[str]:
        """The texts of a file that lay in the folder at some time between the two."""
        with self.lock:
            known = list(self.said.get(name, ()))
        ends = [since for since, _ in known[1:]] + [float("inf")]
        return [text for (since, text), until in zip(known, ends, strict=True) if since <= end and until >= start]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, when it was asked and answered, and the reply with the corpus that it is from."""

    start: float
    end: float
    reply: Reply
    corpus: Corpus


def release_text(number: int, version: int) -> str:
    """A release with a fact of its own, in this version. Its paragraphs are whole or they are not right."""
    person = f"Zorvan{_letters(number)}"
    return (
        f"Harbour {_letters(number)} counts its cranes\n\n"
        f"{person} counted {1_000 + version} cranes at the harbour of {_letters(number)}.\n\n"
        f"The {1_000 + version} cranes at {_letters(number)} were built by the firm of {person}.\n"
    )


def question(number: int) -> str:
    return f"how many cranes did Zorvan{_letters(number)} count?"


def _letters(number: int) -> str:
    """A name that no other number has."""
    return "".join("bdfgklmnprstvz"[int(digit)] + "aeiou"[int(digit) % 5] for digit in f"{number:03}")


def ask(number: int, live: LiveCorpus) -> Asked:
    start = monotonic()
    corpus = live()
    reply = answer(question(number), corpus)
    return Asked(start, monotonic(), reply, corpus)


def wrong(asked: Asked, versions: Versions) -> str | None:
    """Why the reply is of no corpus that there was, or None where it is right."""
    releases = {id(release) for release in asked.corpus.releases}
    for quote in asked.reply.quotes:
        if id(quote.release) not in releases:
            return "a quote from another corpus"
        texts = versions.between(quote.release.id, asked.start - GRACE, asked.end)
        if not any(quote.text in text for text in texts):
            return f"a quote that was not in {quote.release.id} then: {quote.text}"
        if not any(quote.release.text in text for text in texts):
            return f"half a release: {quote.release.text}"
    return None


def knows(live: LiveCorpus, number: int, version: int | None) -> bool:
    """Whether the first quote is that of this version; without one, whether nothing of the release is quoted."""
    reply = answer(question(number), live())
    if version is None:
        return all(quote.release.id != f"r{number}" for quote in reply.quotes)
    return reply.answered and f" {1_000 + version} cranes" in reply.quotes[0].text


def until(there: Callable[[], bool], since: float) -> float:
    """Seconds from `since` until it is so, or infinity."""
    while not there():
        if monotonic() - since > MOST:
            return float("inf")
        sleep(0.02)
    return monotonic() - since


def change_all(live: LiveCorpus, versions: Versions, changes: int, over: Event, pause: float) -> list[float]:
    """Adds, changes and removes releases, one after the other; the seconds until each is known."""
    known = dict.fromkeys(range(FILES), 0)
    chosen, waits = random.Random(5), []
    for version in range(1, changes + 1):
        number = chosen.randrange(2 * FILES)
        gone = number in known and chosen.random() < 0.4
        done = versions.write(f"r{number}", "" if gone else release_text(number, version))
        known.pop(number, None) if gone else known.__setitem__(number, version)
        waits.append(until(lambda: knows(live, number, known.get(number)), done))  # noqa: B023
        sleep(pause)
    over.set()
    return waits


def ask_all(live: LiveCorpus, questions: int, over: Event | None = None) -> Iterator[Asked]:
    """Asks so many questions, and goes on until it is `over`."""
    chosen = random.Random(7)
    with ThreadPoolExecutor(ASKERS) as threads:
        while questions > 0 or (over is not None and not over.is_set()):
            yield from threads.map(lambda number: ask(number, live), [chosen.randrange(2 * FILES) for _ in range(20)])
            questions -= 20


@dataclass(frozen=True, slots=True)
class Result:
    """How it went: seconds, and a sentence for each reply that was wrong."""

    questions: int
    changes: int
    wrong: tuple[str, ...]
    quiet: float  # the median answer without changes
    slowest: float
    waits: tuple[float, ...]


def measured(place: Path, questions: int, changes: int, pause: float = PAUSE) -> Result:
    """Asks and changes at once in a corpus in the folder `place`."""
    versions = Versions(place / "corpus")
    versions.folder.mkdir()
    for number in range(FILES):
        versions.write(f"r{number}", release_text(number, 0))
    live = open_live([versions.folder], place / "data", "off")
    live.follow(lambda _: None)
    try:
        quiet = [one.end - one.start for one in ask_all(live, min(questions, 200))]
        over = Event()
        with ThreadPoolExecutor(1) as thread:
            changing = thread.submit(change_all, live, versions, changes, over, pause)
            asked = list(ask_all(live, questions, over))
            waits = changing.result()
    finally:
        live.close()
    reasons = tuple(reason for one in asked if (reason := wrong(one, versions)))
    slowest = max(one.end - one.start for one in asked)
    return Result(len(asked), changes, reasons, statistics.median(quiet), slowest, tuple(waits))


def show(result: Result) -> None:
    print(f"{result.questions} questions, {result.changes} changes, {len(result.wrong)} wrong replies")
    for reason in result.wrong[:10]:
        print(f"  {reason}")
    print(
        f"slowest answer {1000 * result.slowest:.0f} ms, median without changes {1000 * result.quiet:.1f} ms\n"
        f"from a change to its answer: {statistics.median(result.waits):.2f} s (median), {max(result.waits):.2f} s (worst)"
    )


def latency(archive: Path) -> None:
    """The seconds from a change to its answer, by the size of the corpus."""
    for size, encoder in SIZES:
        with tempfile.TemporaryDirectory() as place:
            versions = Versions(Path(place, "corpus"))
            versions.folder.mkdir()
            for number, raw in enumerate(_texts(archive, size)):
                (versions.folder / f"senate-{number}.txt").write_bytes(raw)
            live = open_live([versions.folder], Path(place, "data"), encoder)
            live.follow(print)
            knows(live, 1, None)  # the first question of all takes longer
            sleep(5)
            waits = []
            for version in range(1, 11):
                for known in (version, version + 100, None):
                    done = versions.write("r1", "" if known is None else release_text(1, known))
                    waits.append(until(lambda: knows(live, 1, known), done))  # noqa: B023
                    sleep(1.0)
            live.close()
        print(
            f"{size:>5} releases, encoder {encoder}: {statistics.median(waits):.2f} s (median), {max(waits):.2f} s (worst)",
            flush=True,
        )


def _texts(archive: Path, count: int) -> Iterator[bytes]:
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith(".txt") else None
            if file and (raw := file.read()).strip():
                yield raw
                count -= 1
            if not count:
                return


def main() -> None:
    if len(sys.argv) > 1:
        latency(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as place:
        result = measured(Path(place), QUESTIONS, CHANGES)
    show(result)
    if result.wrong or max(result.waits) == float("inf"):
        sys.exit(1)


if __name__ == "__main__":
    main()
