"""Two bots, two nodes of OpenSearch and a PostgreSQL under faults: what becomes of every question.

    python benchmarks/cluster_faults.py [--seconds 60] [--rate 15] [--only "node killed,bot killed"]

The bots are two processes `onrecord telegram` behind nginx; the Bot API server of the tests plays Telegram and 90
people, brings each update by webhook until a bot takes it, and checks every answer: each question asks for a fact of a
release of its own, and its answer must be word for word what one process answers from memory. In every scenario
questions come at a steady rate for so many seconds at least, and go on while a fault lasts and AFTER seconds more. A
node that is killed is started again, with its data; a third, small one leads the cluster, so that any node with data
may be lost.

`told` are questions to which the bot said that the releases cannot be asked just now. `other` are replies that are
neither. Waits are seconds from the person's message to the first reply to it. `admins` is how many messages the admin
got.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from archive import facts  # noqa: E402
from cluster_asking import Asked, People, Question, Tally, question_of, settled, tally  # noqa: E402
from cluster_bots import ADMIN, Bots  # noqa: E402
from live_corpus import question, release_text  # noqa: E402
from opensearch_nodes import OpenSearch  # noqa: E402
from postgres_server import Postgres  # noqa: E402
from service_processes import service_folder  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

from bot.index.address import Address  # noqa: E402
from bot.index.corpus import build_corpus  # noqa: E402
from bot.index.feeding import put_releases  # noqa: E402
from bot.index.nodes import reach  # noqa: E402
from bot.model import Release  # noqa: E402

RELEASES = 100
EACH = 6.0  # seconds from a person's question to the next; the bot lets through one each 3 s
BEFORE, AFTER = 5.0, 10.0  # seconds of asking before a fault, and after it
WARMING = 5.0  # seconds of asking before all, for the first questions of a process take longer
QUIET = 60.0  # seconds without a reply after which what is not answered is lost
AWAY, PAUSED, ALL_PAUSED, CUT, DOWN = 10.0, 20.0, 15.0, 10.0, 5.0  # seconds that each fault lasts


@dataclass(frozen=True, slots=True)
class World:
    """All that runs, and the people who ask."""

    server: TelegramServer
    cluster: OpenSearch
    postgres: Postgres
    bots: Bots
    people: People


@dataclass(frozen=True, slots=True)
class Row:
    """How a scenario went: what became of the questions, what the admin was told, and the errors in the logs."""

    scenario: str
    tally: Tally
    admin: tuple[str, ...]
    faults: tuple[str, ...]


def releases() -> list[Release]:
    """Each with a fact of its own."""
    texts = [release_text(number, number).strip() for number in range(RELEASES)]
    return [Release(f"r{number}", text, text.partition("\n")[0]) for number, text in enumerate(texts)]


def asked_of(releases: Sequence[Release]) -> list[Question]:
    """A question for the fact of each release, with its answer."""
    corpus = build_corpus(releases)
    questions = [question_of(question(number), corpus) for number in range(len(releases))]
    wrong = [one.text for number, one in enumerate(questions) if f"{1_000 + number} cranes" not in one.wanted]
    assert not wrong, f"one process does not know {wrong}"
    return questions


@contextmanager
def world(rate: float, *, quick: bool = False) -> Iterator[World]:
    """Everything that is needed to ask at this rate, started. `quick` is for tests, not for measurements."""
    made = releases()
    with (
        service_folder() as folder,
        TemporaryDirectory() as own,
        OpenSearch(folder / "opensearch", manager=True, heap="512m" if quick else "1g", quick=quick) as cluster,
        Postgres(folder / "postgres") as postgres,
        TelegramServer(allow_http_webhook=True) as server,
    ):
        put_releases(reach(Address(tuple(cluster.urls))), made)
        cluster.wait("green")
        with Bots(server, Path(own), folder, cluster.urls, postgres.database("bots")) as bots:
            server.wait_for(lambda known: known.webhook["url"])
            people = People(server, asked_of(made), round(EACH * rate))
            settled(server, people.ask_steadily(2, WARMING), QUIET)
            yield World(server, cluster, postgres, bots, people)


def kill_node(world: World) -> None:
    world.cluster.kill(0)
    time.sleep(AWAY)
    world.cluster.start(0)
    world.cluster.wait("green")


def pause_node(world: World) -> None:
    world.cluster.pause(1)
    time.sleep(PAUSED)
    world.cluster.resume(1)
    world.cluster.wait("green")


def pause_cluster(world: World) -> None:
    nodes = range(len(world.cluster.urls))
    for n in nodes:
        world.cluster.pause(n)
    time.sleep(ALL_PAUSED)
    for n in nodes:
        world.cluster.resume(n)
    world.cluster.wait("green")


def cut_database(world: World) -> None:
    world.postgres.stop()
    time.sleep(CUT)
    world.postgres.start()


def kill_bot(world: World) -> None:
    world.bots.kill(1)
    time.sleep(DOWN)
    world.bots.start(1)
    world.bots.wait(1)


def restart_bots(world: World) -> None:
    for n in range(len(world.bots.ports)):
        world.bots.stop(n)
        world.bots.start(n)
        world.bots.wait(n)


Fault = Callable[[World], None]
FAULTS: dict[str, Fault] = {
    "calm": lambda _: None,
    "node killed": kill_node,
    "node paused": pause_node,
    "database cut": cut_database,
    "bot killed": kill_bot,
    "rolling restart": restart_bots,
    "cluster paused": pause_cluster,
}
TWICE = "all twice and shuffled"
SCENARIOS = (*FAULTS, TWICE)


def run(
    world: World, scenario: str, rate: float, seconds: float, margins: tuple[float, float] = (BEFORE, AFTER)
) -> Row:
    """Lets a scenario happen under questions, and waits until no more comes of it.

    `margins` are the seconds of asking before a fault and after it.

    Raises:
        RuntimeError, TimeoutError: what was brought down has not come up again.
    """
    told, before = len(world.server.replies(ADMIN)), Counter(world.bots.faults())
    if scenario == TWICE:
        asked = world.people.ask_twice_and_shuffled(rate, seconds, random.Random(7).shuffle)
    else:
        asked = _under(world, FAULTS[scenario], rate, seconds, margins)
    settled(world.server, asked, QUIET)
    admin = tuple(message.text for message in world.server.replies(ADMIN)[told:])
    return Row(scenario, tally(world.server, asked), admin, tuple((Counter(world.bots.faults()) - before).elements()))


def _under(world: World, fault: Fault, rate: float, seconds: float, margins: tuple[float, float]) -> list[Asked]:
    """Asks while the fault happens."""
    over, wrong = Event(), list[Exception]()

    def happen() -> None:
        time.sleep(margins[0])
        try:
            fault(world)
        except Exception as error:
            wrong.append(error)
        time.sleep(margins[1])
        over.set()

    happening = Thread(target=happen)
    happening.start()
    asked = world.people.ask_steadily(rate, seconds, more=lambda: not over.is_set())
    happening.join()
    if wrong:
        raise wrong[0]
    return asked


HEAD = ("scenario", "asked", "answered", "told", "other", "lost", "doubled", "p50 s", "p95 s", "longest s", "admins")


def line_of(row: Row) -> str:
    """A row of the table in Markdown."""
    found = row.tally
    counts = (found.asked, found.answered, found.told, found.other, found.lost, found.doubled)
    waits = (found.p50, found.p95, found.longest)
    cells = (row.scenario, *(f"{number:,}" for number in counts), *(f"{wait:.2f}" for wait in waits), len(row.admin))
    return f"| {' | '.join(map(str, cells))} |"


def notes_of(row: Row) -> Iterator[str]:
    """What else there is to say of a row."""
    yield from (f"{row.scenario}: the admin was told: {' '.join(text.split())}" for text in row.admin)
    yield from (f"{row.scenario}: someone was told: {' '.join(text.split())}" for text in row.tally.others)
    yield from (f"{row.scenario}: {times} times: {line}" for line, times in Counter(row.faults).items())


def main() -> None:
    parser = argparse.ArgumentParser(description="What becomes of questions under faults.")
    parser.add_argument("--seconds", type=float, default=60, help="of asking, at least, in each scenario")
    parser.add_argument("--rate", type=float, default=15, help="questions a second")
    parser.add_argument("--only", default=",".join(SCENARIOS), help=f"some of: {', '.join(SCENARIOS)}")
    given = parser.parse_args()
    print(facts(), flush=True)
    bad, notes = 0, list[str]()
    with world(given.rate) as started:
        print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
        for scenario in given.only.split(","):
            row = run(started, scenario, given.rate, given.seconds)
            print(line_of(row), flush=True)
            notes += notes_of(row)
            bad += row.tally.lost + row.tally.doubled + row.tally.other
    print("\n".join(notes))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
