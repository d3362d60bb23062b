"""The options of the command line that have a name of their own."""

from pathlib import Path
from typing import Annotated

import typer

CorpusOption = Annotated[
    list[Path] | None,
    typer.Option("--corpus", metavar="DIR", help="A folder of releases; may be given more than once."),
]
DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Where Onrecord keeps its own files.")]
TopOption = Annotated[
    int | None, typer.Option("--top", metavar="N", min=1, max=100, help="At most so many quotes.", show_default=False)
]
SourceOption = Annotated[
    str | None,
    typer.Option("--from", metavar="NAME", help="Ask only releases from this source, or a part of its name."),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Ask only releases from a year, a month or a day on: 2006-03."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Ask only releases up to the end of it: 2006, 2006-03-14.")
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Also say why these quotes were chosen.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
SlipsOption = Annotated[
    bool,
    typer.Option(
        "--slips",
        help="One typing error in each question, the same each time: in a word of four letters or more, two of them "
        "swapped, one left out, added or wrong, never the first.",
    ),
]
