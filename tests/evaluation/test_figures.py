"""From questions with known answers to figures."""

import json
from pathlib import Path

import pytest

from bot.evaluation.figures import measure, print_figures
from bot.model import OnrecordError

OPEN = Path(__file__).parents[2].parent / "shared" / "qa" / "open"

QUAY = "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
TUNNEL = "The tunnel under the Oster hill closes in June. Nils Berg leads the repairs of the tunnel."
QUESTIONS = [
    {"question": "who chairs the harbour board?", "answers": ["Ingrid Dahl"], "paragraph": QUAY},
    {"question": "who leads the repairs?", "answers": ["Nils Berg"], "paragraph": TUNNEL},
    # Found, but not in the first place: the sentence on the repairs holds all that is asked.
    {"question": "the tunnel of Nils Berg", "answers": ["June"], "paragraph": TUNNEL},
    {"question": "how tall is mount everest?", "answers": ["8,849 metres"], "paragraph": "It is 8,849 metres tall."},
    {"question": "who won the world cup?", "answers": [], "paragraph": None},
]


@pytest.fixture
def openset(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "coast.txt").write_text(f"{QUAY}\n\n{TUNNEL}\n", encoding="utf-8")
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return folder


def test_the_figures_of_a_set(openset: Path, tmp_path: Path) -> None:
    figures = measure(openset, tmp_path / "data")
    assert (figures.set, figures.n, figures.unanswerable) == ("tiny", 4, 1)
    assert (figures.p1, figures.r3, figures.r5) == (0.5, 0.75, 0.75)
    assert figures.mrr == 0.625
    assert (figures.answered, figures.refused) == (0.75, 1.0)
    assert figures.ms is not None


def test_a_set_without_questions_has_no_shares(openset: Path, tmp_path: Path) -> None:
    (openset / "questions.jsonl").write_text("\n", encoding="utf-8")
    figures = measure(openset, tmp_path / "data")
    assert (figures.n, figures.p1, figures.mrr, figures.refused, figures.ms) == (0, None, None, None, None)


def test_figures_as_a_table_and_as_json(openset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_figures([openset], tmp_path / "data", as_json=False)
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["set", "n", "P@1"]
    assert row.split()[:3] == ["tiny", "4", "0.500"]
    print_figures([openset, openset], tmp_path / "data", as_json=True)
    assert [json.loads(line)["p1"] for line in capsys.readouterr().out.splitlines()] == [0.5, 0.5]


def test_a_set_without_a_corpus_is_none(openset: Path, tmp_path: Path) -> None:
    (openset / "corpus" / "coast.txt").unlink()
    (openset / "corpus").rmdir()
    with pytest.raises(OnrecordError, match="There is no folder"):
        measure(openset, tmp_path / "data")


@pytest.mark.skipif(not OPEN.is_dir(), reason="needs the open sets in ../shared/qa/open")
def test_real_questions_of_people_are_answered_in_the_first_place(tmp_path: Path) -> None:
    assert (measure(OPEN / "wikiqa-dev", tmp_path).p1 or 0) >= 0.42
