"""The bot's own coming and going: added to a group, removed from it, a group that becomes a supergroup."""

import asyncio

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.telegram import notices
from bot.chat.telegram.sending import Place
from bot.chat.telegram.service import Service

_AWAY = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


async def on_membership(service: Service, update: Update) -> None:
    """Greets a group that the bot is added to, and forgets the scope of one that it is removed from."""
    change = update.my_chat_member
    if change is None or change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return
    was_away, is_away = change.old_chat_member.status in _AWAY, change.new_chat_member.status in _AWAY
    if was_away and not is_away:
        await service.sender.send(Place(change.chat.id), notices.group_welcome_message(service.username))
    elif is_away:
        await asyncio.to_thread(service.store.set_scope, change.chat.id, None)


async def on_migration(service: Service, update: Update) -> None:
    """What was known of the group is known of the supergroup."""
    message = update.message
    if message is not None and message.migrate_to_chat_id:
        await asyncio.to_thread(service.store.migrate, message.chat_id, message.migrate_to_chat_id)
    elif message is not None and message.migrate_from_chat_id:
        await asyncio.to_thread(service.store.migrate, message.migrate_from_chat_id, message.chat_id)
