"""What a typed line leads to, without a terminal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.chat.parts import Context, Help, Hint, Listing, Nearest, Note, Part, Quotes, Reasons
from bot.chat.session import Session, renewed, step
from bot.index.corpus import Corpus
from bot.index.memory import MemoryIndex
from bot.index.releases import ReleasesInMemory
from bot.index.scope import Scope
from bot.model import OnrecordError, Quote, Refusal, Release, Reply


@pytest.fixture
def session(make_release: Callable[..., Release]) -> Session:
    releases = ReleasesInMemory(make_release(id=f"r{number}", title=f"Title {number}") for number in range(1, 8))
    return Session(Corpus(releases, MemoryIndex(), ("ferries", "people")), page=3)


@pytest.fixture
def asked(session: Session, reply: Reply) -> Session:
    """A session after a question that was answered with three quotes."""
    return step(session, "who?", ask=lambda *_, **__: reply)[0]


@pytest.fixture
def refused(session: Session, mayor: Quote, cost: Quote) -> Session:
    """A session after a question that the record does not answer, with two sentences near it."""
    reply = Reply("how tall?", (mayor, cost), 0.1, Refusal.NOT_ON_RECORD)
    return step(session, "how tall?", ask=lambda *_, **__: reply)[0]


def texts(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if isinstance(part, Note | Hint)]


# Questions


def test_a_question_shows_the_best_quote_and_says_how_to_see_the_others(session: Session, reply: Reply) -> None:
    after, parts = step(session, " who? \n", ask=lambda *_, **__: reply)
    assert parts == (Quotes(reply), Hint("2 more: /more"))
    assert (after.reply, after.shown, after.current) == (reply, 1, 0)


def test_a_question_is_asked_as_the_session_asks(session: Session, reply: Reply) -> None:
    heard: list[object] = []

    def ask(question: str, corpus: Corpus, *, scope: Scope | None, top: int) -> Reply:
        heard.extend((question, corpus is session.corpus, scope, top))
        return reply

    step(session, "who chairs?", ask=ask)
    step(replace(session, scope="r2", top=9), "\ufeffwho chairs?", ask=ask)
    assert heard == ["who chairs?", True, None, 5, "who chairs?", True, Scope(releases=frozenset({"r2"})), 9]


@pytest.mark.parametrize("line", ["", " \t\r\n", "\ufeff"])
def test_a_blank_line_leads_to_nothing(asked: Session, line: str) -> None:
    assert step(asked, line) == (asked, ())


def test_what_goes_wrong_is_said_in_its_own_sentence_and_the_last_reply_stays(asked: Session) -> None:
    def ask(*_: object, **__: object) -> Reply:
        raise OnrecordError("The index is broken.\x1b[2J Run onrecord index.")

    assert step(asked, "who?", ask=ask) == (asked, (Note("The index is broken. Run onrecord index."),))


def test_a_refusal_says_how_to_see_the_nearest_sentences(refused: Session, reply: Reply) -> None:
    assert refused.shown == 0
    nothing = Reply("?", (), 0.0, Refusal.NOT_ON_RECORD)
    assert texts(step(refused, "how tall?", ask=lambda *_, **__: nothing)[1]) == []
    assert refused.reply
    again = refused.reply
    assert texts(step(refused, "how tall?", ask=lambda *_, **__: again)[1]) == ["The nearest sentences: /more"]


def test_a_refusal_of_one_release_says_how_to_ask_all(session: Session) -> None:
    nothing = Reply("?", (), 0.0, Refusal.NOT_ON_RECORD)
    parts = step(replace(session, scope="r2"), "how tall?", ask=lambda *_, **__: nothing)[1]
    assert texts(parts) == ["Only release 2 was asked. All of them: /all"]


def test_operators_narrow_a_question_and_the_reply_keeps_it_as_typed(session: Session, reply: Reply) -> None:
    heard: list[object] = []

    def ask(question: str, corpus: Corpus, *, scope: Scope | None, top: int) -> Reply:
        heard.extend((question, scope))
        return reply

    after, _ = step(replace(session, scope="r2"), 'who from:"PORT OF" chairs? since:2006', ask=ask)
    asked = Scope(frozenset({"r2"}), "Port of Norrvik", date(2006, 1, 1))
    assert heard == ["who chairs?", asked]
    assert after.reply == replace(reply, question='who from:"PORT OF" chairs? since:2006')


def test_a_refusal_says_what_narrowed_it(session: Session) -> None:
    nothing = Reply("?", (), 0.0, Refusal.NOT_ON_RECORD)

    def hints(session: Session, line: str) -> list[str]:
        return texts(step(session, line, ask=lambda *_, **__: nothing)[1])

    told = "Only releases from Port of Norrvik since 1 January 2006 were asked."
    assert hints(session, "who? from:norrvik since:2006") == [told]
    assert hints(replace(session, scope="r2"), "who? from:norrvik since:2006") == [
        "Only release 2 was asked. All of them: /all",
        told,
    ]
    standing = replace(session, standing=Scope(source="Port of Norrvik"))
    assert hints(standing, "who? since:2006") == [told, "All releases again: /all"]
    assert step(standing, "/all")[0] == session


def test_what_cannot_be_narrowed_so_is_said_and_the_last_reply_stays(asked: Session) -> None:
    for line in ("who? since:soon", "from:norrvik", "who? from:acme", "who? since:2007 until:2006"):
        after, parts = step(asked, line)
        assert after == asked
        assert len(texts(parts)) == len(parts) == 1


def test_an_explaining_session_explains_each_reply(session: Session, reply: Reply) -> None:
    assert step(replace(session, explain=True), "who?", ask=lambda *_, **__: reply)[1][0] == Quotes(reply, explain=True)


# /more, /context and /explain


def test_more_shows_the_next_quotes_until_there_are_none(asked: Session, reply: Reply) -> None:
    after, parts = step(asked, "/more")
    assert parts == (Quotes(reply, 1, 2),)
    assert (after.shown, after.current) == (3, 2)
    assert step(after, "/more") == (after, (Note("That was all."),))


def test_more_shows_five_at_a_time(session: Session, ferries: Quote) -> None:
    many = Reply("?", (ferries,) * 8, 0.5)
    after = step(session, "?", ask=lambda *_, **__: many)[0]
    assert step(after, "/more")[1] == (Quotes(many, 1, 5), Hint("2 more: /more"))


def test_more_after_a_refusal_shows_the_nearest_sentences(refused: Session) -> None:
    assert refused.reply
    after, parts = step(refused, "/more")
    assert parts == (Nearest(refused.reply, 0, 2),)
    assert after.shown == 2


def test_context_is_that_of_the_quote_shown_last(asked: Session, reply: Reply) -> None:
    assert step(asked, "/context")[1] == (Context(reply.quotes[0]),)
    assert step(step(asked, "/more")[0], "/context")[1] == (Context(reply.quotes[2]),)


def test_context_of_a_quote_by_number(asked: Session, reply: Reply) -> None:
    after, parts = step(asked, "/context 2")
    assert parts == (Context(reply.quotes[1]),)
    assert step(after, "/context")[1] == parts


@pytest.mark.parametrize("argument", ["0", "4", "-1", "x", "²", "9" * 5000])
def test_context_says_which_numbers_there_are(asked: Session, argument: str) -> None:
    assert step(asked, f"/context {argument}") == (asked, (Note("/context takes the number of a quote, from 1 to 3."),))


def test_context_of_a_nearest_sentence_is_labelled(refused: Session, mayor: Quote) -> None:
    assert texts(step(refused, "/context")[1]) == ["There is no answer to show. The nearest sentences: /more"]
    assert step(refused, "/context 1")[1] == (Context(mayor, nearest=True),)


def test_explain_gives_the_reasons_of_the_last_reply(asked: Session, reply: Reply) -> None:
    assert step(asked, "/explain")[1] == (Reasons(reply),)


@pytest.mark.parametrize("command", ["/more", "/context", "/explain"])
def test_before_any_question_there_is_nothing_to_show(session: Session, command: str) -> None:
    after, parts = step(session, command)
    assert after is session
    assert texts(parts)[0].endswith("sk something first.")


# Releases


def test_releases_are_listed_a_page_at_a_time(session: Session) -> None:
    releases = session.corpus.releases
    first, second, third = (step(session, line)[1] for line in ("/releases", "/releases 2", "/releases 3"))
    assert first[0] == Listing(releases[:3], 1)
    assert texts(first) == ["Page 1 of 3. The next: /releases 2", "To ask only one of them: /use and its number"]
    assert second == (Listing(releases[3:6], 4), Hint("Page 2 of 3. The next: /releases 3"))
    assert third == (Listing(releases[6:], 7),)
    assert texts(step(session, "/releases 4")[1]) == ["/releases takes the number of a page, from 1 to 3."]


def test_without_pages_all_releases_are_listed(session: Session) -> None:
    assert step(replace(session, page=None), "/releases")[1][0] == Listing(session.corpus.releases)


def test_use_and_all(session: Session) -> None:
    used, parts = step(session, "/use 2")
    assert (used.scope, used.number) == ("r2", 2)
    assert used.release is session.corpus.releases[1]
    assert texts(parts)[0] == "Asking only: Title 2 · 14 May 2024 · Port of Norrvik"
    assert step(used, "/releases")[1][0] == Listing(session.corpus.releases[:3], 1, chosen=2)
    for line in ("/all", "/use", "/use  "):
        assert step(used, line) == (session, (Note("Asking all 7 releases."),))


@pytest.mark.parametrize("argument", ["0", "8", "two", "1.5"])
def test_use_says_which_numbers_there_are(session: Session, argument: str) -> None:
    said = "/use takes the number of a release, from 1 to 7; /releases lists them."
    assert step(session, f"/use {argument}") == (session, (Note(said),))


def test_an_empty_corpus_has_no_releases_to_list_or_use() -> None:
    session = Session(Corpus(ReleasesInMemory(), MemoryIndex(), ()))
    for line in ("/releases", "/use 1"):
        assert texts(step(session, line)[1]) == ["There are no releases."]


# A corpus that changes


def test_a_release_in_use_is_found_again_whatever_its_number(session: Session) -> None:
    used, _ = step(session, "/use 2")
    after, parts = renewed(used, replace(session.corpus, releases=ReleasesInMemory(session.corpus.releases[1:])))
    assert parts == ()
    assert (after.scope, after.number) == ("r2", 1)


def test_a_new_version_of_the_release_in_use_is_the_one_that_is_asked(
    session: Session, make_release: Callable[..., Release]
) -> None:
    used, _ = step(session, "/use 2")
    new = make_release(id="r2", title="Another title")
    after, parts = renewed(used, replace(session.corpus, releases=ReleasesInMemory([new])))
    assert (after.release, parts) == (new, ())


def test_when_the_release_in_use_is_gone_all_are_asked_and_it_is_said(session: Session) -> None:
    used, _ = step(session, "/use 2")
    fewer = replace(session.corpus, releases=ReleasesInMemory(session.corpus.releases[2:]))
    after, parts = renewed(used, fewer)
    assert (after.scope, after.corpus) == (None, fewer)
    told = "Title 2 · 14 May 2024 · Port of Norrvik is no longer there: all releases are asked again."
    assert texts(parts) == [told]
    assert renewed(after, fewer) == (after, ())


def test_quotes_of_a_release_that_is_gone_can_still_be_seen(asked: Session, reply: Reply) -> None:
    after, _ = renewed(asked, Corpus(ReleasesInMemory(), MemoryIndex(), ()))
    assert step(after, "/more")[1] == (Quotes(reply, 1, 2),)
    assert step(after, "/context")[1] == (Context(reply.quotes[0]),)


# Other commands


def test_help_has_an_example_for_this_corpus(session: Session) -> None:
    assert step(session, "/help") == step(session, "help") == (session, (Help("how many people took part?"),))


@pytest.mark.parametrize("line", ["/quit", "/QUIT", "quit", "exit"])
def test_quit_ends_the_session(session: Session, line: str) -> None:
    assert step(session, line)[0].over


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/mroe", "There is no command /mroe. Did you mean /more?"),
        ("/q", "There is no command /q. Did you mean /quit?"),
        ("/relaeses 2", "There is no command /relaeses. Did you mean /releases?"),
        ("/xyzzy", "There is no command /xyzzy. /help lists what there is."),
        ("/", "There is no command /. /help lists what there is."),
        ("/\x1b[31mmoer", "There is no command /moer. Did you mean /more?"),
    ],
)
def test_an_unknown_command_names_the_nearest(session: Session, line: str, said: str) -> None:
    assert step(session, line) == (session, (Note(said),))
