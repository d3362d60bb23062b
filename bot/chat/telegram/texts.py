"""Every sentence that the bot says in Telegram, whole, with named places for what differs.

What all ways in say alike (why there is no answer, what was read differently) is in `bot.chat.wording`.
"""

COMMANDS: tuple[tuple[str, str], ...] = (
    ("ask", "ask a question, also in groups"),
    ("releases", "the releases that I can be asked about"),
    ("use", "ask only one release"),
    ("all", "ask all releases again"),
    ("help", "how to ask, with examples"),
    ("privacy", "what I keep, and what I do not"),
)

# The answer
READ_AS = "Read as: {question}"
SCOPED = "I looked only in “{title}”. /all asks all releases."
NEAREST_LABEL = "Not an answer, but near to your question ({number} of {count}):"

# Buttons
MORE = "More · {number} of {count}"
FIRST = "Back to the first"
IN_CONTEXT = "In context"
BACK = "Back to the quote"
NEAREST = "Nearest sentences"
UP = "👍"
DOWN = "👎"
VOTED = "{sign} ✓"
VOTED_BY = "{sign} {count}"
PREVIOUS_PAGE = "‹ Previous"
NEXT_PAGE = "Next ›"
ASK_ALL = "Ask all releases"
RELEASE = "{number}. {title}"
CHOSEN = "✓ {number}. {title}"

# Notices at a press of a button: plain text, at most 200 characters
VOTED_UP = "Thank you, that is good to know."
VOTED_DOWN = "Thank you. This helps me to answer better."
GONE = "This release is no longer on the record. Please ask again."
OLD_BUTTON = "I cannot read this button any more. Please ask again."

# Inline: the line above the results, and the start parameter behind it; no id of a release begins with a hyphen
INLINE_EMPTY = "Type a question, such as: {example}"
INLINE_NOTHING = "Not on the record. Try other words?"
INLINE_START = "-inline"

# Commands
START = "Hello! Ask me a question, and I look it up in the press releases."
START_SCOPED = "Hello! You are asking “{title}” only."
HOW = "I answer with the sentence itself, word for word, and say where it is from. I never write an answer of my own."
EXAMPLE = "For example: {example}"
MORE_HELP = "/help says more."
ASK_AWAY = "What do you want to know? /all asks all releases."
HELP = "Ask in your own words, in one sentence."
HELP_FOLLOW_UP = "You can go on from the last question: and in 2025?"
HELP_EDIT = "If you edit your question, I edit my answer."
HELP_BUTTONS = "Under an answer, More shows other sentences, and In context the text around it."
HELP_RELEASES = "/releases lists the releases. Choose one to ask only that; /all asks all of them again."
HELP_GROUP = "In a group: /ask and your question, a mention of @{bot}, or a reply to one of my messages."
HELP_INLINE = "In any chat: type @{bot} and your question, and send the quote that you choose."
HELP_PRIVACY = "/privacy says what I keep."
PRIVACY = (
    "What I keep, and nothing else:",
    "• what reaches me from Telegram, until I have dealt with it, so that a restart loses no question;",
    "• with each answer its question and which sentences it showed, so that the buttons and follow-up questions work;",
    "• which release this chat has chosen, if any;",
    "• 👍 and 👎.",
    "With these stand the numbers by which Telegram knows the chat and you. I keep no names and no other messages.",
)
USING = "You are asking “{title}” only. /all asks all releases again."
ALL = "You are asking all {count} releases."
ALL_OF_ONE = "You are asking the only release there is."
LISTED = "{number}. {line}"
PAGE_OF = "Releases, page {number} of {count}. Choose one to ask only that:"
ONE_PAGE = "Releases. Choose one to ask only that:"
NO_SUCH_RELEASE = "I know no release “{words}”. /releases lists them."
ASK_WHAT = "What do you want to know? For example: {example}"

# Everything else
TEXT_ONLY = "I read only text. Please write your question."
UNKNOWN_COMMAND = "I do not know {command}. /help shows what I can do."
MISTYPED_COMMAND = "I do not know {command}. Did you mean /{nearest}?"
TOO_FAST = "That was a lot at once. Please go on in {seconds} s."
ERROR = "Something went wrong on my side, sorry. Please ask again; if it happens again, give the reference {reference}."
GROUP_WELCOME = "Hello, everyone! I answer questions with what is in the press releases, word for word."
GROUP_HOW = "Ask with /ask, mention @{bot}, or reply to one of my messages. I answer nothing else here."
