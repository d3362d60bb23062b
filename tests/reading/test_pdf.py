"""PDF files: paragraphs as they were written, without what pages add."""

import zlib
from datetime import date
from io import BytesIO

import pytest
from made_files import ABOUT, CRANE, DATELINE, HEADLINE, OPENING, pdf, scanned_pdf
from reportlab.pdfgen.canvas import Canvas

from bot.reading.draft import UnreadableError
from bot.reading.drafting import read_draft


def test_a_release_of_several_pages() -> None:
    draft = read_draft(pdf([DATELINE + OPENING, *[CRANE] * 8], margins=True), "a.pdf")
    assert draft.title == HEADLINE
    assert (draft.place, draft.published) == ("LINDOW, Norway", date(2021, 4, 22))
    blocks = draft.text.split("\n\n")
    assert blocks[:9] == [OPENING, *[CRANE] * 8]
    assert blocks[9] == "What the port offers"
    assert blocks[10].startswith(
        "• a crane that lifts ten tonnes and that can be used by everybody who has been shown how it is used\n• a workshop"
    )
    assert "Length Price a year" in draft.text
    assert blocks[-2:] == ["About the Port of Lindow", ABOUT]
    assert not [word for word in ("Page", "www.port.example", "Press release") if word in draft.text]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    for before in range(4):
        draft = read_draft(pdf([OPENING, *["Short."] * before, " ".join([CRANE] * 9)], margins=True), "a.pdf")
        assert " ".join([CRANE] * 9) in draft.text


def test_a_word_that_was_broken_at_its_hyphen_is_whole_and_keeps_it() -> None:
    file = BytesIO()
    canvas = Canvas(file)
    for number, line in enumerate(
        [
            "The mayor of the town of Lindow opened the port on Thursday, after a long-",
            "awaited final test of the crane, and he spoke of it for more than an hour, while",
            "the boats were waiting for him to come to an end.",
        ]
    ):
        canvas.drawString(72, 700 - 14 * number, line)
    canvas.save()
    assert read_draft(file.getvalue(), "a.pdf").text == (
        "The mayor of the town of Lindow opened the port on Thursday, after a long-awaited final test of the crane, and "
        "he spoke of it for more than an hour, while the boats were waiting for him to come to an end."
    )


@pytest.mark.parametrize("title", ["Microsoft Word - draft7.doc", "the", HEADLINE.upper(), None])
def test_the_title_is_one_that_stands_in_the_text(title: str | None) -> None:
    draft = read_draft(pdf([OPENING], title=title), "a.pdf")
    assert draft.title is not None
    assert draft.title.casefold() == HEADLINE.casefold()
    assert draft.text.startswith(OPENING)


def test_the_day_on_which_the_file_was_made_is_not_that_of_the_release() -> None:
    assert read_draft(pdf([OPENING]), "a.pdf").published is None


def test_a_password() -> None:
    with pytest.raises(UnreadableError, match="is encrypted with a password: save it without one"):
        read_draft(pdf([OPENING], password="secret"), "a.pdf")


def test_an_empty_password_opens() -> None:
    assert read_draft(pdf([OPENING], password=""), "a.pdf").text.startswith(OPENING)


def test_pictures_of_pages() -> None:
    with pytest.raises(UnreadableError, match="holds only pictures of its pages, and no text: run text recognition"):
        read_draft(scanned_pdf(), "a.pdf")


def test_too_many_pages() -> None:
    file = BytesIO()
    canvas = Canvas(file)
    for _ in range(501):
        canvas.drawString(72, 700, "The port is open.")
        canvas.showPage()
    canvas.save()
    with pytest.raises(UnreadableError, match="has more than 500 pages: split it"):
        read_draft(file.getvalue(), "a.pdf")


def with_stream(content: bytes) -> bytes:
    """A PDF of one page with that compressed stream as its content."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font"
        b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s" % (len(content), content)
    ) + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"


def test_a_stream_that_unpacks_to_a_gigabyte() -> None:
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    part = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    with pytest.raises(UnreadableError):
        read_draft(with_stream(head + part * 100), "a.pdf")


def test_text_at_places_that_are_no_numbers_of_this_world() -> None:
    content = (
        b"BT /F1 12 Tf 1 0 0 1 72 1e308 Tm (The port is open.) Tj 1e308 0 0 1e308 1e308 0 Tm (It has a crane.) Tj ET"
    )
    try:
        assert read_draft(with_stream(zlib.compress(content)), "a.pdf").text
    except UnreadableError:
        return


@pytest.mark.parametrize("raw", [b"%PDF-1.7", b"%PDF-1.7\n" + bytes(5000), pdf([OPENING])[:700]])
def test_a_damaged_file(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_draft(raw, "a.pdf")
