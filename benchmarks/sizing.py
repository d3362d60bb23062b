"""How many machines: from what a passage and a question cost to nodes, disks and memory.

    python benchmarks/sizing.py                    prints the tables
    python benchmarks/sizing.py docs/scaling.md    writes them into the page, between its marks

The measured figures stand in `sizing.json`, each with where it is from; the rules below are assumptions. docs/scaling.md
says both in words.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import ceil
from pathlib import Path

FIGURES = Path(__file__).with_name("sizing.json")
BEGIN, END = "<!-- benchmarks/sizing.py begins -->", "<!-- benchmarks/sizing.py ends -->"

PASSAGES = (1, 10, 100)  # millions
QUESTIONS = (30, 300, 3_000)  # a second, at the busiest time
MACHINES = ((4, 16), (8, 32), (16, 64), (32, 128))  # cores, GB of memory
FEW = 6  # nodes, above which larger machines are taken, as long as there are any
BUSY = 0.5  # of the processors, at most, while every machine is there
BUSY_AFTER_LOSS = 0.75  # the same with one machine lost
SHARD_GB, SHARD_MS = 30, 50  # a shard is no larger, and a search in it takes no longer
HEAP_GB = 31  # beyond it Java's pointers are twice as long; below it, half of the memory
SYSTEM_GB = 1  # what the rest of a machine needs
HOT = 0.5  # of an index's bytes, what questions read again and again: it lies in the memory that is not heap
ROOM = 2  # an index made anew lies beside the old one until it takes its place
FULL = 0.7  # of a disk, at most: OpenSearch moves shards away at 0.85
COPIES = 2  # of every shard, at least
FILLING_CORES = 8  # that cut releases into passages when the index is made
DATABASE_GB = 4  # of memory for each core of PostgreSQL
MEAN = 0.25  # of the busiest time, what is asked on average
DAYS = 90  # ONRECORD_RETENTION_DAYS
TOKEN = 30  # messages a second, Telegram's own limit for a bot


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; `sizing.json` says what each is. Milliseconds are of one core."""

    bytes_a_passage: float
    passages_a_core_second: float
    indexing_ms_a_passage: float
    search_ms: float
    search_ms_a_shard: float
    search_ms_a_million: float
    bot_ms_by_words: float
    bot_ms_with_encoder: float
    bot_mb: float
    database_ms: float
    database_bytes: float


@dataclass(frozen=True, slots=True)
class Nodes:
    """The data nodes of a cluster: how many, of which size, and how many copies of each shard they hold together."""

    count: int
    cores: int
    memory_gb: int
    shards: int
    copies: int
    busy_cores: float
    cache_gb: float  # a node: what of its memory the hot part of its shards takes
    disk_gb: float  # a node


def read_figures(path: Path = FIGURES) -> tuple[Figures, tuple[str, ...]]:
    """The figures, and the names of those that are preliminary."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    preliminary = tuple(name for name, entry in entries.items() if entry["from"] == "preliminary")
    return Figures(**{field.name: float(entries[field.name]["value"]) for field in fields(Figures)}), preliminary


def heap_gb(memory_gb: int) -> int:
    """Java's share of a machine's memory."""
    return min(HEAP_GB, memory_gb // 2)


def cache_gb(memory_gb: int) -> int:
    """What is left of a machine's memory for the files that are read."""
    return memory_gb - heap_gb(memory_gb) - SYSTEM_GB


def size_gb(millions: float, figures: Figures) -> float:
    """One copy of the index."""
    return millions * 1e6 * figures.bytes_a_passage / 1e9


def shards(millions: float, figures: Figures) -> int:
    """As many as keep each of them small and quick."""
    return max(1, ceil(size_gb(millions, figures) / SHARD_GB), ceil(millions * figures.search_ms_a_million / SHARD_MS))


def search_cores(millions: float, questions: float, figures: Figures) -> float:
    """The cores that are busy with so many questions a second."""
    each = figures.search_ms + figures.search_ms_a_shard * shards(millions, figures)
    return questions * (each + figures.search_ms_a_million * millions) / 1_000


def nodes(millions: float, questions: float, figures: Figures) -> Nodes:
    """The fewest nodes, of the smallest machines of which a few are enough."""
    found = [
        _nodes(cores, memory, millions, questions, figures)
        for cores, memory in MACHINES
        if size_gb(millions, figures) * HOT / shards(millions, figures) <= cache_gb(memory)
    ]
    return next((few for few in found if few.count <= FEW), found[-1])


def _nodes(cores: int, memory_gb: int, millions: float, questions: float, figures: Figures) -> Nodes:
    """The fewest nodes of this kind; the hot part of one shard fits into the memory of one."""
    busy, parts, size = (
        search_cores(millions, questions, figures),
        shards(millions, figures),
        size_gb(millions, figures),
    )
    count = max(2, ceil(busy / cores / BUSY), ceil(busy / cores / BUSY_AFTER_LOSS) + 1)
    while size * HOT * _copies(count, parts) / count > cache_gb(memory_gb):
        count += 1
    held = size * _copies(count, parts) / count
    return Nodes(count, cores, memory_gb, parts, _copies(count, parts), busy, held * HOT, held * ROOM / FULL)


def _copies(count: int, parts: int) -> int:
    """Enough that each node holds a shard: one without any would have nothing to do."""
    return max(COPIES, ceil(count / parts))


def bots(questions: float, milliseconds: float) -> int:
    """Processes: one ranks on one core."""
    return max(2, ceil(questions * milliseconds / 1_000 / BUSY))


def tables(figures: Figures, preliminary: Sequence[str]) -> str:
    """All tables, in Markdown."""
    parts = []
    if preliminary:
        parts.append(f"**Preliminary**: not measured yet are {', '.join(f'`{name}`' for name in preliminary)}.")
    parts.append(
        _table(
            (
                "passages",
                "one copy",
                "shards",
                "a question, OpenSearch",
                f"cut by {FILLING_CORES} cores",
                "taken in by OpenSearch",
            ),
            (_index_row(millions, figures) for millions in PASSAGES),
        )
    )
    parts.append(
        _table(
            (
                *("passages", "questions a second", "busy cores", "data nodes", "a node", "heap", "page cache", "disk"),
                "shards x copies",
            ),
            (_nodes_row(m, q, nodes(m, q, figures)) for m in PASSAGES for q in QUESTIONS),
        )
    )
    parts.append(
        _table(
            (
                "questions a second",
                "bots by words",
                "bots with the encoder",
                "PostgreSQL",
                "its disk",
                "Telegram tokens",
            ),
            (_questions_row(questions, figures) for questions in QUESTIONS),
        )
    )
    return "\n\n".join(parts)


def _index_row(millions: float, figures: Figures) -> tuple[str, ...]:
    hours = millions * 1e6 / figures.passages_a_core_second / FILLING_CORES / 3_600
    taking = millions * 1e6 * figures.indexing_ms_a_passage * COPIES / 1_000 / 3_600
    return (
        f"{millions} million",
        _gb(size_gb(millions, figures)),
        str(shards(millions, figures)),
        f"{search_cores(millions, 1, figures) * 1_000:,.0f} ms of a core",
        f"{hours:.2f} h",
        f"{taking:.1f} core hours",
    )


def _nodes_row(millions: int, questions: int, found: Nodes) -> tuple[str, ...]:
    return (
        f"{millions} million",
        f"{questions:,}",
        f"{found.busy_cores:,.1f}",
        str(found.count),
        f"{found.cores} cores, {found.memory_gb} GB",
        f"{heap_gb(found.memory_gb)} GB",
        _gb(found.cache_gb),
        _gb(found.disk_gb),
        f"{found.shards} x {found.copies}",
    )


def _questions_row(questions: int, figures: Figures) -> tuple[str, ...]:
    cores = max(2, ceil(questions * figures.database_ms / 1_000 / BUSY))
    kept = questions * MEAN * 86_400 * DAYS * figures.database_bytes / 1e9 / FULL
    return (
        f"{questions:,}",
        *(
            f"{count:,} cores, {_gb(count * figures.bot_mb / 1_000)}"
            for count in (bots(questions, figures.bot_ms_by_words), bots(questions, figures.bot_ms_with_encoder))
        ),
        f"{cores} cores, {DATABASE_GB * cores} GB",
        _gb(kept),
        f"{ceil(questions / TOKEN)}",
    )


def _gb(amount: float) -> str:
    return f"{amount / 1_000:,.1f} TB" if amount >= 1_000 else f"{max(1, ceil(amount)):,} GB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main(page: Path | None) -> None:
    found = tables(*read_figures())
    if page is None:
        print(found)
        return
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
