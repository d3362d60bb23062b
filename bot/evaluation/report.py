"""The figures as one page of HTML that needs nothing else: to be read, sent and printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.chat.wording import corrections_sentence, printable, source_line
from bot.evaluation import metrics
from bot.evaluation.asking import Outcome
from bot.evaluation.charts import calibration_chart, risk_chart
from bot.evaluation.explaining import about, explained, task
from bot.evaluation.failures import Failures, failures
from bot.evaluation.figures import Figures, calibration
from bot.index.corpus import Corpus
from bot.model import OnrecordError, Quote


@dataclass(frozen=True, slots=True)
class Charts:
    """The drawings of a set, as SVG, and where the present threshold lies: shares of answers, and of wrong ones."""

    calibration: Markup
    risk: Markup
    now: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What the page says of a set; a set of sentences, or one that nothing answers, has no charts."""

    figures: Figures
    charts: Charts | None = None
    failures: Failures | None = None


def measured_questions(figures: Figures, asked: Sequence[Outcome], corpus: Corpus) -> Measured:
    """A set of questions with its charts and its worst failures."""
    return Measured(figures, _charts(asked) if figures.n else None, failures(asked, corpus))


def check_target(path: Path) -> None:
    """Says at once, and not after minutes of measuring, that a page cannot be written.

    Raises:
        OnrecordError: there is no such folder, or the path is a folder itself.
    """
    if path.is_dir():
        raise OnrecordError(f"{path} is a folder: name the file for the report, such as {path / 'report.html'}.")
    if not path.parent.is_dir():
        raise OnrecordError(f"There is no folder {path.parent} for the report: make it, or name another.")


def write_report(path: Path, measured: Sequence[Measured]) -> None:
    """Writes the page.

    Raises:
        OnrecordError: the file cannot be written.
    """
    try:
        path.write_text(page(measured), encoding="utf-8")
    except OSError as error:
        raise OnrecordError(f"Cannot write {path}: {error.strerror or error}.") from error


def page(measured: Sequence[Measured]) -> str:
    """The page: HTML with its style sheet and its charts inside, which asks for nothing from anywhere.

    Texts from outside are escaped, and what is in them that could be obeyed is left out.
    """
    environment = Environment(
        loader=PackageLoader("bot.evaluation", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"printable": printable, "source": _source, "corrections": corrections_sentence}
    return environment.get_template("report.html").render(
        measured=measured,
        style=Markup(files("bot.evaluation").joinpath("data/report.css").read_text(encoding="utf-8")),  # noqa: S704
        about=about,
        explained=explained,
        task=task,
        today=date.today(),
        version=version("onrecord"),
        slips=any(one.figures.slips for one in measured),
    )


def _charts(asked: Sequence[Outcome]) -> Charts | None:
    bins = calibration(asked)
    if not bins:
        return None
    answered = [one for one in asked if one.reply.answered]
    wrong = sum(not one.first_is_right for one in answered)
    now = (len(answered) / len(asked), wrong / len(answered)) if answered else None
    curve = metrics.risk_by_coverage([one.first_is_right for one in asked], [one.reply.confidence for one in asked])
    # Drawn here, of numbers only.
    return Charts(Markup(calibration_chart(bins)), Markup(risk_chart(curve, now)), now)  # noqa: S704


def _source(quote: Quote) -> str:
    """Where a quote is from; the candidates of a selection set have no title."""
    if quote.release.title:
        return source_line(quote.release)
    return f"candidate {quote.release.text.count(chr(10), 0, quote.start) + 1}"
