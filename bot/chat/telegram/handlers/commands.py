"""Commands, and what is neither a command nor a question."""

import asyncio

from telegram import Message, Update

from bot.chat.telegram import messages, notices, texts
from bot.chat.telegram.buttons import release_with_key
from bot.chat.telegram.handlers.addressing import addressed, asker_of, is_person
from bot.chat.telegram.handlers.questions import place_of
from bot.chat.telegram.service import Service
from bot.chat.wording import example_question
from bot.index.releases import Releases
from bot.model import Release


async def on_start(service: Service, update: Update) -> None:
    """`/start`, or the link of a release: from there only that release is asked."""
    if (message := asked(service, update)) is None:
        return
    words = argument(message)
    if not words or words == texts.INLINE_START:
        await say(service, message, notices.start_message(example_question(service.corpus().words)))
        return
    release = release_with_key(words, service.corpus().releases)
    if release is None:
        await say(service, message, notices.no_such_release_message(words))
        return
    await asyncio.to_thread(service.store.set_scope, message.chat_id, release.id)
    await say(service, message, notices.scoped_start_message(release))


async def on_help(service: Service, update: Update) -> None:
    """`/help`."""
    if message := asked(service, update):
        example = example_question(service.corpus().words)
        admin = message.chat.type == "private" and service.office.is_admin(asker_of(message))
        await say(service, message, notices.help_message(example, service.username, admin=admin))


async def on_privacy(service: Service, update: Update) -> None:
    """`/privacy`."""
    if message := asked(service, update):
        days = service.office.log.retention_days
        await say(service, message, notices.privacy_message(max(1, days), noted=days > 0))


async def on_forget(service: Service, update: Update) -> None:
    """`/forget`: what the person asked and how they voted is deleted."""
    if message := asked(service, update):
        person = asker_of(message)
        await asyncio.to_thread(service.forget, person)
        await say(service, message, notices.forgotten_message())


async def on_releases(service: Service, update: Update) -> None:
    """`/releases`: the first page, or the one whose number follows."""
    if (message := asked(service, update)) is None:
        return
    words = argument(message)
    page = int(words) - 1 if words.isascii() and words.isdigit() and len(words) < 7 else 0
    await say(service, message, await releases_page(service, message.chat_id, page))


async def on_use(service: Service, update: Update) -> None:
    """`/use` and the number or the id of a release; without one, the list to choose from."""
    if (message := asked(service, update)) is None:
        return
    words = argument(message)
    if not words:
        await say(service, message, await releases_page(service, message.chat_id, 0))
        return
    release = _named(words, service.corpus().releases)
    if release is None:
        await say(service, message, notices.no_such_release_message(words))
        return
    await asyncio.to_thread(service.store.set_scope, message.chat_id, release.id)
    await say(service, message, notices.using_message(release))


async def on_all(service: Service, update: Update) -> None:
    """`/all`: all releases are asked again."""
    if message := asked(service, update):
        await asyncio.to_thread(service.store.set_scope, message.chat_id, None)
        await say(service, message, notices.all_message(len(service.corpus().releases)))


async def on_unknown_command(service: Service, update: Update) -> None:
    """A command that there is not."""
    if message := asked(service, update):
        await say(service, message, notices.unknown_command_message(_name(message)))


async def on_other_content(service: Service, update: Update) -> None:
    """A photo, a sticker, a voice message: one polite line; in a group only to who spoke to the bot."""
    message = update.message
    if message is None or not is_person(message, service.bot_id):
        return
    if message.chat.type != "private":
        caption = any(
            shown.lower() == f"@{service.username}".lower() for shown in message.parse_caption_entities().values()
        )
        if addressed(message, service.username, service.bot_id) is None and not caption:
            return
    await say(service, message, notices.text_only_message())


async def releases_page(service: Service, chat: int, page: int) -> messages.Message:
    """A page of the releases, with the one that is asked in this chat marked."""
    releases = service.corpus().releases
    scope = await asyncio.to_thread(service.store.scope, chat)
    return notices.releases_message(releases, page, releases.find(scope) if scope else None)


def _named(words: str, releases: Releases) -> Release | None:
    if words.isascii() and words.isdigit() and len(words) < 10 and 1 <= int(words) <= len(releases):
        return releases[int(words) - 1]
    return release_with_key(words, releases)


def asked(service: Service, update: Update) -> Message | None:
    """The message, where a person sent it to the bot: in a group a command must name it (`/help@bot`)."""
    message = update.message
    if message is None or not is_person(message, service.bot_id):
        return None
    if message.chat.type != "private" and f"@{service.username}".lower() not in _name(message).lower():
        return None
    return message


def _name(message: Message) -> str:
    return (message.text or "").split(maxsplit=1)[0]


def argument(message: Message) -> str:
    """What follows a command."""
    _, *rest = (message.text or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


async def say(service: Service, message: Message, said: messages.Message) -> None:
    """Sends it in reply, in a private chat without: there it is clear what it answers."""
    taken = await asyncio.to_thread(service.presses.take, asker_of(message))
    if taken.wait and not taken.first:
        return
    place = place_of(message)
    if message.chat.type == "private" and message.text:
        place = place._replace(message=None)
    await service.sender.send(place, notices.too_fast_message(taken.wait) if taken.wait else said)
