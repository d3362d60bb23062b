"""Draws `docs/telegram.svg`: a question and the bot's real answer to it, on the release that ships, as a chat shows it.

python docs/telegram_picture.py
"""

from html import escape
from html.parser import HTMLParser
from pathlib import Path

from bot.answering.answerer import answer
from bot.chat.telegram.messages import Answer, answer_message
from bot.index.corpus import build_corpus
from bot.reading.files import read_corpus

ROOT = Path(__file__).parent.parent
QUESTION = "who chiars the chian"
WIDTH, COLUMNS, LINE = 520, 54, 22


class Pieces(HTMLParser):
    """The words of a message with their style: bold, quoted."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.lines: list[list[tuple[str, bool, bool]]] = [[]]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.open.remove(tag)
        if tag == "blockquote":
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        for number, line in enumerate(data.split("\n")):
            if number:
                self.lines.append([])
            for word in line.split():
                self._add(word)

    def _add(self, word: str) -> None:
        if sum(len(piece) + 1 for piece, _, _ in self.lines[-1]) + len(word) > COLUMNS:
            self.lines.append([])
        self.lines[-1].append((word, "b" in self.open, "blockquote" in self.open))


def drawn(lines: list[list[tuple[str, bool, bool]]], top: int) -> str:
    rows = []
    for number, line in enumerate(lines):
        y = top + LINE * number
        if any(quoted for _, _, quoted in line):
            rows.append(f'<rect x="36" y="{y - 16}" width="3" height="{LINE}" fill="#3390ec"/>')
        spans = " ".join(
            f'<tspan font-weight="{700 if bold else 400}">{escape(word)}</tspan>' for word, bold, _ in line
        ).replace('</tspan> <tspan font-weight="400">.<', '</tspan><tspan font-weight="400">.<')
        rows.append(f'<text x="{48 if rows and any(q for _, _, q in line) else 36}" y="{y}">{spans}</text>')
    return "\n".join(rows)


def main() -> None:
    reply = answer(QUESTION, build_corpus(read_corpus([ROOT / "corpus"]).releases))
    message = answer_message(Answer(1, reply))
    pieces = Pieces()
    pieces.feed(message.html)
    lines = [line for line in pieces.lines if line]
    height = LINE * len(lines) + 20
    buttons = [button.label for row in message.buttons for button in row]
    width = (WIDTH - 40 - 6 * (len(buttons) - 1)) / len(buttons)
    keys = "\n".join(
        f'<rect x="{20 + number * (width + 6):.0f}" y="{92 + height}" width="{width:.0f}" height="34" rx="8" '
        f'fill="#7fa5c0"/><text x="{20 + number * (width + 6) + width / 2:.0f}" y="{114 + height}" '
        f'text-anchor="middle" fill="#fff">{escape(label)}</text>'
        for number, label in enumerate(buttons)
    )
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 146}" width="{WIDTH}" \
font-family="Helvetica, Arial, sans-serif" font-size="15" fill="#111">
<rect width="100%" height="100%" fill="#cfdfe8"/>
<rect x="{WIDTH - 220}" y="20" width="200" height="40" rx="14" fill="#e3fdd0"/>
<text x="{WIDTH - 120}" y="45" text-anchor="middle">{escape(QUESTION)}</text>
<rect x="20" y="74" width="{WIDTH - 40}" height="{height}" rx="14" fill="#fff"/>
{drawn(lines, 100)}
{keys}
</svg>
"""
    (ROOT / "docs" / "telegram.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
