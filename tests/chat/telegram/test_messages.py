"""Answers as they are sent: the quote in a quotation, its source under it, its buttons."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_html import Entity, from_html, marked_text, utf16_length
from telegram_rules import inline_results, keyboard

from bot.chat.telegram import texts
from bot.chat.telegram.buttons import Context, Press, Show, Vote, decode
from bot.chat.telegram.html import visible
from bot.chat.telegram.messages import (
    Answer,
    InlineArticle,
    Message,
    answer_message,
    context_message,
    inline_articles,
    quote_message,
)
from bot.model import Passage, Quote, Refusal, Release, Reply, Sentence, Span

SOURCE = "Norrvik opens a third quay · 14 May 2024 · Port of Norrvik"


def parsed(html: str) -> tuple[str, list[Entity]]:
    """What a person sees, and the entities, of HTML that Telegram would take."""
    text, entities = from_html(html)
    assert 0 < utf16_length(text) <= 4096
    return text, entities


def seen(message: Message | None) -> str:
    """What a person sees of a message that Telegram would take, buttons included."""
    assert message is not None
    keyboard(
        {"inline_keyboard": [[{"text": b.label, "callback_data": b.data} for b in row] for row in message.buttons]}
    )
    return parsed(message.html)[0]


def marked(message: Message | None, kind: str) -> list[str]:
    """The parts of a message that an entity of this kind covers."""
    assert message is not None
    text, entities = parsed(message.html)
    return [marked_text(text, entity) for entity in entities if entity["type"] == kind]


def presses(message: Message | None) -> dict[str, Press | None]:
    """What the buttons of a message mean, by their labels."""
    assert message is not None
    return {button.label: decode(button.data) for row in message.buttons for button in row}


class TestAnAnswer:
    def test_is_a_quotation_with_the_answer_in_bold_and_the_source_under_it(self, mayor: Quote) -> None:
        message = answer_message(Answer(7, Reply("who chairs the board?", (mayor,), 0.9)))
        assert seen(message) == f"{mayor.text}\n{SOURCE}"
        assert marked(message, "blockquote") == [mayor.text]
        assert marked(message, "bold") == ["Ingrid Dahl"]

    def test_links_its_source_to_the_sentence_on_the_page(
        self, make_release: Callable[..., Release], make_quote: Callable[..., Quote]
    ) -> None:
        quote = make_quote("The quay cost 12 million kronor.", release=make_release(url="https://example.org/quay"))
        text, entities = parsed(answer_message(Answer(7, Reply("cost?", (quote,)))).html)
        link = next(entity for entity in entities if entity["type"] == "text_link")
        assert marked_text(text, link) == SOURCE
        assert link["url"] == "https://example.org/quay#:~:text=The%20quay%20cost%2012%20million%20kronor"

    def test_has_the_sentence_before_a_quote_that_leans_on_it_in_italics(self, cost: Quote) -> None:
        message = answer_message(Answer(7, Reply("cost?", (cost,))))
        assert marked(message, "blockquote") == [f"Norrvik opened a third quay on Tuesday. {cost.text}"]
        assert marked(message, "italic") == ["Norrvik opened a third quay on Tuesday. "]
        assert marked(message, "bold") == ["12 million kronor"]

    def test_says_first_how_the_question_was_read(self, reply: Reply) -> None:
        message = answer_message(Answer(7, reply, understood="who chairs the board — and in <2025>?"))
        first, second, third, _ = seen(message).split("\n")
        assert first == "Read as: who chairs the board — and in <2025>?"
        assert second == "I read «chiars» as «chairs»."
        assert third == reply.quotes[0].text

    def test_has_buttons_for_more_context_and_votes(self, reply: Reply) -> None:
        assert presses(answer_message(Answer(7, reply))) == {
            "More · 2 of 3": Show(7, 1),
            "In context": Context(7, 0),
            "👍": Vote(7, 0, up=True),
            "👎": Vote(7, 0, up=False),
        }

    def test_has_no_button_for_more_where_there_is_no_more(self, mayor: Quote) -> None:
        assert set(presses(answer_message(Answer(7, Reply("?", (mayor,)))))) == {"In context", "👍", "👎"}

    def test_shows_its_votes(self, reply: Reply) -> None:
        assert {"👍 ✓", "👎"} < set(presses(answer_message(Answer(7, reply, ups=1))))
        assert {"👍", "👎 3"} < set(presses(answer_message(Answer(7, reply, downs=3))))

    def test_walks_through_its_quotes_and_back_to_the_first(self, reply: Reply) -> None:
        answer = Answer(7, reply)
        assert "I read" not in seen(quote_message(answer, 1))
        assert presses(quote_message(answer, 1))["More · 3 of 3"] == Show(7, 2)
        assert presses(quote_message(answer, 2))["Back to the first"] == Show(7, 0)
        assert quote_message(answer, 0) == answer_message(answer)

    def test_has_nothing_at_a_position_that_there_is_not(self, reply: Reply) -> None:
        for position in (-1, 3, 2**63):
            assert quote_message(Answer(7, reply), position) is None
            assert context_message(Answer(7, reply), position) is None

    def test_whose_releases_are_gone_says_so(self) -> None:
        assert seen(answer_message(Answer(7, Reply("?")))) == texts.GONE

    def test_longer_than_a_message_keeps_the_words_that_are_the_answer(
        self, make_release: Callable[..., Release]
    ) -> None:
        text = "It rained, and " * 300 + "the mayor is Ingrid Dahl, and " + "it rained, and " * 300 + "so on."
        release = make_release(text)
        quote = Quote(release, 0, len(text), Passage(release, 0, len(text), ()), 1, answer=at(text, "Ingrid Dahl"))
        for message in (
            answer_message(Answer(1, Reply("?", (quote,)))),
            context_message(Answer(1, Reply("?", (quote,))), 0),
        ):
            assert "the mayor is Ingrid Dahl, and" in seen(message)
            assert seen(message).startswith("…")
        assert marked(answer_message(Answer(1, Reply("?", (quote,)))), "bold") == ["Ingrid Dahl"]

    def test_with_a_long_sentence_before_it_keeps_the_quote(self, make_release: Callable[..., Release]) -> None:
        text = "Rain " * 800 + "fell. It stopped."
        release = make_release(text)
        before = Sentence(release, 0, len(text) - len(" It stopped."))
        quote = Quote(release, before.end + 1, len(text), Passage(release, 0, len(text), ()), 1, before=before)
        assert marked(answer_message(Answer(1, Reply("?", (quote,)))), "blockquote")[0].endswith(
            "Rain fell. It stopped."
        )


class TestARefusal:
    @pytest.mark.parametrize("refusal", Refusal)
    def test_is_a_kind_sentence(self, refusal: Refusal) -> None:
        message = answer_message(Answer(7, Reply("?", refusal=refusal)))
        assert 20 < len(seen(message)) < 90
        assert message.buttons == ()

    def test_offers_the_nearest_sentences_where_there_are_any(self, reply: Reply) -> None:
        message = answer_message(Answer(7, replace(reply, refusal=Refusal.NOT_ON_RECORD)))
        assert seen(message).startswith("I read «chiars» as «chairs».\nNot on the record")
        assert presses(message) == {"Nearest sentences": Show(7, 0)}

    def test_says_when_only_one_release_was_asked(self, make_release: Callable[..., Release]) -> None:
        answer = Answer(7, Reply("?", refusal=Refusal.NOT_ON_RECORD), scope=make_release(title="A <b>"))
        assert seen(answer_message(answer)).endswith("I looked only in “A <b>”. /all asks all releases.")

    def test_labels_the_nearest_sentences_and_marks_no_answer_in_them(self, reply: Reply) -> None:
        answer = Answer(7, replace(reply, refusal=Refusal.NOT_ON_RECORD))
        for message in (quote_message(answer, 1), context_message(answer, 1)):
            assert seen(message).startswith("Not an answer, but near to your question (2 of 3):\n")
        assert marked(quote_message(answer, 1), "bold") == []


class TestTheContext:
    def test_is_the_passage_with_the_quote_in_bold(self, reply: Reply, cost: Quote) -> None:
        message = context_message(Answer(7, reply), 1)
        assert marked(message, "blockquote") == [cost.passage.text]
        assert marked(message, "bold") == [cost.text]
        assert seen(message).endswith(f"\n{SOURCE}")
        assert presses(message) == {"Back to the quote": Show(7, 1)}

    def test_reaches_into_the_paragraphs_around_where_the_passage_is_only_the_quote(
        self, make_release: Callable[..., Release], make_quote: Callable[..., Quote]
    ) -> None:
        release = make_release("First.\n\nSecond is\nhere.\n\nIt is this.\n\n\nAfter.\n\nLast.")
        quote = make_quote("It is this.", release=release)
        message = context_message(Answer(7, Reply("?", (quote,))), 0)
        assert marked(message, "blockquote") == ["Second is\nhere.\nIt is this.\nAfter."]

    def test_of_a_release_that_is_one_sentence_is_that_sentence(
        self, make_release: Callable[..., Release], make_quote: Callable[..., Quote]
    ) -> None:
        quote = make_quote("All there is.", release=make_release("All there is."))
        assert marked(context_message(Answer(7, Reply("?", (quote,))), 0), "bold") == ["All there is."]

    def test_is_folded_when_it_is_long(self, make_release: Callable[..., Release]) -> None:
        for length, kind in ((10, "blockquote"), (100, "expandable_blockquote")):
            text = "It rained. " * length + "It stopped."
            release = make_release(text)
            quote = Quote(release, len(text) - 11, len(text), Passage(release, 0, len(text), ()), 1)
            assert marked(context_message(Answer(7, Reply("?", (quote,))), 0), kind) == [text]

    def test_longer_than_a_message_is_cut_around_the_quote(self, make_release: Callable[..., Release]) -> None:
        text = "It rained. " * 600 + "It stopped. " + "It snowed. " * 600
        release = make_release(text)
        start = text.index("It stopped.")
        quote = Quote(release, start, start + 11, Passage(release, 0, len(text), ()), 1)
        message = context_message(Answer(7, Reply("?", (quote,))), 0)
        assert marked(message, "bold") == ["It stopped."]
        assert "rained. It stopped. It snowed." in seen(message)
        assert utf16_length(seen(message)) > 4000


class TestInlineResults:
    def test_are_quotes_with_their_sources(self, reply: Reply, mayor: Quote) -> None:
        first, *others = inline_articles(reply)
        assert len(others) == 2
        assert first.title == mayor.text
        assert first.description == SOURCE
        assert parsed(first.html)[0] == f"{mayor.text}\n{SOURCE}"
        checked([first, *others])

    def test_are_five_at_most_and_none_without_an_answer(self, reply: Reply) -> None:
        articles = inline_articles(replace(reply, quotes=reply.quotes * 4))
        assert len(articles) == 5
        checked(articles)
        assert inline_articles(replace(reply, refusal=Refusal.NOT_ON_RECORD)) == ()

    def test_of_a_quote_that_cannot_be_seen_have_the_source_for_a_title(
        self, make_release: Callable[..., Release], make_quote: Callable[..., Quote]
    ) -> None:
        quote = make_quote("\u200b \u200f", release=make_release("\u200b \u200f"))
        assert inline_articles(Reply("?", (quote,)))[0].title == SOURCE


def checked(articles: list[InlineArticle] | tuple[InlineArticle, ...]) -> None:
    """Fails where Telegram would not offer these results."""
    inline_results(
        {
            "results": [
                {
                    "type": "article",
                    "id": article.id,
                    "title": article.title,
                    "description": article.description,
                    "input_message_content": {"message_text": article.html, "parse_mode": "HTML"},
                }
                for article in articles
            ]
        }
    )


def at(text: str, part: str) -> Span:
    """Where a part of the text lies."""
    return Span(text.index(part), text.index(part) + len(part))


markup = ["<b>", "</blockquote>", "<a href='", "&", "&lt;", "&#60;", '"', "{0}", "{title}", "%s"]
marks = ["\u202e", "\u2067", "\u200f", "\u200b", "\u200d", "a\u030a", "q\u0333", "\ud83d", "\x1b[1m", "\x00", "\u2028"]
signs = ["👩‍👩‍👧‍👦", "🇸🇪", "👋🏽", "😀", "שלום", "无锡", "\n", "\n\n", " ", "word", ". ", "/start", "@somebody", "#tag"]
anything = st.text() | st.lists(st.sampled_from([*markup, *marks, *signs])).map("".join)
long_or_short = st.builds(lambda text, times: text * times, anything, st.sampled_from([1, 1, 1, 40, 900]))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer with one or two quotes, of texts that may hold anything."""
    lead, before, said, after = (draw(long_or_short) for _ in range(4))
    said = said if said.strip() else f"{said}word"
    text = f"{lead}{before}{said}{after}"
    release = Release(
        id="release",
        text=text,
        title=draw(anything),
        source=draw(st.none() | anything),
        url=draw(st.none() | anything | st.just("https://example.org/a?b=c&d#e")),
    )
    start, end = len(lead) + len(before), len(lead) + len(before) + len(said)
    one, other = sorted((draw(st.integers(0, len(said))), draw(st.integers(0, len(said)))))
    quote = Quote(
        release,
        start,
        end,
        Passage(release, draw(st.integers(0, start)), draw(st.integers(end, len(text))), ()),
        1.0,
        answer=draw(st.none() | st.just(Span(one, other))),
        before=draw(st.none() | st.just(Sentence(release, len(lead), start))),
    )
    refusal = draw(st.none() | st.sampled_from(Refusal))
    corrections = draw(st.lists(st.tuples(anything, anything), max_size=2).map(tuple))
    reply = Reply("?", (quote,) * draw(st.integers(1, 2)), 0.5, refusal, corrections)
    return Answer(
        draw(st.integers(1, 2**63 - 1)),
        reply,
        draw(st.none() | anything),
        draw(st.sampled_from([None, release])),
        draw(st.integers(0, 10**6)),
        draw(st.integers(0, 10**6)),
    )


@given(answers())
@settings(max_examples=150, deadline=None)
def test_whatever_a_release_or_a_question_holds_telegram_takes_the_message(answer: Answer) -> None:
    quote = visible(answer.reply.quotes[0].text)
    seen(answer_message(answer))
    for show, position in product((quote_message, context_message), range(len(answer.reply.quotes))):
        shown = seen(show(answer, position))
        if utf16_length(quote) <= 2500:  # what the lines above and the source below leave in any case
            assert quote.strip() in shown
    checked(inline_articles(answer.reply))
    for article in inline_articles(answer.reply):
        parsed(article.html)
        assert utf16_length(article.title) <= 60
        assert len(article.id.encode()) <= 64
