"""Mails: the release in them, without what mail puts around it."""

from datetime import date

import pytest
from made_files import ABOUT, CRANE, DATELINE, HEADLINE, OPENING, RELEASE, mail, page, pdf, word

from bot.reading.draft import Draft, UnreadableError
from bot.reading.drafting import read_draft

TEXT = f"{OPENING}\n\n{CRANE}\n\nAbout the Port of Lindow\n\n{ABOUT}"
SHOWN = (
    "<html><head><style>p {color: red}</style></head><body><div style='display:none'>Preview</div>"
    f"<table><tr><td><p>{DATELINE}{OPENING}</p><p>{CRANE}</p><ul><li>a crane</li><li>a <b>work</b>shop</li></ul>"
    "<table><tr><th>Length</th><th>Price</th></tr><tr><td><p>8 metres</p></td><td>€900</td></tr></table>"
    "<p>Contact:<br>Ane Olsen</p></td></tr></table><img src='https://track.example/1.gif'></body></html>"
)


def read(raw: bytes) -> Draft:
    return read_draft(raw, "a.eml")


@pytest.mark.parametrize("encoding", [None, "base64", "quoted-printable"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_release_in_the_body(encoding: str | None, charset: str) -> None:
    draft = read(mail(charset=charset, encoding=encoding))
    assert draft.text == TEXT
    assert (draft.title, draft.place, draft.source) == (HEADLINE, "LINDOW, Norway", "Port of Lindow")
    assert draft.published == date(2021, 4, 22)
    assert draft.warnings == ()


def test_without_a_dateline_the_date_is_that_of_the_mail_in_its_own_time() -> None:
    assert read(mail(f"{OPENING}\n\n{CRANE}")).published == date(2021, 4, 23)


def test_a_character_set_that_is_wrong() -> None:
    raw = mail(f"{OPENING} Fünf Straßen. " + CRANE, charset="iso-8859-1", encoding="8bit")
    assert "Fünf Straßen." in read(raw).text
    assert "Fünf Straßen." in read(raw.replace(b"iso-8859-1", b"no-such-set")).text


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Re: Fwd: [EXT] Press Release: A port opens", "A port opens"),
        ("FOR IMMEDIATE RELEASE – A port opens", "A port opens"),
        ("WG: AW: Pressemitteilung: Ein Hafen öffnet", "Ein Hafen öffnet"),
        ("Releasing: what it means", "Releasing: what it means"),
        ("A port opens\r\n in Lindow", "A port opens in Lindow"),
    ],
)
def test_what_mail_adds_to_a_subject_is_no_title(subject: str, title: str) -> None:
    raw = mail(f"{OPENING}\n\n{CRANE}", subject="HERE").replace(b"Subject: HERE", b"Subject: " + subject.encode())
    assert read(raw).title == title


def test_signature_and_history_are_left_out() -> None:
    body = (
        f"{OPENING}\n\n{CRANE}\n\n-- \nAne Olsen\nPress office\n\n"
        "On Thu, 22 Apr 2021 at 10:00, Desk <desk@paper.example> wrote:\n> When does it open?\n"
    )
    assert read(mail(body)).text == f"{OPENING}\n\n{CRANE}"
    outlook = (
        f"{OPENING}\n\n{CRANE}\n\nFrom: Desk\nSent: Thursday, April 1, 2021 10:00 AM\nTo: Port\nSubject: When?\n\nWhen?"
    )
    assert read(mail(outlook)).text == f"{OPENING}\n\n{CRANE}"


@pytest.mark.parametrize("mark", ["", "> "])
def test_a_release_that_was_forwarded_is_read_as_it_was_sent(mark: str) -> None:
    inner = (
        "From: The Port <press@port.example>\nDate: Thu, Apr 1, 2021 at 9:00 AM\nSubject: A port opens\n"
        f"To: <desk@paper.example>\n\n\n{OPENING}\n\n{CRANE}\n"
    )
    quoted = "".join(mark + line for line in inner.splitlines(keepends=True))
    draft = read(mail(f"FYI\n\n-- \nBob\n\n---------- Forwarded message ---------\n{quoted}", subject="Fwd: look"))
    assert draft.text == f"{OPENING}\n\n{CRANE}"
    assert (draft.title, draft.source, draft.published) == ("A port opens", "The Port", date(2021, 4, 1))


def test_html_is_read_where_there_is_no_text_or_a_stub_of_one() -> None:
    for raw in (mail(None, SHOWN), mail("Your program does not show HTML.", SHOWN)):
        draft = read(raw)
        assert draft.text.split("\n\n") == [
            OPENING,
            CRANE,
            "- a crane\n- a workshop",
            "Length | Price\n8 metres | €900",
            "Contact:\nAne Olsen",
        ]
        assert draft.published == date(2021, 4, 22)


def test_html_without_the_mail_that_it_answers() -> None:
    old = f"<div class='gmail_quote'>On Monday Desk wrote:<blockquote type='cite'>{ABOUT}</blockquote></div>"
    assert read(mail(None, f"<p>{OPENING}</p><p>{CRANE}</p>{old}")).text == f"{OPENING}\n\n{CRANE}"
    forwarded = f"<p>FYI</p><div class='gmail_quote'><p>---------- Forwarded message ---------</p><p>{OPENING}</p><p>{CRANE}</p></div>"
    assert read(mail(None, forwarded)).text == f"{OPENING}\n\n{CRANE}"


def test_files_that_came_with_it_are_named() -> None:
    draft = read(
        mail(attached=[("../plan\x1b[31m.pdf", "application/pdf", pdf([OPENING])), ("a.zip", "application/zip", b"PK")])
    )
    assert draft.text == TEXT
    assert draft.warnings == ("came with files that are not read: .. plan.pdf, a.zip",)


@pytest.mark.parametrize(
    ("name", "kind", "raw"),
    [
        ("a.pdf", "application/pdf", pdf([DATELINE + OPENING])),
        ("a.docx", "application/octet-stream", word()),
        ("a.txt", "text/plain", f"{HEADLINE}\n\n{RELEASE}".encode()),
        ("a.html", "text/html", page()),
    ],
)
def test_the_one_file_that_came_with_a_mail_that_says_nothing_is_the_release(name: str, kind: str, raw: bytes) -> None:
    for text in ("The release is attached.", None, ""):
        draft = read(mail(text, attached=[(name, kind, raw)], subject="News"))
        assert draft.text.startswith("The port of Lindow was opened on Thursday by the mayor of the town")
        assert (draft.title or "").casefold().startswith("port of lindow opens with room for forty boats")
        assert (draft.published, draft.source) == (date(2021, 4, 22), "Port of Lindow")
        assert draft.warnings == ()


def test_the_one_file_that_cannot_be_read() -> None:
    raw = mail("See there.", attached=[("a.pdf", "application/pdf", pdf([OPENING], password="secret"))])
    with pytest.raises(UnreadableError, match="is a mail with one file, and that is encrypted with a password"):
        read(raw)


def test_a_picture_in_the_body_is_no_file() -> None:
    raw = mail(None, SHOWN, attached=[("logo.png", "image/png", b"\x89PNG")])
    assert read(raw.replace(b"Content-Disposition: attachment", b"Content-Disposition: inline")).warnings == ()


def test_a_mail_without_text() -> None:
    with pytest.raises(UnreadableError, match="holds no text"):
        read(mail(""))


def test_parts_within_parts_however_deep_end_well() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(500)
    )
    with pytest.raises(UnreadableError):
        read(b"From: a\nSubject: b\nMIME-Version: 1.0\n" + nested + b"Content-Type: text/plain\n\nThe port is open.")


def test_more_parts_than_a_mail_has() -> None:
    with pytest.raises(UnreadableError, match="too many parts"):
        read(mail(attached=[(f"{number}.txt", "text/plain", b"a") for number in range(250)]))


def test_headers_that_no_program_writes() -> None:
    for header in (
        b"From: " + b"(" * 5000,
        b"Subject: " + b"=?utf-8?q?" * 2000,
        b"Date: \xff\xfe",
        b"Content-Type: ;;;=\n",
    ):
        assert OPENING in read(header + b"\nTo: a\n\n" + OPENING.encode() + b"\n").text
