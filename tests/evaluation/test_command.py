"""`onrecord eval`, from its arguments to what it prints."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import app
from bot.evaluation.command import evaluate
from bot.evaluation.slips import with_slip
from bot.model import OnrecordError

Write = Callable[..., Path]
FIELDS = ["set", "n", "p1", "r3", "r5", "mrr", "answered", "unanswerable", "refused", "ms"]
CHOICE = {
    "question": "who chairs?",
    "candidates": [{"text": "Ingrid chairs.", "label": 1}, {"text": "No.", "label": 0}],
}
CUT = {"text": "It is long. It cost much.", "sentences": ["It is long.", "It cost much."]}


def run(*arguments: object) -> None:
    """Runs the command line in this process."""
    app([str(argument) for argument in arguments], standalone_mode=False)


def test_each_form_has_its_columns_and_the_lines_are_aligned(
    openset: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate([openset, openset, write("choose.jsonl", CHOICE), write("cut.jsonl", CUT)], tmp_path / "data", "off")
    out, err = capsys.readouterr()
    head, first, second, choose_head, choose, cut_head, cut = out.splitlines()
    assert head.split() == "set n P@1 R@3 R@5 MRR answered none refused AUROC ECE ms".split()
    assert first.split()[:3] == second.split()[:3] == ["tiny", "3", "0.667"]
    assert (choose_head.split(), choose.split()[:4]) == (
        "set n P@1 MAP MRR ms".split(),
        ["choose", "1", "1.000", "1.000"],
    )
    assert (cut_head.split(), cut.split()) == ("set n precision recall F1".split(), ["cut", "1", *["1.000"] * 3])
    assert {len(head), len(first), len(second)} == {len(head)}
    assert (len(choose_head), len(cut_head)) == (len(choose), len(cut))
    assert err == ""  # no bar where nobody looks


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_whoever_looks_sees_how_far_it_is(
    openset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen, terminal = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with open(screen, "rb", buffering=0) as seen, open(terminal, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        evaluate([openset], tmp_path / "data", "off")
        stderr.flush()
        shown = seen.read(100_000).decode()
    assert "tiny" in shown
    assert "100%" in shown
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_json_has_every_field_of_every_form(
    openset: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate([openset, write("choose.jsonl", CHOICE), write("cut.jsonl", CUT)], tmp_path / "data", "off", as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["form"] for row in rows] == ["open", "selection", "sentences"]
    assert all(set(FIELDS) < row.keys() == rows[0].keys() for row in rows)
    opened, chosen, cut = rows
    assert (opened["map"], chosen["map"], cut["map"]) == (None, 1.0, None)
    assert (opened["f1"], chosen["f1"], cut["f1"]) == (None, None, 1.0)
    assert (opened["corpus"], opened["slips"]) == (None, False)
    assert opened["auroc"] is not None


def test_another_corpus_answers_none_of_the_questions(
    openset: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose = write("choose.jsonl", CHOICE)
    other = write("other/corpus/hill.txt", "The hill is green and the river is blue.").parent
    run("eval", "--json", "--data", tmp_path / "data", "--corpus", other, openset, choose)
    for line in capsys.readouterr().out.splitlines():
        row = json.loads(line)
        assert (row["corpus"], row["n"], row["p1"], row["refused"]) == ("other", 0, None, 1.0)
    run("eval", "--data", tmp_path / "data", "--corpus", other, openset, choose)
    head, tiny, chosen = capsys.readouterr().out.splitlines()
    assert "refused" in head
    assert tiny.split()[:2] == ["tiny", "0"]
    assert chosen.split()[7:9] == ["1", "1.000"]


def test_slips_are_put_into_the_questions(openset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.html"
    run("eval", "--json", "--data", tmp_path / "data", "--slips", "--report", report, openset)
    assert json.loads(capsys.readouterr().out)["slips"] is True
    assert with_slip("how tall is mount everest?") in report.read_text(encoding="utf-8")


def test_what_of_a_corpus_cannot_be_read_is_said(
    openset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (openset / "corpus" / "empty.txt").touch()
    evaluate([openset], tmp_path / "data", "off", as_json=True)
    out, err = capsys.readouterr()
    assert json.loads(out)["n"] == 3
    assert err.startswith("Warning: ")


def test_a_bad_set_is_found_before_the_first_is_measured(
    openset: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OnrecordError, match="line 1"):
        evaluate([openset, write("bad.jsonl", "?")], tmp_path / "data", "off")
    with pytest.raises(OnrecordError, match="There is no folder"):
        evaluate([openset], tmp_path / "data", "off", report=tmp_path / "nowhere" / "report.html")
    assert capsys.readouterr().out == ""


def test_a_set_without_a_corpus_is_none(openset: Path, tmp_path: Path) -> None:
    (openset / "corpus" / "coast.txt").unlink()
    (openset / "corpus").rmdir()
    with pytest.raises(OnrecordError, match="There is no folder"):
        evaluate([openset], tmp_path / "data", "off")


def test_sentences_have_no_questions_to_put_anywhere(openset: Path, write: Write, tmp_path: Path) -> None:
    cut = write("cut.jsonl", CUT)
    with pytest.raises(OnrecordError, match="--corpus is for sets of questions, and cut has none"):
        evaluate([cut], tmp_path / "data", "off", foreign=[openset / "corpus"])
    with pytest.raises(OnrecordError, match="--slips is for sets of questions"):
        evaluate([openset, cut], tmp_path / "data", "off", slips=True)


@pytest.mark.parametrize("library", ["ir_measures", "jinja2", "pygal", "sklearn"])
def test_without_the_extra_it_says_how_to_install_it(
    library: str, openset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # as where it is not installed
    with pytest.raises(OnrecordError, match=r"pip install 'onrecord\[evaluation\]'"):
        evaluate([openset], tmp_path / "data", "off")


def test_the_name_of_a_set_is_not_obeyed_by_the_terminal(
    openset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate([openset.rename(openset.with_name("t\x1b[31mny"))], tmp_path / "data", "off")
    assert capsys.readouterr().out.splitlines()[1].startswith("tny ")


def test_the_help_shows_how_to_write_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    run("eval", "--help")
    out = capsys.readouterr().out
    row = next(line.strip() for line in out.splitlines() if line.strip().startswith('{"question"'))
    assert json.loads(row).keys() == {"question", "answers", "paragraph"}
    assert "Example: onrecord eval" in out
