"""How long `onrecord ask` takes from a cold start, and a question takes once the corpus is open.

    python benchmarks/speed.py ../shared/senate/senate-press-releases.tar.xz

Cold start: the whole process, on the release that ships, unchanged since the run before, with the encoder and without;
the median of RUNS, in turn with `python -c "import numpy"`, the ratio of the two medians, and the peak memory. Questions:
on the release that ships, with encoder and reader and without, and without them on the first releases of the archive
with 1,000 and 10,000 passages. Where the extra `semantic` is not installed there is no encoder, and both are the same.
"""

import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from bot.answering.answerer import answer
from bot.answering.opening import open_to_ask
from bot.index.corpus import Corpus, build_corpus
from bot.model import Release
from bot.reading.files import read_release
from bot.text.passages import split_passages

RUNS = 5
ROOT = Path(__file__).parent.parent
# Starts a process and says how long it took and how much memory it had at most: a process of its own, since the figure
# is the largest of all children.
MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], capture_output=True)
took = time.perf_counter() - start
print(took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""
QUESTIONS = (
    "who chairs the committee?",
    "when was the bill passed?",
    "how much money goes to the airport?",
    "what does the senator say about veterans?",
    "where was the hearing held?",
    "how many jobs were lost?",
    "who introduced the amendment?",
    "why did he vote against the budget?",
)


def run(command: list[str], encoder: str = "off") -> tuple[float, float]:
    """Seconds that a process takes, and its peak memory in MB."""
    measured = [sys.executable, "-c", MEASURE, *command]
    environment = os.environ | {"ONRECORD_ENCODER": encoder}
    done = subprocess.run(measured, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
    took, memory = done.stderr.splitlines()[-1].split()
    return float(took), float(memory) / 1024


def cold_start(data: Path, encoder: str) -> None:
    ask = [sys.executable, "-m", "bot", "ask", "--data", str(data), "--corpus", str(ROOT / "corpus"), "who chairs it?"]
    numpy = [sys.executable, "-c", "import numpy"]
    run(ask, encoder), run(numpy)
    pairs = [(run(ask, encoder), run(numpy)) for _ in range(RUNS)]
    asked, imported = (statistics.median(times for times, _ in column) for column in zip(*pairs, strict=True))
    memory = max(memory for (_, memory), _ in pairs)
    print(
        f"cold start of onrecord ask, encoder {encoder:<4}   {asked:.3f} s   import numpy {imported:.3f} s   "
        f"ratio {asked / imported:.1f}   peak {memory:.0f} MB",
        flush=True,
    )


def releases(archive: Path) -> Iterator[Release]:
    with tarfile.open(archive) as tar:
        for number, member in enumerate(member for member in tar if member.name.endswith(".txt")):
            file = tar.extractfile(member)
            if file and (raw := file.read()).strip():
                release, _ = read_release(raw, f"{number}.txt")
                yield release


def per_question(opened: Callable[[], Corpus], encoder: str = "off") -> None:
    start = perf_counter()
    corpus = opened()
    built = perf_counter() - start
    for question in QUESTIONS:
        answer(question, corpus)
    times = []
    for question in QUESTIONS * 5:
        start = perf_counter()
        answer(question, corpus)
        times.append(1000 * (perf_counter() - start))
    print(
        f"{len(corpus.index):>6} passages   built in {built:6.2f} s   "
        f"a question {statistics.median(times):6.2f} ms (p50) {sorted(times)[len(times) * 19 // 20]:6.2f} ms (p95)"
        f"   encoder {encoder}",
        flush=True,
    )


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        for encoder in ("off", "auto"):
            cold_start(Path(data), encoder)
        for encoder in ("off", "auto"):
            per_question(lambda encoder=encoder: open_to_ask([ROOT / "corpus"], Path(data), encoder)[0], encoder)
    sizes = [1_000, 10_000]
    kept: list[Release] = []
    passages = 0
    for release in releases(archive):
        kept.append(release)
        passages += len(split_passages(release))
        if passages >= sizes[0]:
            per_question(lambda: build_corpus(kept))
            sizes.pop(0)
        if not sizes:
            break


if __name__ == "__main__":
    main(Path(sys.argv[1]))
