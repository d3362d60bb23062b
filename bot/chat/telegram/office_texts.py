"""What the press office reads in Telegram, whole sentences with named places, as in `texts`."""

from bot.chat.language import N_

COMMANDS: tuple[tuple[str, str], ...] = (
    ("stats", N_("what people asked in the last week and month")),
    ("unanswered", N_("the questions that no release answers")),
    ("remove", N_("take a release off the record")),
    ("digest", N_("a weekly summary here: on or off")),
)

# Publishing
PUBLISH = N_("Publish")
DISCARD = N_("Discard")
REMOVE = N_("Take it off the record")
KEEP = N_("Keep it")
GOES_ON_RECORD = N_("It is not on the record yet.")
SAME = N_("This is on the record already: {release}. There is nothing to publish.")
VERSION = N_("A new version of {release}. It takes its place; the old one is kept.")
NOTE = N_("Note: it {warning}.")
PUBLISHED = N_("On the record: “{title}”. You can ask about it now.")
DISCARDED = N_("Discarded: “{title}”. Nothing has changed.")
ASK_TO_REMOVE = N_("Take this off the record? Questions are no longer answered from it; the file is kept.")
REMOVED = N_("Off the record: “{title}”. Its file is kept.")
KEPT = N_("Still on the record: “{title}”.")
GONE = N_("That release is no longer on the record.")
WHICH = N_("Which one? /remove and its number from /releases, for example: /remove 1")
TOO_LARGE = N_("This file is larger than {size} MB. Please split it, or send the text alone.")
NOT_FETCHED = N_("Telegram did not hand the file over. Please send it again.")
READING_FAILED = N_("It could not be read: {reason}")

# To everybody else
OFFICE_ONLY = N_("Only the press office can do that here. I answer questions: just write yours.")
NO_OFFICE_YET = N_(
    "Only the press office can do that, and nobody is named for it yet. If that is you, put your number, {number}, after "
    "TELEGRAM_ADMINS= in the file .env, and start me again."
)
IN_PRIVATE = N_("Please ask me that in a private chat: what people ask is for the press office alone.")
PRESS_REFUSED = N_("Only the press office can decide this.")

# What people asked
STATS = N_("What people asked")
LAST_DAYS = N_("Last {days} days:")
NOTHING_ASKED = N_("Nothing was asked.")
NOT_NOTED = N_("What people ask is not kept: ONRECORD_RETENTION_DAYS is 0.")
MOST_QUOTED = N_("Quoted most:")
UNANSWERED = N_("Asked in the last {days} days, and not on the record:")
ALL_ANSWERED = N_("Every question of the last {days} days got an answer.")
REPORT_HINT = N_("The whole picture: onrecord report --out report.html")
DIGEST = N_("Your week on the record")
DIGEST_ON = N_("You get the summary here every Monday. /digest off ends it.")
DIGEST_OFF = N_("You get no weekly summary. /digest on begins it.")
DIGEST_HOW = N_("/digest on or /digest off?")

# Of the releases, while the bot runs
CORPUS_TOLD = N_("The releases: {note}")

HELP_OFFICE = N_(
    "For the press office: send me a document or a link, and I show what I read before it is published. "
    "/remove takes a release off the record. /stats and /unanswered show what people ask; /digest sends it weekly."
)
