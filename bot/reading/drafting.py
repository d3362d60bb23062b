"""From the bytes of one file to what it says: chosen by its format, and then one way for all."""

from dataclasses import replace
from datetime import date

from bot.reading.charset import decode_said
from bot.reading.cleaning import clean, clean_line
from bot.reading.dates import DATE, date_of
from bot.reading.decoding import decode
from bot.reading.documents import read_document
from bot.reading.draft import Draft, UnreadableError
from bot.reading.formats import Format, format_of
from bot.reading.front_matter import read_front_matter
from bot.reading.ids import valid_id
from bot.reading.layout import part_furniture
from bot.reading.markdown import read_markdown
from bot.reading.plain import read_plain
from bot.reading.title import first_sentence, take_headline
from bot.reading.web_address import web_address
from bot.reading.wire import strip_wire, tidy

PLAIN = (Format.TEXT, Format.MARKDOWN)
"""The formats that need no library but our own."""

_FIRST_BLOCKS = 8


def read_draft(raw: bytes, name: str, url: str | None = None, charset: str | None = None) -> Draft:
    """What the bytes of a file say, in any of the formats that can be added.

    The name tells the format where the bytes do not, and lends a date. `url` is where the file was found, and `charset`
    what the transfer said of it. The text of the release comes before what surrounds it: a dateline and a source line
    are believed before the head of a mail and the name of a site.

    Raises:
        UnreadableError: it cannot be read; the sentence goes without the name of the file.
        OnrecordError: the library for its format is not installed.
    """
    if not raw.strip():
        raise UnreadableError("is empty")
    kind = format_of(raw, name)
    if kind in PLAIN:
        draft = _read_plainly(raw, name, kind, charset)
    else:
        draft = _settled(read_document(kind, raw, url, charset), kind, name)
    return replace(draft, url=draft.url or web_address(url, None)) if url else draft


def read_text(raw: bytes, name: str) -> Draft:
    """What the bytes of a text or Markdown file say: the only formats of a corpus.

    Raises:
        UnreadableError: they are no text, or hold none.
    """
    if not raw.strip():
        raise UnreadableError("is empty")
    markdown = name.lower().endswith((".md", ".markdown"))
    return _read_plainly(raw, name, Format.MARKDOWN if markdown else Format.TEXT, None)


def _read_plainly(raw: bytes, name: str, kind: Format, charset: str | None) -> Draft:
    decoded, guessed = decode_said(raw, charset) if charset else decode(raw)
    body, said = read_front_matter(clean(decoded))
    draft = read_markdown(body) if kind is Format.MARKDOWN else read_plain(body)
    # Parsing brings characters of its own, as from the entity of an escape.
    text = part_furniture(clean(draft.text))
    heading = clean_line(draft.title or "") or None
    draft = strip_wire(replace(said, text=text))
    text = draft.text
    if heading is None and draft.title is None:
        heading, text = take_headline(text)
    elif heading and draft.title and heading.casefold() != draft.title.casefold():
        text = f"{heading}\n\n{text}"
    given = valid_id(said.id or "") or None
    warnings = (*guessed, *said.warnings)
    if said.id and given != said.id:
        warnings += (
            f"has an id that no link can hold: it is read as {given}" if given else "has an id without letters",
        )
    return _finished(replace(draft, text=text, title=draft.title or heading, id=given, warnings=warnings), name)


def _settled(document: Draft, kind: Format, name: str) -> Draft:
    """What a document says, its text read as that of a wire is."""
    title = clean_line(document.title or "") or None
    text = part_furniture(clean(document.text))
    draft = strip_wire(Draft(_without(title, tidy(text)) if title else text))
    text = draft.text
    if title is None:
        title, text = take_headline(text)
    stated, published = draft.published, document.published
    # A page is dated by its site, to the day in the site's own time; a mail is sent on any day after its release.
    dated_by_site = kind is Format.PAGE and stated and published and abs((stated - published).days) > 1
    draft = replace(
        draft,
        text=text,
        title=title,
        published=published if dated_by_site else stated or published,
        source=draft.source or document.source,
        url=document.url,
        warnings=document.warnings,
    )
    return _finished(draft, name)


def _without(title: str, text: str) -> str:
    """The text without the title, where that stands alone among its first blocks."""
    *first, rest = [*text.split("\n\n", _FIRST_BLOCKS), ""]
    for number, block in enumerate(first):
        if " ".join(block.split()).casefold() == title.casefold():
            del first[number]
            break
    return "\n\n".join([*first, rest]).strip()


def _finished(draft: Draft, name: str) -> Draft:
    text = tidy(draft.text)
    if not any(map(str.isalnum, text)):
        raise UnreadableError("holds no text")
    return replace(
        draft,
        text=text,
        title=draft.title or first_sentence(text),
        published=draft.published or _date_in(name),
    )


def _date_in(name: str) -> date | None:
    match = DATE.match(name)
    return date_of(match) if match and match["iso"] else None
