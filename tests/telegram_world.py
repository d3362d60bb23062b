"""The world behind the test Bot API server: chats, messages, members, updates waiting to be fetched. No I/O."""

import itertools
import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import telegram_html
from telegram_rules import DEFAULT_UPDATES, Json, bad, forbidden

DEFAULT_TOKEN = "123456:TEST-token_abcdefghijklmnopqrstuv"


@dataclass(eq=False)
class Chat:
    """A private chat, group, supergroup or channel as the bot knows it.

    `bot` is the bot's status there (`member`, `administrator`, `restricted`, `left`, `kicked`; in a private chat
    `kicked` is a bot that the person blocked). `topics` are the threads of a forum by their id.
    """

    id: int
    type: str
    title: str
    username: str | None = None
    bot: str = "member"
    can_send: bool = True
    forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    upgraded_to: int | None = None
    messages: dict[int, "Message"] = field(default_factory=dict)
    next_message: int = 1

    def json(self) -> Json:
        """Gives the Bot API's `Chat`."""
        named = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        chat: Json = {"id": self.id, "type": self.type, **named}
        if self.username:
            chat["username"] = self.username
        if self.forum:
            chat["is_forum"] = True
        return chat


@dataclass(eq=False)
class Message:
    """A message as a person sees it: `text` without markup (a caption, for media) and its `entities`.

    `content` holds the other fields of the Bot API's `Message` (a photo, a service message). `history` holds the texts
    it had before its edits. `at` is when it was last written, in seconds of `time.monotonic()`. `update` is the update
    that told the bot of it, None for the bot's own. `via_bot` is the bot whose inline result it is.
    """

    chat: Chat
    id: int
    sender: Json | None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    reply_markup: Json | None = None
    thread_id: int | None = None
    reply_to: "Message | None" = None
    content: Json = field(default_factory=dict)
    via_bot: Json | None = None
    date: int = field(default_factory=lambda: int(time.time()))
    at: float = field(default_factory=time.monotonic)
    edited: bool = False
    deleted: bool = False
    history: list[str] = field(default_factory=list)
    reactions: list[Json] = field(default_factory=list)
    inline_id: str | None = None
    update: "Update | None" = None

    @property
    def by_bot(self) -> bool:
        """Whether a bot wrote it."""
        return bool(self.sender and self.sender.get("is_bot"))

    @property
    def buttons(self) -> list[Json]:
        """The buttons under it, row by row."""
        return [button for row in (self.reply_markup or {}).get("inline_keyboard", []) for button in row]

    def button(self, label: str) -> Json:
        """Gives the button whose text, callback data or URL is `label`, else the only one whose text contains it."""
        exact = [b for b in self.buttons if label in (b["text"], b.get("callback_data"), b.get("url"))]
        found = exact or [b for b in self.buttons if label in b["text"]]
        if len(found) != 1:
            labels = [button["text"] for button in self.buttons]
            raise AssertionError(f"{len(found)} buttons {label!r} under the message; it has {labels}")
        return found[0]

    def marked(self, kind: str) -> list[str]:
        """Gives the parts of the text under entities of `kind` (`bold`, `blockquote`, `text_link`)."""
        return [telegram_html.marked_text(self.text, entity) for entity in self.entities if entity["type"] == kind]

    def json(self, *, nested: bool = False) -> Json:
        """Gives the Bot API's `Message`; the message it replies to is in it, but not what that one replied to."""
        message: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        if self.sender:
            message["from"] = self.sender
        if self.chat.type == "channel":
            message.pop("from", None)
            message["sender_chat"] = self.chat.json()
        if self.text:
            message["caption" if self.content else "text"] = self.text
            if self.entities:
                message["caption_entities" if self.content else "entities"] = self.entities
        if self.via_bot:
            message["via_bot"] = self.via_bot
        if self.thread_id is not None:
            message["message_thread_id"] = self.thread_id
            if self.chat.forum:
                message["is_topic_message"] = True
        if self.edited:
            message["edit_date"] = int(time.time())
        if self.reply_markup and "inline_keyboard" in self.reply_markup:
            message["reply_markup"] = self.reply_markup
        if self.reply_to and not self.reply_to.deleted and not nested:
            message["reply_to_message"] = self.reply_to.json(nested=True)
        return message | self.content


@dataclass(eq=False)
class Update:
    """An update for the bot. `line` is what Telegram keeps in order: a chat, or a person for inline queries.

    `again` marks one that is to be delivered although its id may be confirmed already.
    """

    id: int
    kind: str
    payload: Json
    line: int
    again: bool = False

    @property
    def json(self) -> Json:
        """The Bot API's `Update`."""
        return {"update_id": self.id, self.kind: self.payload}

    def wire(self) -> bytes:
        """Gives the update as JSON."""
        return json.dumps(self.json).encode()


@dataclass(eq=False)
class Query:
    """A callback or inline query. `answer` holds the parameters of the bot's answer, None while there is none."""

    id: str
    user: Json
    message: Message | None = None
    at: float = field(default_factory=time.monotonic)
    expired: bool = False
    answer: Json | None = None


class World:
    """What exists on Telegram's side. Every change is made under `lock`."""

    def __init__(self, token: str = DEFAULT_TOKEN, username: str = "onrecord_bot", privacy: bool = False) -> None:
        self.token = token
        self.privacy = privacy
        self.lock = threading.RLock()
        self.bot: Json = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Bot", "username": username}
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Query] = {}
        self.inlines: dict[str, Query] = {}
        self.inline_messages: dict[str, Message] = {}
        self.commands: dict[str, list[Json]] = {}
        self.texts: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.actions: list[tuple[int, str]] = []
        self.allowed: frozenset[str] = DEFAULT_UPDATES
        self.queue: list[Update] = []
        self.webhook: Json = {"url": ""}
        self._held: list[Update] | None = None
        self._update_ids = itertools.count(700_000_001)
        self._query_ids = itertools.count(1)

    def awake(self) -> None:
        """Called when there is something to deliver."""

    def new_query_id(self) -> str:
        """Gives an id that no query had before."""
        return str(900_000_000_000_000_000 + next(self._query_ids))

    def push(self, kind: str, payload: Json, line: int) -> Update | None:
        """Puts an update in the bot's queue. Gives None where the bot did not ask for such updates."""
        with self.lock:
            if kind not in self.allowed:
                return None
            update = Update(next(self._update_ids), kind, payload, line)
            if self._held is not None:
                self._held.append(update)
            else:
                self.enqueue([update])
            return update

    def enqueue(self, updates: Iterable[Update]) -> None:
        """Puts updates at the end of the queue, whatever their ids."""
        with self.lock:
            self.queue.extend(updates)
            self.awake()

    def chat(self, reference: int | str | None) -> Chat:
        """Gives the chat with this id or `@username`.

        Raises:
            Refusal: there is none that the bot knows.
        """
        if reference in (None, ""):
            raise bad("chat_id is empty")
        if isinstance(reference, str):
            found = [chat for chat in self.chats.values() if chat.username and f"@{chat.username}" == reference]
            if not found:
                raise bad("chat not found")
            return found[0]
        if reference not in self.chats:
            raise bad("chat not found")
        return self.chats[int(reference)]

    def writable(self, reference: int | str | None) -> Chat:
        """Gives the chat if the bot may write there.

        Raises:
            Refusal: as Telegram says it, with `migrate_to_chat_id` for a group that is a supergroup now.
        """
        chat = self.chat(reference)
        if chat.upgraded_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.upgraded_to})
        if chat.bot == "kicked" and chat.type == "private":
            raise forbidden("bot was blocked by the user")
        if chat.bot == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.bot == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        if chat.type == "channel" and chat.bot != "administrator":
            raise bad("need administrator rights in the channel chat")
        if not chat.can_send:
            raise bad("not enough rights to send text messages to the chat")
        return chat

    def add_message(self, chat: Chat, sender: Json | None, **fields: Any) -> Message:
        """Gives a new message, which is in the chat."""
        message = Message(chat, chat.next_message, sender, **fields)
        chat.next_message += 1
        chat.messages[message.id] = message
        return message

    def present(self, chat: Chat, message_id: int | None, what: str) -> Message:
        """Gives a message that is still in the chat; `what` names it in the refusal (`message to edit`)."""
        if not message_id:
            raise bad("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad(f"{what} not found")
        return message
