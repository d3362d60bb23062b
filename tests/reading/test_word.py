"""Word files: what stands on the page, as if all changes had been accepted."""

import io
import zipfile
import zlib
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from made_files import ABOUT, CRANE, HEADLINE, OPENING, word

from bot.reading.draft import Draft, UnreadableError
from bot.reading.drafting import read_draft

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: WordDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def written(*paragraphs: str) -> Draft:
    """What is read from a document of these paragraphs, each the XML inside a `w:p`."""
    document = Document()
    for paragraph in paragraphs:
        document.element.body.insert_element_before(parse_xml(f"<w:p {W}>{paragraph}</w:p>"), "w:sectPr")
    return read_draft(saved(document), "a.docx")


def rezipped(change: Callable[[str, bytes], bytes]) -> bytes:
    """A Word file with the content of its members changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return file.getvalue()


def test_a_release() -> None:
    draft = read_draft(word(), "a.docx")
    assert draft.title == HEADLINE
    assert (draft.place, draft.published, draft.source) == ("LINDOW, Norway", date(2021, 4, 22), None)
    assert draft.text.split("\n\n") == [
        OPENING,
        CRANE,
        "What the port offers",
        "- a crane that lifts ten tonnes\n- a workshop\n1. Ask.\n2. Pay.\n3. Moor.",
        "Length | Price a year\nto 8 metres | €900\nto 12 metres | €1,400",
        "About the Port of Lindow",
        ABOUT,
    ]


@pytest.mark.parametrize("said", ["A port opens", "Company template 2019", ""])
def test_without_a_style_for_it_the_title_is_one_that_stands_in_the_text(said: str) -> None:
    document = Document()
    document.core_properties.title = said
    for line in ("Press office", "A port opens", OPENING, CRANE):
        document.add_paragraph(line)
    assert read_draft(saved(document), "a.docx").title == ("A port opens" if said == "A port opens" else "Press office")


def test_a_line_that_only_says_what_it_is_is_no_title() -> None:
    document = Document()
    document.add_heading("PRESS RELEASE", level=0)
    document.add_heading("A port opens", level=1)
    document.add_paragraph(OPENING)
    draft = read_draft(saved(document), "a.docx")
    assert (draft.title, draft.text) == ("A port opens", OPENING)


def test_insertions_count_and_deletions_do_not() -> None:
    draft = written(
        '<w:r><w:t xml:space="preserve">The port is </w:t></w:r>'
        '<w:del w:id="1" w:author="a"><w:r><w:delText>closed</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>open</w:t></w:r></w:ins>'
        '<w:moveFrom w:id="3" w:author="a"><w:r><w:t> never</w:t></w:r></w:moveFrom>'
        '<w:moveTo w:id="4" w:author="a"><w:r><w:t xml:space="preserve"> to all</w:t></w:r></w:moveTo>'
        "<w:r><w:t>.</w:t></w:r>"
    )
    assert draft.text == "The port is open to all."


def test_links_and_results_of_fields_are_text_and_codes_and_hidden_text_are_not() -> None:
    draft = written(
        '<w:r><w:t xml:space="preserve">The port, </w:t></w:r>'
        '<w:hyperlink><w:r><w:t>port.example</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve">, is </w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DOCPROPERTY state </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>open</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> says who</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t xml:space="preserve"> state</w:t><w:noBreakHyphen/><w:t>wide.</w:t></w:r>'
    )
    assert draft.text == "The port, port.example, is open state-wide."


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent {W}><w:p><w:r><w:t>It has a crane.</w:t></w:r></w:p></w:txbxContent>"
    draft = written(
        '<w:r><w:t>The port is open.</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        'markup-compatibility/2006"><mc:Choice Requires="wps"><w:drawing><wps:wsp xmlns:wps="http://schemas.microsoft.com/'
        f'office/word/2010/wordprocessingShape"><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
        f'<mc:Fallback><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml">{box}</v:textbox></w:pict></mc:Fallback>'
        "</mc:AlternateContent></w:r>"
    )
    assert draft.text == "The port is open.\n\nIt has a crane."


def test_lines_that_the_writer_broke_stay() -> None:
    assert written("<w:r><w:t>Contact:</w:t><w:br/><w:t>Ane Olsen</w:t><w:tab/><w:t>555 0100</w:t></w:r>").text == (
        "Contact:\nAne Olsen 555 0100"
    )


def test_numbers_and_letters_of_lists_are_those_that_show() -> None:
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {W} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="decimal"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    document.add_paragraph("The port offers this.")
    for level, text in ((0, "Moor."), (1, "Pay."), (1, "Stay."), (0, "Leave."), (1, "Wave.")):
        paragraph = document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = 90
    text = read_draft(saved(document), "a.docx").text
    assert text.endswith("4. Moor.\na. Pay.\nb. Stay.\n5. Leave.\na. Wave.")


def test_a_table_that_is_only_there_for_the_layout_is_no_table() -> None:
    document = Document()
    document.add_table(rows=1, cols=2).rows[0].cells[0].text = OPENING * 5
    assert read_draft(saved(document), "a.docx").text == OPENING * 5


def bomb(stated: int) -> bytes:
    """A Word file with a member that unpacks to a gigabyte, and states that size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = part * 100 + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    file = io.BytesIO(word())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/footnotes.xml", packed)
        member = archive.filelist[-1]
        member.compress_type, member.file_size = zipfile.ZIP_DEFLATED, stated
    return file.getvalue()


def test_a_zip_that_unpacks_to_a_gigabyte() -> None:
    with pytest.raises(UnreadableError, match="is far too large unpacked"):
        read_draft(bomb(1_000_000_000), "a.docx")


def test_a_zip_that_unpacks_to_more_than_it_states() -> None:
    with pytest.raises(UnreadableError, match="is damaged"):
        read_draft(bomb(1000), "a.docx")


def test_too_many_members() -> None:
    file = io.BytesIO(word())
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(2001):
            archive.writestr(f"word/media/{number}", b"")
    with pytest.raises(UnreadableError, match="is far too large unpacked"):
        read_draft(file.getvalue(), "a.docx")


def with_entity(declaration: str) -> bytes:
    """A Word file whose text refers to an entity that its own head declares."""

    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        head, _, body = content.partition(b"?>")
        return (
            head + b"?><!DOCTYPE x [" + declaration.encode() + b"]>" + body.replace(b"The crane lifts", b"&z; lifts", 1)
        )

    return rezipped(change)


def test_entities_that_grow_do_not() -> None:
    laughs = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghij", "bcdefghijz", strict=True)
    )
    try:
        text = read_draft(with_entity(f'<!ENTITY a "ha">{laughs}'), "a.docx").text
    except UnreadableError:
        return
    assert len(text) < 2000 and "haha" not in text


def test_nothing_outside_of_the_file_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.txt"
    secret.write_text("the secret")
    try:
        text = read_draft(with_entity(f'<!ENTITY z SYSTEM "{secret.as_uri()}">'), "a.docx").text
    except UnreadableError:
        return
    assert "secret" not in text


def test_macros_are_no_part_of_the_text_and_a_file_for_them_is_refused() -> None:
    file = io.BytesIO(word())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    assert "AutoOpen" not in read_draft(file.getvalue(), "a.docx").text
    macros = rezipped(
        lambda name, content: content.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    )
    with pytest.raises(UnreadableError, match=r"is a Word file with macros: save it as \.docx"):
        read_draft(macros, "a.docx")


@pytest.mark.parametrize("raw", [word()[:5000], rezipped(lambda name, _: b"<a/>"), rezipped(lambda name, _: b"")])
def test_a_damaged_file(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="is damaged"):
        read_draft(raw, "a.docx")
