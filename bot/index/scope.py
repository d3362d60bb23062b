"""Which releases a question is put to."""

from dataclasses import dataclass
from datetime import date

from bot.model import Release
from bot.text.terms import fold


@dataclass(frozen=True, slots=True)
class Scope:
    """Which releases are asked: those for which all holds that is set.

    `releases` are ids, `source` a part of the name of the sender, in whatever case and accents, `since` and `until` the
    first and the last day of publication. A release without a date is outside of every range of days.
    """

    releases: frozenset[str] | None = None
    source: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, release: Release) -> bool:
        """Whether the release is asked."""
        if self.releases is not None and release.id not in self.releases:
            return False
        if self.source is not None and not is_from(release.source, self.source):
            return False
        if self.since is None and self.until is None:
            return True
        day = release.published
        return day is not None and (self.since or day) <= day <= (self.until or day)


def is_from(source: str | None, asked: str) -> bool:
    """Whether the name of a sender holds what was asked for: `grassley` is in `Sen. Grassley`."""
    return source is not None and fold(asked) in fold(source)
