"""What Telegram refuses, and in which words: methods and their parameters, keyboards, commands, inline results.

Pure functions of the parameters. Where this is stricter than Telegram, which overlooks a mistake (an unknown parameter,
a second action on a button), the mistake is refused too, so that a test finds it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import telegram_html

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024


class Refusal(Exception):
    """An error answer of the Bot API: status, description, and `parameters` where there are any."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def bad(description: str, parameters: Json | None = None) -> Refusal:
    """Gives a `400 Bad Request`."""
    return Refusal(400, f"Bad Request: {description}", parameters)


def forbidden(description: str) -> Refusal:
    """Gives a `403 Forbidden`."""
    return Refusal(403, f"Forbidden: {description}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KINDS = {"chat_id": "chat", "document": "file", "thumbnail": "file"}
_KINDS |= dict.fromkeys(
    _words(
        "offset limit timeout max_connections message_thread_id direct_messages_topic_id message_id user_id cache_time"
    ),
    "number",
)
_KINDS |= dict.fromkeys(
    _words(
        "drop_pending_updates disable_notification protect_content allow_paid_broadcast show_caption_above_media "
        "disable_content_type_detection show_alert is_personal is_big"
    ),
    "flag",
)
_KINDS |= dict.fromkeys(
    _words(
        "allowed_updates reply_parameters reply_markup suggested_post_parameters entities caption_entities "
        "link_preview_options results button scope commands reaction"
    ),
    "json",
)
_SEND = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup "
)
_TEXT = "text parse_mode entities link_preview_options "
_EDIT = "business_connection_id chat_id message_id inline_message_id reply_markup "
_CAPTION = "caption parse_mode caption_entities show_caption_above_media "

# Every method known here, with the parameters that the Bot API (10.0) documents.
_METHODS = {
    "getMe": "",
    "logOut": "",
    "close": "",
    "getUpdates": "offset limit timeout allowed_updates",
    "setWebhook": "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    "deleteWebhook": "drop_pending_updates",
    "getWebhookInfo": "",
    "sendMessage": _SEND + _TEXT,
    "sendDocument": _SEND + _CAPTION + "document thumbnail disable_content_type_detection",
    "editMessageText": _EDIT + _TEXT,
    "editMessageReplyMarkup": _EDIT,
    "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
    "answerInlineQuery": "inline_query_id results cache_time is_personal next_offset button",
    "sendChatAction": "business_connection_id chat_id message_thread_id action",
    "setMyCommands": "commands scope language_code",
    "deleteMyCommands": "scope language_code",
    "getMyCommands": "scope language_code",
    "setMyName": "name language_code",
    "getMyName": "language_code",
    "setMyDescription": "description language_code",
    "getMyDescription": "language_code",
    "setMyShortDescription": "short_description language_code",
    "getMyShortDescription": "language_code",
    "deleteMessage": "chat_id message_id",
    "leaveChat": "chat_id",
    "getChat": "chat_id",
    "getChatMember": "chat_id user_id",
    "getFile": "file_id",
    "setMessageReaction": "chat_id message_id reaction is_big",
}
METHODS: Mapping[str, frozenset[str]] = {method: _words(names) for method, names in _METHODS.items()}

UPDATE_KINDS = _words(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query "
    "chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer "
    "my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot guest_message"
)
DEFAULT_UPDATES = UPDATE_KINDS - {"chat_member", "message_reaction", "message_reaction_count"}

ACTIONS = _words(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 "
    "😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
REACTIONS = _words(_REACTIONS)


def coerced(method: str, raw: Mapping[str, Any]) -> Json:
    """Gives the parameters of `method` as Python values: numbers, flags, lists and objects.

    Raises:
        Refusal: a parameter that the method does not have, or a value that it cannot have.
    """
    known = METHODS[method]
    values: Json = {}
    for name, value in raw.items():
        if name not in known:
            raise bad(f'unknown parameter "{name}" of {method}')
        kind = _KINDS.get(name, "text")
        try:
            if kind == "chat":
                value = int(value) if re.fullmatch(r"-?\d+", str(value)) else str(value)
            elif kind == "number" and not isinstance(value, int):
                value = int(str(value))
            elif kind == "flag" and not isinstance(value, bool):
                value = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
                    str(value).lower()
                ]
            elif kind == "json" and isinstance(value, str):
                value = json.loads(value)
            elif kind == "text" and not isinstance(value, bytes):
                value = str(value)
        except (ValueError, KeyError):
            words = {"number": "an Integer", "flag": "a Boolean", "json": "JSON"}
            raise bad(f'parameter "{name}" must be {words[kind]}') from None
        values[name] = value
    return values


def formatted(values: Mapping[str, Any], name: str = "text", limit: int = MAX_TEXT) -> tuple[str, list[Json]]:
    """Gives the text a person sees and its entities, from `name`, `parse_mode` and the entities beside it.

    Raises:
        Refusal: markup that cannot be parsed, or more than `limit` UTF-16 code units after parsing.
    """
    source = values.get(name) or ""
    mode = (values.get("parse_mode") or "").lower()
    given = values.get("caption_entities" if name == "caption" else "entities")
    try:
        if mode == "html":
            text, entities = telegram_html.from_html(source)
        elif mode in {"", "none"}:
            text, entities = telegram_html.from_entities(source, given or [])
        elif mode in {"markdown", "markdownv2"}:
            raise bad("this test server does not parse Markdown")
        else:
            raise bad("unsupported parse_mode")
    except telegram_html.MarkupError as error:
        raise bad(f"can't parse entities: {error}") from None
    if telegram_html.utf16_length(text) > limit:
        raise bad("message caption is too long" if name == "caption" else "message is too long")
    return text, entities


def message_text(values: Mapping[str, Any], name: str = "text") -> tuple[str, list[Json]]:
    """Gives the text and entities of a text message, which cannot be empty."""
    if not values.get(name):
        raise bad("message text is empty")
    text, entities = formatted({**values, "text": values[name]})
    if not text:
        raise bad("text must be non-empty")
    return text, entities


_BUTTON_ACTIONS = _words(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
_BUTTON_FIELDS = _BUTTON_ACTIONS | {"text", "icon_custom_emoji_id", "style"}
_OTHER_MARKUP = (
    {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"},
    {"remove_keyboard", "selective"},
    {"force_reply", "input_field_placeholder", "selective"},
)


def keyboard(markup: Any, *, inline_only: bool = False) -> Json | None:
    """Gives the reply markup as the message keeps it, None where there is none (an empty keyboard included).

    Raises:
        Refusal: no reply markup of the Bot API, or a button that Telegram would not take.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only and markup:
            raise bad("inline keyboard expected")
        if markup and not any(
            set(markup) <= fields and set(markup) & fields - {"selective"} for fields in _OTHER_MARKUP
        ):
            raise bad(f"unknown fields in reply markup: {sorted(markup)}")
        return dict(markup) or None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if set(markup) != {"inline_keyboard"}:
        raise bad(f"unknown fields in reply markup: {sorted(set(markup) - {'inline_keyboard'})}")
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> Json:
    where = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(where + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad(where + 'Can\'t find field "text"')
    if unknown := set(button) - _BUTTON_FIELDS:
        raise bad(where + f"unknown fields {sorted(unknown)}")
    actions = [name for name in button if name in _BUTTON_ACTIONS]
    if len(actions) > 1:
        raise bad(where + f"a button has exactly one action, found {sorted(actions)}")
    if not actions or (button[actions[0]] in ("", None) and not actions[0].startswith("switch")):
        raise bad(where + "Text buttons are unallowed in the inline keyboard")
    action, value = actions[0], button[actions[0]]
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if action == "copy_text" and not 1 <= len(value.get("text", "")) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if action == "url":
        link = telegram_html.checked_link(value)
        if link is None:
            raise bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        if len(link) > 2048:
            raise bad("BUTTON_URL_INVALID")
        return {**button, "url": link}
    return dict(button)


def commands(values: Mapping[str, Any]) -> list[Json]:
    """Gives the commands of `setMyCommands`, checked."""
    given = values.get("commands")
    if not isinstance(given, list):
        raise bad("commands must be an Array of BotCommand")
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        if set(command) != {"command", "description"}:
            raise bad("can't parse BotCommand: it has a command and a description")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= telegram_html.utf16_length(command["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return [{**command, "command": command["command"].removeprefix("/")} for command in given]


def command_scope(values: Mapping[str, Any]) -> str:
    """Gives a key for the scope and language of a command list."""
    scope = values.get("scope") or {"type": "default"}
    plain = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
    fields = {kind: {"type"} for kind in plain} | {
        kind: {"type", "chat_id"} for kind in ("chat", "chat_administrators")
    }
    fields["chat_member"] = {"type", "chat_id", "user_id"}
    if not isinstance(scope, dict) or fields.get(scope.get("type", "")) != set(scope):
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    language = values.get("language_code") or ""
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise bad("invalid language code specified")
    return json.dumps([scope, language], sort_keys=True)


_ARTICLE = _words(
    "type id title input_message_content reply_markup url description thumbnail_url thumbnail_width thumbnail_height"
)
_CONTENT = {"message_text", "parse_mode", "entities", "link_preview_options"}


def inline_results(values: Mapping[str, Any]) -> list[Json]:
    """Gives the results of `answerInlineQuery`. An article's `shown` holds the text and entities it would post.

    Raises:
        Refusal: a result that Telegram would not offer.
    """
    results = values.get("results")
    if not isinstance(results, list):
        raise bad("expected an Array of inline query results")
    if len(results) > 50:
        raise bad("too many inline query results specified")
    where = "can't parse inline query result: "
    checked: list[Json] = []
    for result in results:
        for name in ("type", "id"):
            if not isinstance(result.get(name), str):
                raise bad(where + f'Can\'t find field "{name}"')
        if not 1 <= len(result["id"].encode()) <= 64:
            raise bad("RESULT_ID_INVALID")
        if any(result["id"] == other["id"] for other in checked):
            raise bad("RESULT_ID_DUPLICATE")
        markup = keyboard(result.get("reply_markup"), inline_only=True)
        if result["type"] != "article":
            checked.append({**result, "reply_markup": markup, "shown": ("", [])})
            continue
        if unknown := set(result) - _ARTICLE:
            raise bad(where + f"unknown fields {sorted(unknown)}")
        if not isinstance(result.get("title"), str):
            raise bad(where + 'Can\'t find field "title"')
        if not result["title"].strip():
            raise bad("ARTICLE_TITLE_EMPTY")
        content = result.get("input_message_content")
        if not isinstance(content, dict):
            raise bad(where + 'Can\'t find field "input_message_content"')
        if unknown := set(content) - _CONTENT:
            raise bad(where + f"unknown fields {sorted(unknown)}")
        if not content.get("message_text"):
            raise bad(where + "Input message content is not specified")
        checked.append({**result, "reply_markup": markup, "shown": message_text(content, "message_text")})
    return checked


def inline_button(button: Any) -> None:
    """Checks the button above inline results."""
    if button is None:
        return
    where = "can't parse inline query results button: "
    if not isinstance(button, dict) or not button.get("text"):
        raise bad(where + 'Can\'t find field "text"')
    if len(set(button) & {"start_parameter", "web_app"}) != 1 or set(button) - {"text", "start_parameter", "web_app"}:
        raise bad(where + "InlineQueryResultsButton must have exactly one optional field")
    if "start_parameter" in button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(button["start_parameter"])):
        raise bad("START_PARAM_INVALID")


def allowed_updates(values: Mapping[str, Any]) -> frozenset[str] | None:
    """Gives the kinds of update asked for, None where the call does not say."""
    kinds = values.get("allowed_updates")
    if kinds is None:
        return None
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad("allowed_updates must be an Array of String")
    if unknown := set(kinds) - UPDATE_KINDS:
        raise bad(f"unknown update types in allowed_updates: {sorted(unknown)}")
    return frozenset(kinds) or DEFAULT_UPDATES


def webhook(values: Mapping[str, Any], *, allow_http: bool) -> str:
    """Gives the URL of `setWebhook`, checked; empty where the webhook is to be removed.

    `allow_http` is the way of a Bot API server that one runs oneself: plain HTTP, any port.
    """
    url = str(values.get("url") or "")
    secret = str(values.get("secret_token") or "")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= values.get("max_connections", 40) <= 100:
        raise bad("max_connections must be between 1 and 100")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad("bad webhook: Wrong HTTP URL") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad("bad webhook: Wrong HTTP URL")
    if not allow_http and parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not allow_http and port not in {None, 80, 88, 443, 8443}:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url
