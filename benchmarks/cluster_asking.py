"""People who ask at a steady rate through the Bot API server of the tests, and what became of each question.

Every answer is in reply to its question, so each is looked at by itself: whether its words are those that one process
would answer with from the same releases, and whether it is the only one.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import quantiles

import telegram_html
from telegram_server import TelegramServer
from telegram_world import Message, Update

from bot.answering.answerer import answer
from bot.chat.telegram.messages import Answer, answer_message
from bot.chat.telegram.service import QUOTES
from bot.chat.telegram.texts import UNAVAILABLE
from bot.index.corpus import Corpus

FIRST_CHAT = 1_000
DOUBLES = (
    4.0  # seconds after the last answer in which a second one would come; bots look for what lies every second or two
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the words of the message that answers it."""

    text: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: the person's message, and when Telegram first had it to deliver, in seconds of
    `time.monotonic()`."""

    question: Question
    message: Message
    at: float


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of questions: how many were answered right, told that it cannot be asked now, answered with something
    else, and lost; and how many answers there were beyond one each.

    `p50`, `p95` and `longest` are seconds from a question to the first reply, whichever it was; 0 where there was none.
    `until` is when the last of these came. `others` are some of what was said that is neither.
    """

    asked: int
    answered: int
    told: int
    other: int
    lost: int
    doubled: int
    p50: float
    p95: float
    longest: float
    until: float
    others: tuple[str, ...]


def question_of(text: str, corpus: Corpus) -> Question:
    """The question with what one process answers from the corpus."""
    message = answer_message(Answer(1, answer(text, corpus, top=QUOTES)))
    return Question(text, telegram_html.from_html(message.html)[0])


class People:
    """So many people in private chats, who ask the questions one after the other."""

    def __init__(self, server: TelegramServer, questions: Sequence[Question], chats: int) -> None:
        self.server, self.questions, self.chats = server, questions, chats
        self._next = count()

    def ask(self) -> Asked:
        """The next question by the next person."""
        number = next(self._next)
        question = self.questions[number % len(self.questions)]
        message = self.server.private_message(FIRST_CHAT + number % self.chats, question.text)
        return Asked(question, message, message.at)

    def ask_steadily(self, rate: float, seconds: float, more: Callable[[], bool] = lambda: False) -> list[Asked]:
        """So many questions a second for so many seconds, and on while there is `more` to wait for."""
        asked: list[Asked] = []
        start = time.monotonic()
        while (number := len(asked)) < rate * seconds or more():
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            asked.append(self.ask())
        return asked

    def ask_twice_and_shuffled(
        self, rate: float, seconds: float, shuffle: Callable[[list[Update]], None]
    ) -> list[Asked]:
        """The same, but what is asked within a second is delivered twice, in any order, and all at the same time."""
        asked: list[Asked] = []
        lines = count(-1, -1)  # each copy on its own way, for Telegram's would be one after the other
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with self.server.holding() as held:
                now = self.ask_steadily(rate, 1)
            copies = [Update(one.id, one.kind, one.payload, next(lines)) for one in held for _ in range(2)]
            shuffle(copies)
            at = time.monotonic()
            self.server.deliver(copies)
            asked += [Asked(one.question, one.message, at) for one in now]
        return asked


def settled(server: TelegramServer, asked: Sequence[Asked], quiet: float) -> None:
    """Waits until each question has a reply, or nothing has been replied for `quiet` seconds."""
    before, since = -1, time.monotonic()
    while (replied := len(_replies(server, asked))) < len(asked):
        if replied != before:
            before, since = replied, time.monotonic()
        if time.monotonic() - since > quiet:
            break
        time.sleep(0.2)
    time.sleep(DOUBLES)


def tally(server: TelegramServer, asked: Sequence[Asked]) -> Tally:
    """What became of the questions."""
    replies, kinds = _replies(server, asked), Counter[str]()
    doubled, waits, others = 0, list[float](), list[str]()
    for one in asked:
        got = replies.get(one.message, [])
        texts = {message.text for message in got}
        doubled += max(0, len(got) - 1)
        waits += [got[0].at - one.at] if got else []
        match one.question.wanted in texts, UNAVAILABLE in texts, bool(got):
            case True, _, _:
                kinds["answered"] += 1
            case _, True, _:
                kinds["told"] += 1
            case _, _, True:
                kinds["other"] += 1
                others.append(got[0].text)
            case _:
                kinds["lost"] += 1
    cuts = quantiles(waits, n=20, method="inclusive") if len(waits) > 1 else [0.0] * 19
    return Tally(
        asked=len(asked),
        answered=kinds["answered"],
        told=kinds["told"],
        other=kinds["other"],
        lost=kinds["lost"],
        doubled=doubled,
        p50=cuts[9],
        p95=cuts[18],
        longest=max(waits, default=0.0),
        until=max((got[0].at for got in replies.values()), default=0.0),
        others=tuple(text for text, _ in Counter(others).most_common(5)),
    )


def _replies(server: TelegramServer, asked: Sequence[Asked]) -> dict[Message, list[Message]]:
    """The bot's messages in reply to each question, the first one first."""
    found: dict[Message, list[Message]] = defaultdict(list)
    for chat in {one.message.chat.id for one in asked}:
        for message in server.replies(chat):
            if message.reply_to is not None:
                found[message.reply_to].append(message)
    return {one.message: found[one.message] for one in asked if one.message in found}
