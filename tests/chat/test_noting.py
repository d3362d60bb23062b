"""What people ask at a terminal is noted after it is answered, and deleted when they say so."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main

QUAY = "Norrvik opened a third quay on Tuesday. Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
CHAIR, HERRING = "who chairs the harbour board?", "what does a herring cost?"
Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder with one release: what it printed, and what it said on standard error."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "quay.md").write_text(f"# A third quay\n\n{QUAY}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ONRECORD_RETENTION_DAYS", "90")

    def command(*words: str, typed: str = "") -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["onrecord", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return printed.out, printed.err

    return command


def noted(run: Run, tmp_path: Path) -> list[tuple[str, str, bool]]:
    run("export", "log.json")
    rows = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    return [(row["way"], row["question"], row["answered"]) for row in rows]


def test_questions_of_the_repl_and_of_ask_are_noted(run: Run, tmp_path: Path) -> None:
    run(typed=f"{CHAIR}\n/explain\n/more\n{HERRING}\n\n/help\n")
    run("ask", CHAIR)
    assert noted(run, tmp_path) == [("repl", CHAIR, True), ("repl", HERRING, False), ("ask", CHAIR, True)]


def test_what_programs_ask_is_not(run: Run, tmp_path: Path) -> None:
    run("ask", "--json", CHAIR)
    run("ask", "--questions", "-", typed=f"{CHAIR}\n")
    assert noted(run, tmp_path) == []


def test_privacy_says_what_is_kept_and_forget_deletes_it(run: Run, tmp_path: Path) -> None:
    printed, _ = run(typed=f"{CHAIR}\n/privacy\n/forget\n")
    assert "90 days" in printed
    assert "Done: the questions that you asked on this computer are deleted." in printed
    assert noted(run, tmp_path) == []


def test_nothing_is_noted_where_nothing_is_to_be_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_RETENTION_DAYS", "0")
    printed, _ = run(typed=f"{CHAIR}\n/privacy\n")
    assert "Your questions are not kept." in printed
    assert not (tmp_path / "data" / "desk.sqlite3").exists()


def test_a_question_is_answered_where_it_cannot_be_noted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    printed, _ = run(typed=f"{CHAIR}\n{CHAIR}\n/forget\n")
    assert printed.count("Ingrid Dahl, mayor of Norrvik, chairs the harbour board.") == 2
    assert "it is not deleted" in printed


def test_a_report_of_an_empty_log_says_so(run: Run, tmp_path: Path) -> None:
    printed, _ = run("report", "--out", "page.html")
    assert printed.startswith("Written: page.html\nNobody has asked anything yet")
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_an_export_needs_a_name_that_says_what_it_is(run: Run) -> None:
    _, said = run("export", "log.xlsx")
    assert said == "There is no export as .xlsx: name a file .csv or .json, or a folder for the votes.\n"


def test_what_is_asked_is_noted_in_the_database_of_the_settings(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE", database_url)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:token")
    run("ask", CHAIR)
    run("ask", HERRING)
    assert noted(run, tmp_path) == [("ask", CHAIR, True), ("ask", HERRING, False)]
    run("report", "--out", "report.html")
    assert HERRING in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not [path for path in (tmp_path / "data").iterdir() if path.name.startswith("desk")]


def test_a_database_that_cannot_be_used_gets_a_sentence_without_the_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE", "postgresql://anna:geh@eim@127.0.0.1/desk")
    printed, said = run("ask", CHAIR)
    assert "Ingrid Dahl" in printed
    assert "geh" not in printed + said
    for command in (("export", "log.csv"), ("follow", "https://norrvik.example/feed.xml")):
        assert run(*command)[1].startswith("ONRECORD_DATABASE has the form postgresql://")
