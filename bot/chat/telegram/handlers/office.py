"""The press office in a private chat: a document or a link becomes a release, and a release is taken away."""

import asyncio
import re

from telegram import Document, Message, Update
from telegram.error import TelegramError

from bot.chat.telegram import messages, notices, office_notices, office_texts
from bot.chat.telegram.handlers.addressing import asker_of, is_person
from bot.chat.telegram.handlers.commands import argument, asked, say
from bot.chat.telegram.handlers.questions import on_private_question, place_of
from bot.chat.telegram.office import kept_draft, publish, take_off
from bot.chat.telegram.proposals import Proposed
from bot.chat.telegram.sending import UnreachableError
from bot.chat.telegram.service import Service
from bot.desk import filing
from bot.desk.filing import Standing
from bot.desk.holdings import Filed
from bot.desk.sources import read_bytes, read_page
from bot.model import OnrecordError
from bot.reading.draft import Draft
from bot.reading.files import LARGEST_FILE

_LINKS = 10  # in one message
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


async def on_document(service: Service, update: Update) -> None:
    """A file: an admin is shown what it says, and asked whether to publish it."""
    message = update.message
    if message is None or message.document is None or not is_person(message, service.bot_id):
        return
    if not await allowed(service, message, "publish a document"):
        return
    if (message.document.file_size or 0) > LARGEST_FILE:
        await say(service, message, office_notices.told(office_texts.TOO_LARGE, size=LARGEST_FILE // 1_000_000))
        return
    service.sender.typing(place_of(message))
    raw = await _downloaded(service, message.document)
    if raw is None:
        await say(service, message, office_notices.told(office_texts.NOT_FETCHED))
        return
    name = message.document.file_name or ""
    try:
        draft = await asyncio.to_thread(read_bytes, raw, name, shown=name or "The file")
    except OnrecordError as error:
        await say(service, message, office_notices.failure_message(str(error)))
        return
    await _show(service, message, draft)


async def on_private_text(service: Service, update: Update) -> None:
    """A text in a private chat: links and nothing else are for the press office, everything else is a question."""
    message = update.message
    links = (message.text or "").split() if message is not None else []
    if (
        message is None
        or not links
        or not all(map(_ADDRESS.fullmatch, links))
        or not is_person(message, service.bot_id)
    ):
        await on_private_question(service, update)
        return
    if not await allowed(service, message, "publish a link"):
        return
    for link in links[:_LINKS]:
        service.sender.typing(place_of(message))
        try:
            draft = await read_page(link, private=service.office.private)
        except OnrecordError as error:
            await say(service, message, office_notices.failure_message(str(error)))
        else:
            await _show(service, message, draft)


async def on_remove(service: Service, update: Update) -> None:
    """`/remove` and the number or the id of a release: an admin is asked whether to take it off the record."""
    message = asked(service, update)
    if message is None or not await allowed(service, message, "remove a release"):
        return
    words = argument(message)
    if not words:
        await say(service, message, office_notices.told(office_texts.WHICH))
        return
    try:
        filed = await asyncio.to_thread(lambda: filing.named(words, service.office.shelf.opened()))
    except OnrecordError as error:
        await say(service, message, office_notices.failure_message(str(error)))
        return
    if filed is None:
        await say(service, message, notices.no_such_release_message(words))
        return
    person = asker_of(message)
    row = await asyncio.to_thread(service.proposals.add, person, message.chat_id, "remove", filed.release.id)
    await say(service, message, office_notices.removal_message(filed, row))


async def decide(service: Service, proposed: Proposed, yes: bool) -> messages.Message:
    """Does what an admin decided, and gives what their message becomes.

    Raises:
        OnrecordError: it could not be done; it can be decided again.
    """
    if proposed.kind == "publish":
        if yes:
            filed = await asyncio.to_thread(_published, service, proposed.content)
            said = office_notices.told_of(office_texts.PUBLISHED, filed.release.title)
        else:
            said = office_notices.told_of(office_texts.DISCARDED, kept_draft(proposed.content).title or "")
    elif yes:
        gone = await asyncio.to_thread(_taken_off, service, proposed.content)
        said = (
            office_notices.told_of(office_texts.REMOVED, gone.release.title)
            if gone
            else office_notices.told(office_texts.GONE)
        )
    else:
        known = service.corpus().releases.find(proposed.content)
        said = office_notices.told_of(office_texts.KEPT, known.title if known else proposed.content)
    await asyncio.to_thread(service.proposals.decided, proposed.row)
    return said


def _published(service: Service, source: str) -> Filed:
    with service.alone():
        return publish(service.office, source)[1]


def _taken_off(service: Service, release_id: str) -> Filed | None:
    with service.alone():
        return take_off(service.office, release_id)


async def _show(service: Service, message: Message, draft: Draft) -> None:
    """Shows what was read, and asks whether to publish it."""
    try:
        shelf = await asyncio.to_thread(service.office.shelf.opened)
        proposal = await asyncio.to_thread(filing.propose, draft, shelf)
    except OnrecordError as error:
        await say(service, message, office_notices.failure_message(str(error)))
        return
    row = None
    if proposal.standing is not Standing.SAME:
        person = asker_of(message)
        row = await asyncio.to_thread(service.proposals.add, person, message.chat_id, "publish", proposal.source)
    await say(service, message, office_notices.proposal_message(proposal, row))


async def _downloaded(service: Service, document: Document) -> bytes | None:
    """The bytes of a document, None where Telegram does not give them."""
    try:
        return await service.sender.download(document.file_id)
    except (TelegramError, UnreachableError):
        return None


async def allowed(service: Service, message: Message, what: str) -> bool:
    """Whether the one who wrote belongs to the press office; others are told that they do not, and it is logged."""
    person = asker_of(message)
    if service.office.is_admin(person):
        return True
    await asyncio.to_thread(service.office.refuse, person, what)
    await say(service, message, office_notices.refusal_message(person, nobody=not service.office.admins))
    return False
