"""How long `onrecord ask` takes from a cold start, and a question takes once the corpus is open.

    python benchmarks/speed.py ../shared/senate/senate-press-releases.tar.xz

Cold start: the whole process, on the release that ships, unchanged since the run before; the median of RUNS, in turn
with `python -c "import numpy"`, and the ratio of the two medians. Questions: on the release that ships, and on the first
releases of the archive with 1,000 and 10,000 passages.
"""

import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bot.answering.answerer import answer
from bot.index.corpus import build_corpus
from bot.model import Release
from bot.reading.files import read_corpus, read_release
from bot.text.passages import split_passages

RUNS = 5
ROOT = Path(__file__).parent.parent
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


def seconds(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    return perf_counter() - start


def cold_start(data: Path) -> None:
    ask = [sys.executable, "-m", "bot", "ask", "--data", str(data), "--corpus", str(ROOT / "corpus"), "who chairs it?"]
    numpy = [sys.executable, "-c", "import numpy"]
    seconds(ask), seconds(numpy)
    pairs = [(seconds(ask), seconds(numpy)) for _ in range(RUNS)]
    asked, imported = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"cold start of onrecord ask   {asked:.3f} s   import numpy {imported:.3f} s   ratio {asked / imported:.1f}")


def releases(archive: Path) -> Iterator[Release]:
    with tarfile.open(archive) as tar:
        for number, member in enumerate(member for member in tar if member.name.endswith(".txt")):
            file = tar.extractfile(member)
            if file and (raw := file.read()).strip():
                release, _ = read_release(raw, f"{number}.txt")
                yield release


def per_question(kept: list[Release]) -> None:
    start = perf_counter()
    corpus = build_corpus(kept)
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
    )


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        cold_start(Path(data))
    per_question(list(read_corpus([ROOT / "corpus"]).releases))
    sizes = [1_000, 10_000]
    kept: list[Release] = []
    passages = 0
    for release in releases(archive):
        kept.append(release)
        passages += len(split_passages(release))
        if passages >= sizes[0]:
            per_question(kept)
            sizes.pop(0)
        if not sizes:
            break


if __name__ == "__main__":
    main(Path(sys.argv[1]))
