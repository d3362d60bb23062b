"""Files that are not plain text, to drafts: each format by the module and the library that knows it."""

from dataclasses import replace

from bot.model import OnrecordError
from bot.reading.charset import decode_said
from bot.reading.cleaning import clean
from bot.reading.draft import Draft, UnreadableError
from bot.reading.formats import Format, format_of
from bot.reading.title import take_headline

_DAMAGED = "is damaged, or no {} file: open it in the program that it comes from, and save it anew"


def read_document(kind: Format, raw: bytes, url: str | None = None, charset: str | None = None) -> Draft:
    """A draft of a page, PDF, Word file or mail: its text as it stands there, and what it says of itself.

    Raises:
        UnreadableError: it cannot be read.
        OnrecordError: the library for the format is not installed.
    """
    try:
        return _read(kind, raw, url, charset)
    except OnrecordError:
        raise
    except ImportError as error:
        raise OnrecordError(f"Reading {kind} files needs one more part: pip install 'onrecord[office]'.") from error
    except Exception as error:  # the libraries raise whatever a broken file makes them stumble on
        raise UnreadableError(_DAMAGED.format(kind)) from error


def _read(kind: Format, raw: bytes, url: str | None, charset: str | None) -> Draft:
    match kind:
        case Format.PAGE:
            from bot.reading.page import read_page

            return read_page(raw, url, charset)
        case Format.PDF:
            from bot.reading.pdf import read_pdf

            return read_pdf(raw)
        case Format.WORD:
            from bot.reading.word import read_word

            return read_word(raw)
        case Format.MAIL:
            return _mail(raw)
        case Format.MARKDOWN:
            from bot.reading.markdown import read_markdown

            return read_markdown(clean(decode_said(raw, charset)[0]))
        case _:
            from bot.reading.plain import read_plain

            return read_plain(clean(decode_said(raw, charset)[0]))


def _mail(raw: bytes) -> Draft:
    """What a mail says; where its body only says that the release is attached, the one file that came with it."""
    from bot.reading.mail import read_mail

    letter = read_mail(raw)
    if not (letter.is_stub and len(letter.readable) == 1):
        return letter.draft
    attached = letter.readable[0]
    try:
        draft = read_document(format_of(attached.raw, attached.name), attached.raw)
    except UnreadableError as error:
        raise UnreadableError(f"is a mail with one file, and that {error}") from error
    # A headline in the file says more than the subject of the mail.
    title, text = (draft.title, draft.text) if draft.title else take_headline(draft.text)
    return replace(
        draft,
        text=text,
        title=title or letter.draft.title,
        published=draft.published or letter.draft.published,
        source=draft.source or letter.draft.source,
    )
