"""The line that is typed: editing, history and completion, with prompt_toolkit."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.chat.completion import complete
from bot.chat.wording import printable
from bot.index.corpus import Corpus


class LineHistory(FileHistory):
    """The lines of all runs in a file. A line that cannot be written, on a full disk say, is kept for this run."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(printable(string))


class LineCompleter(Completer):
    """Offers what `complete` finds in the corpus as it is now."""

    def __init__(self, source: Callable[[], Corpus]) -> None:
        self.source = source
        self._sorted: tuple[Sequence[str], list[str]] = ((), [])

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        corpus = self.source()
        for replaced, text, meaning in complete(document.text_before_cursor, self._words(corpus), corpus.releases):
            yield Completion(text, start_position=-len(replaced), display_meta=meaning)

    def _words(self, corpus: Corpus) -> list[str]:
        """The words of the corpus in order, sorted once."""
        if self._sorted[0] is not corpus.words:
            self._sorted = corpus.words, sorted(set(corpus.words))
        return self._sorted[1]


def line_history(data: Path) -> History | None:
    """The history in the folder `data`, readable by its owner only, or None where it cannot be kept there."""
    path = data / "history"
    try:
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("r+b"):
            return LineHistory(str(path))
    except OSError:
        return None


def line_prompt(source: Callable[[], Corpus], history: History | None) -> PromptSession[str]:
    """A prompt for lines, one at a time. Commands are offered as they are typed, words when Tab is pressed."""
    return PromptSession(
        history=history or InMemoryHistory(),
        completer=LineCompleter(source),
        complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
        reserve_space_for_menu=4,
    )
