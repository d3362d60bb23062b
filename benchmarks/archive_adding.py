"""How long it takes to add a release to an archive, to see it in another process, and to take it away again.

    onrecord index --data FOLDER --name-pattern '{source}/{date:DDMonYYYY}*.txt' ../shared/senate/senate-press-releases.tar.xz
    python benchmarks/archive_adding.py FOLDER

Adding is `bot.index.indexing.index_file` of a file that was just written, as `onrecord add` and a publishing bot do it:
read, cut, written, committed. A running bot is a process of its own that asks for a word which is in that release alone,
without pause; what it takes until it finds it counts from the moment that the file is there. Then each command once from
a cold start, in turn with `python -c "import numpy"`: the medians of RUNS. What was added is taken away at the end.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, time

from bot.index.archive import open_archive
from bot.index.indexing import index_file
from bot.index.places import archive_folder

ADDED = 40
RUNS = 5
TEXT = """{word} plant opens in Springfield

SPRINGFIELD, Ill. - The {word} plant opened on Monday with 120 workers. The mayor called it a good day for the town.

The plant will make parts for farm machines, and the state has given a grant of $2 million for its roads. Half of the
workers come from the old mill, which closed two years ago. A second hall is to follow next spring.
"""
# Waits for each word of its input, and says when it was found.
BOT = """
import sys, time
from pathlib import Path
from bot.index.archive import open_archive
archive = open_archive(Path(sys.argv[1]))
for line in sys.stdin:
    while not archive.corpus().index.search([line.strip()], 5):
        time.sleep(0.001)
    print(time.time(), flush=True)
"""


def word(number: int) -> str:
    """A word that is in no release."""
    return "zq" + "".join("bcdfghklmn"[int(digit)] for digit in f"{number:04}")


def added(data: Path, folder: Path) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds to add each release, to be seen from the moment that its file is there, and to take it away."""
    adding, seeing, removing = [], [], []
    bot = subprocess.Popen(
        [sys.executable, "-c", BOT, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert bot.stdin
    assert bot.stdout
    for number in range(ADDED + 1):
        bot.stdin.write(f"{word(number)}\n")
        bot.stdin.flush()
        path = folder / f"added-{number}.txt"
        path.write_text(TEXT.format(word=word(number).title()))
        there, start = time(), perf_counter()
        index_file(path, folder, archive_folder(data))
        adding.append(1000 * (perf_counter() - start))
        seeing.append(1000 * (float(bot.stdout.readline()) - there))
    bot.stdin.close()
    bot.wait()
    for path in folder.iterdir():
        path.unlink()
        start = perf_counter()
        index_file(path, folder, archive_folder(data))
        removing.append(1000 * (perf_counter() - start))
    return adding[1:], seeing[1:], removing[1:]  # the first loads what every process loads once


def seconds(command: list[str]) -> float:
    """Of a whole process."""
    start = perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    return perf_counter() - start


def main(data: Path) -> None:
    corpus = open_archive(data).corpus()
    print(f"An archive of {len(corpus.releases):,} releases, {len(corpus.index):,} passages; {ADDED} releases.")
    with tempfile.TemporaryDirectory() as folder:
        figures = dict(zip(("added", "seen by a bot", "taken away"), added(data, Path(folder)), strict=True))
    for name, times in figures.items():
        print(f"{name:14} {statistics.median(times):7.1f} ms median, {max(times):7.1f} ms worst")
    onrecord = str(Path(sys.executable).with_name("onrecord"))
    commands = {
        "import numpy": [sys.executable, "-c", "import numpy"],
        "onrecord ask": [onrecord, "ask", "--data", str(data), "--json", "who opposed the nomination of Alito?"],
        "onrecord list": [onrecord, "list", "--data", str(data)],
    }
    times = {name: [seconds(command) for _ in range(RUNS)] for name, command in commands.items()}
    numpy = statistics.median(times["import numpy"])
    for name, taken in times.items():
        print(f"{name:14} {statistics.median(taken):7.2f} s, {statistics.median(taken) / numpy:.1f} x import numpy")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
