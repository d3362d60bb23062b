"""The store gives back what was answered, quotes included, as long as the release says the same words."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answerer import answer
from bot.chat.telegram.database import Database, open_file
from bot.chat.telegram.store import Asked, Store, Written, shown
from bot.index.corpus import Corpus
from bot.index.releases import ReleasesInMemory
from bot.model import Refusal, Reply

CHAIR = "Who chiars the harbour board?"
ASKED = Asked(chat=7, asker=1, message=10, question=CHAIR)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def told(reply: Reply) -> list[tuple[object, ...]]:
    return [
        (
            quote.release.id,
            quote.text,
            quote.answer,
            quote.matched,
            quote.before and quote.before.text,
            quote.passage.text,
        )
        for quote in reply.quotes
    ]


def test_a_reply_comes_back_as_it_was(store: Store, corpus: Corpus) -> None:
    reply = answer(CHAIR, corpus)
    row = store.add(ASKED, reply).row
    found = store.answered(row)
    assert found is not None
    back, places = shown(found, corpus.releases)
    assert (back.row, back.understood, back.scope, back.ups, back.downs) == (row, None, None, 0, 0)
    assert told(back.reply) == told(reply)
    assert replace(back.reply, quotes=()) == replace(reply, quotes=())
    assert places == tuple(range(len(reply.quotes)))


def test_quotes_of_gone_and_changed_releases_are_left_out(store: Store, corpus: Corpus) -> None:
    answered = store.add(ASKED, answer(CHAIR, corpus))
    quays = ReleasesInMemory(release for release in corpus.releases if release.id == "quay")
    back, places = shown(answered, quays)
    assert {quote.release.id for quote in back.reply.quotes} == {"quay"}
    assert None in places
    assert [place for place in places if place is not None] == list(range(len(back.reply.quotes)))
    changed = ReleasesInMemory(replace(release, text=release.text.replace("mayor", "major")) for release in quays)
    texts = [quote.text for quote in shown(answered, changed)[0].reply.quotes]
    assert not any("mayor" in text or "major" in text for text in texts)


def test_an_answer_is_found_by_its_question_and_by_itself_once_it_is_sent(store: Store) -> None:
    row = store.add(ASKED, Reply(CHAIR)).row
    assert store.answer_to(7, 10) is None
    store.sent(row, 7, 11)
    for found in (store.answer_to(7, 10), store.answer_in(7, 11), store.answered(row)):
        assert found is not None
        assert (found.row, found.asked, found.message) == (row, ASKED, 11)
    assert store.answer_to(8, 10) is None


def test_a_file_without_languages_goes_on_with_english(tmp_path: Path) -> None:
    database = open_file(tmp_path, "1")
    Store(database).add(ASKED, Reply(CHAIR))
    database.change("ALTER TABLE answers DROP COLUMN language")
    database.close()
    for _ in range(2):
        database = open_file(tmp_path, "1")
        store = Store(database)
        before, row = store.answered(1), store.add(replace(ASKED, language="es"), Reply(CHAIR)).row
        after = store.answered(row)
        assert before is not None
        assert after is not None
        assert (before.asked.language, after.asked.language) == ("en", "es")
        database.close()


def test_the_last_question_is_the_persons_own_and_stands_by_itself(store: Store) -> None:
    def said(question: str, refusal: Refusal | None = None, *, understood: str | None = None, asker: int = 1) -> int:
        row = store.add(Asked(7, asker, 10, question, understood), Reply(question, refusal=refusal)).row
        store.sent(row, 7, 11)
        return row

    assert store.last_question(7, 1) is None
    first = said("first")
    said("and then?", understood="first then?")
    said("?", Refusal.EMPTY)
    said("of another person", asker=2)
    assert store.last_question(7, 1) == "first"
    said("second", Refusal.NOT_ON_RECORD)
    assert store.last_question(7, 1) == "second"
    assert store.last_question(7, 1, before=first + 1) == "first"


def test_votes_are_counted_once_a_person_and_belong_to_the_question(store: Store) -> None:
    row = store.add(ASKED, Reply(CHAIR)).row
    for voter, up in ((1, True), (2, True), (3, False), (1, False)):
        store.vote(row, voter, up)
    found = store.answered(row)
    assert found is not None
    assert (found.ups, found.downs) == (1, 2)
    store.rewrite(row, replace(ASKED, question="Another?"), Reply("Another?"))
    found = store.answered(row)
    assert found is not None
    assert (found.asked.question, found.ups, found.downs) == ("Another?", 0, 0)


def test_a_chat_has_a_scope_and_takes_all_along_when_it_moves(store: Store) -> None:
    row = store.add(ASKED, Reply(CHAIR)).row
    store.sent(row, 7, 11)
    store.set_scope(7, "quay")
    store.set_scope(-70, "ferries")
    store.migrate(7, -70)
    assert (store.scope(7), store.scope(-70)) == (None, "quay")
    assert store.answer_in(-70, 11) is not None
    store.set_scope(-70, None)
    assert store.scope(-70) is None


def test_a_row_says_which_words_it_stands_for_and_whether_telegram_has_them(store: Store) -> None:
    row = store.add(replace(ASKED, written=Written(5, 100)), Reply(CHAIR)).row
    store.sent(row, 7, 11)
    store.rewrite(row, replace(ASKED, question="Another?", written=Written(6, 90)), Reply("Another?"))
    found = store.answered(row)
    assert found is not None
    assert (found.asked.written, bool(found.shown)) == (Written(6, 90), False)
    store.unchanged(row, Written(7, 101))
    store.sent(row, 7, 11)
    found = store.answered(row)
    assert found is not None
    assert (found.asked.written, bool(found.shown)) == (Written(7, 101), True)


def test_whoever_is_forgotten_leaves_no_question_vote_or_scope(store: Store, database: Database) -> None:
    row = store.add(ASKED, Reply(CHAIR)).row
    other = store.add(replace(ASKED, asker=2), Reply(CHAIR)).row
    for number, voter in ((row, 2), (other, 1), (other, 2)):
        store.vote(number, voter, True)
    store.set_scope(1, "quay")
    store.forget(1)
    assert store.answered(row) is None
    assert store.scope(1) is None
    assert database.all("SELECT row, voter FROM votes") == [(other, 2)]
    store.expire(1)
    assert store.answered(other) is not None
    database.change("UPDATE answers SET asked_at = 0")
    store.expire(1)
    assert database.all("SELECT row FROM votes") == []
