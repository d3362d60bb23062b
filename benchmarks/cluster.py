"""An archive in a cluster: what it costs to put it there, what it finds, and how long a question takes.

    python benchmarks/cluster.py ../shared/senate/senate-press-releases.tar.xz --work FOLDER
        [--data FOLDER] [--parts 0.1,1] [--sample 10000] [--urls URL,URL]

The cluster is two nodes of OpenSearch on loopback with a heap of 1 GB each, or that of --urls; there the indices
`benchmark-…` are made, and taken away at the end. `--data` names an archive on disk of all releases that is there
already; it is copied, not changed.

Builds: `onrecord index --to` of an archive on disk that is up to date, less what the same command takes without --to.
The bytes are of one copy, after all is written and before any merge is asked for. Agreement: the ten best passages of
each question of archive_questions.txt, in pairs of rank-bm25 in memory, the archive on disk and that in the cluster:
the share that both have, in how many questions they are the same in the same order, and the largest difference of two
scores at the same place. Latency: each question once, in one process, of an index that was just opened; the median of
three rounds, after one that warms. The processor time of the nodes is what they say of themselves, less what they take
at rest. The last line says how it grows with the passages, for `sizing.json`.
"""

import argparse
import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from shutil import copytree, rmtree
from statistics import mean, median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from archive import PATTERN, facts  # noqa: E402
from archive_engines import questions, terms_of  # noqa: E402
from archive_passages import first_releases, folder_of, unpacked  # noqa: E402
from cluster_bots import environment  # noqa: E402
from opensearch_nodes import OpenSearch  # noqa: E402
from service_processes import service_folder  # noqa: E402

from bot.answering.answerer import MANY, PASSAGES, PASSAGES_OF_MANY, answer  # noqa: E402
from bot.chat.indexing import DONE, NOT_ALL  # noqa: E402
from bot.index.address import Address  # noqa: E402
from bot.index.archive import open_archive  # noqa: E402
from bot.index.base import PassageIndex  # noqa: E402
from bot.index.cluster import open_cluster  # noqa: E402
from bot.index.corpus import Corpus, build_corpus  # noqa: E402
from bot.index.nodes import Nodes, reach  # noqa: E402

TOP = 10
REST = 3.0  # seconds for which the nodes are looked at while nothing is asked
HEAP = "1g"
ROUNDS = 3
SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Built:
    """What it took to put an archive into the cluster. Seconds, bytes of one copy, and MB of heap of each node."""

    releases: int
    passages: int
    seconds: float
    client_cpu: float
    nodes_cpu: float
    size: int
    heap: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of a question: the median, 19 of 20, and of processor, here and in the nodes."""

    p50: float
    p95: float
    client_cpu: float
    nodes_cpu: float


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """Where an archive is asked, in which engine, and how it is opened."""

    label: str
    engine: str
    opened: Callable[[], Corpus]
    nodes: Nodes | None


Ask = Callable[[str, Corpus], object]


@contextmanager
def cluster(urls: str | None) -> Iterator[tuple[str, ...]]:
    """The addresses of a cluster: those that are given, or of one that is started for it."""
    if urls:
        yield tuple(urls.split(","))
        return
    with service_folder() as folder, OpenSearch(folder / "opensearch", heap=HEAP, quick=False) as started:
        started.wait("green")
        yield tuple(started.urls)


def command(*words: str, name: str = "onrecord") -> tuple[float, float]:
    """Runs `onrecord` to its end; the seconds that it takes, and those of processor. Ends this program where it fails.

    That the files of an archive are gone, of which it is made, is no failure.
    """
    used, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=environment(ONRECORD_INDEX_NAME=name, ONRECORD_ENCODER="off"),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (DONE, NOT_ALL) or not done.stdout:
        sys.exit(f"onrecord {' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return seconds, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def archive_of(names: Sequence[str], work: Path, label: str) -> Path:
    """The data folder of an archive on disk of these releases, which is made where it is not there."""
    data, files = work / "cluster" / label, work / "cluster" / f"{label}-files"
    if not (data / "index" / "commit").exists():
        rmtree(data, ignore_errors=True)
        folder_of(names, work, files)
        command("index", str(files), "--name-pattern", PATTERN, "--data", str(data))
    return data


def build(data: Path, nodes: Nodes) -> Built:
    """Puts an archive on disk into the cluster."""
    looks, looking = command("index", "--data", str(data))
    before = nodes_cpu(nodes)
    to = ",".join(nodes.address.urls)
    seconds, client = command("index", "--data", str(data), "--to", to, name=nodes.address.name)
    after = nodes_cpu(nodes)
    every = f"{nodes.address.name}-*"
    nodes.client.indices.flush(index=every)
    size = nodes.client.indices.stats(index=every, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    corpus = open_cluster(nodes.address).corpus()
    said = nodes.client.nodes.stats(metric="jvm")["nodes"].values()
    heap = tuple(node["jvm"]["mem"]["heap_used_in_bytes"] / 2**20 for node in said)
    spent = client - looking
    return Built(len(corpus.releases), len(corpus.index), seconds - looks, spent, after - before, size, heap)


def nodes_cpu(nodes: Nodes) -> float:
    """Seconds of processor that the nodes have used."""
    said = nodes.client.nodes.stats(metric="process")["nodes"].values()
    return sum(int(node["process"]["cpu"]["total_in_millis"]) for node in said) / 1_000


def agreement(indexes: dict[str, PassageIndex]) -> Iterator[str]:
    """A line for each pair of indices."""
    tops = {
        name: [index.search(terms_of(question), TOP) for question in questions()] for name, index in indexes.items()
    }
    for one, other in combinations(tops, 2):
        shares, same, most = list[float](), 0, 0.0
        for left, right in zip(tops[one], tops[other], strict=True):
            mine, theirs = ([(passage.release.id, passage.start) for passage, _ in top] for top in (left, right))
            shares.append(len({*mine} & {*theirs}) / max(1, len(mine), len(theirs)))
            same += mine == theirs
            for (_, score), (_, about) in zip(left, right, strict=False):
                most = max(most, abs(score - about) / score)
        yield (
            f"{one} and {other}: {mean(shares):.4f} of the best {TOP} in common, the same in {same} of {len(shares)} "
            f"questions, scores differ by {most:.2%} at most"
        )


def latency(where: Sequence[Place]) -> Iterator[tuple[Place, Asked, Asked]]:
    """What a search and an answer cost at each place: the medians of ROUNDS in which all are asked in turns."""
    found: dict[tuple[Place, Ask], list[Asked]] = {}
    for turn in range(ROUNDS + 1):
        for place in where:
            for ask in (search, whole):
                asked = _asked(ask, place.opened(), place.nodes)
                found.setdefault((place, ask), []).extend([asked] if turn else [])
    for place in where:
        yield place, _middle(found[place, search]), _middle(found[place, whole])


def search(question: str, corpus: Corpus) -> object:
    """Finds as many passages as are read for an answer."""
    many = len(corpus.index) > MANY
    return corpus.index.search(terms_of(question), PASSAGES_OF_MANY if many else PASSAGES)


def whole(question: str, corpus: Corpus) -> object:
    """Answers."""
    return answer(question, corpus, top=5)


def _asked(ask: Ask, corpus: Corpus, nodes: Nodes | None) -> Asked:
    start, at_rest = time.perf_counter(), nodes_cpu(nodes) if nodes else 0.0
    time.sleep(REST if nodes else 0)
    began, before, used = time.perf_counter(), nodes_cpu(nodes) if nodes else 0.0, time.process_time()
    idle = (before - at_rest) / (began - start)
    times = []
    for question in questions():
        asked = time.perf_counter()
        ask(question, corpus)
        times.append(1_000 * (time.perf_counter() - asked))
    took, client = time.perf_counter() - began, time.process_time() - used
    spent = nodes_cpu(nodes) - before - idle * took if nodes else 0.0
    times.sort()
    each = 1_000 / len(times)
    return Asked(median(times), times[len(times) * 19 // 20], client * each, spent * each)


def _middle(several: Sequence[Asked]) -> Asked:
    """The medians of each figure."""
    return Asked(*(median(values) for values in zip(*map(astuple, several), strict=True)))


def growth(measured: Sequence[tuple[int, Asked, Asked]]) -> str:
    """How the nodes' processor time for a question grows with the passages, by the first and the last archive.

    Only the search grows: what else an answer asks of the nodes is as much in an archive of any size.
    """
    (few, cheap, _), (many, dear, dearest) = measured[0], measured[-1]
    steep = (dear.nodes_cpu - cheap.nodes_cpu) / (many - few)
    return f"search_ms {dearest.nodes_cpu - steep * many:.1f}, search_ms_a_million {steep * 1e6:.1f}"


def forget(nodes: Nodes) -> None:
    """Takes the indices of an archive away."""
    nodes.client.indices.delete(index=f"{nodes.address.name}-*", ignore_unavailable=True, request_timeout=60)


def archives(tar: Path, work: Path, sample: int, parts: Sequence[float], whole: Path | None) -> dict[str, Path]:
    """The archives on disk by the share of the releases that each has, the sample first."""
    names = unpacked(tar, work)
    found = {SAMPLE: archive_of(names[: first_releases(names, work, sample)[0]], work, f"sample-{sample}")}
    for part in parts:
        if part == 1 and whole:
            copy = work / "cluster" / "given"
            rmtree(copy, ignore_errors=True)
            found["1"] = copytree(whole, copy)
        else:
            found[f"{part:g}"] = archive_of(names[: round(len(names) * part)], work, f"part-{part:g}")
    return found


def told(label: str, row: Built) -> str:
    """What it took to put an archive there, in words."""
    heap = ", ".join(f"{mb:.0f}" for mb in row.heap)
    return (
        f"{label}: {row.releases:,} releases, {row.passages:,} passages: {row.seconds:.1f} s, "
        f"{row.passages / row.seconds:,.0f} passages a second, {row.passages / row.client_cpu:,.0f} a second of the "
        f"command's processor, {1_000 * row.nodes_cpu / row.passages:.3f} ms of the nodes' processor a passage (all "
        f"copies), {row.size / row.passages:.0f} bytes a passage (one copy), heap {heap} MB"
    )


def measure(found: Mapping[str, Path], way: Mapping[str, Nodes]) -> None:
    """Puts each archive into the cluster, and prints all that there is to say of it."""
    places, sizes = list[Place](), dict[str, int]()
    for label, data in found.items():
        row = build(data, way[label])
        print(told(label, row), flush=True)
        disk = Place(label, "disk", partial(_on_disk, data), None)
        there = Place(label, "cluster", partial(_in_cluster, way[label]), way[label])
        indexes: dict[str, PassageIndex] = {one.engine: one.opened().index for one in (disk, there)}
        if label == SAMPLE:
            indexes = {"memory": build_corpus(disk.opened().releases).index, **indexes}
        for line in agreement(indexes):
            print(f"{label}: {line}", flush=True)
        sizes[label] = row.passages
        places += [disk, there]
    grown = []
    for place, *costs in latency(places):
        for what, asked in zip(("search", "answer"), costs, strict=True):
            print(
                f"{place.label}: {place.engine} {what}: p50 {asked.p50:.1f} ms, p95 {asked.p95:.1f} ms; processor a "
                f"question: {asked.client_cpu:.1f} ms here, {asked.nodes_cpu:.1f} ms in the nodes",
                flush=True,
            )
        if place.nodes and place.label != SAMPLE:
            grown.append((sizes[place.label], costs[0], costs[1]))
    if len(grown) > 1:
        print(growth(grown))


def _on_disk(data: Path) -> Corpus:
    return open_archive(data).corpus()


def _in_cluster(nodes: Nodes) -> Corpus:
    return open_cluster(nodes.address).corpus()


def main() -> None:
    parser = argparse.ArgumentParser(description="An archive in a cluster.")
    parser.add_argument("archive", type=Path, help="a tar of text files")
    parser.add_argument("--work", type=Path, help="a folder for what is made, kept for the next run")
    parser.add_argument("--data", type=Path, help="an archive on disk of all releases")
    parser.add_argument("--parts", default="0.1,1", help="shares of the releases")
    parser.add_argument("--sample", type=int, default=10_000, help="passages that are put into memory, too")
    parser.add_argument("--urls", help="the nodes of a cluster that runs")
    given = parser.parse_args()
    gc.set_threshold(50_000)  # as the command of this project does
    with ExitStack() as stack:
        work = (given.work or Path(stack.enter_context(TemporaryDirectory()))).resolve()
        work.mkdir(parents=True, exist_ok=True)
        found = archives(
            given.archive, work, given.sample, [float(part) for part in given.parts.split(",")], given.data
        )
        urls = stack.enter_context(cluster(given.urls))
        engine = reach(Address(urls)).client.info()["version"]["number"]
        print(
            f"{facts()} OpenSearch {engine}, opensearch-py {version('opensearch-py')}, {len(urls)} nodes.", flush=True
        )
        way = {label: reach(Address(urls, name=f"benchmark-{os.getpid()}-{label.replace('.', '')}")) for label in found}
        for nodes in way.values():
            stack.callback(forget, nodes)
        measure(found, way)


if __name__ == "__main__":
    main()
