"""Kills `onrecord index` at random moments, and looks whether anything is lost.

    python benchmarks/archive_crash.py ../shared/senate/senate-press-releases.tar.xz --work FOLDER
        [--releases 3000] [--commit-after 300] [--kills 50] [--interrupts 5] [--seed 1]

An undisturbed run over the first releases of a fixed shuffle of the archive tells what is right: how many releases and
passages there are, which words, and the ten best passages for each question of archive_questions.txt. Then the command
is killed with SIGKILL, alone or with all its processes, at moments drawn between its start and the time that it takes.
After each kill no process of it may be left, and the archive must open and answer, or say that there is none. With even
odds the next run goes on in the same folder; else a run to the end must come to what the undisturbed one did, and the
next one has a new folder. Ctrl-C (SIGINT to all its processes) must besides end it in 30 seconds, without a traceback.

So that a part of the archive sees as many commits as the whole does, the command commits after --commit-after releases
and not after its own 4,000; 0 leaves it as it is.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from archive_engines import questions, terms_of
from archive_passages import folder_of, unpacked
from archive_processes import session

ROOT = Path(__file__).parent.parent
PATTERN = "{source}/{date:DDMonYYYY}*.txt"
TOP = 10
SAME_SCORE = 1e-4
LEAVES = 5.0  # seconds that its other processes have to see that it is gone
STOPS = 30.0  # seconds that it has to stop after Ctrl-C
COMMITTING = "import bot.index.indexing as i; i.COMMIT_AFTER = {}; from bot.cli import main; main()"
QUESTION = "who chairs the committee?"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that was stopped: after how many seconds, its exit status, what it said, how many processes were left.

    `status` is None where it did not stop, and had to be killed. It may also have failed by itself, before it was stopped.
    """

    after: float
    status: int | None
    said: str
    left: int


def command(files: Path, data: Path, commit_after: int) -> list[str]:
    """The command under trial; it commits after so many releases, or when it likes where that is 0."""
    program = ["-c", COMMITTING.format(commit_after)] if commit_after else ["-m", "bot"]
    return [sys.executable, *program, "index", str(files), "--data", str(data), "--name-pattern", PATTERN]


def environment() -> dict[str, str]:
    """That of the command: this tree's program, without the encoder."""
    return os.environ | {"PYTHONPATH": str(ROOT), "ONRECORD_ENCODER": "off"}


def finish(indexing: Sequence[str], data: Path) -> float:
    """Runs the command to its end; the seconds that it takes. Ends this program where it fails."""
    start = time.perf_counter()
    done = subprocess.run(indexing, cwd=data.parent, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"onrecord index ended with {done.returncode}: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def stop(indexing: Sequence[str], data: Path, after: float, by: signal.Signals, *, alone: bool) -> Stopped | None:
    """Starts the command and stops it so many seconds later; None where it was done before."""
    with (data.parent / "said.txt").open("w+") as said:
        process = subprocess.Popen(
            indexing,
            cwd=data.parent,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            if alone:
                process.send_signal(by)
            else:
                os.killpg(process.pid, by)
        else:
            if not process.returncode:
                return None
        status: int | None = None
        try:
            status = process.wait(STOPS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        until = time.monotonic() + LEAVES
        while (left := session(process.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        for one in left:
            os.kill(one, signal.SIGKILL)
        said.seek(0)
        return Stopped(after, status, said.read(), len(left))


def asked(data: Path) -> str:
    """What comes of asking a question: the exit status of `onrecord ask`, and what is wrong with it, if anything."""
    ask = [sys.executable, "-m", "bot", "ask", "--data", str(data), "--json", QUESTION]
    done = subprocess.run(ask, cwd=data.parent, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return f"{done.returncode}, {done.stderr.strip()[-300:]}"
    json.loads(done.stdout)
    return ""


def state(data: Path, *, whole: bool) -> dict[str, Any] | None:
    """What an archive holds, None where there is none: counted, and for the first or all of the questions what is found.

    Orphans are passages found whose release is not there, or whose span lies outside its text; of the `whole` archive
    all passages are looked at.
    """
    from bot.index.archive import open_archive
    from bot.index.choosing import has_archive

    if not has_archive(data):
        return None
    corpus = open_archive(data).corpus()
    ids = set(corpus.releases.ids())
    tops = [corpus.index.search(terms_of(question), TOP) for question in questions()[: None if whole else TOP]]
    passages = list(corpus.index) if whole else [passage for top in tops for passage, _ in top]
    orphans = sum(
        corpus.releases.find(passage.release.id) is None
        or not 0 <= passage.start < passage.end <= len(passage.release.text)
        for passage in passages
    )
    return {
        "releases": len(corpus.releases),
        "ids": len(ids),
        "passages": len(corpus.index),
        "walked": len(passages) if whole else len(corpus.index),
        "orphans": orphans,
        "words": list(corpus.words) if whole else [],
        "tops": [[(passage.release.id, passage.start, passage.end, score) for passage, score in top] for top in tops],
    }


def state_in_process(data: Path, *, whole: bool) -> dict[str, Any] | None:
    """The same, found by a new process; {"error": …} where that fails."""
    arguments = [sys.executable, __file__, "--state", "whole" if whole else "some", "--work", str(data)]
    done = subprocess.run(arguments, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": done.stderr.strip()[-300:]}
    found: dict[str, Any] | None = json.loads(done.stdout)
    return found


def faults(found: dict[str, Any] | None, answered: str) -> list[str]:
    """What is wrong with an archive after a run was stopped."""
    wrong = [f"onrecord ask: {answered}"] if answered else []
    if found is None:
        return wrong
    if "error" in found:
        return [*wrong, f"does not open: {found['error']}"]
    if found["orphans"]:
        wrong.append(f"{found['orphans']} orphans")
    if found["ids"] != found["releases"] or found["walked"] != found["passages"]:
        wrong.append("its counts differ from what it holds")
    return wrong


def differences(right: dict[str, Any], found: dict[str, Any] | None) -> list[str]:
    """In what a finished archive differs from the undisturbed one."""
    if wrong := faults(found, ""):
        return wrong
    if found is None:
        return ["there is none"]
    wrong = [
        f"{name}: {found[name]} instead of {right[name]}"
        for name in ("releases", "passages", "walked")
        if found[name] != right[name]
    ]
    if found["words"] != right["words"]:
        wrong.append("other words")
    asked = zip(questions(), right["tops"], found["tops"], strict=True)
    if other := [(question, one, two) for question, one, two in asked if not _same(one, two)]:
        question, one, two = other[0]
        example = next(f"{then} is {now}" for then, now in zip_longest(one, two) if then != now)
        wrong.append(f"{len(other)} questions find something else, such as {question!r}: {example}")
    return wrong


def _same(one: list[list[Any]], two: list[list[Any]]) -> bool:
    return len(one) == len(two) and all(
        left[:3] == right[:3] and abs(left[3] - right[3]) <= SAME_SCORE for left, right in zip(one, two, strict=True)
    )


def line(number: int, chain: int, how: str, stopped: Stopped, found: dict[str, Any] | None, wrong: list[str]) -> str:
    """A row of the table."""
    held = "no archive" if found is None else f"{found.get('releases', 0):,} releases"
    return f"{number:>4} {chain:>6} {how:<9} {stopped.after:>8.2f} {held:>16}   {'; '.join(wrong) or 'good'}"


def stopped_runs(files: Path, data: Path, right: dict[str, Any], takes: float, given: argparse.Namespace) -> int:
    """Stops as many runs as are asked for; the number of faults."""
    rng = random.Random(given.seed)
    bad, chain, indexing = 0, 1, command(files, data, given.commit_after)
    rmtree(data, ignore_errors=True)
    number, total = 0, given.kills + given.interrupts
    print(f"{'stop':>4} {'folder':>6} {'how':<9} {'after s':>8} {'it holds':>16}")
    while number < total:
        by_key = number >= given.kills
        alone = not by_key and rng.random() < 0.5
        by = signal.SIGINT if by_key else signal.SIGKILL
        after, fresh = rng.uniform(0, takes), not data.exists()
        stopped = stop(indexing, data, after, by, alone=alone)
        if stopped is None and fresh:
            takes = after  # the undisturbed run met a busier machine
        if stopped:
            number += 1
            found = state_in_process(data, whole=False)
            wrong = faults(found, asked(data))
            if stopped.left:
                wrong.append(f"{stopped.left} processes were left")
            if not by_key and stopped.status not in (-signal.SIGKILL, 0):  # 0: it had just finished
                wrong.append(f"ended by itself with {stopped.status}: {stopped.said.strip()[-200:]}")
            if by_key and (stopped.status is None or "Traceback" in stopped.said):
                wrong.append(f"Ctrl-C: {'did not stop' if stopped.status is None else stopped.said.strip()[-200:]}")
            how = f"Ctrl-C {stopped.status}" if by_key else "alone" if alone else "all"
            print(line(number, chain, how, stopped, found, wrong), flush=True)
            bad += bool(wrong)
            if rng.random() < 0.5 and number < total:
                continue
        took = finish(indexing, data)
        wrong = differences(right, state_in_process(data, whole=True))
        print(f"     {chain:>6} finished {took:>9.2f} {'':>16}   {'; '.join(wrong) or 'as undisturbed'}", flush=True)
        bad += bool(wrong)
        rmtree(data)
        chain += 1
    return bad


def main() -> None:
    parser = argparse.ArgumentParser(description="Kills onrecord index at random moments.")
    parser.add_argument("archive", type=Path, nargs="?", help="a tar of text files")
    parser.add_argument("--work", type=Path, help="a folder for what is made, kept for the next run")
    parser.add_argument("--releases", type=int, default=3_000, help="how many are indexed")
    parser.add_argument("--commit-after", type=int, default=300, help="releases")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--interrupts", type=int, default=5, help="how many runs get Ctrl-C")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", choices=("some", "whole"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.state:
        print(json.dumps(state(given.work, whole=given.state == "whole")))
        return
    if not given.archive:
        parser.error("name the archive")
    with TemporaryDirectory() as temporary:
        work = (given.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        files, calm = work / "crash" / "releases", work / "crash" / "undisturbed"
        folder_of(unpacked(given.archive, work)[: given.releases], work, files)
        rmtree(calm, ignore_errors=True)
        takes = finish(command(files, calm, given.commit_after), calm)
        right = state_in_process(calm, whole=True)
        assert right and not faults(right, asked(calm)), right
        counts = f"{right['releases']:,} releases, {right['passages']:,} passages, {len(right['words']):,} words"
        print(f"seed {given.seed}; undisturbed: {takes:.2f} s, {counts}", flush=True)
        bad = stopped_runs(files, work / "crash" / "crashed", right, takes, given)
    print(f"{given.kills} kills and {given.interrupts} times Ctrl-C: {bad or 'no'} faults")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
