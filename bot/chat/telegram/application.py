"""The application: python-telegram-bot with our handlers, fed from the inbox."""

import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.chat.language import ENGLISH, gettext, languages, nearest_language, speaking
from bot.chat.telegram import office_texts, texts
from bot.chat.telegram.database import NotWrittenError, until_written
from bot.chat.telegram.failures import Failures
from bot.chat.telegram.handlers import commands, inline, membership, office, presses, questions, reports
from bot.chat.telegram.inbox import Arrived, Inbox
from bot.chat.telegram.raw_bot import RawBot
from bot.chat.telegram.redaction import traceback_of
from bot.chat.telegram.service import Service
from bot.stages import begun_at

_log = logging.getLogger(__name__)

Job = Callable[[Service, Update], Awaitable[None]]
App = Application[Any, Any, Any, Any, Any, Any]


def build_application(bot: RawBot, service: Service, failures: Failures, left: set[int]) -> App:
    """The application with its handlers; it fetches no updates of its own.

    The ids of updates that could not be handled because the database that several bots share does not answer are put
    into `left`.
    """
    application = ApplicationBuilder().bot(bot).updater(None).build()

    def does(job: Job) -> Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]:
        async def run(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
            await job(service, update)

        return run

    async def on_error(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        if context.error is not None:
            service.metrics.failed(context.error)
        if isinstance(context.error, NotWrittenError) and isinstance(update, Update):
            _log.warning("Update %d waits for the database: %s", update.update_id, context.error)
            left.add(update.update_id)
        elif context.error is not None:
            await failures.report(update, context.error)

    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    private, group = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    application.add_handlers(
        [
            CommandHandler("ask", does(questions.on_ask), new | edited),
            CommandHandler("start", does(commands.on_start), new),
            CommandHandler("help", does(commands.on_help), new),
            CommandHandler("privacy", does(commands.on_privacy), new),
            CommandHandler("forget", does(commands.on_forget), new),
            CommandHandler("releases", does(commands.on_releases), new),
            CommandHandler("use", does(commands.on_use), new),
            CommandHandler("all", does(commands.on_all), new),
            CommandHandler("remove", does(office.on_remove), new),
            CommandHandler("stats", does(reports.on_stats), new),
            CommandHandler("unanswered", does(reports.on_unanswered), new),
            CommandHandler("digest", does(reports.on_digest), new),
            MessageHandler(filters.COMMAND & new, does(commands.on_unknown_command)),
            MessageHandler(filters.TEXT & ~filters.COMMAND & private, does(office.on_private_text)),
            MessageHandler(filters.Document.ALL & new & private, does(office.on_document)),
            MessageHandler(filters.TEXT & ~filters.COMMAND & group, does(questions.on_group_message)),
            MessageHandler(filters.StatusUpdate.MIGRATE, does(membership.on_migration)),
            MessageHandler(
                new & ~filters.StatusUpdate.ALL & ~filters.TEXT & (private | group), does(commands.on_other_content)
            ),
            CallbackQueryHandler(does(presses.on_press)),
            InlineQueryHandler(does(inline.on_inline_query)),
            ChatMemberHandler(does(membership.on_membership), ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )
    application.add_error_handler(on_error)
    return application


def handler(application: App, inbox: Inbox, left: set[int]) -> Callable[[Arrived], Awaitable[None]]:
    """What handles one update of the inbox and crosses it off; when it is cancelled the update stays.

    It raises NotWrittenError where the application puts the update into `left`: then it stays, too.
    """

    async def handle(arrived: Arrived) -> None:
        try:
            update = Update.de_json(json.loads(arrived.payload), application.bot)
        except Exception as error:  # whatever a server sends, the next update must get its turn
            _log.error("Update %d cannot be read:\n%s", arrived.update_id, traceback_of(error))
        else:
            with speaking(_language(update)), begun_at(arrived.taken):
                await application.process_update(update)
        if arrived.update_id in left:
            left.discard(arrived.update_id)
            raise NotWrittenError(f"update {arrived.update_id} is to be handled again")
        try:
            await until_written(lambda: inbox.done([arrived.update_id]))
        except Exception as error:  # it is handled again after a restart, which is better than not at all
            _log.error("Update %d cannot be crossed off:\n%s", arrived.update_id, traceback_of(error))

    return handle


def _language(update: Update) -> str:
    """The language of the one who wrote, pressed or asked; English where Telegram does not say."""
    user = update.effective_user
    return nearest_language([user.language_code] if user is not None and user.language_code else [])


async def set_menu(bot: RawBot, admins: Iterable[int]) -> None:
    """Shows the commands in Telegram's menu, in each language, and to the admins theirs, too; whether it succeeds does
    not matter."""
    try:
        for language in (None, *languages()):  # None is for everybody else
            with speaking(language or ENGLISH):
                menu, more = _menu(texts.COMMANDS), _menu(office_texts.COMMANDS)
            await bot.set_my_commands(menu, language_code=language)
            for admin in admins:
                with suppress(BadRequest):  # who has not written to the bot yet
                    await bot.set_my_commands([*more, *menu], scope=BotCommandScopeChat(admin), language_code=language)
    except TelegramError as error:
        _log.warning("The menu of commands could not be set: %s", type(error).__name__)


def _menu(names: Iterable[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(name, gettext(what)) for name, what in names]
