"""The question log that the settings name, and questions at a terminal, put into it after they are answered."""

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.language import spoken
from bot.desk.log import QuestionLog, open_log
from bot.desk.noted import Way, noted_reply
from bot.model import Reply

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Noting:
    """The question log, and the way in whose questions are noted."""

    log: QuestionLog
    way: Way

    @property
    def days(self) -> int:
        """For how many days a question is kept, 0 where none is."""
        return self.log.retention_days

    def note(self, reply: Reply) -> None:
        """Notes a question and its answer. It never raises: a question is answered whether it can be noted or not."""
        noted = noted_reply(reply, person=self._person(), way=self.way, language=spoken())
        if noted is not None:
            self.log.note(noted)

    def forget(self) -> None:
        """Deletes what this person asked on this computer.

        Raises:
            OnrecordError: it could not be deleted.
        """
        self.log.forget(self._person())

    def _person(self) -> str:
        """The one whose account this is."""
        try:
            name = getpass.getuser()
        except (OSError, KeyError):
            name = ""  # an account without a name
        return self.log.person("computer", name)


def log_of(settings: "Settings", data: Path) -> QuestionLog:
    """The question log in the database that the settings name, else in this data folder; nothing is opened yet."""
    url, token = settings.database, settings.telegram_token
    return open_log(
        data,
        settings.retention_days,
        url.get_secret_value() if url else None,
        token.get_secret_value() if token else None,
    )
