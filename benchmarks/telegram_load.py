"""How many questions the Telegram bot answers a second, and how long each waits, against a Bot API server on loopback.

    python benchmarks/telegram_load.py

The bot is a process of its own; the server, which plays Telegram and 500 people, is this one. Both share the cores.
First with the library's limiter off: 2,000 questions at once, for the rate; then 2,000 at half of that rate, for the
time from the update to `sendMessage`. Then with the limiter on: more questions than Telegram allows for 70 seconds, and
how many messages leave in each second of a minute.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from telegram_server import TelegramServer  # noqa: E402

CHATS = 500
QUESTIONS = 2_000
ASKED = (
    "who chairs the chain?",
    "how many experts took part?",
    "what's the target for 2025?",
    "when was the I Campus built?",
    "who is the president of France?",
)
BOT = """
import sys
from pathlib import Path
from bot.chat.telegram.run import run_bot
from bot.desk.live import open_live
from bot.settings import read_settings
data, settings = Path(sys.argv[1]), read_settings()
live = open_live([Path(sys.argv[2])], data, settings.encoder)
sys.exit(run_bot(live, settings, data, limiter=sys.argv[3] == "on"))
"""


def start_bot(server: TelegramServer, data: str, limiter: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
    bot = subprocess.Popen(
        [sys.executable, "-c", BOT, data, str(ROOT / "corpus"), limiter], env=environment, stderr=subprocess.DEVNULL
    )
    server.wait_for(lambda s: s.calls("getUpdates"), timeout=60)
    return bot


def ask(server: TelegramServer, number: int) -> None:
    chat = 1_000 + number % CHATS
    server.private_message(chat, f"{ASKED[number % len(ASKED)]} ({number})")


def answers(server: TelegramServer) -> int:
    return len(server.calls("sendMessage"))


def lost_and_doubled(server: TelegramServer) -> tuple[int, int]:
    """Questions without an answer, and answers beyond one a question, over all chats."""
    lost = doubled = 0
    for chat in range(1_000, 1_000 + CHATS):
        messages = server.messages(chat)
        replies = sum(message.by_bot for message in messages)
        asked = len(messages) - replies
        lost, doubled = lost + max(0, asked - replies), doubled + max(0, replies - asked)
    return lost, doubled


def wait_for_answers(server: TelegramServer, count: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while answers(server) < count and time.monotonic() < until:
        time.sleep(0.01)


def without_limiter() -> None:
    with TelegramServer() as server, tempfile.TemporaryDirectory() as data:
        bot = start_bot(server, data, "off")
        start = time.monotonic()
        for number in range(QUESTIONS):
            ask(server, number)
        wait_for_answers(server, QUESTIONS, 300)
        seconds = time.monotonic() - start
        lost, doubled = lost_and_doubled(server)
        rate = QUESTIONS / seconds
        print(f"limiter off: {QUESTIONS} questions at once in {seconds:.1f} s, {rate:.0f} a second; "
              f"lost {lost}, doubled {doubled}")  # fmt: skip
        bot.terminate()
        bot.wait(10)
    with TelegramServer() as server, tempfile.TemporaryDirectory() as data:
        bot = start_bot(server, data, "off")
        start = time.monotonic()
        for number in range(QUESTIONS):
            due = start + number / (rate / 2)
            time.sleep(max(0.0, due - time.monotonic()))
            ask(server, number)
        wait_for_answers(server, QUESTIONS, 300)
        waits = sorted(1000 * wait for wait in waiting_times(server))
        lost, doubled = lost_and_doubled(server)
        print(f"limiter off: at {rate / 2:.0f} a second, from update to sendMessage p50 {statistics.median(waits):.0f} ms, "
              f"p95 {waits[len(waits) * 19 // 20]:.0f} ms; lost {lost}, doubled {doubled}")  # fmt: skip
        bot.terminate()
        bot.wait(10)


def waiting_times(server: TelegramServer) -> list[float]:
    """Seconds from each question to its answer: in a chat, the first answer is that of the first question."""
    waits = []
    for chat in range(1_000, 1_000 + CHATS):
        messages = server.messages(chat)
        questions = [message.at for message in messages if not message.by_bot]
        replies = [message.at for message in messages if message.by_bot]
        waits += [reply - question for question, reply in zip(questions, replies, strict=False)]
    return waits


def with_limiter() -> None:
    with TelegramServer() as server, tempfile.TemporaryDirectory() as data:
        bot = start_bot(server, data, "on")
        asked = 2_100
        for number in range(asked):
            ask(server, number)
        time.sleep(62)
        times = sorted(call.at for call in server.calls("sendMessage"))
        first = times[0] + 1  # the limiter lets a second's worth out at once
        seconds = Counter(int(at - first) for at in times if first <= at < first + 60)
        print(f"limiter on: {sum(seconds.values())} messages in a minute, {min(seconds.values())} to "
              f"{max(seconds.values())} in a second")  # fmt: skip
        wait_for_answers(server, asked, 60)
        lost, doubled = lost_and_doubled(server)
        print(f"limiter on: {asked} questions; lost {lost}, doubled {doubled}")
        bot.terminate()
        bot.wait(10)


if __name__ == "__main__":
    without_limiter()
    with_limiter()
