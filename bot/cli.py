"""The commands: parse, call, print. No logic lives here."""

import gc
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.model import OnrecordError
from bot.options import (
    CorpusOption,
    DataOption,
    ExplainOption,
    SinceOption,
    SlipsOption,
    SourceOption,
    TopOption,
    UntilOption,
    YesOption,
)

if TYPE_CHECKING:
    from bot.chat.noting import Noting
    from bot.desk.noted import Way
    from bot.settings import Chosen

app = typer.Typer(
    help="Answers questions about press releases only with what is on the record: the sentence, word for word.",
    epilog='Try: onrecord ask "who chairs the chain?"',
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def repl(
    context: typer.Context,
    corpus: CorpusOption = None,
    data: DataOption = None,
    top: TopOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    explain: ExplainOption = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Without a command: the REPL. Ask, and read the sentence that answers."""
    if version:
        from importlib.metadata import version as version_of

        print(f"onrecord {version_of('onrecord')}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        given: dict[str, object] = {"corpus": corpus, "data": data, "top": top, "explain": explain or None}
        given |= {"source": source, "since": since, "until": until}
        context.default_map = {
            context.invoked_subcommand: {name: value for name, value in given.items() if value is not None}
        }
        return
    from bot.chat.narrowing import scope_of
    from bot.chat.opening import open_live
    from bot.chat.repl import run_repl

    scope, chosen = scope_of(source, since, until), _chosen(corpus, data)
    live = open_live(chosen)
    news: deque[str] = deque()
    live.follow(news.append)
    noting = _noting("repl", chosen)
    try:
        status = run_repl(live, data=chosen.data, top=top or 5, explain=explain, news=news, noting=noting, scope=scope)
    finally:
        live.close()
    raise typer.Exit(status)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    corpus: CorpusOption = None,
    data: DataOption = None,
    top: TopOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a reply.")] = False,
    explain: ExplainOption = False,
    questions: Annotated[
        str | None, typer.Option("--questions", metavar="FILE", help="A question a line, - is standard input.")
    ] = None,
) -> None:
    """Answers one question, or those of a file.

    Exit status: 0 answered, 1 not answered, 2 could not run.

    \b
    Examples:
      onrecord ask --top 1 "how many companies are there?"
      onrecord ask --from acme --since 2006-03 "who chairs the board?"
      onrecord ask "who chairs the board? from:acme since:2006-03"
    """
    if (question is None) == (questions is None):
        raise OnrecordError('Give one question, or --questions FILE: onrecord ask "who chairs the chain?"')
    from bot.chat.narrowing import scope_of
    from bot.chat.one_shot import ask_many, ask_one
    from bot.chat.opening import open_to_ask

    scope, chosen = scope_of(source, since, until), _chosen(corpus, data)
    loaded = open_to_ask(chosen)
    if questions is not None:
        raise typer.Exit(ask_many(questions, loaded, top=top, as_json=as_json, explain=explain, scope=scope))
    # A program asks for JSON; what people asked is what people asked.
    noting = None if as_json else _noting("ask", chosen)
    status = ask_one(question or "", loaded, top=top, as_json=as_json, explain=explain, scope=scope, noting=noting)
    raise typer.Exit(status)


@app.command()
def telegram(corpus: CorpusOption = None, data: DataOption = None) -> None:
    """Answers in Telegram, until it is stopped. The token comes from TELEGRAM_BOT_TOKEN; .env.example shows the rest.

    Exit status: 0 stopped, 2 could not run.
    """
    from bot.chat.opening import open_live
    from bot.chat.telegram.run import run_bot

    chosen = _chosen(corpus, data)
    live = open_live(chosen)
    raise typer.Exit(run_bot(live, chosen.settings, chosen.data, own=live.folders == chosen.own_folders))


@app.command()
def add(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH|URL|-…", help="Files, folders, pages, or - for a text.")
    ],
    corpus: CorpusOption = None,
    data: DataOption = None,
    yes: YesOption = False,
) -> None:
    """Adds releases: .txt .md .html .pdf .docx .eml, a folder of them, or a page on the web.

    Each is shown as it was understood, then written as Markdown into the folder of --corpus, ./corpus if none is named.
    The same text again changes nothing; a new version of a release takes its place, and the old one is kept.

    Exit status: 0 done, 2 something could not be added.

    \b
    Examples:
      onrecord add release.docx
      onrecord add --corpus releases/ https://acme.example/news/plant
      onrecord add --yes - < release.txt
    """
    from bot.chat.adding import add as add_sources
    from bot.chat.opening import open_holdings

    chosen = _chosen(corpus, data)
    shelf, private = open_holdings(chosen, chosen.own_folders), chosen.settings.private_urls
    raise typer.Exit(add_sources(sources, shelf, chosen.data, yes=yes, private=private))


@app.command()
def follow(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="The address of an RSS or Atom feed.")],
    corpus: CorpusOption = None,
    data: DataOption = None,
) -> None:
    """Adds what is new in an RSS or Atom feed, each entry once. Run it again, by hand or by cron, for what comes later.

    Exit status: 0 done, 2 an entry could not be read; it is tried again next time.

    Example: onrecord follow https://acme.example/news/feed.xml
    """
    from bot.chat.adding import follow as follow_feed
    from bot.chat.noting import log_of
    from bot.chat.opening import open_holdings

    chosen = _chosen(corpus, data)
    shelf, private = open_holdings(chosen, chosen.own_folders), chosen.settings.private_urls
    database = log_of(chosen.settings, chosen.data).database
    raise typer.Exit(follow_feed(feed, shelf, chosen.data, database, private=private))


@app.command()
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…", help="Folders, tars, zips or texts; what is indexed, if none.", show_default=False
        ),
    ] = None,
    name_pattern: Annotated[
        str | None,
        typer.Option("--name-pattern", metavar="PATTERN", help="What the names of the files say, as below."),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the archive anew, of PATH… or of all.")] = False,
    to: Annotated[str | None, typer.Option("--to", metavar="URL", help="Then bring that in a cluster to it.")] = None,
    data: DataOption = None,
) -> None:
    """Makes an archive of any number of releases, which is asked from then on, and keeps it up to date.

    A folder is read with the folders below, a tar or a zip without being unpacked. Run it again when something has
    changed, or after Ctrl-C: what is as it was is not read again. A running bot takes up what is new by itself.

    A pattern says what the end of each name means: {source} {title} {place} {id}, and {date:FORMAT} of DD MM Mon Month
    YY YYYY; * stands for anything else.

    Exit status: 0 done, 2 something could not be read, 130 stopped.

    \b
    Examples:
      onrecord index releases/
      onrecord index --name-pattern '{source}/{date:DDMonYYYY}*.txt' senate.tar.xz
      onrecord index
      onrecord index --to https://search.example:9200
    """
    from bot.chat.indexing import index as index_paths
    from bot.settings import address_at, read_settings

    settings = read_settings()
    cluster = address_at(to, settings) if to is not None else None
    status = index_paths(paths or (), data or settings.data, pattern=name_pattern, rebuild=rebuild, to=cluster)
    raise typer.Exit(status)


@app.command("list")
def list_releases(corpus: CorpusOption = None, data: DataOption = None) -> None:
    """Lists the releases: number, date, id, title."""
    from bot.chat.opening import open_holdings
    from bot.chat.shelf import list_releases as print_list

    chosen = _chosen(corpus, data)
    raise typer.Exit(print_list(open_holdings(chosen, chosen.folders)))


@app.command()
def show(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="Its number or id in onrecord list, or its file.")],
    corpus: CorpusOption = None,
    data: DataOption = None,
) -> None:
    """Shows a release: what is known of it, and its text as it is quoted.

    Example: onrecord show 1
    """
    from bot.chat.opening import open_holdings
    from bot.chat.shelf import show_release

    chosen = _chosen(corpus, data)
    raise typer.Exit(show_release(release, open_holdings(chosen, chosen.folders)))


@app.command()
def remove(
    releases: Annotated[
        list[str], typer.Argument(metavar="RELEASE…", help="Their numbers or ids in onrecord list, or their files.")
    ],
    corpus: CorpusOption = None,
    data: DataOption = None,
    yes: YesOption = False,
) -> None:
    """Takes releases off the record. Their files are kept in the folder of --data.

    Example: onrecord remove 2026-03-01-acme-opens-a-plant
    """
    from bot.chat.opening import open_holdings
    from bot.chat.shelf import remove as remove_releases

    chosen = _chosen(corpus, data)
    raise typer.Exit(remove_releases(releases, open_holdings(chosen, chosen.own_folders), chosen.data, yes=yes))


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The page to write.")] = Path("report.html"),
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=3650, help="Of the last N days.")] = 28,
    corpus: CorpusOption = None,
    data: DataOption = None,
) -> None:
    """Writes a page on what people asked: what was answered, what was not, which releases were quoted, votes.

    Example: onrecord report --out report.html --days 90
    """
    from bot.chat.noting import log_of
    from bot.chat.opening import open_unasked
    from bot.chat.reporting import report as write

    chosen = _chosen(corpus, data)
    log = log_of(chosen.settings, chosen.data)
    raise typer.Exit(write(out, open_unasked(chosen).releases, log, days))


@app.command()
def export(
    outs: Annotated[
        list[Path], typer.Argument(metavar="FILE.csv|FILE.json|FOLDER…", help="A folder gets the votes, for eval.")
    ],
    corpus: CorpusOption = None,
    data: DataOption = None,
) -> None:
    """Gives out what people asked: as a table (.csv), as JSON (.json), or, as a folder, the votes as a set for eval.

    \b
    Examples:
      onrecord export log.csv log.json
      onrecord export our-votes && onrecord eval our-votes
    """
    from bot.chat.noting import log_of
    from bot.chat.opening import open_unasked
    from bot.chat.reporting import export as write

    chosen = _chosen(corpus, data)
    log = log_of(chosen.settings, chosen.data)
    raise typer.Exit(write(outs, lambda: open_unasked(chosen).releases, log))


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


def _noting(way: "Way", chosen: "Chosen") -> "Noting":
    """What notes the questions of a way in."""
    from bot.chat.noting import Noting, log_of

    return Noting(log_of(chosen.settings, chosen.data), way)


def _chosen(corpus: list[Path] | None, data: Path | None) -> "Chosen":
    """What the options and the environment say is asked."""
    from bot.settings import choose, read_settings

    return choose(tuple(corpus or ()), data, read_settings())


def main() -> None:
    """Runs the command line; a failure that a person can act on is one sentence and exit status 2."""
    # To answer makes thousands of small tuples, none of them in a circle: looking for circles took as long as the answer.
    gc.set_threshold(50_000)
    try:
        app(standalone_mode=True)
    except OnrecordError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except ModuleNotFoundError as error:
        extra = {"tantivy": "archive", "opensearchpy": "cluster", "psycopg": "cluster"}.get(error.name or "")
        if extra is None:
            raise
        print(f"This needs one more part: pip install 'onrecord[{extra}]'.", file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # a current folder that is gone, a full disk
        print(f"It cannot go on: {error}.", file=sys.stderr)
        sys.exit(2)
