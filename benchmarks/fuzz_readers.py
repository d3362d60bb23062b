"""Every reader of files and feeds, on thousands of broken ones: what is not read is refused in a sentence, in time.

    python benchmarks/fuzz_readers.py [--runs 10000] [--kind pdf] [--seed 1] [--random]

The files begin as whole ones of each kind. With atheris (`pip install 'onrecord[fuzz]'`) what is tried next is led by
the code that was reached; without it, or with `--random`, by chance alone. One line a kind: runs, read, refused, and the
slowest in seconds of the processor. It stops at the first file that is neither read nor refused, and keeps it
in the working folder, beside a log of each kind.
"""

import argparse
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from made_files import SEEDS  # noqa: E402
from mutations import is_read, mutated, mutation  # noqa: E402


class Tally:
    """How the runs ended. At the end of the last one it says so, and ends the process."""

    def __init__(self, extension: str, runs: int, instrumented: bool) -> None:
        self.extension, self.runs, self.instrumented = extension, runs, instrumented
        self.read = self.refused = 0
        self.slowest = 0.0
        # Files that fail go where whoever runs this stands.
        self.kept = Path(os.environ["ONRECORD_FUZZ_KEPT"])

    def run(self, raw: bytes) -> None:
        """Reads one file."""
        began = time.process_time()
        try:
            # Instrumented code is several times slower: what is late there is timed again without.
            read = is_read(raw, self.extension, 10.0 if self.instrumented else 2.0)
        except BaseException:
            path = self.kept / f"failed{self.extension}"
            path.write_bytes(raw)
            print(f"{path} is neither read nor refused", flush=True)
            raise
        took = time.process_time() - began
        if took > 2 and self.instrumented:
            (self.kept / f"slow-{self.read + self.refused}{self.extension}").write_bytes(raw)
        self.slowest = max(self.slowest, took)
        self.read += read
        self.refused += not read
        if (self.read + self.refused) % 1000 == 0:
            print(self.line, file=sys.stderr, flush=True)

    @property
    def line(self) -> str:
        """The line of the table."""
        total = self.read + self.refused
        return f"{self.extension:6} {total:7} runs  {self.read:7} read  {self.refused:7} refused  slowest {self.slowest:.2f} s"


def by_chance(tally: Tally, seed: int) -> None:
    """Mutates the seeds, and what came of them and was read."""
    chance = random.Random(seed)
    pool = SEEDS[tally.extension]()
    whole = len(pool)
    for _ in range(tally.runs):
        raw = mutation(chance.choice(pool), tally.extension, chance)
        before = tally.read
        tally.run(raw)
        # Some of what was read is broken further.
        if tally.read > before and chance.random() < 0.2:
            pool = [*pool[:whole], *pool[whole:][-40:], raw]
    print(tally.line, flush=True)


def by_coverage(tally: Tally, seed: int, atheris_setup: Callable[..., object], fuzz: Callable[[], None]) -> None:
    """Lets libFuzzer choose what to mutate; it never returns."""
    folder = Path(tempfile.mkdtemp())
    for number, raw in enumerate(SEEDS[tally.extension]()):
        (folder / str(number)).write_bytes(raw)

    def one(raw: bytes) -> None:
        tally.run(raw)
        if tally.read + tally.refused >= tally.runs:
            print(tally.line, flush=True)
            os._exit(0)

    def change(raw: bytes, most: int, number: int) -> bytes:
        chance = random.Random(number)
        return (mutation(raw, tally.extension, chance) if raw else mutated(b"<p>", chance))[:most]

    options = ["fuzz", f"-seed={seed}", "-max_len=300000", "-timeout=60", "-rss_limit_mb=3000", "-verbosity=0"]
    options += [f"-artifact_prefix={tally.kept}/", str(folder)]
    atheris_setup(options, one, custom_mutator=change)
    fuzz()


def run_one(extension: str, runs: int, seed: int, guided: bool) -> None:
    """Runs one kind in this process, in an empty folder."""
    logging.disable()
    warnings.simplefilter("ignore")
    os.chdir(tempfile.mkdtemp())
    if not guided:
        by_chance(Tally(extension, runs, False), seed)
        return
    import atheris

    with atheris.instrument_imports(include=["bot.reading", "pypdf", "docx", "trafilatura", "email", "feedparser"]):
        for name in ("drafting", "feed", "page", "pdf", "word", "mail"):
            __import__(f"bot.reading.{name}")
        __import__("docx")
        __import__("pypdf")
        __import__("trafilatura")
    by_coverage(Tally(extension, runs, True), seed, atheris.Setup, atheris.Fuzz)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--kind", choices=[extension.removeprefix(".") for extension in SEEDS])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", action="store_true", help="by chance alone, even if atheris is installed")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    kinds = [f".{asked.kind}"] if asked.kind else list(SEEDS)
    guided = not asked.random and find_spec("atheris") is not None
    if asked.here:
        run_one(kinds[0], asked.runs, asked.seed, guided)
        return
    failed = False
    for kind in kinds:
        # Each kind has a process of its own: libFuzzer ends the one that it runs in.
        command = [sys.executable, __file__, "--here", "--kind", kind.removeprefix("."), "--runs", str(asked.runs)]
        command += ["--seed", str(asked.seed), *(["--random"] if asked.random else [])]
        environment = {"ONRECORD_FUZZ_KEPT": str(Path.cwd()), "PYTHONPATH": str(ROOT), **os.environ}
        with open(f"fuzz{kind}.log", "wb") as log:  # libFuzzer is talkative
            failed |= subprocess.run(command, env=environment, check=False, stderr=log).returncode != 0
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
