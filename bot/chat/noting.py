"""Questions at a terminal, put into the question log after they are answered."""

import getpass
from dataclasses import dataclass

from bot.chat.language import spoken
from bot.desk.log import QuestionLog
from bot.desk.noted import Way, noted_reply
from bot.model import Reply


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
