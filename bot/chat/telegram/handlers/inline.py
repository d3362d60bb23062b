"""Inline queries: quotes that are offered while somebody types in another chat."""

import asyncio

from telegram import Update

from bot.chat.language import gettext
from bot.chat.narrowing import NarrowingError, asked_sentence
from bot.chat.telegram import messages, notices, texts
from bot.chat.telegram.service import Service
from bot.chat.wording import example_question
from bot.model import UnavailableError
from bot.stages import begun, stage, took

_CACHED = 30  # seconds for which Telegram may show an answer again; releases change seldom, but they do


async def on_inline_query(service: Service, update: Update) -> None:
    """Offers up to five quotes, or says what to type."""
    query = update.inline_query
    if query is None:
        return
    question = query.query.strip()
    if not question:
        hint = notices.inline_hint(example_question(service.corpus().words))
        await service.sender.offer(query.id, (), hint=(hint, texts.INLINE_START), seconds=_CACHED)
        return
    if (await asyncio.to_thread(service.queries.take, query.from_user.id)).wait:
        await service.sender.offer(query.id, (), hint=None, seconds=0)
        return
    try:
        reply, scope = await service.reply(question)
    except NarrowingError as error:
        hint = notices.inline_reason(str(error))
        await service.sender.offer(query.id, (), hint=(hint, texts.INLINE_START), seconds=_CACHED)
        return
    except UnavailableError:
        hint = notices.inline_reason(gettext(texts.UNAVAILABLE))
        await service.sender.offer(query.id, (), hint=(hint, texts.INLINE_START), seconds=0)
        raise
    articles = messages.inline_articles(reply)
    nothing = notices.inline_reason(asked_sentence(scope)) or gettext(texts.INLINE_NOTHING)
    hint_of_none = None if articles else (nothing, texts.INLINE_START)
    with stage("send"):
        await service.sender.offer(query.id, articles, hint=hint_of_none, seconds=_CACHED)
    took("answer", begun())
