"""Questions: in private chats, in groups, and edited ones."""

import asyncio

from telegram import Message, Update

from bot.chat.telegram import notices
from bot.chat.telegram.handlers.addressing import Addressed, addressed, asked_with, asker_of, is_person
from bot.chat.telegram.sending import Place
from bot.chat.telegram.service import Leaning, Service
from bot.chat.telegram.store import Written
from bot.chat.wording import example_question


def place_of(message: Message, answered: int | None = None) -> Place:
    """Where the answer to a message goes: in reply to it, or to `answered`, in its topic."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat_id, message.message_id if answered is None else answered, topic)


async def on_private_question(service: Service, update: Update) -> None:
    """Any text in a private chat is a question."""
    message = update.effective_message
    if message is None or not message.text or not is_person(message, service.bot_id):
        return
    target = message.reply_to_message
    await _answer(
        service, update, message, Addressed(message.text, message.message_id, target.message_id if target else None)
    )


async def on_group_message(service: Service, update: Update) -> None:
    """In a group a question is what is meant for the bot."""
    message = update.effective_message
    if message is None or not message.text or not is_person(message, service.bot_id):
        return
    asked = addressed(message, service.username, service.bot_id)
    if asked is None and update.edited_message:
        asked = await _asked_before(service, message)
    if asked is not None:
        await _ask_or_answer(service, update, message, asked)


async def on_ask(service: Service, update: Update) -> None:
    """`/ask` and a question, or in reply to one."""
    message = update.effective_message
    if message is None or not message.text or not is_person(message, service.bot_id):
        return
    text = " ".join(message.text.split(maxsplit=1)[1:])
    target = message.reply_to_message
    if target and target.from_user and target.from_user.id == service.bot_id:
        asked = Addressed(text, message.message_id, answer=target.message_id)
    else:
        asked = asked_with(message, text)
    await _ask_or_answer(service, update, message, asked)


async def _ask_or_answer(service: Service, update: Update, message: Message, asked: Addressed) -> None:
    if asked.question.strip():
        await _answer(service, update, message, asked)
    elif message.edit_date is None:
        example = example_question(service.corpus().words)
        await service.sender.send(place_of(message), notices.ask_what_message(example))


async def _answer(service: Service, update: Update, message: Message, asked: Addressed) -> None:
    place, leaning = place_of(message, asked.message), Leaning(asked.answer, asked.previous)
    written = Written(int((message.edit_date or message.date).timestamp()), update.update_id)
    await service.answer(place, asker_of(message), message.message_id, asked.question, leaning, written)


async def _asked_before(service: Service, message: Message) -> Addressed | None:
    """An edited message that was answered stays meant for the bot when the edit takes the mention away."""
    before = await asyncio.to_thread(service.store.answer_to, message.chat_id, message.message_id)
    return Addressed(message.text or "", message.message_id) if before else None
