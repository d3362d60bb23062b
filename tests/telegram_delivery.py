"""How updates reach the bot: `getUpdates` with offsets and long polling, or a webhook that is tried again."""

import asyncio
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import telegram_http as http
from telegram_people import People
from telegram_rules import Json, Refusal, allowed_updates
from telegram_world import Update

OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(eq=False)
class Call:
    """A call of the bot. `status` is 0 until it is answered, and for an answer that was dropped. Times are in seconds
    of `time.monotonic()`."""

    method: str
    parameters: Json = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)
    answered_at: float = 0.0
    status: int = 0
    description: str = ""
    result: Any = None

    @property
    def ok(self) -> bool:
        """Whether it was answered with success."""
        return self.status == 200


class Delivery(People):
    """People, and the way from them to the bot. `deliveries` are the webhook calls: (update id, status of the answer)."""

    def __init__(self, token: str, username: str, privacy: bool, webhook_via: str | None, webhook_pause: float) -> None:
        super().__init__(token, username, privacy)
        self.webhook_via = webhook_via
        self.webhook_pause = webhook_pause
        self.deliveries: list[tuple[int, int]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due = False
        self._poller: asyncio.Future[str | None] | None = None
        self._couriers: dict[int, asyncio.Task[None]] = {}

    def resume(self) -> None:
        """Begins to deliver, in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._pump()

    def rest(self) -> None:
        """Ends to deliver; what waits stays."""
        self._loop = None
        self._due = False
        self._poller = None
        self._couriers.clear()

    async def get_updates(self, call: Call) -> bytes:
        """`getUpdates`: gives the JSON of the updates, and the call the ids of them as its result."""
        p = call.parameters
        offset, limit = p.get("offset", 0), p.get("limit", 100)
        timeout = max(0, min(p.get("timeout", 0), 50))
        if not 1 <= limit <= 100:
            limit = 100
        self.allowed = allowed_updates(p) or self.allowed
        if self.webhook["url"]:
            raise Refusal(409, _WEBHOOK_ACTIVE)
        self._interrupt(OTHER_POLLER)
        deadline = time.monotonic() + timeout
        while True:
            with self.lock:
                if offset < 0:
                    self.queue[:] = self.queue[offset:]
                else:
                    self.queue[:] = [update for update in self.queue if update.id >= offset or update.again]
                batch = self.queue[:limit]
                for update in batch:
                    update.again = False
            left = deadline - time.monotonic()
            if batch or left <= 0:
                call.result = [update.id for update in batch]
                return b"[" + b",".join(update.wire() for update in batch) + b"]"
            conflict = await self._wait(left)
            if conflict:
                raise Refusal(409, conflict)

    async def _wait(self, seconds: float) -> str | None:
        """Waits for news; gives a sentence where the waiting was ended by another call."""
        poller = self._poller = asyncio.get_running_loop().create_future()
        if self.queue:  # it came between the look and the wait
            return None
        timer = asyncio.get_running_loop().call_later(seconds, self._wake, poller)
        try:
            words: str | None = await poller
            return words
        finally:
            timer.cancel()
            if self._poller is poller:
                self._poller = None

    def _wake(self, poller: "asyncio.Future[str | None] | None", words: str | None = None) -> None:
        if poller is not None and not poller.done():
            poller.set_result(words)

    def _interrupt(self, words: str) -> None:
        self._wake(self._poller, words)
        self._poller = None

    def awake(self) -> None:
        """Tells the server's loop that there are updates to deliver."""
        if self._loop is not None and not self._due:
            self._due = True
            self._loop.call_soon_threadsafe(self._pump)

    def turned(self) -> None:
        """Called when the webhook was set or deleted."""
        if self.webhook["url"]:
            self._interrupt("Conflict: terminated by setWebhook request")
        for courier in self._couriers.values():
            courier.cancel()
        self._couriers.clear()
        self._pump()

    def _pump(self) -> None:
        self._due = False
        if not self.webhook["url"]:
            self._wake(self._poller)
            return
        with self.lock:
            waiting: dict[int, deque[Update]] = defaultdict(deque)
            for update in self.queue:
                if update.line not in self._couriers:
                    waiting[update.line].append(update)
        for line, updates in waiting.items():
            if len(self._couriers) >= self.webhook.get("max_connections", 40):
                break
            self._couriers[line] = asyncio.ensure_future(self._carry(line, updates))

    async def _carry(self, line: int, updates: deque[Update]) -> None:
        """Delivers the updates of one line in their order; one that is refused is tried again before the next."""
        pause = self.webhook_pause
        headers = {}
        if self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        while updates:
            update = updates[0]
            status = await http.post(self.webhook["url"], update.wire(), headers, self.webhook_via)
            self.deliveries.append((update.id, status))
            if 200 <= status < 300:
                updates.popleft()
                with self.lock:
                    self.queue.remove(update)
                pause = self.webhook_pause
            else:
                self.webhook |= {"last_error_date": int(time.time())}
                self.webhook["last_error_message"] = f"Wrong response from the webhook: {status}"
                await asyncio.sleep(pause)
                pause = min(2 * pause, 60.0)
        del self._couriers[line]
        self._pump()
