"""Every sentence that the bot says in Telegram, whole, with named places for what differs.

What all ways in say alike (why there is no answer, what was read differently) is in `bot.chat.wording`. The sentences
are in English here, and in the language of the one who reads them where they are said.
"""

from bot.chat.language import N_, ngettext

COMMANDS: tuple[tuple[str, str], ...] = (
    ("ask", N_("ask a question, also in groups")),
    ("releases", N_("the releases that I can be asked about")),
    ("use", N_("ask only one release")),
    ("all", N_("ask all releases again")),
    ("help", N_("how to ask, with examples")),
    ("privacy", N_("what I keep, and what I do not")),
    ("forget", N_("delete what I keep of yours")),
)

# The answer
READ_AS = N_("Read as: {question}")
SCOPED = N_("I looked only in “{title}”. /all asks all releases.")
NEAREST_LABEL = N_("Not an answer, but near to your question ({number} of {count}):")

# Buttons
MORE = N_("More · {number} of {count}")
FIRST = N_("Back to the first")
IN_CONTEXT = N_("In context")
BACK = N_("Back to the quote")
NEAREST = N_("Nearest sentences")
UP = "👍"
DOWN = "👎"
VOTED = "{sign} ✓"
VOTED_BY = "{sign} {count}"
PREVIOUS_PAGE = N_("‹ Previous")
NEXT_PAGE = N_("Next ›")
ASK_ALL = N_("Ask all releases")
RELEASE = "{number}. {title}"
CHOSEN = "✓ {number}. {title}"

# Notices at a press of a button: plain text, at most 200 characters
VOTED_UP = N_("Thank you, that is good to know.")
VOTED_DOWN = N_("Thank you. This helps me to answer better.")
GONE = N_("This release is no longer on the record. Please ask again.")
OLD_BUTTON = N_("I cannot read this button any more. Please ask again.")

# Inline: the line above the results, and the start parameter behind it; no id of a release begins with a hyphen
INLINE_EMPTY = N_("Type a question, such as: {example}")
INLINE_NOTHING = N_("Not on the record. Try other words?")
INLINE_START = "-inline"

# Commands
START = N_("Hello! Ask me a question, and I look it up in the press releases.")
START_SCOPED = N_("Hello! You are asking “{title}” only.")
HOW = N_(
    "I answer with the sentence itself, word for word, and say where it is from. I never write an answer of my own."
)
EXAMPLE = N_("For example: {example}")
MORE_HELP = N_("/help says more.")
ASK_AWAY = N_("What do you want to know? /all asks all releases.")
HELP = N_("Ask in your own words, in one sentence.")
HELP_FOLLOW_UP = N_("You can go on from the last question: {example}")
FOLLOW_UP = "and in 2025?"  # asked of the releases, and so in their language
HELP_NARROW = N_("You can narrow it by source and date with from:, since: and until:, for example: {example}")
HELP_EDIT = N_("If you edit your question, I edit my answer.")
HELP_BUTTONS = N_("Under an answer, More shows other sentences, and In context the text around it.")
HELP_RELEASES = N_("/releases lists the releases. Choose one to ask only that; /all asks all of them again.")
HELP_GROUP = N_("In a group: /ask and your question, a mention of @{bot}, or a reply to one of my messages.")
HELP_INLINE = N_("In any chat: type @{bot} and your question, and send the quote that you choose.")
HELP_PRIVACY = N_("/privacy says what I keep.")
PRIVACY = N_(
    "What I keep, and nothing else:\n"
    "• what reaches me from Telegram, until I have dealt with it, so that a restart loses no question;\n"
    "• with each answer its question, your language and which sentences it showed, so that the buttons and follow-up "
    "questions work;\n"
    "• which release this chat has chosen, if any;\n"
    "• 👍 and 👎.\n"
    "With these stand the numbers by which Telegram knows the chat and you. I keep no names and no other messages."
)
PRIVACY_LOG = N_(
    "The press office sees what is asked: each question, when and where it was asked (here, in a group, on a computer), "
    "its language, what answered it, and votes. It does not see who asked: your number is not there, only a code that "
    "is made from it with a secret key."
)
PRIVACY_FORGET = N_("/forget deletes all of yours at once.")
FORGOTTEN = N_("Done: what you asked and how you voted is deleted. Buttons under old answers no longer work.")
USING = N_("You are asking “{title}” only. /all asks all releases again.")
LISTED = "{number}. {line}"
PAGE_OF = N_("Releases, page {number} of {count}. Choose one to ask only that:")
ONE_PAGE = N_("Releases. Choose one to ask only that:")
NO_SUCH_RELEASE = N_("I know no release “{words}”. /releases lists them.")
ASK_WHAT = N_("What do you want to know? For example: {example}")

# Everything else
TEXT_ONLY = N_("I read only text. Please write your question.")
UNKNOWN_COMMAND = N_("I do not know {command}. /help shows what I can do.")
MISTYPED_COMMAND = N_("I do not know {command}. Did you mean /{nearest}?")
TOO_FAST = N_("That was a lot at once. Please go on in {seconds} s.")
ERROR = N_(
    "Something went wrong on my side, sorry. Please ask again; if it happens again, give the reference {reference}."
)
UNAVAILABLE = N_("The releases cannot be asked just now. Try again in a minute.")
GROUP_WELCOME = N_("Hello, everyone! I answer questions with what is in the press releases, word for word.")
GROUP_HOW = N_("Ask with /ask, mention @{bot}, or reply to one of my messages. I answer nothing else here.")


def deleted_after(days: int) -> str:
    """For how long questions and answers are kept."""
    return ngettext(
        "Questions and answers are deleted after {days} day.",
        "Questions and answers are deleted after {days} days.",
        days,
    )


def asking_all(count: int) -> str:
    """That all releases, so many, are asked."""
    return ngettext("You are asking the only release there is.", "You are asking all {count} releases.", count)
