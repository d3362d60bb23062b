"""The command line as a person or a program meets it: real processes, their output and their exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answering.encoder import open_encoder

AUTO = open_encoder("auto")
Ask = Callable[..., subprocess.CompletedProcess[str]]

MAYOR = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."
HARBOUR = f"""---
title: Norrvik opens a third quay
published: 2024-05-14
source: Port of Norrvik
---
Norrvik opened a third quay on Tuesday. {MAYOR} The quay cost 12 million euros. It took three weeks.
"""
SOURCE = "— Norrvik opens a third quay · 14 May 2024 · Port of Norrvik"
WHO = "who chairs the harbour board?"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of one release, in which commands run."""
    place = tmp_path_factory.mktemp("place")
    (place / "corpus").mkdir()
    (place / "corpus" / "quay.md").write_text(HARBOUR, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def command(place: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts `onrecord` with these arguments, without an encoder unless ONRECORD_ENCODER is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "TELEGRAM_"))}
    environment = kept | {"ONRECORD_DATA": str(place / "data"), "PYTHONUTF8": "1", "COLUMNS": "100", "LANGUAGE": "en"}
    environment |= {"ONRECORD_ENCODER": "off", "ONRECORD_RETENTION_DAYS": "0"}

    def start(*arguments: str | bytes, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=place,
            env=environment | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    return start


@pytest.fixture(scope="module")
def onrecord(command: Callable[..., subprocess.Popen[str]]) -> Ask:
    """Runs `onrecord` with these arguments; whatever comes of it, there is no traceback and no raw control."""

    def run(*arguments: str | bytes, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        process = command(*arguments, **more)
        out, err = process.communicate(typed, timeout=60)
        for said in (out, err):
            assert "Traceback" not in said
            assert all(sign == "\n" or sign.isprintable() for sign in said), said
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    return run


# One question


def test_an_answer_is_the_sentence_and_its_source(onrecord: Ask) -> None:
    run = onrecord("ask", WHO)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"“{MAYOR}”\n{SOURCE}\n"


def test_what_the_release_does_not_say(onrecord: Ask) -> None:
    run = onrecord("ask", "who is the president of France?")
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout == "Not on the record: the releases do not say.\n"


def test_the_nearest_sentences_are_one_option_away(onrecord: Ask) -> None:
    run = onrecord("ask", "--explain", "who is the president of the harbour in France?")
    assert run.returncode == 1
    refusal, nearest, quote, *_ = run.stdout.splitlines()
    assert (refusal, nearest) == ("Not on the record: the releases do not say.", "Nearest, not an answer:")
    assert quote.strip("“”") in HARBOUR


def test_options_narrow_what_is_asked_of_one_question_of_many_and_in_a_conversation(onrecord: Ask) -> None:
    told = "Only releases until 31 December 2003 were asked.\n"
    assert onrecord("ask", "--until", "2003", WHO).stderr == told
    assert onrecord("--until", "2003", "ask", WHO).stderr == told
    row = json.loads(onrecord("ask", "--json", "--until", "2003", "--questions", "-", typed=f"{WHO}\n").stdout)
    assert (row["question"], row["answered"]) == (WHO, False)
    talk = onrecord("--until", "2003", typed=f"{WHO}\n/all\n{WHO}\n").stdout.splitlines()
    assert (talk[0], talk[-2:]) == ("Not on the record: the releases do not say.", [f"“{MAYOR}”", SOURCE])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "soon"), "soon is no date: write a year, a month or a day after --since, such as 2006, 2006-03, "),
        (("--since", "2006", "--until", "2005"), "No day is both since 1 January 2006 and until 31 December 2005: "),
        (("--from", "acme"), "No release is from acme. Most are from: "),
    ],
)
def test_options_that_no_release_can_meet_are_one_sentence(onrecord: Ask, options: tuple[str, ...], said: str) -> None:
    for arguments in (("ask", "--json", *options, "--questions", "-"), options):
        run = onrecord(*arguments)
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.startswith(said)
        assert run.stderr.count("\n") == 1


@pytest.mark.skipif(AUTO.encoder is None, reason=f"no encoder here: {AUTO.note}")
def test_a_question_in_another_language_gets_the_english_sentence(onrecord: Ask) -> None:
    run = onrecord("ask", "¿quién es la alcaldesa de Norrvik?", ONRECORD_ENCODER="auto")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"“{MAYOR}”\n{SOURCE}\n"


def test_a_folder_without_a_model_is_one_sentence(onrecord: Ask, place: Path) -> None:
    run = onrecord("ask", WHO, ONRECORD_ENCODER=str(place))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.count("\n") == 1
    assert "model.onnx" in run.stderr


def test_a_reply_as_json(onrecord: Ask) -> None:
    run = onrecord("ask", "--json", "--top", "2", "how long did the quay take?")
    assert run.returncode == 0
    (line,) = run.stdout.splitlines()
    reply = json.loads(line)
    assert list(reply) == ["question", "answered", "confidence", "quotes"]
    assert (reply["question"], reply["answered"]) == ("how long did the quay take?", True)
    assert 0 < reply["confidence"] <= 1
    assert len(reply["quotes"]) == 2
    for quote in reply["quotes"]:
        assert list(quote) == ["text", "start", "end", "score", "answer", "before", "passage", "release"]
        assert quote["text"] in quote["passage"]
        assert quote["end"] - quote["start"] == len(quote["text"])
    first = reply["quotes"][0]
    assert (first["text"], first["before"]) == ("It took three weeks.", "The quay cost 12 million euros.")
    assert first["text"][first["answer"]["start"] : first["answer"]["end"]] == "three weeks"
    assert first["release"] == {
        "id": "quay",
        "title": "Norrvik opens a third quay",
        "published": "2024-05-14",
        "source": "Port of Norrvik",
        "url": None,
    }


def test_the_corpus_that_ships(onrecord: Ask) -> None:
    shipped = Path(__file__).parents[1] / "corpus"
    run = onrecord("ask", "--corpus", str(shipped), "who chairs the chain?")
    assert run.returncode == 0
    assert "Du Xiaogang" in run.stdout


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "Nothing was asked."),
        ("harbour " * 12_500, "This is too long for one question."),  # 100,000 characters
        (b"who chairs \xff\xfe the harbour board", MAYOR),  # not in the encoding of the terminal
    ],
    ids=["empty", "100,000 characters", "broken encoding"],
)
def test_a_question_may_be_anything(onrecord: Ask, question: str | bytes, says: str) -> None:
    run = onrecord("ask", question)
    assert run.returncode == (0 if says == MAYOR else 1)
    assert says in run.stdout


def test_a_terminal_that_knows_few_signs_gets_the_others_replaced(onrecord: Ask) -> None:
    run = onrecord("ask", WHO, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (run.returncode, run.stdout.splitlines()[0]) == (0, f"?{MAYOR}?")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask"], "Give one question, or --questions FILE"),
        (["ask", "--corpus", "nowhere", WHO], "There is no folder"),
        (["ask", "--questions", "nowhere.txt"], "Cannot read the questions"),
        (["ask", "--top", "0", WHO], "--top"),
        (["eval", "nowhere"], "questions.jsonl"),
    ],
    ids=["no question", "no such folder", "no such file of questions", "no quotes", "no open set"],
)
def test_what_cannot_run_says_what_to_do(onrecord: Ask, arguments: list[str], says: str) -> None:
    run = onrecord(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr


# Many questions


def test_a_file_of_questions_is_answered_line_by_line(onrecord: Ask, place: Path) -> None:
    """Whatever stands on a line, it has a reply, and the order is kept."""
    questions = [
        (WHO, True),
        ("", False),
        ("   ", False),
        ("who is it?", False),
        ("🎉🎉", False),
        ("\x1b[31mwho chairs\x07 the harbour board\x1b[0m?\x9b2J", True),
        ("who\u202e chairs the harbour board", True),
        ("harbour " * 12_500, False),
        ("who is the president of France?", False),
    ]
    text = "\r\n".join(question for question, _ in questions)
    (place / "questions.txt").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\n\xff\xfe\nlast line without an end")
    run = onrecord("ask", "--json", "--questions", "questions.txt")
    assert run.returncode == 0
    replies = [json.loads(line) for line in run.stdout.splitlines()]
    assert [reply["question"] for reply in replies[: len(questions)]] == [question for question, _ in questions]
    assert [reply["answered"] for reply in replies[: len(questions)]] == [answered for _, answered in questions]
    assert [reply["question"] for reply in replies[len(questions) :]] == ["\ufffd\ufffd", "last line without an end"]
    assert replies[1] == {"question": "", "answered": False, "confidence": 0.0, "quotes": []}


def test_questions_through_a_pipe_are_answered_as_they_come(command: Callable[..., subprocess.Popen[str]]) -> None:
    with command("ask", "--json", "--questions", "-") as process:
        assert process.stdin and process.stdout and process.stderr
        for question, answered in ((WHO, True), ("", False), ("who is the president of France?", False)):
            process.stdin.write(f"{question}\n")
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())  # is there before the next question is
            assert (reply["question"], reply["answered"]) == (question, answered)
        process.stdin.close()
        assert (process.stdout.read(), process.stderr.read(), process.wait(60)) == ("", "", 0)


def test_a_reader_that_leaves_early_is_no_error(command: Callable[..., subprocess.Popen[str]]) -> None:
    with command("ask", "--questions", "-") as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(f"{WHO}\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(f"{WHO}\n" * 3)
        process.stdin.close()
        assert "Traceback" not in process.stderr.read()


def test_no_question_of_the_file_is_answered(onrecord: Ask) -> None:
    run = onrecord("ask", "--questions", "-", typed="\nwho is the president of France?\n")
    assert run.returncode == 1
    nothing, _, not_on_record, _ = run.stdout.split("\n", 3)
    assert nothing.startswith("Nothing was asked.")
    assert not_on_record.startswith("Not on the record")


# Releases as they come


def test_files_that_cannot_be_read_are_named_and_the_rest_works(onrecord: Ask, tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 4)
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "broken.txt").write_bytes("Fähren fahren über den Öresund. ".encode() * 4 + b"\xff\xfe")
    (tmp_path / "matter.md").write_text("---\ntitle: [never closed\n---\nThe tunnel is closed.", encoding="utf-8")
    (tmp_path / "same.md").write_text("---\nid: one\n---\nThe hill is green.", encoding="utf-8")
    (tmp_path / "twin.md").write_text("---\nid: one\n---\nThe hill is red.", encoding="utf-8")
    run = onrecord("ask", "--corpus", str(tmp_path), WHO)
    assert (run.returncode, run.stdout) == (0, f"“{MAYOR}”\n{SOURCE}\n")
    warnings = run.stderr.splitlines()
    assert all(line.startswith(f"Warning: {tmp_path}") and line.endswith(".") for line in warnings)
    named = {line.removeprefix(f"Warning: {tmp_path}{os.sep}").split()[0] for line in warnings}
    assert named == {f"{name}.txt" for name in ("empty", "binary", "huge", "dangling", "broken")} | {
        "matter.md",
        "twin.md",
    }
    # What is wrong with the corpus is said as long as it is wrong, read anew or not.
    again = onrecord("ask", "--corpus", str(tmp_path), "is the tunnel closed?")
    assert again.stderr == run.stderr
    assert "The tunnel is closed." in again.stdout


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(onrecord: Ask, tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("The tunnel is closed.", encoding="utf-8")
    (tmp_path / "secret.txt").chmod(0)
    run = onrecord("ask", "--corpus", str(tmp_path), WHO)
    assert run.returncode == 0
    assert "secret.txt is skipped" in run.stderr


def test_an_empty_folder_says_what_belongs_there(onrecord: Ask, tmp_path: Path) -> None:
    run = onrecord("ask", "--corpus", str(tmp_path), WHO)
    assert (run.returncode, run.stdout) == (1, "There are no releases to ask.\n")
    assert run.stderr.startswith("Warning: There is no release in ") and ".txt" in run.stderr


def test_escape_sequences_of_a_release_never_reach_the_terminal(onrecord: Ask, tmp_path: Path) -> None:
    (tmp_path / "evil.md").write_text(
        '---\ntitle: "The \\e[31mred\\a quay"\nsource: "Port\x1b]0;owned\x07 of \u202eNorrvik"\n---\n'
        "Ingrid\x1b[2J Dahl chairs\x08 the \x9b31mharbour &#27;[31m board. The board has met in Norrvik for a hundred years.\n",
        encoding="utf-8",
    )
    for more in (("--json",), ("--explain",)):
        run = onrecord("ask", *more, "--corpus", str(tmp_path), WHO)  # which looks for controls itself
        assert run.returncode == 0
        assert "Ingrid Dahl chairs the harbour" in run.stdout


# Figures


def test_the_figures_of_an_open_set(onrecord: Ask, place: Path) -> None:
    known = {"question": WHO, "answers": [MAYOR], "paragraph": None}
    (place / "questions.jsonl").write_text(json.dumps(known), encoding="utf-8")
    run = onrecord("eval", "--json", ".")
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout)["p1"] == 1.0
