"""Links that open a page at the quote."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram_html import checked_link, from_html

from bot.chat.telegram.fragment import LONGEST_LINK, fragment_terms, text_fragment_url
from bot.chat.telegram.html import Block, Piece, rendered
from bot.chat.wording import printable

PAGE = "https://example.org/news/quay"


def test_a_short_quote_is_named_in_whole() -> None:
    assert text_fragment_url(PAGE, "The quay cost 12 million.") == f"{PAGE}#:~:text=The%20quay%20cost%2012%20million"


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    quote = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board that was founded in 1871."
    link = f"{PAGE}#:~:text=Ingrid%20Dahl%2C%20mayor%20of%20Norrvik,board%20that%20was%20founded%20in%201871"
    assert fragment_terms(quote) == ("Ingrid Dahl, mayor of Norrvik", "that was founded in 1871")
    assert text_fragment_url(PAGE, quote) == link.replace("board%20", "")


def test_signs_of_the_syntax_are_encoded_inside_the_words() -> None:
    link = text_fragment_url(PAGE, "Re-opened: R&D, sales = 100 % #1 “fun”")
    assert link == f"{PAGE}#:~:text=Re%2Dopened%3A%20R%26D%2C%20sales%20%3D%20100%20%25%20%231%20%E2%80%9Cfun"


def test_punctuation_around_the_words_is_left_out() -> None:
    assert fragment_terms("“It works!” (he said).") == ("It works!” (he said",)
    assert fragment_terms("__init__, snake_") == ("__init__, snake_",)


def test_white_space_of_the_release_does_not_count() -> None:
    assert fragment_terms("  The quay\n  cost\t12 million. ") == ("The quay cost 12 million",)


def test_the_first_words_are_as_many_as_it_takes_to_stand_nowhere_earlier() -> None:
    quote = "The port of Norrvik said that it would build a third quay for ferries."
    earlier = "The port of Norrvik said on Monday that it was glad."
    assert fragment_terms(quote, quote) == (
        "The port of Norrvik said",
        "third quay for ferries".replace("third", "a third"),
    )
    assert fragment_terms(quote, f"{earlier}\n\n{quote}")[0] == "The port of Norrvik said that"


def test_the_last_words_are_as_many_as_it_takes_to_stand_nowhere_before_the_end() -> None:
    quote = "From the old quay of the port one sees the sea and from the new quay of the port too, the new quay of the port."
    assert fragment_terms(quote)[1] == "too, the new quay of the port"


def test_a_quote_that_repeats_itself_is_named_in_whole() -> None:
    quote = "again and " * 12 + "again"
    assert fragment_terms(quote) == (quote,)


def test_text_without_spaces_is_parted_at_its_punctuation_only() -> None:
    quote = "无锡市人民政府于二〇二一年四月在太湖湾举行未来医疗大会，来自各地的三百名代表出席，会议由产业链链长主持并发表讲话。"
    start, end = fragment_terms(quote)
    assert start == "无锡市人民政府于二〇二一年四月在太湖湾举行未来医疗大会"
    assert end == "会议由产业链链长主持并发表讲话"
    assert fragment_terms("链长主持会议。") == ("链长主持会议",)
    assert fragment_terms("链" * 200) == ("链" * 200,)


def test_a_fragment_that_the_address_has_is_kept() -> None:
    assert text_fragment_url(f"{PAGE}#part-2", "It works.") == f"{PAGE}#part-2:~:text=It%20works"
    assert text_fragment_url(f"{PAGE}#", "It works.") == f"{PAGE}#:~:text=It%20works"
    assert text_fragment_url(f"{PAGE}#part:~:text=old", "It works.") == f"{PAGE}#part:~:text=It%20works"
    assert text_fragment_url("https://example.org?a=1&b=2", "It") == "https://example.org/?a=1&b=2#:~:text=It"


def test_an_address_is_made_safe_and_stays_the_same() -> None:
    assert (
        text_fragment_url('https://example.org/a "b"/ü%20', "It")
        == "https://example.org/a%20%22b%22/%C3%BC%20#:~:text=It"
    )
    assert text_fragment_url("HTTPS://example.org:8443/a", "It") == "https://example.org:8443/a#:~:text=It"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "quay",
        "example.org/quay",
        "ftp://example.org/",
        "javascript:alert(1)",
        "tg://user?id=1",
        "https://localhost/quay",
        "https://localhost:8080/a.b",
        "https://",
        "https://.",
        "https://example.",
        "https://[::1]/",
        "https://[::ffff:1.2.3.4]/",
        "https://name@example.org/",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://exa mple.org/",
        'https://example.org"/',
        "https://example.org/" + "a" * LONGEST_LINK,
    ],
)
def test_what_is_no_address_of_a_public_page_is_no_link(url: str) -> None:
    assert text_fragment_url(url, "It works.") is None


def test_a_quote_with_no_words_or_too_long_ones_leads_to_the_page() -> None:
    assert text_fragment_url(PAGE, " … ") == PAGE
    assert text_fragment_url(f"{PAGE}#part", "…") == f"{PAGE}#part"
    assert text_fragment_url(PAGE, "链" * 5_000) == PAGE
    assert text_fragment_url(PAGE, "a " * 50_000) == PAGE


@given(
    st.text()
    | st.lists(st.sampled_from(["the", "quay-side", "R&D,", "“it”", "无锡", "50%", "b."]), max_size=40).map(" ".join)
)
def test_a_link_decodes_to_words_of_the_quote(quote: str) -> None:
    text = " ".join(printable(quote).split())
    link = text_fragment_url(PAGE, quote, quote)
    assert link is not None
    assert link.isascii()
    page, _, directive = link.partition("#:~:text=")
    assert page == PAGE
    assert not set(directive) & set("-& ")
    terms = [unquote(term, errors="strict") for term in directive.split(",")] if directive else []
    assert len(terms) <= 2
    assert all(terms)
    place = 0
    for term in terms:  # in this order, not overlapping, and whole words
        found = text.find(term, place)
        assert found >= 0
        place = found + len(term)
    if len(terms) == 1:
        assert all(not letter.isalnum() for letter in text.replace(terms[0], "", 1))
    else:
        assert all(len(term.split()) >= 5 or not term.isascii() for term in terms)


hosts = st.text(max_size=8) | st.sampled_from(["example.org", "a.b.", "münchen.example", "[::1]", "u:p@a.b", "a.b:80"])


@given(st.text() | st.builds("https://{}/{}?{}#{}".format, hosts, st.text(), st.text(), st.text()))
def test_a_link_is_one_that_telegram_takes_and_a_tag_can_hold(url: str) -> None:
    link = text_fragment_url(url, "It works.")
    if link is None:
        return
    assert checked_link(link) is not None
    _, entities = from_html(rendered([Block((Piece("source", link=link),))]))
    assert [entity["type"] for entity in entities] == ["text_link"]
    assert entities[0]["url"].endswith("#:~:text=It%20works") or entities[0]["url"].endswith(":~:text=It%20works")
