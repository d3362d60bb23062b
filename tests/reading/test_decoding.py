"""Bytes become characters, whatever wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.decoding import decode
from bot.reading.draft import UnreadableError

TEXT = "Der Bürgermeister sagte: „Fünf Straßen – mehr nicht.“ Das war am Montag.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_usual_encodings_are_read_without_a_word(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == (TEXT, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_without_a_byte_order_mark(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == (TEXT, ())


def test_latin1_is_read() -> None:
    assert decode("Fünf Straßen.".encode("latin-1")) == ("Fünf Straßen.", ())


def test_stray_windows_bytes_in_utf8_are_read_and_warned_about() -> None:
    text, warnings = decode("Fünf Straßen, schön: ".encode() + b"\x93gut\x94")
    assert text == "Fünf Straßen, schön: “gut”"
    assert len(warnings) == 1 and "UTF-8" in warnings[0]


def test_utf16_that_breaks_off_is_read_and_warned_about() -> None:
    text, warnings = decode(TEXT.encode("utf-16")[:-1])
    assert text.startswith(TEXT[:-1])
    assert len(warnings) == 1


def test_an_encoding_of_another_alphabet_is_warned_about() -> None:
    assert decode("Мэр города открыл новый парк".encode("cp1251"))[1]


@pytest.mark.parametrize("raw", [b"%PDF-1.7 text", b"PK\x03\x04", bytes(range(256)) * 8, b"text " + b"\0" * 50])
def test_what_is_not_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="not a text file"):
        decode(raw)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == (text, ())


@given(st.binary(max_size=300))
def test_any_bytes_are_characters_or_refused(raw: bytes) -> None:
    try:
        text, _ = decode(raw)
    except UnreadableError:
        return
    text.encode()
