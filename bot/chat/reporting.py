"""What people asked, given out: a page to look at, and files for other programs."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.chat.language import gettext, ngettext, speaking_locally
from bot.chat.shelf import DONE, shown_path
from bot.chat.wording import grouped
from bot.desk.exporting import export_csv, export_json, export_votes
from bot.desk.log import QuestionLog
from bot.desk.report import write_report
from bot.index.releases import Releases
from bot.model import OnrecordError


@speaking_locally()
def report(out: Path, known: Releases, log: QuestionLog, days: int) -> int:
    """Writes the page of the last so many days, and says where it is.

    Raises:
        OnrecordError: it cannot be written, or the log cannot be read.
    """
    write_report(out, log, known, days)
    print(gettext("Written: {file}").format(file=shown_path(out)))
    if log.began() is None:
        print(gettext("Nobody has asked anything yet: the page says what it will show."))
    return DONE


@speaking_locally()
def export(outs: Sequence[Path], known: Callable[[], Releases], log: QuestionLog) -> int:
    """Writes the question log into each of these: a file .csv or .json, or a folder for the votes.

    `known` opens the releases, which only the votes need.

    Raises:
        OnrecordError: one is something else or cannot be written, the log cannot be read, or there are no votes.
    """
    writers = [_writer(out, known) for out in outs]
    for out, write in zip(outs, writers, strict=True):
        count = write(out, log)
        told = ngettext("Written: {file}, {count} question", "Written: {file}, {count} questions", count)
        print(told.format(file=shown_path(out), count=grouped(count)))
    return DONE


def _writer(out: Path, known: Callable[[], Releases]) -> Callable[[Path, QuestionLog], int]:
    match out.suffix.lower():
        case ".csv":
            return export_csv
        case ".json":
            return export_json
        case "":
            return lambda folder, log: export_votes(folder, log, known())
        case other:
            raise OnrecordError(f"There is no export as {other}: name a file .csv or .json, or a folder for the votes.")
