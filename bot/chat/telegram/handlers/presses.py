"""Presses of the buttons under the bot's messages. A press is acknowledged whatever comes of it."""

import asyncio
from dataclasses import dataclass

from telegram import Update

from bot.chat.language import gettext, speaking
from bot.chat.telegram import messages, notices, office_texts, texts
from bot.chat.telegram.buttons import Context, Decide, Page, Press, Show, Use, UseAll, Vote, decode, release_with_key
from bot.chat.telegram.database import NotWrittenError
from bot.chat.telegram.handlers.commands import releases_page
from bot.chat.telegram.handlers.office import decide
from bot.chat.telegram.html import cut, visible
from bot.chat.telegram.sending import Sent
from bot.chat.telegram.service import Service
from bot.chat.telegram.store import Answered, shown
from bot.model import OnrecordError, UnavailableError

_NOTICE = 200  # UTF-16 units that Telegram shows of a notice


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What comes of a press: a notice (of `texts`) for the one who pressed, or one in other words, and what the message
    becomes."""

    notice: str | None = None
    message: messages.Message | None = None
    said: str | None = None


_OLD, _GONE = _Outcome(texts.OLD_BUTTON), _Outcome(texts.GONE)


async def on_press(service: Service, update: Update) -> None:
    """Does what the button says. The press is acknowledged at once, whatever comes of it."""
    query = update.callback_query
    if query is None:
        return
    if (await asyncio.to_thread(service.presses.take, query.from_user.id)).wait:
        await service.sender.acknowledge(query.id)
        return
    if query.message is None:  # under an inline result, where this bot puts no buttons
        await service.sender.acknowledge(query.id, gettext(texts.OLD_BUTTON))
        return
    place = Sent(query.message.chat.id, query.message.message_id)
    try:
        outcome = await _outcome(service, query.from_user.id, place, decode(query.data), update.update_id)
    except NotWrittenError:  # it is done when the database is there again
        raise
    except UnavailableError:
        await service.sender.acknowledge(query.id, gettext(texts.UNAVAILABLE))
        raise
    except Exception:
        await service.sender.acknowledge(query.id)
        raise
    notice = gettext(outcome.notice) if outcome.notice else outcome.said
    acknowledged = asyncio.create_task(service.sender.acknowledge(query.id, notice))
    if outcome.message is not None:
        await service.sender.edit(place, outcome.message)
    await acknowledged


async def _outcome(service: Service, person: int, place: Sent, press: Press | None, update: int) -> _Outcome:
    releases = service.corpus().releases
    match press:
        case Show() | Context() | Vote():
            return await _turned(service, person, place, press)
        case Page(number):
            return _Outcome(message=await releases_page(service, place.chat, number))
        case Use(key):
            release = release_with_key(key, releases)
            if release is None:
                return _GONE
            await asyncio.to_thread(service.store.set_scope, place.chat, release.id)
            return _Outcome(message=notices.using_message(release))
        case UseAll():
            await asyncio.to_thread(service.store.set_scope, place.chat, None)
            return _Outcome(message=notices.all_message(len(releases)))
        case Decide(row, yes):
            return await _decided(service, person, place, Decide(row, yes), update)
        case None:
            return _OLD


async def _decided(service: Service, person: int, place: Sent, press: Decide, update: int) -> _Outcome:
    """What came of an admin's decision; where it could not be done it can be decided again."""
    if not service.office.is_admin(person):
        await asyncio.to_thread(service.office.refuse, person, "decide on a release")
        return _Outcome(office_texts.PRESS_REFUSED)
    proposed = await asyncio.to_thread(service.proposals.find, press.row)
    if proposed is None or proposed.chat != place.chat:
        return _OLD
    if not await asyncio.to_thread(service.proposals.claim, press.row, update):
        return _OLD
    try:
        return _Outcome(message=await decide(service, proposed, press.yes))
    except OnrecordError as error:
        await asyncio.to_thread(service.proposals.leave, press.row)
        return _Outcome(said=cut(visible(str(error)), _NOTICE))


async def _turned(service: Service, voter: int, place: Sent, press: Show | Context | Vote) -> _Outcome:
    """The answer turned to another quote or to its passage, or with a vote counted.

    It stays in the language of the one who asked, whoever presses.
    """
    answered = await asyncio.to_thread(service.store.answered, press.row)
    if answered is None or (answered.asked.chat, answered.message) not in (place, (place.chat, None)):
        return _OLD
    if isinstance(press, Vote):
        await asyncio.to_thread(service.store.vote, press.row, voter, press.up)
        answered = await asyncio.to_thread(service.store.answered, press.row) or answered
    releases = service.corpus().releases
    answer, places = shown(answered, releases)
    position = places[press.position] if press.position < len(places) else None
    if isinstance(press, Vote) and position is not None:
        quote, log = answer.reply.quotes[position], service.office.log
        person = log.person("telegram", voter)
        await asyncio.to_thread(log.vote, answered.noted, person, press.up, quote.release.id, quote.text)
    if position is None:
        return _Outcome(_thanks(press)) if isinstance(press, Vote) else _GONE
    if None in places:
        answered = await _without_gone(service, answered, places)
        answer, _ = shown(answered, releases)
    turn = messages.context_message if isinstance(press, Context) else messages.quote_message
    with speaking(answered.asked.language):
        message = turn(answer, position)
    if message is None:
        return _GONE
    return _Outcome(_thanks(press) if isinstance(press, Vote) else None, message)


async def _without_gone(service: Service, answered: Answered, places: tuple[int | None, ...]) -> Answered:
    """Forgets the quotes of gone releases, so that the buttons to come count only those that are left."""
    left = [number for number, place in enumerate(places) if place is not None]
    return await asyncio.to_thread(service.store.keep_only, answered, left)


def _thanks(vote: Vote) -> str:
    return texts.VOTED_UP if vote.up else texts.VOTED_DOWN
