"""Text as Telegram takes it: what is kept, what is escaped, where it is cut."""

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from telegram_html import from_html, marked_text
from telegram_html import utf16_length as telegram_length

from bot.chat.telegram.html import (
    Block,
    Piece,
    cut,
    cut_pieces,
    filled,
    rendered,
    utf16_length,
    visible,
    visible_lines,
)
from bot.model import Span

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇸🇪"
WAVE = "👋🏽"
ACCENT = "e\u0323\u0302"

markup = ["<b>", "</blockquote>", "&", "&lt;", "&#60", '"', "'"]
marks = ["\u202e", "\u2067", "\u200f", "\u200b", "\u200d", "a\u030a", "q\u0333", "\ud83d", "\x1b[1m", "\x00"]
signs = [FAMILY, FLAG, WAVE, ACCENT, "\n", " ", "word", "क्षि", "한"]
nasty = st.lists(st.sampled_from([*markup, *marks, *signs])).map("".join)
texts = st.text() | nasty
tags = st.sampled_from(["", "b", "i", "u", "code"])
shown_texts = texts.map(visible)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Malmo\u0308 and A\u030angstro\u0308m", "Malmo\u0308 and Ångstro\u0308m"),
        ("x\u0333\u033f\u030a", "x"),
        ("one\ntwo", "one two"),
        ("left \u202eright\u2069", "left right"),
        ("שלום\u200f 12", "שלום\u200f 12"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_only_what_telegram_would_show_is_visible(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@given(texts)
def test_visible_text_is_seen_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    seen, _ = from_html(f"[{rendered([Block((Piece(shown),))])}]")
    assert seen == f"[{shown}]"


@given(st.lists(st.builds(Piece, shown_texts, tags)), st.booleans(), st.booleans())
def test_any_pieces_become_html_that_telegram_parses(pieces: list[Piece], quoted: bool, folded: bool) -> None:
    block = Block(tuple(pieces), quoted, folded)
    seen, _ = from_html(f"[{rendered([block])}]")
    assert seen == f"[{block.text}]"


def test_styles_links_and_quotations_are_entities() -> None:
    pieces = (Piece("a <"), Piece("b", "b"), Piece(" & c", "i"), Piece("d", link='https://example.org/?"&<'))
    text, entities = from_html(rendered([Block((Piece("head"),)), Block(pieces, quoted=True, folded=True)]))
    assert text == "head\na <b & cd"
    assert {entity["type"]: marked_text(text, entity) for entity in entities} == {
        "expandable_blockquote": "a <b & cd",
        "bold": "b",
        "italic": " & c",
        "text_link": "d",
    }
    assert entities[-1]["url"] == 'https://example.org/?"&<'


@given(texts)
def test_length_is_what_telegram_measures(text: str) -> None:
    assert utf16_length(text) == telegram_length(text)


def test_lines_keep_their_order_and_lose_what_is_blank() -> None:
    assert visible_lines("one\r\n \n\n  two\u2028three\n") == "one\ntwo three\n"


@given(shown_texts, st.integers(1, 60))
def test_a_cut_text_is_the_beginning_of_whole_graphemes(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert utf16_length(short) <= max(limit, 1)
    if short == text:
        return
    assert utf16_length(text) > limit
    assert short.endswith("…")
    clusters = regex.findall(r"\X", text)
    assert short[:-1] in {"".join(clusters[:count]) for count in range(len(clusters))}


@pytest.mark.parametrize("sign", [FAMILY, FLAG, WAVE, ACCENT, "😀", "क्षि", "각"])
def test_no_sign_is_broken(sign: str) -> None:
    for limit in range(2, 40):
        assert cut(sign * 20, limit)[:-1] in {sign * count for count in range(20)}


@pytest.mark.parametrize("sign", [FAMILY, FLAG, WAVE])
def test_no_sign_is_broken_far_from_the_start(sign: str) -> None:
    for start in range(3_000, 3_000 + 2 * len(sign)):
        (_, kept, _) = cut_pieces([Piece(sign * 3_000)], [Span(start, start + 4)], 60)
        assert kept.text == sign * (len(kept.text) // len(sign))


def test_a_cut_falls_between_words_where_it_can() -> None:
    assert cut("one two three four", 12) == "one two…"
    assert cut("one two three four", 18) == "one two three four"
    assert cut("x" * 100, 12) == "x" * 10 + "…"


@given(
    st.lists(st.builds(Piece, shown_texts, tags), min_size=1, max_size=4),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(2, 80),
)
def test_cut_pieces_keep_what_has_to_stay(pieces: list[Piece], one: int, other: int, limit: int) -> None:
    whole = "".join(piece.text for piece in pieces)
    start, end = sorted((min(one, len(whole)), min(other, len(whole))))
    kept = cut_pieces(pieces, [Span(start, end)], limit)
    shown = "".join(piece.text for piece in kept)
    assert utf16_length(shown) <= limit
    assert shown.removeprefix("…").removesuffix("…") in whole
    before, after = clusters_around(whole, Span(start, end))
    if utf16_length(whole[before:after]) <= limit - 2:
        assert whole[start:end] in shown


def clusters_around(text: str, span: Span) -> Span:
    """The range of whole graphemes that a range of characters touches."""
    bounds = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    first = max(bound for bound in bounds if bound <= span.start)
    return Span(first, min(bound for bound in bounds if bound >= span.end))


def test_what_has_to_stay_is_in_the_middle_and_keeps_its_style() -> None:
    pieces = [Piece("left " * 20), Piece("here", "b"), Piece(" right" * 20)]
    kept = cut_pieces(pieces, [Span(0, 200), Span(100, 104)], 30)
    assert kept == (Piece("…"), Piece("left left "), Piece("here", "b"), Piece(" right right"), Piece("…"))


def test_where_nothing_fits_the_beginning_of_the_last_stays() -> None:
    pieces = [Piece("x" * 50), Piece("y" * 50, "b")]
    assert cut_pieces(pieces, [Span(50, 100)], 12) == (Piece("…"), Piece("y" * 10, "b"), Piece("…"))


def test_values_are_no_templates_and_no_tags() -> None:
    block = filled("Ask {who} & {what}.", who=Piece("{what}", "b"), what="<i>\n" + "x" * 400)
    text, entities = from_html(rendered([block]))
    assert text.startswith("Ask {what} & <i> xxx")
    assert text.endswith("x….")
    assert [entity["type"] for entity in entities] == ["bold"]
