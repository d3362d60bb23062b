"""Two bots behind nginx over two nodes of OpenSearch and a PostgreSQL: how long people wait, and how much they can ask.

    python benchmarks/cluster_load.py ../shared/senate/senate-press-releases.tar.xz --work FOLDER
        [--releases 5000] [--seconds 300] [--rate 30] [--burst 2000] [--encoder auto]
    python benchmarks/cluster_load.py --data FOLDER --urls URL,URL [--name onrecord]

The first makes an archive of the first releases of a fixed shuffle, and puts it into a cluster of its own; the second
asks a cluster that has one, and the archive on disk in FOLDER, which holds the same, says what is right. The Bot API
server of the tests plays Telegram and 500 people; both share the cores with all else. First the questions of
archive_questions.txt come at a steady rate, as `onrecord telegram` answers them; then the library's limiter is off,
and the same questions come at once.

An answer is right where all of its words are those that one process answers with from the archive on disk. Waits are
from the person's message to the answer. The costs are processor milliseconds a question at the steady rate, memory of
a bot, and what the database has grown by.
"""

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from archive import facts  # noqa: E402
from archive_engines import questions  # noqa: E402
from archive_passages import unpacked  # noqa: E402
from cluster import archive_of, cluster, command, nodes_cpu  # noqa: E402
from cluster_asking import People, Question, Tally, question_of, settled, tally  # noqa: E402
from cluster_bots import Bots, cpu_seconds, megabytes  # noqa: E402
from postgres_server import Postgres  # noqa: E402
from service_processes import service_folder  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

from bot.answering.followup import follow_up  # noqa: E402
from bot.index.address import Address  # noqa: E402
from bot.index.archive import open_archive  # noqa: E402
from bot.index.corpus import Corpus  # noqa: E402
from bot.index.nodes import Nodes, reach  # noqa: E402

CHATS = 500
QUIET = 60.0  # seconds without an answer after which what is not answered is lost
WARMING = 30.0  # seconds of asking that are not counted, in which Java compiles what is asked most
STARTING = 5.0  # the same for bots of nodes that are warm


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of processor that each part has used, and bytes of the database."""

    bots: float
    nodes: float
    database: float
    size: int


def asked_of(corpus: Corpus) -> list[Question]:
    """The questions that stand by themselves, whatever was asked before in the same chat, with their answers."""
    alone = [text for text in questions() if follow_up(text, "who chairs the committee?") is None]
    return [question_of(text, corpus) for text in alone]


@contextmanager
def bots(server: TelegramServer, nodes: Nodes, database: str, encoder: str, *, limiter: bool = True) -> Iterator[Bots]:
    """Two bots, ready."""
    with service_folder() as services, TemporaryDirectory() as own:
        urls, name = nodes.address.urls, nodes.address.name
        with Bots(server, Path(own), services, urls, database, name=name, encoder=encoder, limiter=limiter) as started:
            server.wait_for(lambda known: known.webhook["url"])
            yield started


def costs(running: Bots, nodes: Nodes, postgres: Postgres, database: str) -> Costs:
    """What has been used so far."""
    import psycopg

    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert found
    return Costs(cpu_seconds(running.pids()), nodes_cpu(nodes), cpu_seconds([_pid(postgres)]), int(found[0]))


def _pid(postgres: Postgres) -> int:
    return int((postgres.folder / "data" / "postmaster.pid").read_text().split()[0])


def steady(
    people: People, running: Bots, nodes: Nodes, postgres: Postgres, database: str, given: argparse.Namespace
) -> None:
    """At a steady rate: the waits, and what each part costs."""
    settled(people.server, people.ask_steadily(given.rate, WARMING), QUIET)
    before = costs(running, nodes, postgres, database)
    asked = people.ask_steadily(given.rate, given.seconds)
    settled(people.server, asked, QUIET)
    after = costs(running, nodes, postgres, database)
    print(f"{given.rate:g} a second for {given.seconds:g} s: {told(tally(people.server, asked))}")
    each = 1_000 / len(asked)
    used = (after.bots - before.bots, after.nodes - before.nodes, after.database - before.database)
    own, theirs, database_ms = (seconds * each for seconds in used)
    print(
        f"a question: {own:.1f} ms of the bots' processor, {theirs:.1f} ms of the nodes', {database_ms:.1f} ms of "
        f"PostgreSQL's, {(after.size - before.size) / len(asked):,.0f} bytes in PostgreSQL; a bot holds "
        f"{max(map(megabytes, running.pids())):.0f} MB",
        flush=True,
    )


def at_once(people: People, running: Bots, rate: float, count: int) -> None:
    """All at once: how many are answered a second."""
    settled(people.server, people.ask_steadily(rate, STARTING), QUIET)
    start = time.monotonic()
    asked = [people.ask() for _ in range(count)]
    settled(people.server, asked, QUIET)
    found = tally(people.server, asked)
    seconds = found.until - start
    print(f"{count:,} at once, limiter off: {count / seconds:.1f} a second; {told(found)}", flush=True)


def errors(running: Bots) -> None:
    """Prints what went wrong in the bots."""
    for line, times in Counter(running.faults()).most_common():
        print(f"{times} times in the bots' logs: {line}", flush=True)


def told(found: Tally) -> str:
    """A tally in words."""
    return (
        f"{found.asked:,} asked, {found.answered:,} right, {found.told} told to wait, {found.other} other, "
        f"{found.lost} lost, {found.doubled} doubled; p50 {found.p50 * 1_000:.0f} ms, p95 {found.p95 * 1_000:.0f} ms, "
        f"longest {found.longest * 1_000:.0f} ms"
        + "".join(f"\n  other: {' '.join(text.split())}" for text in found.others)
    )


def prepared(given: argparse.Namespace, work: Path, urls: Sequence[str]) -> Path:
    """The archive on disk, which is in the cluster, too."""
    if given.data:
        return Path(given.data)
    data = archive_of(unpacked(given.archive, work)[: given.releases], work, f"load-{given.releases}")
    command("index", "--data", str(data), "--to", ",".join(urls), name=given.name)
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description="How much two bots can be asked.")
    parser.add_argument("archive", type=Path, nargs="?", help="a tar of text files")
    parser.add_argument("--work", type=Path, help="a folder for what is made, kept for the next run")
    parser.add_argument("--releases", type=int, default=5_000, help="how many are put into the cluster")
    parser.add_argument("--data", type=Path, help="an archive on disk that --urls has, too")
    parser.add_argument("--urls", help="the nodes of a cluster that runs")
    parser.add_argument("--name", default="onrecord", help="of the archive there")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rate", type=float, default=30, help="questions a second")
    parser.add_argument("--burst", type=int, default=2_000, help="questions at once, in the end")
    parser.add_argument("--encoder", nargs="?", const="auto", default="off", help="as ONRECORD_ENCODER")
    given = parser.parse_args()
    if not given.archive and not (given.data and given.urls):
        parser.error("name the archive, or --data and --urls")
    gc.set_threshold(50_000)
    with TemporaryDirectory() as temporary, cluster(given.urls) as urls, service_folder() as folder:
        work = (given.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        data, nodes = prepared(given, work, urls), reach(Address(urls, name=given.name))
        corpus = open_archive(data).corpus()
        print(f"{facts()} {len(corpus.releases):,} releases, {len(corpus.index):,} passages.", flush=True)
        asked = asked_of(corpus)
        with Postgres(folder / "postgres") as postgres, TelegramServer(allow_http_webhook=True) as server:
            people, database = People(server, asked, CHATS), postgres.database("bots")
            with bots(server, nodes, database, given.encoder) as running:
                steady(people, running, nodes, postgres, database, given)
                errors(running)
            with bots(server, nodes, database, given.encoder, limiter=False) as running:
                at_once(people, running, given.rate, given.burst)
                errors(running)


if __name__ == "__main__":
    main()
