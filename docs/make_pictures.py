"""Draws `docs/repl.svg`: real answers of the REPL on the release that ships.

python docs/make_pictures.py
"""

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.chat.render import show
from bot.chat.session import Session, step
from bot.index.corpus import build_corpus
from bot.reading.files import read_corpus

ROOT = Path(__file__).parent.parent
LINES = ("who chairs the chain?", "who chiars the chian", "/context", "how tall is mount everest")


def main() -> None:
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True, highlight=False, markup=False)
    session = Session(build_corpus(read_corpus([ROOT / "corpus"]).releases))
    for line in LINES:
        console.print(Text(f"> {line}", "bold"))
        session, parts = step(session, line)
        for part in parts:
            show(part, console)
        console.print()
    # A picture must not fetch fonts from elsewhere.
    svg = re.sub(r"@font-face \{.*?\}\n", "", console.export_svg(title="onrecord"), flags=re.DOTALL)
    (ROOT / "docs" / "repl.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
