"""The commands: parse, call, print. No logic lives here."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.model import OnrecordError

if TYPE_CHECKING:
    from bot.index.corpus import Corpus

app = typer.Typer(
    help="Answers questions about press releases only with what is on the record: the sentence, word for word.",
    epilog='Try: onrecord ask "who chairs the chain?"',
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CorpusOption = Annotated[
    list[Path] | None,
    typer.Option("--corpus", metavar="DIR", help="A folder of releases; may be given more than once."),
]
DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Where Onrecord keeps its own files.")]
TopOption = Annotated[
    int | None, typer.Option("--top", metavar="N", min=1, max=100, help="At most so many quotes.", show_default=False)
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Also say why these quotes were chosen.")]
SlipsOption = Annotated[
    bool,
    typer.Option(
        "--slips",
        help="One typing error in each question, the same each time: in a word of four letters or more, two of them "
        "swapped, one left out, added or wrong, never the first.",
    ),
]


@app.callback(invoke_without_command=True)
def repl(
    context: typer.Context,
    corpus: CorpusOption = None,
    data: DataOption = None,
    top: TopOption = None,
    explain: ExplainOption = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Without a command: the REPL. Ask, and read the sentence that answers."""
    if version:
        from importlib.metadata import version as version_of

        print(f"onrecord {version_of('onrecord')}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        given = {"corpus": corpus, "data": data, "top": top, "explain": explain or None}
        context.default_map = {
            context.invoked_subcommand: {name: value for name, value in given.items() if value is not None}
        }
        return
    from bot.chat.repl import run_repl

    loaded, data_folder = _open(corpus, data)
    raise typer.Exit(run_repl(loaded, data=data_folder, top=top or 5, explain=explain))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    corpus: CorpusOption = None,
    data: DataOption = None,
    top: TopOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a reply.")] = False,
    explain: ExplainOption = False,
    questions: Annotated[
        str | None, typer.Option("--questions", metavar="FILE", help="A question a line, - is standard input.")
    ] = None,
) -> None:
    """Answers one question, or those of a file.

    Exit status: 0 answered, 1 not answered, 2 could not run.

    Example: onrecord ask --top 1 "how many companies are there?"
    """
    if (question is None) == (questions is None):
        raise OnrecordError('Give one question, or --questions FILE: onrecord ask "who chairs the chain?"')
    loaded, _ = _open(corpus, data)
    from bot.chat.one_shot import ask_many, ask_one

    if questions is not None:
        raise typer.Exit(ask_many(questions, loaded, top=top, as_json=as_json, explain=explain))
    raise typer.Exit(ask_one(question or "", loaded, top=top, as_json=as_json, explain=explain))


@app.command()
def telegram(corpus: CorpusOption = None, data: DataOption = None) -> None:
    """Answers in Telegram, until it is stopped. The token comes from TELEGRAM_BOT_TOKEN; .env.example shows the rest.

    Exit status: 0 stopped, 2 could not run.
    """
    from bot.chat.telegram.run import run_bot
    from bot.settings import read_settings

    loaded, data_folder = _open(corpus, data)
    raise typer.Exit(run_bot(lambda: loaded, read_settings(), data_folder))


@app.command("eval")
def evaluate(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Folders and files with known answers, as above.")
    ],
    corpus: Annotated[
        list[Path] | None,
        typer.Option("--corpus", metavar="DIR", help="Put the questions to these releases, which answer none of them."),
    ] = None,
    data: DataOption = None,
    slips: SlipsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a set.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="Also write a page with charts and failures.")
    ] = None,
) -> None:
    """Measures answers against questions whose answers are known.

    A set of your own is a folder with your releases in corpus/ and a file questions.jsonl, one question a line:

    \b
    {"question": "who chairs it?", "answers": ["Mr Du does."], "paragraph": null}

    An answer is a whole sentence of a release; where paragraph holds the text of its paragraph, a part of a sentence
    will do. No answers, [], mean that the releases do not say. A file .jsonl may also hold rows with question and
    candidates, [{"text": "...", "label": 0 or 1}], to be put in order, or with text and sentences, to be cut.

    Example: onrecord eval --report report.html our-questions/
    """
    from bot.evaluation.command import evaluate as measure
    from bot.settings import read_settings

    settings = read_settings()
    measure(
        paths,
        data or settings.data,
        settings.encoder,
        foreign=corpus or (),
        slips=slips,
        as_json=as_json,
        report=report,
    )


def _open(named: list[Path] | None, data: Path | None) -> "tuple[Corpus, Path]":
    """The corpus, with what there is to say of it on standard error, and the data folder."""
    from bot.answering.opening import open_to_ask
    from bot.chat.progress import encoding_shown
    from bot.settings import corpus_folders, read_settings

    settings = read_settings()
    data_folder = data or settings.data
    with encoding_shown() as told:
        loaded, notes = open_to_ask(corpus_folders(tuple(named or ()), settings), data_folder, settings.encoder, told)
    for note in notes:
        print(note, file=sys.stderr)
    return loaded, data_folder


def main() -> None:
    """Runs the command line; a failure that a person can act on is one sentence and exit status 2."""
    try:
        app(standalone_mode=True)
    except OnrecordError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # a current folder that is gone, a full disk
        print(f"It cannot go on: {error}.", file=sys.stderr)
        sys.exit(2)
