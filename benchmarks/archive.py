"""The archive on disk against its peers: what it costs to build and to open, and how long a question takes.

    python benchmarks/archive.py ../shared/senate/senate-press-releases.tar.xz --work FOLDER
        [--sizes 10000,100000,400000] [--engines tantivy,haystack] [--limit 900] [--out rows.jsonl] [--plot benchmarks/archive.svg]
    python benchmarks/archive.py --out rows.jsonl --plot benchmarks/archive.svg

The first releases of a fixed shuffle of the archive, until there are so many passages. Each engine is built in a process
of its own and asked in another one. `onrecord` is the whole: the command `onrecord index` over a folder of files, then
`answer()`, which reads 60 passages sentence by sentence, 20 of more than 20,000. All others are given the terms of each passage, ready-made by
this project, and find the numbers of 60 passages; `onrecord-index` is this project's index alone, asked the same way,
and gives passages with their texts. SQLite and Haystack cut the terms, joined by spaces, in their own ways.

Build: seconds of the whole process. Disk: what it leaves. Build and ask MB: the peaks of memory of all its processes.
First: seconds from the start of a new process to its first answer, with the files in the system's cache. Then each of
the questions of archive_questions.txt once, after four others; of an engine that takes over a second for one, the first
20. An engine is stopped beyond --limit seconds for building or for asking, and beyond 8 GB. Rows are added to --out, and
a new row takes the place of an old one; without an archive the rows that are there are shown.
"""

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from archive_engines import COMMAND, ENGINES, FEW, Engine, questions, write_questions
from archive_passages import first_releases, folder_of, unpacked
from archive_plot import drawn
from archive_processes import Watched, watch

ROOT = Path(__file__).parent.parent
PROGRAM = str(ROOT / "benchmarks/archive_engines.py")
QUESTIONS = "questions.json"  # in the working folder
MEMORY = 8_000  # MB that an engine may hold
ENCODER_FROM = 400_000  # passages: below, the encoder's own benchmarks say more
LIBRARIES = ("numpy", "tantivy", "bm25s", "numba", "rank-bm25", "haystack-ai", "onnxruntime")
PATTERN = "{source}/{date:DDMonYYYY}*.txt"
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "HAYSTACK_TELEMETRY_ENABLED": "False"}


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of an engine over so many passages; None where it was `stopped` before."""

    engine: str
    size: int
    passages: int
    build: float | None = None  # seconds
    disk: float | None = None  # MB
    build_peak: float | None = None  # MB
    ask_peak: float | None = None  # MB
    first: float | None = None  # seconds
    p50: float | None = None  # milliseconds
    p95: float | None = None  # milliseconds
    questions: int = 0
    stopped: str = ""


def measured(engine: Engine, built: Row, index: Path, limit: float) -> Row:
    """The row of an engine whose index is built: opened and asked."""
    encoder = "auto" if engine.name == "onrecord-encoder" else "off"
    environment = ENVIRONMENT | {"ONRECORD_ENCODER": encoder}
    here = index.parent
    asking = ["ask", engine.name, str(index), str(here.parent / QUESTIONS), str(limit)]
    asked = watch(
        [sys.executable, PROGRAM, *asking], seconds=limit + 60, memory=MEMORY, folder=here, environment=environment
    )
    row = replace(built, engine=engine.name, ask_peak=asked.peak)
    if failure := _failure(asked, "asking"):
        return replace(row, stopped=failure)
    first = asked.first_line
    if engine.opens == COMMAND:
        command = [sys.executable, "-m", "bot", "ask", "--data", str(index), "--json", "who chairs the committee?"]
        once = watch(command, seconds=limit, memory=MEMORY, folder=here, environment=environment)
        if not once.lines:  # its status is 1 where it does not know the answer
            return replace(row, stopped="failed at the first answer")
        first = once.first_line
    times = sorted(json.loads(asked.lines[1]))
    if len(times) not in (FEW, len(questions())):
        row = replace(row, stopped=f"> {limit:.0f} s asking")
    if not times:
        return replace(row, first=first)
    return replace(
        row, first=first, p50=statistics.median(times), p95=times[len(times) * 19 // 20], questions=len(times)
    )


def built(engine: Engine, row: Row, files: Path, index: Path, limit: float) -> Row:
    """The row of an engine whose index is not built yet, with what the building took."""
    rmtree(index, ignore_errors=True)
    index.mkdir(parents=True)
    work = files.parent.parent
    if engine.build is None:
        command = ["-m", "bot", "index", str(files), "--data", str(index), "--name-pattern", PATTERN]
    else:
        command = [PROGRAM, "build", engine.name, str(work), str(row.passages), str(index)]
    done = watch([sys.executable, *command], seconds=limit, memory=MEMORY, folder=index.parent, environment=ENVIRONMENT)
    row = replace(row, build_peak=done.peak)
    if failure := _failure(done, "building"):
        return replace(row, stopped=failure)
    disk = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    row = replace(row, build=done.seconds, disk=disk / 1e6)
    if engine.build is None:  # it reads the files itself: how many passages it has found in them
        from bot.index.archive import open_archive

        row = replace(row, passages=len(open_archive(index).corpus().index))
    return row


def run(archive: Path, work: Path, sizes: Sequence[int], engines: Sequence[str], limit: float) -> Iterable[Row]:
    """Each engine over each number of passages, the small ones first."""
    names = unpacked(archive, work)
    write_questions(work / QUESTIONS)
    for size in sizes:
        releases, passages = first_releases(names, work, size)
        files = work / str(size) / "releases"
        folder_of(names[:releases], work, files)
        print(f"{passages:,} passages of {releases:,} releases", file=sys.stderr, flush=True)
        indexes: dict[str, Row] = {}
        for engine in (ENGINES[name] for name in engines):
            if engine.name == "onrecord-encoder" and size < ENCODER_FROM:
                continue
            index = work / str(size) / engine.index
            row = indexes.get(engine.index) or built(engine, Row(engine.name, size, passages), files, index, limit)
            indexes[engine.index] = row
            yield replace(row, engine=engine.name) if row.stopped else measured(engine, row, index, limit)
        for name in indexes:
            rmtree(work / str(size) / name)


def _failure(done: Watched, doing: str) -> str | None:
    if done.stopped:
        return f"{done.stopped} {doing}"
    return f"failed {doing}" if done.status else None


COLUMNS = (
    ("build s", "build", ",.1f"),
    ("disk MB", "disk", ",.0f"),
    ("build MB", "build_peak", ",.0f"),
    ("ask MB", "ask_peak", ",.0f"),
    ("first s", "first", ".2f"),
    ("p50 ms", "p50", ",.2f"),
    ("p95 ms", "p95", ",.2f"),
    ("questions", "questions", "d"),
)


def line_of(row: Row) -> str:
    """A row of the table in Markdown."""
    values = (getattr(row, field) for _, field, _ in COLUMNS)
    cells = ["-" if value is None else format(value, form) for (_, _, form), value in zip(COLUMNS, values, strict=True)]
    return f"| {row.engine} | {row.passages:,} | {' | '.join(cells)} | {row.stopped} |"


def growth(rows: Iterable[Row]) -> list[str]:
    """A line for each engine that was measured over several numbers of passages: how its figures grow."""
    lines = []
    by_engine: dict[str, list[Row]] = {}
    for row in rows:
        by_engine.setdefault(row.engine, []).append(row)
    for name, of_engine in by_engine.items():
        done = sorted((row for row in of_engine if row.p50), key=lambda row: row.size)
        if len(done) < 2:
            continue
        small, large = done[0], done[-1]
        assert small.build and large.build and small.p50 and large.p50
        lines.append(
            f"{name:<17} {large.passages / small.passages:5.1f} times the passages: "
            f"build {large.build / small.build:5.1f} times, p50 {large.p50 / small.p50:5.1f} times"
        )
    return lines


def facts() -> str:
    """The machine, the versions and the day."""
    processor = platform.processor()
    if (about := Path("/proc/cpuinfo")).exists():
        names = [line.partition(": ")[2] for line in about.read_text().splitlines() if line.startswith("model name")]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = [f"Python {platform.python_version()}", f"SQLite {__import__('sqlite3').sqlite_version}"]
    for library in LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            found.append(f"without {library}")
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {processor}, {memory:.0f} GB. {', '.join(found)}. {datetime.now(UTC):%Y-%m-%d}."


def read_rows(path: Path | None) -> dict[tuple[str, int], Row]:
    """The last row of each engine and size."""
    lines: list[Mapping[str, Any]] = (
        [json.loads(line) for line in path.read_text().splitlines()] if path and path.exists() else []
    )
    return {(row["engine"], row["size"]): Row(**row) for row in lines}


def in_order(rows: Iterable[Row]) -> list[Row]:
    """By the number of passages, then by the engine."""
    places = list(ENGINES)
    return sorted(rows, key=lambda row: (row.size, places.index(row.engine)))


def main() -> None:
    parser = argparse.ArgumentParser(description="The archive against its peers.")
    parser.add_argument("archive", type=Path, nargs="?", help="a tar of text files")
    parser.add_argument("--work", type=Path, help="a folder for what is made, kept for the next run")
    parser.add_argument("--sizes", default="10000,100000,400000", help="numbers of passages")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--limit", type=float, default=900, help="seconds for building, and for asking")
    parser.add_argument("--out", type=Path, help="a file of rows, one as JSON a line")
    parser.add_argument("--plot", type=Path, help="an SVG of the rows")
    given = parser.parse_args()
    rows = read_rows(given.out)
    head = ["engine", "passages", *(title for title, _, _ in COLUMNS), "stopped"]
    table = f"| {' | '.join(head)} |\n|{'---|' * len(head)}"
    if given.archive:
        print(facts(), flush=True)
        with TemporaryDirectory() as temporary:
            work = (given.work or Path(temporary)).resolve()
            work.mkdir(parents=True, exist_ok=True)
            sizes = sorted(map(int, given.sizes.split(",")))
            print(table, flush=True)
            for row in run(given.archive, work, sizes, given.engines.split(","), given.limit):
                print(line_of(row), flush=True)
                rows[row.engine, row.size] = row
                if given.out:
                    with given.out.open("a") as out:
                        out.write(f"{json.dumps(asdict(row))}\n")
    else:
        print("\n".join([table, *map(line_of, in_order(rows.values()))]))
    print("\n".join(growth(in_order(rows.values()))))
    shown = dict.fromkeys(row.engine for row in in_order(rows.values()))
    print(f"Before its first answer: {'; '.join(f'{name} {ENGINES[name].opens}' for name in shown)}.")
    if given.plot:
        done = [row for row in in_order(rows.values()) if row.p50]
        curves = {name: [(row.passages, row.p50 or 0) for row in done if row.engine == name] for name in ENGINES}
        given.plot.write_text(drawn({name: points for name, points in curves.items() if points}))


if __name__ == "__main__":
    main()
