"""How long it takes until a release that is put into a cluster by one process is asked by another.

    python benchmarks/cluster_adding.py --urls URL,URL [--name onrecord]

Putting is `bot.index.feeding.put_releases`, as `onrecord add` and a publishing bot do it. A running bot is a process of
its own that asks for a word which is in that release alone, without pause; what it takes until it finds it counts from
before the release is put. What was put is taken away at the end.
"""

import argparse
import statistics
import subprocess
import sys
from time import perf_counter, time

from archive import facts
from archive_adding import TEXT, word

from bot.index.address import Address, urls_in
from bot.index.feeding import drop_releases, put_releases
from bot.index.nodes import reach
from bot.model import Release

ADDED = 40
# Waits for each word of its input, and says when it was found.
BOT = """
import sys, time
from bot.index.address import Address, urls_in
from bot.index.cluster import open_cluster
cluster = open_cluster(Address(urls_in(sys.argv[1]), sys.argv[2]))
for line in sys.stdin:
    while not cluster.corpus().index.search([line.strip()], 5):
        time.sleep(0.01)
    print(time.time(), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="One release more in a cluster.")
    parser.add_argument("--urls", required=True, help="the nodes of a cluster that runs")
    parser.add_argument("--name", default="onrecord", help="of the archive there")
    given = parser.parse_args()
    nodes = reach(Address(urls_in(given.urls), given.name))
    bot = subprocess.Popen(
        [sys.executable, "-c", BOT, given.urls, given.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert bot.stdin
    assert bot.stdout
    putting, seeing, taking = [], [], []
    for number in range(ADDED + 1):
        bot.stdin.write(f"{word(number)}\n")
        bot.stdin.flush()
        release = Release(f"added-{number}", TEXT.format(word=word(number).title()).strip(), title="Added")
        there, start = time(), perf_counter()
        put_releases(nodes, [release])
        putting.append(1000 * (perf_counter() - start))
        seeing.append(1000 * (float(bot.stdout.readline()) - there))
    bot.stdin.close()
    bot.wait()
    for number in range(ADDED + 1):
        start = perf_counter()
        drop_releases(nodes, [f"added-{number}"])
        taking.append(1000 * (perf_counter() - start))
    print(facts())
    for name, took in (("put", putting[1:]), ("seen by a bot", seeing[1:]), ("taken away", taking[1:])):
        print(f"{name:<16}{statistics.median(took):>6.1f} ms median, {max(took):>7.1f} ms worst")


if __name__ == "__main__":
    main()
