"""The REPL without a terminal: what was said so far, a line that is typed, and what is shown for it.

`step` is pure but for the question that it asks of the corpus and for `/forget`, and speaks the language that is spoken
around it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answering.answerer import answer
from bot.chat.asking import ask_line
from bot.chat.commands import nearest_command
from bot.chat.language import gettext, ngettext
from bot.chat.narrowing import asked_sentence, both
from bot.chat.noting import Noting
from bot.chat.parts import Context, Help, Hint, Listing, Nearest, Note, Part, Quotes, Reasons
from bot.chat.wording import example_question, grouped, printable, source_line
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.model import OnrecordError, Refusal, Release, Reply


@dataclass(frozen=True, slots=True)
class Session:
    """A talk with a corpus: how it is asked, and what was said last.

    `page` is how many releases are listed at a time, None for all. `shown` counts the quotes of `reply` that were
    shown, `current` is the number (from 0) of the last of them, and `scope` is the id of the only release that is
    asked: its number may change with the corpus. `standing` narrows every question until `/all`. `noting` is what notes the
    questions, where they are noted.
    """

    corpus: Corpus
    top: int = 5
    explain: bool = False
    page: int | None = None
    reply: Reply | None = None
    shown: int = 0
    current: int = 0
    scope: str | None = None
    standing: Scope | None = None
    over: bool = False
    noting: Noting | None = None

    @property
    def release(self) -> Release | None:
        """The only release that is asked, or None where all are."""
        return None if self.scope is None else self.corpus.releases.find(self.scope)

    @property
    def number(self) -> int | None:
        """The number of that release, from 1."""
        return None if self.scope is None else self.corpus.releases.number(self.scope)


Step = tuple[Session, tuple[Part, ...]]


def step(session: Session, line: str, *, ask: Callable[..., Reply] = answer) -> Step:
    """What a typed line leads to: the session after it, and what is shown. A blank line leads to nothing.

    `ask` is what a question is put to, with the parameters of `answer`.
    """
    line = line.replace("\ufeff", "").strip()
    if not line:
        return session, ()
    if line.lower() in ("help", "quit", "exit"):
        line = "/help" if line.lower() == "help" else "/quit"
    if not line.startswith("/"):
        return _ask(session, line, ask)
    name, _, argument = printable(line).partition(" ")
    name = "/all" if name.lower() == "/use" and not argument.strip() else name.lower()
    if name not in _ACTIONS:
        return session, (Note(_no_command(name)),)
    return _ACTIONS[name](session, argument.strip())


def renewed(session: Session, corpus: Corpus) -> Step:
    """The session with the corpus as it is now, and what there is to say of that. Quotes that were shown stay."""
    before = session.release
    session = replace(session, corpus=corpus)
    if before is None or session.release is not None:
        return session, ()
    told = gettext("{release} is no longer there: all releases are asked again.")
    return replace(session, scope=None), (Note(told.format(release=source_line(before))),)


def _no_command(name: str) -> str:
    near = nearest_command(name)
    if near:
        return gettext("There is no command {command}. Did you mean {near}?").format(command=name[:40], near=near)
    return gettext("There is no command {command}. /help lists what there is.").format(command=name[:40])


def _ask(session: Session, question: str, ask: Callable[..., Reply]) -> Step:
    chosen = None if session.scope is None else Scope(releases=frozenset({session.scope}))
    try:
        standing = both(session.standing, chosen)
        reply, scope = ask_line(question, session.corpus, standing, ask=ask, top=session.top)
    except OnrecordError as error:
        return session, (Note(printable(str(error))),)
    shown = min(1, len(reply.quotes)) if reply.answered or session.explain else 0
    session = replace(session, reply=reply, shown=shown, current=0)
    return session, (Quotes(reply, explain=session.explain), *_hints(session), *_narrowed_hints(session, scope))


def _hints(session: Session) -> tuple[Hint, ...]:
    reply = session.reply
    if reply is None:
        return ()
    hints = []
    left = len(reply.quotes) - session.shown
    if left and session.shown:
        hints.append(Hint(ngettext("{count} more: /more", "{count} more: /more", left).format(count=left)))
    elif left:
        hints.append(Hint(gettext("The nearest sentences: /more")))
    if reply.refusal is Refusal.NO_RELEASES:
        hints.append(Hint(gettext("Start onrecord with --corpus and a folder of releases.")))
    if reply.refusal is Refusal.NOT_ON_RECORD and session.number and not session.shown:
        told = gettext("Only release {number} was asked. All of them: /all")
        hints.append(Hint(told.format(number=session.number)))
    return tuple(hints)


def _narrowed_hints(session: Session, scope: Scope | None) -> tuple[Hint, ...]:
    """What narrowed a question that has no answer."""
    said = asked_sentence(scope)
    if not said or session.shown or session.reply is None or session.reply.refusal is not Refusal.NOT_ON_RECORD:
        return ()
    again = (Hint(gettext("All releases again: /all")),) if session.standing and not session.number else ()
    return (Hint(said), *again)


def _more(session: Session, _: str) -> Step:
    reply, first = session.reply, session.shown
    if reply is None:
        return session, (_ask_first(),)
    left = len(reply.quotes) - first
    if not left:
        told = gettext("That was all.") if reply.quotes else gettext("There is nothing near it.")
        return session, (Note(told),)
    count = min(left, 5)
    session = replace(session, shown=first + count, current=first + count - 1)
    part = Quotes(reply, first, count, session.explain) if reply.answered else Nearest(reply, first, count)
    return session, (part, *_hints(session))


def _context(session: Session, argument: str) -> Step:
    reply = session.reply
    if reply is None or not reply.quotes:
        return session, (Note(gettext("There is no quote yet. Ask something first.")),)
    if not argument and not session.shown:
        return session, (Note(gettext("There is no answer to show. The nearest sentences: /more")),)
    last = len(reply.quotes)
    number = _number(argument, last) if argument else session.current + 1
    if number is None:
        told = gettext("/context takes the number of a quote, from 1 to {last}.")
        one = gettext("/context takes the number of a quote, only 1 here.")
        return session, (Note(one if last == 1 else told.format(last=last)),)
    session = replace(session, current=number - 1)
    return session, (Context(reply.quotes[number - 1], nearest=not reply.answered),)


def _explain(session: Session, _: str) -> Step:
    if session.reply is None:
        return session, (_ask_first(),)
    if not session.reply.quotes:
        return session, (Note(gettext("There is no quote to explain.")),)
    return session, (Reasons(session.reply),)


def _releases(session: Session, argument: str) -> Step:
    releases = session.corpus.releases
    if not releases:
        return session, (_no_releases(),)
    size = session.page or len(releases)
    pages = -(-len(releases) // size)
    page = _number(argument, pages) if argument else 1
    if page is None:
        told = gettext("/releases takes the number of a page, from 1 to {last}.")
        one = gettext("/releases takes the number of a page, only 1 here.")
        return session, (Note(one if pages == 1 else told.format(last=pages)),)
    first = (page - 1) * size
    listed = releases if pages == 1 else releases[first : first + size]
    parts: list[Part] = [Listing(listed, first + 1, session.number)]
    if page < pages:
        told = gettext("Page {page} of {pages}. The next: /releases {next}")
        parts.append(Hint(told.format(page=page, pages=pages, next=page + 1)))
    if page == 1 and len(releases) > 1:
        parts.append(Hint(gettext("To ask only one of them: /use and its number")))
    return session, tuple(parts)


def _use(session: Session, argument: str) -> Step:
    last = len(session.corpus.releases)
    if not last:
        return session, (_no_releases(),)
    number = _number(argument, last)
    if number is None:
        told = gettext("/use takes the number of a release, from 1 to {last}; /releases lists them.")
        one = gettext("/use takes the number of a release, only 1 here; /releases lists them.")
        return session, (Note(one if last == 1 else told.format(last=last)),)
    release = session.corpus.releases[number - 1]
    session = replace(session, scope=release.id)
    asking = gettext("Asking only: {release}").format(release=source_line(release))
    return session, (Note(asking), Hint(gettext("All releases again: /all")))


def _all(session: Session, _: str) -> Step:
    count = len(session.corpus.releases)
    told = ngettext("Asking the one release there is.", "Asking all {count} releases.", count)
    return replace(session, scope=None, standing=None), (Note(told.format(count=grouped(count))),)


def _help(session: Session, _: str) -> Step:
    return session, (Help(example_question(session.corpus.words)),)


def _privacy(session: Session, _: str) -> Step:
    days = session.noting.days if session.noting else 0
    if not days:
        return session, (Note(gettext("Your questions are not kept.")),)
    told = ngettext(
        "Your questions are kept on this computer for {days} day, for onrecord report and onrecord export. "
        "/forget deletes them.",
        "Your questions are kept on this computer for {days} days, for onrecord report and onrecord export. "
        "/forget deletes them.",
        days,
    )
    return session, (Note(told.format(days=grouped(days))),)


def _forget(session: Session, _: str) -> Step:
    try:
        if session.noting:
            session.noting.forget()
    except OnrecordError as error:
        return session, (Note(printable(str(error))),)
    return session, (Note(gettext("Done: the questions that you asked on this computer are deleted.")),)


def _quit(session: Session, _: str) -> Step:
    return replace(session, over=True), ()


def _number(argument: str, last: int) -> int | None:
    """The argument as a number from 1 to `last`, or None where it is not one."""
    if not (argument.isascii() and argument.isdigit() and len(argument) < 10):
        return None
    return int(argument) if 1 <= int(argument) <= last else None


def _ask_first() -> Note:
    return Note(gettext("Ask something first."))


def _no_releases() -> Note:
    return Note(gettext("There are no releases."))


_ACTIONS: dict[str, Callable[[Session, str], Step]] = {
    "/more": _more,
    "/context": _context,
    "/explain": _explain,
    "/releases": _releases,
    "/use": _use,
    "/all": _all,
    "/privacy": _privacy,
    "/forget": _forget,
    "/help": _help,
    "/quit": _quit,
}
