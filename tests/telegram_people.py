"""What people do on Telegram, for tests to script: write, edit, press, query, add and remove the bot.

Every function may be called from any thread, and returns once the update is in the bot's queue.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import telegram_html
from telegram_methods import member
from telegram_rules import Json
from telegram_world import Chat, Message, Query, Update, World

PEOPLE = {"id": 1, "is_bot": False, "first_name": "Admin"}


def _media(kind: str, file_id: str) -> Json:
    file = {"file_id": file_id, "file_unique_id": file_id}
    sized = file | {"width": 90, "height": 90}
    contents: dict[str, Any] = {
        "photo": [sized],
        "sticker": sized | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"},
        "voice": file | {"duration": 3, "mime_type": "audio/ogg"},
        "audio": file | {"duration": 3},
        "video": sized | {"duration": 3},
        "video_note": file | {"duration": 3, "length": 90},
        "animation": sized | {"duration": 3},
        "document": file | {"file_name": "file.pdf", "mime_type": "application/pdf"},
        "location": {"latitude": 50.45, "longitude": 30.52},
        "contact": {"phone_number": "+380000000000", "first_name": "Somebody"},
        "dice": {"emoji": "🎲", "value": 3},
        "poll": {
            "id": file_id,
            "question": "Which?",
            "options": [{"text": text, "voter_count": 0, "persistent_id": text} for text in ("One", "Other")],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
    }
    return {kind: contents[kind]}


class People(World):
    """A world with people in it."""

    def user(self, user_id: int, first_name: str | None = None, username: str | None = None) -> Json:
        """Gives the person with this id, who is made up at the first call."""
        if user_id <= 0:
            raise AssertionError(f"a person's id is positive, unlike {user_id}: name the person with user_id")
        with self.lock:
            if user_id not in self.users:
                name = first_name or f"User {user_id}"
                self.users[user_id] = {"id": user_id, "is_bot": False, "first_name": name, "language_code": "en"}
            if first_name:
                self.users[user_id]["first_name"] = first_name
            if username:
                self.users[user_id]["username"] = username
            return self.users[user_id]

    def private_chat(self, user_id: int) -> Chat:
        """Gives the private chat with a person; the bot may write there from then on."""
        with self.lock:
            user = self.user(user_id)
            if user_id not in self.chats:
                self.chats[user_id] = Chat(user_id, "private", user["first_name"], user.get("username"))
            return self.chats[user_id]

    def group(self, chat_id: int, title: str = "Group", *, kind: str | None = None, **fields: Any) -> Chat:
        """Gives the group, supergroup or channel with this id, made at the first call with the bot a member.

        `kind` is `group`, `supergroup` or `channel`; left out, ids of -100… are supergroups. `fields` are those of
        `Chat`: `forum=True, topics={7: "News"}`, `username="acme"`, `bot="administrator"`, `can_send=False`.
        """
        with self.lock:
            if chat_id not in self.chats:
                kind = kind or ("supergroup" if str(chat_id).startswith("-100") else "group")
                self.chats[chat_id] = Chat(chat_id, kind, title, **fields)
            return self.chats[chat_id]

    def private_message(self, user_id: int, text: str, **fields: Any) -> Message:
        """A person writes to the bot. `fields` are those of `write`."""
        return self.write(self.private_chat(user_id), user_id, text, **fields)

    def group_message(self, chat_id: int, user_id: int, text: str, **fields: Any) -> Message:
        """A person writes in a group. `fields` are those of `write`."""
        chat = self.group(chat_id)
        chat.members.setdefault(user_id, "member")
        return self.write(chat, user_id, text, **fields)

    def channel_post(self, chat_id: int, text: str) -> Message:
        """A channel posts."""
        return self.write(self.group(chat_id, "Channel", kind="channel", bot="administrator"), None, text)

    def media_message(self, chat_id: int, kind: str, user_id: int | None = None, **fields: Any) -> Message:
        """A person sends a photo, sticker, voice, audio, video, video_note, animation, document, location, contact,
        dice or poll, to the bot or (with `user_id`) in a group; `text="…"` is the caption."""
        with self.lock:
            file_id = f"{kind}-{len(self.files) + 1}"
            self.files[file_id] = file_id.encode()
        chat = self.private_chat(chat_id) if chat_id > 0 else self.group(chat_id)
        return self.write(chat, user_id or chat_id, content=_media(kind, file_id), **fields)

    def document_message(
        self, user_id: int, name: str, raw: bytes, *, size: int | None = None, chat_id: int | None = None, **fields: Any
    ) -> Message:
        """A person sends a file, to the bot or in a group; `size` is what Telegram says of it, if not its own."""
        with self.lock:
            file_id = f"document-{len(self.files) + 1}"
            self.files[file_id] = raw
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": size or len(raw)}
        chat = self.group(chat_id) if chat_id else self.private_chat(user_id)
        return self.write(chat, user_id, content={"document": document}, **fields)

    def write(
        self,
        chat: Chat,
        user_id: int | None,
        text: str = "",
        *,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        entities: list[Json] | None = None,
        content: Json | None = None,
    ) -> Message:
        """A person writes in `chat`. Commands, mentions and links in `text` become entities, beside `entities`.

        The bot is told unless it is not there, or it is in privacy mode and the message is not meant for it.
        """
        with self.lock:
            shown, found = telegram_html.from_entities(text, entities or [])
            if thread_id is None and reply_to is not None and chat.type == "supergroup":
                thread_id = reply_to.thread_id or (None if chat.forum else reply_to.id)
            sender = None if user_id is None else self.user(user_id)
            message = self.add_message(
                chat, sender, text=shown, entities=found, reply_to=reply_to, thread_id=thread_id, content=content or {}
            )
            if chat.bot not in {"left", "kicked"} and (not self.privacy or self._meant_for_bot(message)):
                kind = "channel_post" if chat.type == "channel" else "message"
                message.update = self.push(kind, message.json(), chat.id)
            return message

    def _meant_for_bot(self, message: Message) -> bool:
        name = str(self.bot["username"]).lower()
        commands = message.marked("bot_command")
        mentioned = any(mention.lower() == f"@{name}" for mention in message.marked("mention"))
        called = any("@" not in command or command.lower().endswith(f"@{name}") for command in commands)
        replied = message.reply_to is not None and message.reply_to.sender == self.bot
        return message.chat.type in {"private", "channel"} or mentioned or called or replied

    def edit(self, message: Message, text: str) -> Update | None:
        """A person edits a message. Its `update` stays the first one."""
        with self.lock:
            message.history.append(message.text)
            message.text, message.entities = telegram_html.from_entities(text, [])
            message.edited = True
            kind = "edited_channel_post" if message.chat.type == "channel" else "edited_message"
            return self.push(kind, message.json(), message.chat.id)

    def delete(self, message: Message) -> None:
        """A person deletes a message; Telegram tells the bot nothing."""
        message.deleted = True

    def press(self, message: Message, button: str, user_id: int | None = None) -> Update | None:
        """A person presses the button under `message` with this text or callback data (see `Message.button`)."""
        with self.lock:
            data = message.button(button)
            if "callback_data" not in data:
                raise AssertionError(f"the button {button!r} has no callback data: {data}")
            user = self.user(user_id if user_id is not None else message.chat.id)
            query = Query(self.new_query_id(), user, message)
            self.callbacks[query.id] = query
            payload: Json = {"id": query.id, "from": user, "chat_instance": str(message.chat.id)}
            payload["data"] = data["callback_data"]
            if message.inline_id:
                payload["inline_message_id"] = message.inline_id
            else:
                payload["message"] = message.json()
            return self.push("callback_query", payload, message.chat.id)

    def inline(self, user_id: int, query: str, *, offset: str = "", chat_type: str = "sender") -> Update | None:
        """A person types `@bot query`."""
        with self.lock:
            user = self.user(user_id)
            asked = Query(self.new_query_id(), user)
            self.inlines[asked.id] = asked
            payload = {"id": asked.id, "from": user, "query": query, "offset": offset, "chat_type": chat_type}
            return self.push("inline_query", payload, user_id)

    def query(self, update: Update | None) -> Query:
        """Gives the query that an update of `press` or `inline` holds; its `answer` is None until the bot answers."""
        if update is None:
            raise AssertionError("the bot did not ask for such updates")
        return (self.callbacks if update.kind == "callback_query" else self.inlines)[update.payload["id"]]

    def expire(self, update: Update | None) -> None:
        """Makes a callback or inline query too old to be answered."""
        self.query(update).expired = True

    def choose(self, update: Update | None, index: int = 0, chat_id: int | None = None) -> Message:
        """A person chooses one of the results offered for an inline query, which posts it: somewhere the bot is not, or
        in the chat with `chat_id`, and there the bot gets it as a message via itself."""
        with self.lock:
            asked = self.query(update)
            if asked.answer is None or update is None:
                raise AssertionError("the inline query is not answered")
            result = asked.answer["results"][index]
            text, entities = result["shown"]
            chat = Chat(-1, "supergroup", "Elsewhere") if chat_id is None else self.chat(chat_id)
            message = self.add_message(chat, asked.user, text=text, entities=entities, via_bot=self.bot)
            message.reply_markup = result["reply_markup"]
            message.inline_id = f"inline-{self.new_query_id()}" if message.reply_markup else None
            if message.inline_id:
                self.inline_messages[message.inline_id] = message
            if chat_id is not None and chat.bot not in {"left", "kicked"}:
                message.update = self.push("message", message.json(), chat.id)
            chosen = {"result_id": result["id"], "from": asked.user, "query": update.payload["query"]}
            self.push("chosen_inline_result", chosen, asked.user["id"])
            return message

    def _bot_status(self, chat: Chat, status: str, by: int | None, can_send: bool = True) -> Update | None:
        user = PEOPLE if by is None else self.user(by)
        old = member(self.bot, chat.bot, chat.can_send)
        chat.bot, chat.can_send = status, can_send
        change = {"chat": chat.json(), "from": user, "date": 1_700_000_000, "old_chat_member": old}
        return self.push("my_chat_member", change | {"new_chat_member": member(self.bot, status, can_send)}, chat.id)

    def add_bot(self, chat_id: int, by: int | None = None, **fields: Any) -> Update | None:
        """The bot is added to a group; `fields` are those of `group`."""
        with self.lock:
            if chat_id not in self.chats:
                self.group(chat_id, **fields).bot = "left"
            chat = self.chats[chat_id]
            update = self._bot_status(chat, "member", by)
            message = self.add_message(chat, PEOPLE if by is None else self.user(by))
            message.content = {"new_chat_members": [self.bot]}
            message.update = self.push("message", message.json(), chat_id)
            return update

    def remove_bot(self, chat_id: int, by: int | None = None, status: str = "kicked") -> Update | None:
        """The bot is thrown out of a group (`kicked`), or removed (`left`)."""
        with self.lock:
            return self._bot_status(self.chat(chat_id), status, by)

    def restrict_bot(self, chat_id: int, by: int | None = None, can_send: bool = False) -> Update | None:
        """The bot is restricted in a group; by default it may not write."""
        with self.lock:
            return self._bot_status(self.chat(chat_id), "restricted", by, can_send)

    def promote_bot(self, chat_id: int, by: int | None = None) -> Update | None:
        """The bot becomes an administrator."""
        with self.lock:
            return self._bot_status(self.chat(chat_id), "administrator", by)

    def block(self, user_id: int) -> Update | None:
        """A person blocks the bot."""
        with self.lock:
            return self._bot_status(self.private_chat(user_id), "kicked", user_id)

    def unblock(self, user_id: int) -> Update | None:
        """A person lets the bot write again."""
        with self.lock:
            return self._bot_status(self.private_chat(user_id), "member", user_id)

    def migrate(self, chat_id: int, new_id: int | None = None) -> Chat:
        """A group becomes a supergroup, which has another id. Gives the supergroup."""
        with self.lock:
            old = self.chat(chat_id)
            new = self.group(new_id or -1_000_000_000_000 + chat_id, old.title, kind="supergroup")
            new.members = dict(old.members)
            for chat, content in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
                message = self.add_message(chat, PEOPLE, content=content)
                message.update = self.push("message", message.json(), chat.id)
            old.upgraded_to = new.id
            return new

    @contextmanager
    def holding(self) -> Iterator[list[Update]]:
        """Keeps the updates of the block from the bot, and gives them as a list: pass it, in any order, to `deliver`."""
        held: list[Update] = []
        self._held = held
        try:
            yield held
        finally:
            self._held = None

    def deliver(self, updates: list[Update]) -> None:
        """Puts held updates in the bot's queue, in the order of the list."""
        self.enqueue(updates)

    def redeliver(self, told: Message | Update | None) -> Update:
        """Delivers an update once more, with the same id, even where the bot confirmed it."""
        update = told.update if isinstance(told, Message) else told
        if update is None:
            raise AssertionError("the bot was never told of it")
        copy = Update(update.id, update.kind, update.payload, update.line, again=True)
        self.enqueue([copy])
        return copy
