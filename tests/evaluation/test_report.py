"""The page: well-formed, whole in itself, and safe whatever stands in a release or a question."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.evaluation.figures import Figures, ask_set, figures_of_questions
from bot.evaluation.opensets import OpenQuestion
from bot.evaluation.report import Measured, check_target, measured_questions, page, write_report
from bot.evaluation.selection import SelectionRow, selection_corpus
from bot.evaluation.sets import OpenSet, SelectionSet
from bot.index.corpus import Corpus, build_corpus
from bot.model import OnrecordError, Release

VOID = {"meta", "br", "hr", "img", "link", "input"}
HOSTILE = '<script>alert("x")</script>'


class Reader(HTMLParser):
    """Reads a page as strictly as XML, and keeps its tags, its attributes and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def measured(
    known_set: OpenSet | SelectionSet, corpus: Corpus, *, slips: bool = False, foreign: bool = False
) -> Measured:
    asked = ask_set(known_set, corpus, slips=slips, foreign=foreign)
    figures = figures_of_questions(known_set, asked, slips=slips, corpus=HOSTILE if foreign else None)
    return measured_questions(figures, asked, corpus)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    text = (
        f"Ingrid Dahl {HOSTILE} chairs the harbour board of Norrvik. The harbour board\x1b[31m has met for a hundred years."
        "\n\nNils Berg leads the repairs of the tunnel. The hill is green."
    )
    return build_corpus([Release(id="quay", text=text, title=f"A quay {HOSTILE}", source="Port & <b>Co</b>")])


@pytest.fixture(scope="module")
def questions() -> OpenSet:
    return OpenSet(
        f"set {HOSTILE}",
        Path("corpus"),
        (
            OpenQuestion(f"who chairs the harbour board? {HOSTILE}", ("The harbour board has met.",), None),
            OpenQuestion("who chairs the harbour board?", (f"Answer {HOSTILE}",), None),
            OpenQuestion("who leads the repairs of the tunnel?", ("Nils Berg leads the repairs of the tunnel.",), None),
            OpenQuestion("how tall is mount everest?", (f"Tall {HOSTILE}",), None),
            OpenQuestion("who leads the repairs of the hill?", (), None),
        ),
    )


def test_what_comes_from_outside_is_text_and_never_markup(corpus: Corpus, questions: OpenSet) -> None:
    html = page([measured(questions, corpus), measured(questions, corpus, foreign=True)])
    reader = read(html)
    assert "<script" not in html
    assert {"script", "b"} & reader.tags == set()
    assert not [name for _, name, _ in reader.attributes if name.startswith("on")]
    assert "\x1b" not in html
    for said in (
        f"set {HOSTILE}",
        f"who chairs the harbour board? {HOSTILE}",
        f"Ingrid Dahl {HOSTILE} chairs the harbour board of Norrvik.",
        f"A quay {HOSTILE} · Port & <b>Co</b>",
        f"Answer {HOSTILE}",
        f"put to the releases of {HOSTILE}",
    ):
        assert said in reader.text


def test_the_page_asks_for_nothing_from_outside(corpus: Corpus, questions: OpenSet) -> None:
    html = page([measured(questions, corpus)])
    reader = read(html)
    assert {"script", "link", "img", "iframe", "base", "image", "use"} & reader.tags == set()
    assert [
        value for _, name, value in reader.attributes if name in ("src", "href") and not value.startswith("#")
    ] == []
    assert "url(" not in html
    assert "@import" not in html
    assert html.replace("http://www.w3.org/2000/svg", "").count("http") == 0


def test_links_lead_to_the_sets(corpus: Corpus, questions: OpenSet) -> None:
    reader = read(page([measured(questions, corpus)] * 3))
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert ids == ["set-1", "set-2", "set-3"]
    assert [value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")] == [
        f"#{one}" for one in ids
    ]


def test_every_failure_says_what_was_quoted_and_what_is_right(corpus: Corpus, questions: OpenSet) -> None:
    text = read(page([measured(questions, corpus)])).text
    assert "Answered wrongly" in text
    assert "Right, but not among the" in text
    assert "Refused in error" in text
    assert "how tall is mount everest?" in text
    assert "who leads the repairs of the tunnel?" not in text  # no failure


def test_a_page_says_that_there_were_slips(corpus: Corpus, questions: OpenSet) -> None:
    assert "slip" not in read(page([measured(questions, corpus)])).text
    text = read(page([measured(questions, corpus, slips=True)])).text
    assert "typed with one slip on purpose" in text
    assert "Typed as" in text


def test_the_candidates_of_a_selection_set_are_named_by_number() -> None:
    row = SelectionRow("who chairs the board?", ("It met.", "Ingrid chairs the board."), (True, False))
    choice = SelectionSet("choice", (row,))
    text = read(page([measured(choice, selection_corpus(choice.rows))])).text
    assert "— candidate 2" in text
    assert "Mean average precision" in text


def test_each_form_has_a_page(corpus: Corpus) -> None:
    nothing = OpenSet("nothing", Path("corpus"), ())
    cut = Measured(Figures(set="cut", form="sentences", n=1, precision=1.0, recall=0.5, f1=0.6667))
    text = read(page([measured(nothing, corpus), cut])).text
    assert "0 questions that the releases of this set answer." in text
    assert "1 text, to be cut into sentences." in text
    assert "66.7%" not in text
    assert "0.667" in text


def test_a_page_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    check_target(path)
    write_report(path, [Measured(Figures(set="Ünïcödé", form="sentences", n=0))])
    assert "Ünïcödé" in path.read_text(encoding="utf-8")


def test_a_place_that_cannot_hold_a_page_is_named(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="is a folder"):
        check_target(tmp_path)
    with pytest.raises(OnrecordError, match="There is no folder"):
        check_target(tmp_path / "nowhere" / "report.html")
    with pytest.raises(OnrecordError, match="Cannot write"):
        write_report(tmp_path, [])
