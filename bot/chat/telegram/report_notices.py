"""What people asked, as the press office reads it in a chat."""

from collections.abc import Sequence

from bot.chat.language import gettext, ngettext
from bot.chat.telegram import office_texts as texts
from bot.chat.telegram.html import Block, Piece, filled, rendered, said, short
from bot.chat.telegram.messages import Message
from bot.chat.wording import grouped, percent
from bot.desk.figures import Quoted, Totals
from bot.desk.grouping import Group

SHOWN = 10  # groups of questions, and releases
_QUESTION = 200  # UTF-16 units
_TITLE = 120


def stats_message(periods: Sequence[tuple[int, Totals]], quoted: Sequence[Quoted]) -> Message:
    """The figures of the last so many days, for each number of days, and the releases quoted most in the longest."""
    blocks = [said(texts.STATS)]
    for days, totals in periods:
        blocks += [filled(""), said(texts.LAST_DAYS, days=days), *_totals(totals)]
    return Message(rendered([*blocks, *_quoted(quoted), filled(""), said(texts.REPORT_HINT)]))


def unanswered_message(days: int, groups: Sequence[Group]) -> Message:
    """The questions of the last days that no release answers, those that ask the same together."""
    if not groups:
        return Message(rendered([said(texts.ALL_ANSWERED, days=days)]))
    more = [said(texts.REPORT_HINT)] if len(groups) > SHOWN else []
    return Message(rendered([said(texts.UNANSWERED, days=days), *_groups(groups), *more]))


def digest_message(totals: Totals, quoted: Sequence[Quoted], groups: Sequence[Group], days: int) -> Message:
    """The weekly summary."""
    blocks = [said(texts.DIGEST), *_totals(totals), *_quoted(quoted[:3])]
    if groups:
        blocks += [filled(""), said(texts.UNANSWERED, days=days), *_groups(groups[:5])]
    return Message(rendered([*blocks, filled(""), said(texts.REPORT_HINT)]))


def _totals(totals: Totals) -> list[Block]:
    if not totals.questions:
        return [said(texts.NOTHING_ASKED)]
    questions = ngettext("{count} question", "{count} questions", totals.questions)
    people = ngettext("by {count} person", "by {count} people", totals.people)
    answered = gettext("{share} answered").format(share=percent(totals.answered_share or 0.0))
    line = ", ".join(
        (questions.format(count=grouped(totals.questions)), people.format(count=grouped(totals.people)), answered)
    )
    votes = f"👍 {grouped(totals.up)} · 👎 {grouped(totals.down)}"
    return [Block((Piece(line),)), *([Block((Piece(votes),))] if totals.up + totals.down else [])]


def _quoted(quoted: Sequence[Quoted]) -> list[Block]:
    if not quoted:
        return []
    lines = [Block((short(f"{grouped(one.times)} × {one.title}", _TITLE),)) for one in quoted[:SHOWN]]
    return [filled(""), said(texts.MOST_QUOTED), *lines]


def _groups(groups: Sequence[Group]) -> list[Block]:
    return [Block((Piece(f"{grouped(one.times)} × "), short(one.question, _QUESTION, "i"))) for one in groups[:SHOWN]]
