"""Files of each kind that can be added, made by the tools that people make them with."""

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

PAGES = Path(__file__).parent / "reading" / "pages"

HEADLINE = "Port of Lindow Opens With Room for Forty Boats, a Crane and a Workshop for All Who Live on the Coast"
DATELINE = "LINDOW, Norway, April 22, 2021 – "
OPENING = (
    "The port of Lindow was opened on Thursday by the mayor of the town, who spoke of a long-awaited day. It has room "
    "for forty boats and is the first port on this coast since 1901."
)
CRANE = (
    "The crane lifts ten tonnes and was built by the yard of the neighbouring town, said Dr. Olsen, who chairs the "
    "board of the port. The prices hold until the end of the year, when they are to be set anew."
)
ABOUT = "The port belongs to the town, which has four thousand inhabitants and no other port."
RELEASE = f"{DATELINE}{OPENING}\n\n{CRANE}\n\nAbout the Port of Lindow\n\n{ABOUT}\n"


def pdf(
    paragraphs: Sequence[str],
    title: str | None = None,
    password: str | None = None,
    margins: bool = False,
    packed: bool = True,
) -> bytes:
    """A PDF with a headline, the paragraphs, a list, a table and a section, by reportlab.

    `password` opens it (an empty one: it is encrypted, and opens by itself); `margins` have a header, a footer and the
    number of the page; `packed` compresses the text.
    """
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable, ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Table

    style = getSampleStyleSheet()

    def around(canvas: Canvas, document: SimpleDocTemplate) -> None:
        if margins:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(72, 570, "Port of Lindow – Press release")
            canvas.drawString(72, 30, f"Page {document.page}")
            canvas.drawRightString(350, 30, "www.port.example")

    items = [
        "a crane that lifts ten tonnes and that can be used by everybody who has been shown how it is used",
        "a workshop",
    ]
    flow: list[Flowable] = [Paragraph(HEADLINE, style["Title"])]
    flow += [Paragraph(paragraph, style["BodyText"]) for paragraph in paragraphs]
    flow.append(Paragraph("What the port offers", style["Heading2"]))
    flow.append(ListFlowable([ListItem(Paragraph(item, style["BodyText"])) for item in items], bulletType="bullet"))
    flow.append(Table([["Length", "Price a year"], ["to 8 metres", "900 euros"]]))
    flow += [Paragraph("About the Port of Lindow", style["Heading3"]), Paragraph(ABOUT, style["BodyText"])]
    file = BytesIO()
    encrypt = None if password is None else StandardEncryption(password, ownerPassword="owner", strength=128)
    SimpleDocTemplate(file, pagesize=A5, title=title, encrypt=encrypt, pageCompression=int(packed)).build(
        flow, onFirstPage=around, onLaterPages=around
    )
    return file.getvalue()


def scanned_pdf() -> bytes:
    """A PDF of pages that are pictures."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    canvas = Canvas(file)
    for shade in (80, 160):
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), shade)), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def word(title: str | None = None) -> bytes:
    """A Word file with a headline, a dateline, a heading, lists and a table, by python-docx."""
    from docx import Document

    document = Document()
    document.core_properties.title = title or ""
    document.add_heading(HEADLINE, level=0)
    document.add_paragraph(DATELINE + OPENING)
    document.add_paragraph(CRANE)
    document.add_heading("What the port offers", level=1)
    for item in ("a crane that lifts ten tonnes", "a workshop"):
        document.add_paragraph(item, style="List Bullet")
    for item in ("Ask.", "Pay.", "Moor."):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(rows=0, cols=2)
    for row in (("Length", "Price a year"), ("to 8 metres", "€900"), ("to 12 metres", "€1,400")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_heading("About the Port of Lindow", level=1)
    document.add_paragraph(ABOUT)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def mail(
    text: str | None = RELEASE,
    html: str | None = None,
    attached: Sequence[tuple[str, str, bytes]] = (),
    subject: str = f"Press release: {HEADLINE}",
    charset: str = "utf-8",
    encoding: str | None = None,
) -> bytes:
    """A mail, by the standard library; each file attached is a name, a type and its bytes."""
    message = EmailMessage()
    message["From"] = "Port of Lindow <press@port.example>"
    message["To"] = "desk@paper.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 23 Apr 2021 23:30:00 +0200"
    message["Message-ID"] = "<1@port.example>"
    if text is not None:
        message.set_content(text, charset=charset, cte=encoding)
    if html is not None:
        if text is None:
            message.set_content(html, subtype="html", charset=charset)
        else:
            message.add_alternative(html, subtype="html", charset=charset)
    for name, kind, raw in attached:
        main, _, sub = kind.partition("/")
        message.add_attachment(raw, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def page() -> bytes:
    """A page with an article in it, and what its site puts around that."""
    return (PAGES / "wordpress.html").read_bytes()


def _pages() -> list[bytes]:
    return [path.read_bytes() for path in sorted(PAGES.iterdir())]


def _pdfs() -> list[bytes]:
    paragraphs = [DATELINE + OPENING, *[CRANE] * 3]
    return [
        pdf(paragraphs, margins=True, packed=False),
        pdf(paragraphs),
        pdf(paragraphs[:1], title=HEADLINE, password=""),
        scanned_pdf(),
    ]


def _words() -> list[bytes]:
    return [word(), word(HEADLINE)]


def _mails() -> list[bytes]:
    shown = f"<html><body><p>{DATELINE}{OPENING}</p><ul><li>{CRANE}</li></ul></body></html>"
    forwarded = f"FYI\n\n---------- Forwarded message ---------\nFrom: Port <press@port.example>\nSubject: {HEADLINE}\n\n{RELEASE}"
    return [
        mail(),
        mail("See below.", html=shown, encoding="base64"),
        mail(forwarded, encoding="quoted-printable"),
        mail("The release is attached.", attached=[("release.html", "text/html", page())]),
    ]


def _texts() -> list[bytes]:
    wire = (
        "FOR IMMEDIATE RELEASE\n\nPort of Lindow opens\n\nLINDOW, Norway, April 22, 2021 /PRNewswire/ -- The port of Lindow"
        " was opened by\nthe mayor, “Ingrid Dahl”.\n\n- forty boats\n- a crane\n\nAbout the port\nIt is a port.\n\n###\n\n"
        "SOURCE Port of Lindow\n"
    )
    return [wire.encode(encoding) for encoding in ("utf-8", "utf-16", "cp1252")]


def _markdown() -> list[bytes]:
    front = "---\ntitle: 'Port: it opens'\npublished: 2021-04-22\nurl: https://port.example/1\n---\n"
    body = (
        "# Port of Lindow\n\nThe port *opened*, said [the mayor](https://a.example).\n\n> A quotation &amp; more\n\n"
        "1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n<b>bold</b>\n"
    )
    return [(front + body).encode(), body.encode()]


def _feeds() -> list[bytes]:
    item = "<item><title>The port opens</title><link>https://a.example/1</link><guid>1</guid>"
    item += "<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate><description><![CDATA[<p>It opens.</p>]]></description></item>"
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Port</title>{item}{item}</channel></rss>'
    entry = '<entry><id>urn:1</id><title type="html">A &amp;lt;b&amp;gt; port</title><link href="/1"/>'
    entry += (
        '<updated>2026-03-02T10:00:00Z</updated><content type="html">&lt;p&gt;It opens.&lt;/p&gt;</content></entry>'
    )
    atom = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Port</title>{entry}</feed>'
    return [rss.encode(), atom.encode()]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    ".txt": _texts,
    ".md": _markdown,
    ".html": _pages,
    ".pdf": _pdfs,
    ".docx": _words,
    ".eml": _mails,
    ".xml": _feeds,
}
"""Files to begin with, by extension; .xml are feeds."""
