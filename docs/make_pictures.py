"""Draws `docs/repl.svg`: real answers of the REPL on the release that ships.

python docs/make_pictures.py
"""

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from bot.answering.opening import open_to_ask
from bot.chat.render import show
from bot.chat.session import Session, step

ROOT = Path(__file__).parent.parent
LINES = ("who chairs the chain?", "who chiars the chian", "¿quién preside la cadena?", "how tall is mount everest")


def main() -> None:
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True, highlight=False, markup=False)
    with TemporaryDirectory() as data:
        corpus, _ = open_to_ask([ROOT / "corpus"], Path(data), "auto")
    session = Session(corpus)
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
