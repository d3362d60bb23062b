"""What a running bot counts, as Prometheus reads it. No text of a question and nobody's number is in it."""

import platform
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

from bot.chat.telegram.sending import UnreachableError
from bot.model import Reply

WAYS = ("telegram", "group", "inline")
STAGES = ("understand", "search", "rank", "meaning", "read", "send", "note", "answer")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counts of one bot since it was started. Its methods may be called in any thread.

    `queue` and `waiting` are read when they are asked for: give them the function to read.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._questions = Counter(
            "onrecord_questions", "Questions that were taken, by the way they came.", ["way"], registry=registry
        )
        self._answered = Counter("onrecord_answered", "Questions that were answered.", registry=registry)
        self._refused = Counter("onrecord_refused", "Questions without an answer on record.", registry=registry)
        self._errors = Counter("onrecord_errors", "What failed, by the name of the error.", ["kind"], registry=registry)
        self._seconds = Histogram(
            "onrecord_seconds",
            "Seconds that a step took; answer is from an update's arrival until its answer was sent.",
            ["stage"],
            registry=registry,
            buckets=_SECONDS,
        )
        self.queue = Gauge(
            "onrecord_queue", "Updates, or chats with some, that wait or are in hand.", registry=registry
        )
        self.waiting = Gauge("onrecord_workers_waiting", "Questions that wait for a thread.", registry=registry)
        Info("onrecord_build", "The program.", registry=registry).info(
            {"version": _version(), "python": platform.python_version()}
        )
        ProcessCollector(registry=registry)
        # A rate needs a zero to begin at.
        for way in WAYS:
            self._questions.labels(way)
        for stage in STAGES:
            self._seconds.labels(stage)

    def asked(self, way: str) -> None:
        """A question was taken: `way` is one of WAYS."""
        self._questions.labels(way).inc()

    def replied(self, reply: Reply) -> None:
        """A question got its reply."""
        (self._answered if reply.answered else self._refused).inc()

    def failed(self, error: BaseException) -> None:
        """Something failed, unless it is only that somebody does not want the bot's answer."""
        if not isinstance(error, UnreachableError):
            self._errors.labels(type(error).__name__).inc()

    def took(self, stage: str, seconds: float) -> None:
        """A step took so long, see `bot.stages`."""
        self._seconds.labels(stage).observe(seconds)

    def page(self, accepted: str) -> tuple[bytes, str]:
        """All of it, and its content type, in a form that the header `Accept` names."""
        encoder, content_type = choose_encoder(accepted)
        return encoder(self._registry), content_type


def _version() -> str:
    try:
        return version("onrecord")
    except PackageNotFoundError:  # run from a folder where it is not installed
        return "unknown"
