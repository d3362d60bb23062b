"""Who is spoken to in a group, and what is asked: pure functions of a message."""

from dataclasses import dataclass

from telegram import Message, MessageEntity

from bot.answering.question import understand

# Accounts under which Telegram shows people: an anonymous administrator, and somebody who writes as a channel.
_PEOPLE_AS_BOTS = frozenset({1087968824, 136817688})


@dataclass(frozen=True, slots=True)
class Addressed:
    """What the bot is asked: the question, and the message that the answer replies to.

    `answer` is the message of the bot that was replied to, `previous` a text that a question may lean on.
    """

    question: str
    message: int
    answer: int | None = None
    previous: str | None = None


def is_person(message: Message, bot_id: int) -> bool:
    """Whether a person wrote the message by hand: no bot, no channel post that was passed on, no inline result of
    this bot."""
    via = message.via_bot
    if message.is_automatic_forward or (via is not None and via.id == bot_id):
        return False
    sender = message.from_user
    return sender is not None and (not sender.is_bot or sender.id in _PEOPLE_AS_BOTS)


def asker_of(message: Message) -> int:
    """Whose limits and last question count: the person, or the channel or group in whose name somebody writes."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else 0


def addressed(message: Message, username: str, bot_id: int) -> Addressed | None:
    """What a group message asks of the bot; None where it is not meant for it. The question may be empty.

    It is meant for the bot where it mentions it or replies to one of its messages. A mention with no question of its
    own, in reply to what somebody wrote, asks that.
    """
    text, mentioned = _without_mentions(message, username, bot_id)
    target = message.reply_to_message
    own = target is not None and target.from_user is not None and target.from_user.id == bot_id
    if own and target is not None:
        return Addressed(text, message.message_id, answer=target.message_id)
    return asked_with(message, text) if mentioned else None


def asked_with(message: Message, text: str) -> Addressed:
    """The question that `text` puts in `message`, or that of the message it replies to, where it says nothing."""
    target = message.reply_to_message
    quoted = message.quote.text if message.quote else None
    said = (quoted or target.text or target.caption or "").strip() if target else ""
    if target and said and not understand(text).terms and not _bare_question(text):
        return Addressed(said, target.message_id)
    return Addressed(text, message.message_id, previous=said or None)


def _bare_question(text: str) -> bool:
    return text.rstrip(" ?!.").lower() in {
        "who",
        "what",
        "when",
        "where",
        "why",
        "how",
        "which",
        "how much",
        "how many",
    }


def _without_mentions(message: Message, username: str, bot_id: int) -> tuple[str, bool]:
    """The text without the bot's mentions, and whether there was one."""
    text, mentioned = message.text or "", False
    entities = message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION])
    for entity, shown in entities.items():
        by_name = entity.type == MessageEntity.MENTION and shown.lower() == f"@{username}".lower()
        by_id = entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == bot_id
        if by_name or by_id:
            mentioned = True
            text = text.replace(shown, " ", 1)
    return " ".join(text.split()).lstrip(",:; "), mentioned
