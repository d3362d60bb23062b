"""What the press office is shown: a release before it is published, and what came of a decision."""

from collections.abc import Sequence

from bot.chat.language import gettext
from bot.chat.proposing import facts_line, first_lines, size_line
from bot.chat.telegram import office_texts as texts
from bot.chat.telegram.buttons import Button, Decide, encode
from bot.chat.telegram.html import Block, Piece, rendered, said, short, visible
from bot.chat.telegram.messages import Message
from bot.chat.wording import source_line
from bot.desk.filing import Proposal, Standing
from bot.desk.holdings import Filed

_TITLE = 300  # UTF-16 units
_FACTS = 500
_REASON = 800
_WARNINGS = 5


def proposal_message(proposal: Proposal, row: int | None) -> Message:
    """What was understood of a release, with *Publish* and *Discard* under the number of its row, if it has one."""
    draft = proposal.draft
    blocks = [
        Block((short(draft.title or "", _TITLE, "b"),)),
        Block((short(facts_line(draft), _FACTS),)),
        Block((Piece("\n".join(visible(line) for line in first_lines(draft))),), quoted=True),
        Block((Piece(size_line(draft)),)),
        *(said(texts.NOTE, warning=warning) for warning in draft.warnings[:_WARNINGS]),
        _standing(proposal),
    ]
    if row is None:
        return Message(rendered(blocks))
    yes = Button(gettext(texts.PUBLISH), encode(Decide(row, yes=True)))
    return Message(rendered(blocks), ((yes, Button(gettext(texts.DISCARD), encode(Decide(row, yes=False)))),))


def _standing(proposal: Proposal) -> Block:
    if proposal.earlier is None:
        return said(texts.GOES_ON_RECORD)
    message = texts.SAME if proposal.standing is Standing.SAME else texts.VERSION
    return said(message, release=short(source_line(proposal.earlier.release)))


def removal_message(filed: Filed, row: int) -> Message:
    """A release that is about to be taken off the record, with the buttons to decide."""
    blocks = [Block((short(source_line(filed.release), _FACTS, "b"),)), said(texts.ASK_TO_REMOVE)]
    yes = Button(gettext(texts.REMOVE), encode(Decide(row, yes=True)))
    return Message(rendered(blocks), ((yes, Button(gettext(texts.KEEP), encode(Decide(row, yes=False)))),))


def corpus_message(notes: Sequence[str]) -> Message:
    """What is to be said of the releases, such as that a file cannot be read."""
    return Message(rendered([said(texts.CORPUS_TOLD, note=short(note, _FACTS // 2)) for note in notes]))


def told_of(message: str, title: str) -> Message:
    """One of the sentences that name a release."""
    return Message(rendered([said(message, title=short(title, tag="b"))]))


def told(message: str, **values: Piece | str | int) -> Message:
    """One of the other sentences."""
    return Message(rendered([said(message, **values)]))


def failure_message(reason: str) -> Message:
    """Why something could not be read."""
    return told(texts.READING_FAILED, reason=short(reason, _REASON))


def refusal_message(person: int, *, nobody: bool) -> Message:
    """That only the press office may do this; where `nobody` belongs to it yet, how one comes to."""
    return told(texts.NO_OFFICE_YET, number=person) if nobody else told(texts.OFFICE_ONLY)
