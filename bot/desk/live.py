"""The corpus as it is now: folders are followed while it is asked, and what changed in them is taken up."""

import atexit
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import starmap
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Protocol

from bot.answering.opening import Opened, open_whole
from bot.desk.holdings import Filed, Holdings, Library
from bot.index.corpus import Corpus
from bot.index.snapshot import keep, load_again
from bot.model import OnrecordError

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # where nobody keeps a log, nothing of it appears in a talk

QUIET = 0.1  # seconds without a change after which a change is looked at
BURST = 0.3  # seconds after which it is looked at although there are more
BREATH = 0.5  # seconds at most between two looks of a burst, for those who ask meanwhile
SETTLING = 3.0  # seconds after a change in which the folders are looked at once a second, whatever the watch says
STANDING = 1.0  # seconds that something must be wrong before it is told: a file may be about to be written
AFTER_START = 0.5  # seconds that the first answer has for itself
LOOK = 2.0  # seconds from one look at the folders to the next at least, where the system tells of changes
LOOK_UNTOLD = 1.0  # the same where it does not
SHARE, SHARE_UNTOLD = 0.01, 0.04  # of the time that is spent on looking at most
WATCH_AGAIN = 5.0  # seconds after which a watch that failed is tried again
MOST_TOLD = 10  # sentences at a time; nobody reads more of them


class _InterruptedError(Exception):
    """The corpus that is being encoded is not the current one any more."""


class Live(Protocol):
    """A corpus as it is at each moment. Call it for the `Corpus` to ask, in any thread; each is whole."""

    def __call__(self) -> Corpus: ...

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of its releases; what is added goes into the first."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the person who opened it."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong now."""

    def reload(self) -> None:
        """Takes up what has changed, before it returns."""

    def holdings(self) -> Holdings:
        """Its releases with their files, as they are now."""

    def follow(self, told: Callable[[str], None]) -> None:
        """`told` hears each new thing that is wrong from now on, until `close`."""

    def close(self) -> None:
        """Follows it no longer. The corpus can still be asked."""


class LiveCorpus:
    """The corpus of folders as they are now. Call it for the `Corpus` to ask, in any thread; each is whole.

    `notes` are sentences for the person who opened it, `warnings` what is wrong now. Nothing is followed before `follow`.
    """

    def __init__(self, folders: Sequence[Path], data: Path, opened: Opened) -> None:
        self.notes = opened.notes
        self._folders, self._data, self._encoder = tuple(folders), data, opened.understanding.encoder
        self._corpus, self._loaded = opened.corpus, opened.loaded
        self._whole = True  # whether the encoder knows every sentence
        self.warnings = opened.loaded.reading.warnings
        self._kept = opened.loaded.reading.signature
        self._looking, self._counting = Lock(), Lock()
        self._asked = self._done = 0
        self._took = 0.0
        self._last_look = self._last_change = monotonic()
        self._changed, self._closed = Event(), Event()
        self._watching = False
        self._threads: list[Thread] = []

    def __call__(self) -> Corpus:
        return self._corpus

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that are followed."""
        return self._folders

    def holdings(self) -> Library:
        """The releases with their files, as they are now."""
        self.reload()
        return Library(self._folders, tuple(starmap(Filed, self._loaded.reading.files.items())))

    def reload(self) -> None:
        """Looks at the folders now, and returns when what is in them is asked. Calls that wait share one look.

        Where a file or a folder cannot be read the releases stay as they were.
        """
        with self._counting:
            self._asked += 1
            mine = self._asked
        with self._looking:
            if self._done < mine:
                self._done = self._asked
                self._look()

    def follow(self, told: Callable[[str], None]) -> None:
        """Follows the folders from now on, until `close`. `told` hears each new thing that is wrong, in another thread."""
        work = ((self._watch, ()), (self._keep_up, (told,)))
        self._threads = [
            Thread(target=target, args=args, name=f"onrecord{target.__name__}", daemon=True) for target, args in work
        ]
        for thread in self._threads:
            thread.start()
        # A thread of the watch that Python ends for itself ends the whole process badly.
        atexit.register(self.close)

    def close(self) -> None:
        """Follows the folders no longer. The corpus can still be asked."""
        atexit.unregister(self.close)
        self._closed.set()
        self._changed.set()
        for thread in self._threads:
            thread.join(2.0)

    def _look(self) -> None:
        """Takes up what has changed. One thread at a time."""
        self._last_look = start = monotonic()
        wrong, before = self.warnings, self._loaded
        try:
            loaded = load_again(self._folders, before)
            wrong = loaded.reading.warnings
            if loaded.corpus is not before.corpus:
                self._corpus, self._whole = self._with_meaning(loaded.corpus)
            self._loaded = loaded
        except OnrecordError as error:
            wrong = (f"{str(error).rstrip('.')}; until then the releases stay as they were.",)
        except Exception as error:  # one bad file must not end the following of all others
            _log.exception("The releases cannot be read again")
            kind = type(error).__name__
            wrong = (f"The releases stay as they were, for a changed file cannot be read ({kind}): take it out again.",)
        if self._loaded.corpus is not before.corpus or wrong != self.warnings:
            self._last_change = monotonic()
            self._changed.set()
        self.warnings, self._took = wrong, monotonic() - start

    def _with_meaning(self, corpus: Corpus) -> tuple[Corpus, bool]:
        corpus = replace(corpus, reader=self._corpus.reader)
        if self._encoder is None or not corpus.releases:
            return corpus, True
        from bot.answering.meaning import with_known_meaning

        return with_known_meaning(corpus, self._encoder, self._data, self._corpus.meaning)

    def _keep_up(self, told: Callable[[str], None]) -> None:
        """Looks when something changed and, in case that was not noticed, from time to time."""
        since = dict.fromkeys(self.warnings, float("-inf"))
        said = {*since}
        while not self._closed.is_set():
            self._changed.wait(max(0.0, self._next_look() - monotonic()))
            if self._closed.is_set():
                return
            self._changed.clear()
            self.reload()
            since = {sentence: since.get(sentence, monotonic()) for sentence in self.warnings}
            due = [one for one, first in since.items() if one not in said and monotonic() - first >= STANDING]
            said = said & since.keys() | {*due}
            _tell(due, told)
            if self._changed.is_set():
                self._closed.wait(min(max(QUIET, self._took), BREATH))
                continue
            self._understand()
            if self._is_settled() and self._kept != (signature := self._loaded.reading.signature):
                self._kept = signature
                keep(self._loaded, self._folders, self._data)

    def _is_settled(self) -> bool:
        return monotonic() - self._last_change > SETTLING

    def _next_look(self) -> float:
        """When the folders are looked at although nothing is known to have changed."""
        if not self._is_settled():
            return self._last_look + STANDING
        least, share = (LOOK, SHARE) if self._watching else (LOOK_UNTOLD, SHARE_UNTOLD)
        return self._last_look + max(least, self._took / share)

    def _understand(self) -> None:
        """Encodes the sentences that are not encoded yet, and looks at the folders meanwhile."""
        corpus = self._corpus
        if self._whole or self._encoder is None:
            return
        from bot.answering.meaning import with_meaning

        def go_on(*_: int) -> None:
            if not self._closed.is_set() and (self._changed.is_set() or monotonic() > self._next_look()):
                self._changed.clear()
                self.reload()
            if self._closed.is_set() or self._corpus is not corpus:
                raise _InterruptedError

        try:
            whole = with_meaning(corpus, self._encoder, self._data, go_on, corpus.meaning)
        except _InterruptedError:
            return
        except Exception:  # of the engine; questions are answered all the same
            _log.exception("The new sentences cannot be encoded")
            whole = corpus
        with self._looking:
            if self._corpus is corpus:
                self._corpus, self._whole = whole, True

    def _watch(self) -> None:
        """Lets the system tell of changes, as long as it can: not on every drive, and not of any number of folders."""
        if self._closed.wait(AFTER_START):
            return
        while not self._closed.is_set():
            try:
                self._watch_once()
            except Exception as error:  # too many folders, or one that is gone: of several kinds, by the system
                _log.info("The system tells of no changes, so the folders are looked at every so often (%s)", error)
                self._watching = False
                self._closed.wait(WATCH_AGAIN)

    def _watch_once(self) -> None:
        """Notes changes until it is closed, or another folder stands in the place of one that is watched."""
        from watchfiles import watch

        roots = self._roots()
        for changes in watch(
            *self._folders,
            watch_filter=None,
            debounce=round(1000 * BURST),
            step=round(1000 * QUIET),
            stop_event=self._closed,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            self._watching = True
            if changes:
                self._changed.set()
            if self._roots() != roots:
                return

    def _roots(self) -> list[tuple[int, int]]:
        """Which folders are watched: one that is put in the place of another has the same name only."""
        return [(status.st_dev, status.st_ino) for status in (folder.stat() for folder in self._folders)]


def open_live(
    folders: Sequence[Path], data: Path, encoder: str, encoding: Callable[[int, int], None] | None = None
) -> LiveCorpus:
    """The corpus of the folders, to be asked and followed; the parameters are those of `open_to_ask`.

    Raises:
        OnrecordError: a folder or the encoder cannot be opened.
    """
    return LiveCorpus(folders, data, open_whole(folders, data, encoder, encoding))


def _tell(sentences: Sequence[str], told: Callable[[str], None]) -> None:
    more = len(sentences) - MOST_TOLD
    shown = (
        sentences
        if more <= 0
        else (*sentences[:MOST_TOLD], f"There are {more:,} more such warnings: start onrecord anew to read them.")
    )
    for sentence in sentences[MOST_TOLD:]:
        _log.warning("%s", sentence)
    for sentence in shown:
        try:
            told(sentence)
        except Exception:
            _log.exception("A warning could not be told")
