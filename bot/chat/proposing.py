"""A release before it is added, in words: what was understood of it, and what adding it does."""

from collections.abc import Iterator

from bot.chat.language import gettext, ngettext
from bot.chat.wording import date_words, grouped, printable, source_line
from bot.desk.filing import Proposal, Standing
from bot.reading.draft import Draft
from bot.reading.folders import show
from bot.text.sentences import split_sentences

_FIRST_LINES = 3
_LINE = 100  # characters of a line that is shown of a text


def proposal_lines(proposal: Proposal) -> Iterator[str]:
    """What was understood of a release, and what adding it does, as plain lines."""
    draft = proposal.draft
    yield printable(draft.title or "")
    yield facts_line(draft)
    yield from (f"  {line}" for line in first_lines(draft))
    yield size_line(draft)
    yield from (gettext("Note: it {warning}.").format(warning=printable(warning)) for warning in draft.warnings)
    yield standing_line(proposal)


def facts_line(draft: Draft) -> str:
    """When, from whom, where and at which address, as far as the draft says."""
    day = date_words(draft.published) if draft.published else gettext("no date found")
    parts = (day, draft.source or gettext("no source found"), draft.place, draft.url)
    return " · ".join(printable(part) for part in parts if part)


def first_lines(draft: Draft) -> list[str]:
    """The first lines of the text, shortened."""
    lines = [printable(line) for line in draft.text.split("\n") if line][:_FIRST_LINES]
    return [line if len(line) <= _LINE else f"{line[: _LINE - 1].rstrip()}…" for line in lines]


def size_line(draft: Draft) -> str:
    """How many sentences and words there are; only sentences where no spaces part the words, as in Chinese."""
    sentences, words = len(split_sentences(draft.text)), len(draft.text.split())
    told = ngettext("{count} sentence", "{count} sentences", sentences).format(count=grouped(sentences))
    if words < 2 * sentences:
        return told
    return f"{told}, {ngettext('{count} word', '{count} words', words).format(count=grouped(words))}"


def standing_line(proposal: Proposal) -> str:
    """What adding it does."""
    if proposal.earlier is None:
        return gettext("It goes to {file}.").format(file=show(proposal.path))
    release = source_line(proposal.earlier.release)
    if proposal.standing is Standing.SAME:
        return gettext("It is on the record already: {release}. Nothing is added.").format(release=release)
    return gettext("A new version of {release}. It takes its place; the old one is kept.").format(release=release)
