"""No character reaches a quote that a terminal would act upon, or that nobody sees."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.reading.cleaning import clean, clean_line


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("one\r\ntwo\rthree\ffour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("one\u2029two", "one\n\ntwo"),
        ("250\u00a0billion\u2009yuan\u3000a\tyear", "250 billion yuan a    year"),
        ("a \x1b[31mred\x1b[0m word", "a red word"),
        ("a \x1b]8;;http://x.example\x07link\x1b]8;;\x1b\\ here", "a link here"),
        ("bell\x07, null\x00, C1\x85line\x9b31mred", "bell, null, C1\nlinered"),
        ("zero\u200bwidth \u202eturned\u202c \ufeffmark", "zerowidth turned mark"),
        ("co\u00adoperate, indus\u00ad\n  trial", "cooperate, industrial"),
        ("Beyonce\u0301", "Beyoncé"),
        ("“quoted” ‘words’ – and ﬁgures: 10²", "“quoted” ‘words’ – and ﬁgures: 10²"),
        ("hid\u200dden", "hidden"),
        ("می\u200cخواهم 👩\u200d🔬", "می\u200cخواهم 👩\u200d🔬"),
        ("\uf0b7 item", "• item"),
    ],
)
def test_clean(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


def test_a_line_is_one_line() -> None:
    assert clean_line(" two \n\n lines\t here ") == "two lines here"


@given(st.text())
@example("\x1b\x00[31m")
@example("\x9b\x1b]\x07")
@example("a\u200d\u0301")
def test_no_control_character_is_left(text: str) -> None:
    cleaned = clean(text)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c != "\n"]
    assert not [c for c in cleaned if unicodedata.category(c) == "Zs" and c != " "]
    assert not set(cleaned) & set(
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
    )
    assert unicodedata.is_normalized("NFC", cleaned)


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_letters_and_signs_stay_as_they_are(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    seen = [c for c in text if c < "\u115e" or c not in "\u115f\u1160\u3164\uffa0"]
    assert clean(text) == unicodedata.normalize("NFC", "".join(seen))


@given(st.text(st.characters(max_codepoint=127)))
@example("one\r\r\n\ttwo")
def test_of_ascii_only_controls_go_and_line_ends_and_tabs_change(text: str) -> None:
    if "\x1b" not in text:
        ended = text.replace("\r\n", "\n").translate(dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e"), "\n"))
        seen = (c for c in ended.replace("\t", "    ") if c.isprintable() or c == "\n")
        assert clean(text) == "".join(seen)
