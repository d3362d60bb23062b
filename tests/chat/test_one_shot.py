"""One question and many, narrowed by options and by operators."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.chat.narrowing import NarrowingError, scope_of
from bot.chat.one_shot import ask_many, ask_one
from bot.index.corpus import Corpus, build_corpus
from bot.model import Release

WHO = "who chairs the harbour board?"


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture(scope="module")
def corpus(make_release: Callable[..., Release]) -> Corpus:
    old = make_release("Olof Berg chairs the harbour board.", id="old", published=date(2006, 5, 14), source="Göta")
    return build_corpus([make_release("Ingrid Dahl chairs the harbour board."), old])


def test_options_and_operators_narrow_one_question(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    for question, scope in ((WHO, scope_of("gota", None, None)), (f"{WHO} until:2006", scope_of(None, "2006", None))):
        assert ask_one(question, corpus, top=None, as_json=False, explain=False, scope=scope) == 0
        assert capsys.readouterr().out.startswith("“Olof Berg chairs the harbour board.”")


def test_a_refusal_says_on_standard_error_what_was_asked(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    scope = scope_of("gota", None, None)
    assert ask_one(f"{WHO} since:2007", corpus, top=None, as_json=False, explain=False, scope=scope) == 1
    out, err = capsys.readouterr()
    assert out == "Not on the record: the releases do not say.\n"
    assert err == "Only releases from Göta since 1 January 2007 were asked.\n"


def test_the_json_has_the_question_as_typed_and_nothing_more(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask_one(f"{WHO} from:gota", corpus, top=None, as_json=True, explain=False) == 0
    row = json.loads(capsys.readouterr().out)
    assert list(row) == ["question", "answered", "confidence", "quotes"]
    assert (row["question"], row["quotes"][0]["release"]["id"]) == (f"{WHO} from:gota", "old")


def test_a_source_that_there_is_not_is_one_sentence(corpus: Corpus) -> None:
    with pytest.raises(NarrowingError, match=r"No release is from acme\. Most are from:"):
        ask_one(WHO, corpus, top=None, as_json=False, explain=False, scope=scope_of("acme", None, None))


def test_of_many_questions_one_that_cannot_be_read_stops_none(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "questions"
    file.write_text(f"{WHO} since:soon\n{WHO} from:gota\n", encoding="utf-8")
    assert ask_many(str(file), corpus, top=1, as_json=True, explain=False, scope=scope_of(None, None, "2024")) == 0
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert (first["question"], first["answered"], first["quotes"]) == (f"{WHO} since:soon", False, [])
    assert second["quotes"][0]["release"]["id"] == "old"
    assert err.startswith("1: soon is no date")

    assert ask_many(str(file), corpus, top=1, as_json=False, explain=False) == 0
    out, err = capsys.readouterr()
    assert out.startswith("soon is no date: write a year, a month or a day after since:")
    assert "“Olof Berg chairs the harbour board.”" in out
    assert err == ""
