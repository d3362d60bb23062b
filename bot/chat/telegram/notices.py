"""What is said to commands, and to everything that is no question: greetings, help, the list of releases, regrets."""

from collections.abc import Sequence
from difflib import get_close_matches
from math import ceil

from bot.chat.language import gettext
from bot.chat.narrowing import EXAMPLE
from bot.chat.telegram import office_texts, texts
from bot.chat.telegram.buttons import Button, Page, Use, UseAll, encode, release_key
from bot.chat.telegram.html import Block, Piece, cut, filled, rendered, said, short, visible
from bot.chat.telegram.messages import Message
from bot.chat.wording import grouped, printable, refusal_sentence, source_line
from bot.index.releases import Releases
from bot.model import Refusal, Release, Reply

PAGE = 8  # releases
_LISTED = 200  # UTF-16 units of a release in a list
_LABEL = 60  # UTF-16 units of a title on a button
_WORD = 40  # UTF-16 units of a command or a reference


def start_message(example: str) -> Message:
    """What a newcomer reads first; `example` is a question."""
    return _message(said(texts.START), said(texts.HOW), said(texts.EXAMPLE, example=example), said(texts.MORE_HELP))


def scoped_start_message(release: Release) -> Message:
    """What somebody reads who comes by the link of a release."""
    return _message(said(texts.START_SCOPED, title=_title(release)), said(texts.HOW), said(texts.ASK_AWAY))


def help_message(example: str, bot: str, *, admin: bool = False) -> Message:
    """How to ask; `example` is a question, and `bot` the bot's user name. An admin reads more."""
    return _message(
        said(texts.HELP),
        said(texts.HOW),
        said(texts.EXAMPLE, example=example),
        filled(""),
        said(texts.HELP_FOLLOW_UP, example=texts.FOLLOW_UP),
        said(texts.HELP_NARROW, example=EXAMPLE.format(question=example)),
        said(texts.HELP_EDIT),
        said(texts.HELP_BUTTONS),
        said(texts.HELP_RELEASES),
        filled(""),
        said(texts.HELP_GROUP, bot=bot),
        said(texts.HELP_INLINE, bot=bot),
        said(texts.HELP_PRIVACY),
        *((filled(""), said(office_texts.HELP_OFFICE)) if admin else ()),
    )


def privacy_message(days: int, *, noted: bool) -> Message:
    """What is kept of what a person writes, and for how many days; `noted` says whether the press office sees it."""
    return _message(
        said(texts.PRIVACY),
        *([said(texts.PRIVACY_LOG)] if noted else []),
        filled(texts.deleted_after(days), days=days),
        said(texts.PRIVACY_FORGET),
    )


def forgotten_message() -> Message:
    """That what a person asked is deleted."""
    return _message(said(texts.FORGOTTEN))


def releases_message(releases: Sequence[Release] | Releases, page: int = 0, chosen: Release | None = None) -> Message:
    """A page of the releases, from 0, with a button for each; the last one where there is no such page."""
    if not releases:
        return _message(filled(refusal_sentence(Reply("", refusal=Refusal.NO_RELEASES))))
    pages = ceil(len(releases) / PAGE)
    page = min(max(page, 0), pages - 1)
    shown = list(enumerate(releases[page * PAGE : (page + 1) * PAGE], page * PAGE + 1))
    head = said(texts.PAGE_OF, number=page + 1, count=pages) if pages > 1 else said(texts.ONE_PAGE)
    lines = [filled(texts.LISTED, number=number, line=short(source_line(one), _LISTED)) for number, one in shown]
    rows = [[_release_button(number, one, chosen)] for number, one in shown]
    rows.append([Button(gettext(texts.PREVIOUS_PAGE), encode(Page(page - 1)))] if page else [])
    rows[-1] += [Button(gettext(texts.NEXT_PAGE), encode(Page(page + 1)))] if page + 1 < pages else []
    rows.append([Button(gettext(texts.ASK_ALL), encode(UseAll()))] if chosen else [])
    return Message(rendered([head, *lines]), tuple(tuple(row) for row in rows if row))


def using_message(release: Release) -> Message:
    """That one release is asked from here on."""
    return _message(said(texts.USING, title=_title(release)))


def all_message(count: int) -> Message:
    """That all releases, so many, are asked from here on."""
    return _message(filled(texts.asking_all(count), count=grouped(count)))


def no_such_release_message(words: str) -> Message:
    """That no release is named so."""
    return _message(said(texts.NO_SUCH_RELEASE, words=words))


def unknown_command_message(command: str) -> Message:
    """That there is no such command, and which one is near it. What follows its name is left out."""
    name = "".join(printable(command).split("@")[0].strip().lstrip("/").split()[:1])
    shown = Piece(cut(visible(f"/{name}"), _WORD), "code")
    nearest = _nearest_command(name.lower())
    if nearest:
        return _message(said(texts.MISTYPED_COMMAND, command=shown, nearest=nearest))
    return _message(said(texts.UNKNOWN_COMMAND, command=shown))


def not_narrowed_message(reason: str) -> Message:
    """Why a question cannot be narrowed as it was typed."""
    return _message(filled("{reason}", reason=reason))


def text_only_message() -> Message:
    """What a photo, a sticker or a poll gets."""
    return _message(said(texts.TEXT_ONLY))


def ask_what_message(example: str) -> Message:
    """What a command to ask without a question gets."""
    return _message(said(texts.ASK_WHAT, example=example))


def too_fast_message(seconds: float) -> Message:
    """That somebody asks faster than is fair, and for how long to wait."""
    return _message(said(texts.TOO_FAST, seconds=max(1, ceil(seconds))))


def error_message(reference: str) -> Message:
    """That something failed, and the reference under which the log has more."""
    return _message(said(texts.ERROR, reference=short(reference, _WORD, "code")))


def unavailable_message() -> Message:
    """That the releases cannot be reached now."""
    return _message(said(texts.UNAVAILABLE))


def group_welcome_message(bot: str) -> Message:
    """What a group reads that the bot has been added to; `bot` is its user name."""
    return _message(said(texts.GROUP_WELCOME), said(texts.GROUP_HOW, bot=bot))


def inline_hint(example: str) -> str:
    """The line over the results where nothing has been typed yet: plain text; `example` is a question."""
    return gettext(texts.INLINE_EMPTY).format(example=cut(visible(example), _LABEL))


def inline_reason(reason: str) -> str:
    """The line over the results that says why there are none: plain text."""
    return cut(visible(reason), _LABEL)


def _message(*blocks: Block) -> Message:
    return Message(rendered(blocks))


def _title(release: Release) -> Piece:
    return short(release.title if visible(release.title).strip() else release.id, tag="b")


def _release_button(number: int, release: Release, chosen: Release | None) -> Button:
    label = texts.CHOSEN if chosen is not None and chosen.id == release.id else texts.RELEASE
    title = cut(_title(release).text.strip(), _LABEL)
    return Button(label.format(number=number, title=title), encode(Use(release_key(release.id))))


def _nearest_command(name: str) -> str | None:
    names = [known for known, _ in (*texts.COMMANDS, *office_texts.COMMANDS)]
    begun = [known for known in names if len(name) > 1 and known.startswith(name)]
    return next(iter(begun or get_close_matches(name, names, n=1, cutoff=0.6)), None)
