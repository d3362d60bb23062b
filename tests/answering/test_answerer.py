"""From a question to a reply: sentences of the releases, word for word, or the reason why there is none."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import LONGEST_QUESTION, answer
from bot.index.corpus import Corpus, build_corpus
from bot.index.scope import Scope
from bot.model import Quote, Refusal, Release, Reply

WORDS = (
    "quay harbour mayor Ingrid Dahl opened 2024 May 12 million euros because it The It this Norrvik in of who".split()
)
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda chosen: " ".join(chosen) + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
TEXTS = st.lists(PARAGRAPHS | st.text(max_size=60), min_size=1, max_size=4).map("\n\n".join)
QUESTIONS = (
    st.lists(st.sampled_from([*WORDS, "who", "when", "how many", "why", "?", "harbuor"]), max_size=6).map(" ".join)
    | st.text(max_size=60)
)  # fmt: skip


def only(*release_ids: str) -> Scope:
    return Scope(releases=frozenset(release_ids))


def check_quote(quote: Quote) -> None:
    """What every quote keeps to, whatever was asked of whatever text."""
    text = quote.release.text
    assert 0 <= quote.start < quote.end <= len(text)
    assert quote.text == text[quote.start : quote.end]
    assert quote.passage.release is quote.release
    assert quote.passage.start <= quote.start < quote.end <= quote.passage.end
    end = 0
    for span in quote.matched:
        assert end <= span.start < span.end <= len(quote.text)
        end = span.end
    if quote.answer:
        assert 0 <= quote.answer.start < quote.answer.end <= len(quote.text)
    if quote.before:
        assert quote.before.release is quote.release
        assert quote.before.text == text[quote.before.start : quote.before.end]
        assert quote.passage.start <= quote.before.start < quote.before.end <= quote.start
    assert quote.features


def same(one: Reply, other: Reply) -> bool:
    return (one.quotes, one.confidence, one.refusal, one.corrections) == (
        other.quotes,
        other.confidence,
        other.refusal,
        other.corrections,
    )


@given(texts=st.lists(TEXTS, min_size=1, max_size=3), question=QUESTIONS, top=st.integers(1, 6))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_what_every_reply_keeps_to(texts: list[str], question: str, top: int) -> None:
    corpus = build_corpus(Release(str(number), text, "Title") for number, text in enumerate(texts))
    reply = answer(question, corpus, top=top)
    assert reply.question == question
    assert 0 <= reply.confidence <= 1
    assert len(reply.quotes) <= top
    assert reply.quotes or not reply.answered
    assert [quote.score for quote in reply.quotes] == sorted((quote.score for quote in reply.quotes), reverse=True)
    assert len({(quote.release.id, quote.start) for quote in reply.quotes}) == len(reply.quotes)
    for quote in reply.quotes:
        check_quote(quote)
    assert same(answer(question, corpus, top=top), reply)
    assert answer(question, corpus, top=1).quotes == reply.quotes[:1]


@given(question=st.text() | st.text(alphabet="who chairs the harbour\x00\x1b[31m\u202e\ud800\U000e0041?'’½²"))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_any_question_has_a_reply(coast: Corpus, question: str) -> None:
    reply = answer(question, coast)
    assert reply.answered == (reply.refusal is None)
    for quote in reply.quotes:
        check_quote(quote)


def test_the_sentence_that_answers_word_for_word(coast: Corpus, harbour: Release) -> None:
    reply = answer("who chairs the harbour board?", coast)
    quote = reply.quotes[0]
    assert reply.answered
    assert quote.text == "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
    assert quote.release is harbour
    assert quote.answer and quote.text[quote.answer.start : quote.answer.end] == "Ingrid Dahl"
    assert [quote.text[start:end] for start, end in quote.matched] == ["chairs", "harbour", "board"]
    assert quote.before is None
    assert quote.features["coverage"] == 1.0


def test_a_sentence_that_leans_on_another_comes_with_it(coast: Corpus) -> None:
    quote = answer("how long will the repairs take?", coast).quotes[0]
    assert quote.text.startswith("They will take three weeks")
    assert quote.before and quote.before.text.startswith("Nils Berg, director of the Roads Office")
    assert answer("when does the tunnel close?", coast).quotes[0].before is None


def test_a_typing_error_is_read_as_what_was_meant(coast: Corpus) -> None:
    reply = answer("who chiars the harbuor board", coast)
    assert reply.quotes[0].text == answer("who chairs the harbour board", coast).quotes[0].text
    assert reply.corrections == (("chiars", "chairs"), ("harbuor", "harbour"))


def test_typographic_signs_case_and_escape_sequences_do_not_matter(coast: Corpus) -> None:
    plain = answer("who chairs the harbour's board?", coast)
    for written in (
        "WHO CHAIRS THE HARBOUR’S BOARD",
        "«who chairs the harbour‑board»",
        "\x1b[31mwho chairs\x1b[0m the\x07 harbour\tboard?\r\n",
        "who\u200b chairs the har\u00adbour board?",
    ):
        assert answer(written, coast).quotes[0].text == plain.quotes[0].text
        assert answer(written, coast).answered


@pytest.mark.parametrize(
    "question", ["", "  \t\r\n", "?!", "🎉", "🎉 🎊", "\x00\x07", "\x1b[31m", "…—“”", "\u202e\ud800"]
)
def test_nothing_was_asked(coast: Corpus, question: str) -> None:
    assert answer(question, coast) == Reply(question, refusal=Refusal.EMPTY)


@pytest.mark.parametrize("question", ["who is it?", "the", "What was that, and why?", "it's"])
def test_only_words_that_are_in_every_question(coast: Corpus, question: str) -> None:
    assert answer(question, coast) == Reply(question, refusal=Refusal.VAGUE)


def test_a_question_may_be_long_but_no_page(coast: Corpus) -> None:
    asked = "who chairs the harbour board"
    assert answer(asked.ljust(LONGEST_QUESTION, "?"), coast).answered
    for question in (asked.ljust(LONGEST_QUESTION + 1, "?"), "harbour " * 12_500, "\0" * 100_000):
        assert answer(question, coast) == Reply(question, refusal=Refusal.TOO_LONG)


@pytest.mark.parametrize("question", ["who chairs the board?", "", "🎉"])
def test_there_is_nothing_to_ask(question: str) -> None:
    assert answer(question, build_corpus([])) == Reply(question, refusal=Refusal.NO_RELEASES)


@pytest.mark.parametrize(
    "question",
    ["how tall is mount everest", "who won the world cup in 2018?", "what is the population of Paris?", "海港?"],
)
def test_what_the_releases_do_not_say_is_not_on_record(coast: Corpus, question: str) -> None:
    reply = answer(question, coast)
    assert reply.refusal is Refusal.NOT_ON_RECORD
    assert reply.confidence < answer("who chairs the harbour board?", coast).confidence


def test_the_nearest_sentences_are_there_without_an_answer(coast: Corpus) -> None:
    reply = answer("who is the president of the harbour in France?", coast)
    assert not reply.answered
    assert reply.quotes


def test_a_scope_leaves_the_other_releases_out(coast: Corpus, tunnel: Release) -> None:
    assert not answer("who chairs the harbour board?", coast, scope=only("tunnel")).answered
    assert answer("who leads the repairs?", coast, scope=only("tunnel")).answered
    for question in ("who chairs the harbour board?", "who leads the repairs?", "Norrvik tunnel weeks ferries"):
        assert {quote.release.id for quote in answer(question, coast, scope=only("tunnel")).quotes} <= {tunnel.id}
        assert answer(question, coast, scope=only()).quotes == ()
        assert answer(question, coast, scope=only("nobody")).refusal is Refusal.NOT_ON_RECORD


def test_at_most_so_many_quotes(coast: Corpus) -> None:
    for top in (1, 2, 5):
        assert len(answer("Norrvik quay ferries tunnel repairs", coast, top=top).quotes) == top


def test_the_order_of_the_words_is_no_matter_to_what_is_found(coast: Corpus) -> None:
    assert answer("board harbour chairs", coast).quotes[0].text.startswith("Ingrid Dahl")


@pytest.mark.parametrize("text", ["Norrvik.", "Who is it?", "?!", "1", "🎉", "\n\n"])
def test_a_release_may_be_tiny(corpus_of: Callable[..., Corpus], text: str) -> None:
    reply = answer("who chairs the board of Norrvik?", corpus_of(text))
    for quote in reply.quotes:
        check_quote(quote)
