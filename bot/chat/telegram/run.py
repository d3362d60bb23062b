"""The bot's life: from the settings to a running bot, until it is told to stop."""

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from telegram.error import InvalidToken, TelegramError

from bot.answering.answerer import answer
from bot.chat.noting import log_of
from bot.chat.telegram.application import build_application, handler, set_menu
from bot.chat.telegram.connection import Connection, connection
from bot.chat.telegram.digest import send_digests
from bot.chat.telegram.failures import Failures, tell
from bot.chat.telegram.limits import PRESSES, QUERIES, QUESTIONS
from bot.chat.telegram.lines import Lines
from bot.chat.telegram.office import LiveShelf, Office
from bot.chat.telegram.outage import Outage
from bot.chat.telegram.polling import REFUSED, poll
from bot.chat.telegram.proposals import Proposals
from bot.chat.telegram.raw_bot import RawBot, build_bot
from bot.chat.telegram.redaction import log_to, traceback_of
from bot.chat.telegram.remembering import Memory, remembering
from bot.chat.telegram.routine import expire_daily, tell_admins
from bot.chat.telegram.sending import PAUSES, Pauses, Sender
from bot.chat.telegram.service import Ask, CorpusSource, Service
from bot.chat.telegram.store import Store
from bot.chat.telegram.webhook import announce, open_port
from bot.chat.telegram.workers import Workers
from bot.desk.live import Live
from bot.model import OnrecordError
from bot.settings import Settings

_log = logging.getLogger(__name__)
IN_HAND = 3.5  # seconds for what is in hand when the bot is told to stop
IN_HAND_OF_SEVERAL = 8.0  # the others serve meanwhile; it is less than the ten that a container has
_NEVER_ASKED = "who chairs the xyzzy?"
_RANKING = 4  # threads; more than one so that a slow question does not hold up others


def run_bot(live: Live, settings: Settings, data: Path, *, own: bool = True, limiter: bool = True) -> int:
    """Serves until SIGTERM or SIGINT, and gives the exit status: 0, or 1 after an error that is in the log.

    What changes in `live` is taken up meanwhile; `own` says whether they are the press office's to change. `limiter`
    keeps to Telegram's own limits; it is off only to measure.

    Raises:
        OnrecordError: it cannot run as it is set up.
    """
    connected = connection(settings)
    database = settings.database.get_secret_value().strip() or None if settings.database else None
    log_to(sys.stderr, (*connected.secrets, database) if database else connected.secrets)
    office = Office(
        frozenset(connected.admins),
        LiveShelf(live, own),
        data,
        log_of(settings, data),
        settings.private_urls,
    )

    async def until_told() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows: there KeyboardInterrupt ends it
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        in_hand = IN_HAND_OF_SEVERAL if database else IN_HAND
        await asyncio.to_thread(_warm, live)
        await serve(live, connected, data, stop, office, limiter=limiter, in_hand=in_hand, database=database)

    live.follow(office.notes.put)
    try:
        asyncio.run(until_told())
    except OnrecordError:
        raise
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        _log.critical("The bot ends with an error:\n%s", traceback_of(error))
        return 1
    finally:
        live.close()
    return 0


def _warm(live: Live) -> None:
    """Asks once what no release answers, so that whoever asks first need not wait for what is imported and read then."""
    with suppress(Exception):  # who asks is told
        answer(_NEVER_ASKED, live())


async def serve(
    corpus_source: CorpusSource,
    connected: Connection,
    data: Path,
    stop: asyncio.Event,
    office: Office,
    *,
    limiter: bool = True,
    ask: Ask = answer,
    timeout: float = 10.0,
    pauses: Pauses = PAUSES,
    in_hand: float = IN_HAND,
    database: str | None = None,
) -> None:
    """Serves until `stop` is set, then finishes what is in hand. What is not finished stays in the inbox.

    What must be remembered is in the folder `data`, or where `database` names it (postgresql://…), and then several
    processes may serve the bot by one webhook. `ask` is what questions are put to; `timeout` is that of a call, and
    `in_hand` what there is to finish, in seconds.

    Raises:
        OnrecordError: it cannot run as it is set up.
    """
    memory = await asyncio.to_thread(remembering, data, connected.token.partition(":")[0], database)
    store = Store(memory.database)
    workers = Workers(_RANKING)
    bot = build_bot(connected.token, connected.api_url, limiter=limiter, timeout=timeout)
    sender = Sender(bot, lambda old, new: asyncio.to_thread(store.migrate, old, new), pauses)
    try:
        if not await _until(stop, _greet(bot, pauses)):
            return
        outage = Outage(memory.told, lambda said: tell(sender, connected.admins, said))
        service = Service(
            bot.username,
            bot.id,
            corpus_source,
            store,
            sender,
            workers,
            office,
            Proposals(memory.database),
            ask,
            memory.limits("questions", QUESTIONS),
            memory.limits("presses", PRESSES),
            memory.limits("queries", QUERIES),
            outage,
            memory.alone,
            memory.losses,
        )
        failures, left = Failures(sender, connected.admins, memory.told, outage), set[int]()
        application = build_application(bot, service, failures, left)
        async with application, memory.serving(handler(application, memory.inbox, left)) as lines:
            hook = connected.webhook
            async with open_port(hook, memory.inbox, lines, service, stop.is_set) if hook else nullcontext():
                try:
                    await _until(stop, _serve(bot, connected, memory, lines, service, pauses))
                finally:
                    await lines.close(in_hand)
    finally:
        workers.close()
        office.log.close()
        with suppress(Exception):
            await bot.shutdown()
        memory.database.close()


async def _serve(
    bot: RawBot, connected: Connection, memory: Memory, lines: Lines, service: Service, pauses: Pauses
) -> None:
    """Serves what comes."""
    office, sender = service.office, service.sender
    beside = [
        asyncio.create_task(work)
        for work in (
            set_menu(bot, office.admins),
            send_digests(office.log, sender),
            tell_admins(office, sender, memory.told),
            expire_daily(service),
        )
    ]
    try:
        if connected.webhook:
            await announce(bot, connected.webhook, sender)
            _log.info("Serving as @%s by webhook", bot.username)
            await asyncio.Event().wait()
        with suppress(TelegramError):  # without a webhook there is none to delete; with one, polling says so
            await bot.delete_webhook()
        _log.info("Serving as @%s by long polling", bot.username)
        await poll(bot, memory.inbox, lines, pauses)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _greet(bot: RawBot, pauses: Pauses) -> None:
    """Learns who the bot is, however long Telegram takes to answer.

    Raises:
        OnrecordError: the token is refused.
    """
    failures = 0
    while True:
        try:
            await bot.initialize()
            return
        except InvalidToken:
            raise OnrecordError(REFUSED) from None
        except TelegramError as error:
            failures += 1
            pause = pauses.before(failures)
            _log.warning("The Bot API server does not answer (%s); trying again in %.1f s", type(error).__name__, pause)
            await asyncio.sleep(pause)


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Works until it is done (True) or `stop` is set (False)."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            return True
        return False
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
