"""The Bot API's methods, as functions of the world and the call's parameters. `getUpdates` is the server's own."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import telegram_html
from telegram_rules import (
    ACTIONS,
    DEFAULT_UPDATES,
    MAX_CAPTION,
    REACTIONS,
    Json,
    allowed_updates,
    bad,
    command_scope,
    commands,
    formatted,
    inline_button,
    inline_results,
    keyboard,
    message_text,
    webhook,
)
from telegram_world import Chat, Message, Query, World

# How long Telegram waits for an answer, in seconds.
CALLBACK_SECONDS = 15.0
INLINE_SECONDS = 10.0

_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
)
_PERMISSIONS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
    "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_change_info "
    "can_invite_users can_pin_messages can_manage_topics can_edit_tag "
    "can_react_to_messages"
)
_REPLY = {"message_id", "chat_id", "allow_sending_without_reply", "quote", "quote_parse_mode", "quote_entities"}
_REPLY |= {"quote_position", "checklist_task_id", "poll_option_id"}
_PREVIEW = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}


def member(user: Json, status: str, can_send: bool = True) -> Json:
    """Gives the Bot API's `ChatMember`."""
    result: Json = {"user": user, "status": status}
    if status in {"administrator", "creator"}:
        result |= {right: status == "creator" or right != "is_anonymous" for right in _RIGHTS.split()}
        result["is_anonymous"] = False
    elif status == "restricted":
        result |= dict.fromkeys(_PERMISSIONS.split(), can_send) | {"is_member": True, "until_date": 0}
    elif status == "kicked":
        result["until_date"] = 0
    return result


def get_me(world: World, p: Json) -> Json:
    """`getMe`."""
    more = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy, "supports_inline_queries": True}
    return world.bot | more | {"can_connect_to_business": False, "has_main_web_app": False}


def send_message(world: World, p: Json) -> Json:
    """`sendMessage`."""
    chat = world.writable(p.get("chat_id"))
    text, entities = message_text(p)
    _check_preview(p)
    return _send(world, chat, p, text=text, entities=entities).json()


def send_document(world: World, p: Json) -> Json:
    """`sendDocument`: an uploaded file, a file id, or a URL."""
    chat = world.writable(p.get("chat_id"))
    document = p.get("document")
    if not document:
        raise bad("there is no document in the request")
    name = "document"
    if isinstance(document, bytes):
        file_id = f"FILE-{len(world.files) + 1}"
        world.files[file_id] = document
        name = p.get("document filename", name)
    elif document in world.files or "://" in document:
        file_id = document
    else:
        raise bad("wrong file identifier/HTTP URL specified")
    content = {"file_id": file_id, "file_unique_id": file_id, "file_name": name}
    text, entities = formatted(p, "caption", MAX_CAPTION)
    return _send(world, chat, p, text=text, entities=entities, content={"document": content}).json()


def _send(world: World, chat: Chat, p: Json, **fields: Any) -> Message:
    markup = keyboard(p.get("reply_markup"))
    reply = _reply(chat, p.get("reply_parameters"))
    thread = p.get("message_thread_id") or None
    if thread is not None and thread not in (chat.topics if chat.forum else chat.messages):
        raise bad("message thread not found")
    if thread is None and reply is not None:
        thread = reply.thread_id
    if thread in chat.closed_topics and chat.bot != "administrator":
        raise bad("TOPIC_CLOSED")
    return world.add_message(chat, world.bot, reply_markup=markup, reply_to=reply, thread_id=thread, **fields)


def _reply(chat: Chat, given: Any) -> Message | None:
    if not given:
        return None
    if not isinstance(given, dict):
        raise bad("object expected as reply parameters")
    if unknown := set(given) - _REPLY:
        raise bad(f"unknown fields in reply parameters: {sorted(unknown)}")
    if not isinstance(given.get("message_id"), int):
        raise bad("can't parse reply parameters: Can't find field \"message_id\"")
    message = chat.messages.get(given["message_id"])
    elsewhere = given.get("chat_id") not in (None, chat.id, str(chat.id))
    if elsewhere or message is None or message.deleted:
        if given.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")
    if (quote := given.get("quote")) and quote not in message.text:
        raise bad("QUOTE_TEXT_INVALID")
    return message


def _check_preview(p: Json) -> None:
    options = p.get("link_preview_options") or {}
    if not isinstance(options, dict) or set(options) - _PREVIEW:
        raise bad("can't parse link preview options")


def _edited(world: World, p: Json) -> Message:
    if p.get("inline_message_id"):
        message = world.inline_messages.get(p["inline_message_id"])
        if message is None or message.deleted:
            raise bad("MESSAGE_ID_INVALID")
        return message
    chat = world.writable(p.get("chat_id"))
    message = world.present(chat, p.get("message_id"), "message to edit")
    if message.sender != world.bot:
        raise bad("message can't be edited")
    return message


def _rewrite(message: Message, p: Json, text: str, entities: list[Json]) -> Json | bool:
    markup = keyboard(p.get("reply_markup"), inline_only=True)
    if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    message.history.append(message.text)
    message.text, message.entities, message.reply_markup = text, entities, markup
    message.edited, message.at = True, time.monotonic()
    return True if p.get("inline_message_id") else message.json()


def edit_message_text(world: World, p: Json) -> Json | bool:
    """`editMessageText`."""
    message = _edited(world, p)
    if message.content:
        raise bad("there is no text in the message to edit")
    text, entities = message_text(p)
    _check_preview(p)
    return _rewrite(message, p, text, entities)


def edit_message_reply_markup(world: World, p: Json) -> Json | bool:
    """`editMessageReplyMarkup`."""
    message = _edited(world, p)
    return _rewrite(message, p, message.text, message.entities)


def _asked(queries: Mapping[str, Query], query_id: Any, seconds: float) -> Query:
    query = queries.get(str(query_id))
    if query is None or query.expired or query.answer is not None or time.monotonic() - query.at > seconds:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    return query


def answer_callback_query(world: World, p: Json) -> bool:
    """`answerCallbackQuery`."""
    if telegram_html.utf16_length(p.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    if (url := p.get("url")) and telegram_html.checked_link(url) is None:
        raise bad("URL_INVALID")
    _asked(world.callbacks, p.get("callback_query_id"), CALLBACK_SECONDS).answer = p
    return True


def answer_inline_query(world: World, p: Json) -> bool:
    """`answerInlineQuery`."""
    results = inline_results(p)
    inline_button(p.get("button"))
    if len(p.get("next_offset", "").encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    query = _asked(world.inlines, p.get("inline_query_id"), INLINE_SECONDS)
    query.answer = p | {"results": results}
    return True


def send_chat_action(world: World, p: Json) -> bool:
    """`sendChatAction`."""
    chat = world.writable(p.get("chat_id"))
    if p.get("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    thread = p.get("message_thread_id")
    if thread and thread not in (chat.topics if chat.forum else chat.messages) and not (chat.forum and thread == 1):
        raise bad("message thread not found")
    world.actions.append((chat.id, p["action"]))
    return True


def set_my_commands(world: World, p: Json) -> bool:
    """`setMyCommands`."""
    world.commands[command_scope(p)] = commands(p)
    return True


def delete_my_commands(world: World, p: Json) -> bool:
    """`deleteMyCommands`."""
    world.commands.pop(command_scope(p), None)
    return True


def get_my_commands(world: World, p: Json) -> list[Json]:
    """`getMyCommands`."""
    return world.commands.get(command_scope(p), [])


def _texts(name: str, limit: int) -> tuple["Method", "Method"]:
    """Gives the setter and the getter of one of the bot's own texts, at most `limit` characters."""

    def set_text(world: World, p: Json) -> bool:
        text = p.get(name, "")
        if telegram_html.utf16_length(text) > limit:
            raise bad(f"the bot's {name} is longer than {limit} characters")
        world.texts[name + p.get("language_code", "")] = text
        return True

    def get_text(world: World, p: Json) -> Json:
        return {name: world.texts.get(name + p.get("language_code", ""), "")}

    return set_text, get_text


def delete_message(world: World, p: Json) -> bool:
    """`deleteMessage`."""
    chat = world.chat(p.get("chat_id"))
    message = world.present(chat, p.get("message_id"), "message to delete")
    if not message.by_bot and chat.type != "private" and chat.bot != "administrator":
        raise bad("message can't be deleted")
    message.deleted = True
    return True


def leave_chat(world: World, p: Json) -> bool:
    """`leaveChat`."""
    chat = world.chat(p.get("chat_id"))
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.bot = "left"
    return True


def get_chat(world: World, p: Json) -> Json:
    """`getChat`."""
    more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _gifts()}
    return world.chat(p.get("chat_id")).json() | more


def _gifts() -> dict[str, bool]:
    kinds = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return dict.fromkeys(kinds, False)


def get_chat_member(world: World, p: Json) -> Json:
    """`getChatMember`."""
    chat = world.chat(p.get("chat_id"))
    user_id = p.get("user_id")
    if user_id == world.bot["id"]:
        return member(world.bot, chat.bot, chat.can_send)
    if user_id not in world.users:
        raise bad("user not found")
    return member(world.users[user_id], chat.members.get(user_id, "left"))


def get_file(world: World, p: Json) -> Json:
    """`getFile`."""
    file_id = p.get("file_id", "")
    if file_id not in world.files:
        raise bad("wrong file_id or the file is temporarily unavailable")
    size = len(world.files[file_id])
    return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": f"files/{file_id}"}


def set_message_reaction(world: World, p: Json) -> bool:
    """`setMessageReaction`."""
    chat = world.writable(p.get("chat_id"))
    message = world.present(chat, p.get("message_id"), "message to react")
    reactions = p.get("reaction") or []
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") != "emoji" or reaction.get("emoji", "").replace("\ufe0f", "") not in REACTIONS:
            raise bad("REACTION_INVALID")
    message.reactions = reactions
    return True


def set_webhook(world: World, p: Json, allow_http: bool = False) -> bool:
    """`setWebhook`; without a URL it removes the webhook."""
    url = webhook(p, allow_http=allow_http)
    world.allowed = allowed_updates(p) or world.allowed
    if p.get("drop_pending_updates"):
        world.queue.clear()
    world.webhook = {"url": url}
    if url:
        world.webhook |= {"secret_token": p.get("secret_token", ""), "max_connections": p.get("max_connections", 40)}
    return True


def delete_webhook(world: World, p: Json) -> bool:
    """`deleteWebhook`."""
    return set_webhook(world, {"drop_pending_updates": p.get("drop_pending_updates", False)})


def get_webhook_info(world: World, p: Json) -> Json:
    """`getWebhookInfo`."""
    shown = {key: value for key, value in world.webhook.items() if key != "secret_token"}
    info = shown | {"has_custom_certificate": False, "pending_update_count": len(world.queue)}
    return info if world.allowed == DEFAULT_UPDATES else info | {"allowed_updates": sorted(world.allowed)}


def _yes(world: World, p: Json) -> bool:
    return True


Method = Callable[[World, Json], Any]
_set_name, _get_name = _texts("name", 64)
_set_description, _get_description = _texts("description", 512)
_set_short, _get_short = _texts("short_description", 120)

HANDLERS: Mapping[str, Method] = {
    "getMe": get_me,
    "logOut": _yes,
    "close": _yes,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "sendChatAction": send_chat_action,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getMyCommands": get_my_commands,
    "setMyName": _set_name,
    "getMyName": _get_name,
    "setMyDescription": _set_description,
    "getMyDescription": _get_description,
    "setMyShortDescription": _set_short,
    "getMyShortDescription": _get_short,
    "deleteMessage": delete_message,
    "leaveChat": leave_chat,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getFile": get_file,
    "setMessageReaction": set_message_reaction,
}
