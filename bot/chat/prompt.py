"""The line that is typed: editing, history and completion, with prompt_toolkit."""

from collections.abc import Iterable, Sequence
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
from bot.model import Release


class LineHistory(FileHistory):
    """The lines of all runs in a file. A line that cannot be written, on a full disk say, is kept for this run."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(printable(string))


class LineCompleter(Completer):
    """Offers what `complete` finds."""

    def __init__(self, words: Sequence[str], releases: Sequence[Release]) -> None:
        self.words = words
        self.releases = releases

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for replaced, text, meaning in complete(document.text_before_cursor, self.words, self.releases):
            yield Completion(text, start_position=-len(replaced), display_meta=meaning)


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


def line_prompt(corpus: Corpus, history: History | None) -> PromptSession[str]:
    """A prompt for lines, one at a time. Commands are offered as they are typed, words when Tab is pressed."""
    return PromptSession(
        history=history or InMemoryHistory(),
        completer=LineCompleter(sorted(set(corpus.words)), corpus.releases),
        complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
        reserve_space_for_menu=4,
    )
