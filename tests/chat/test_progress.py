"""What is shown while sentences are encoded."""

import io
import sys

import pytest

from bot.chat.language import speaking
from bot.chat.progress import FEW, encoding_shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_few_sentences_are_not_worth_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    with encoding_shown() as told:
        told(0, FEW)
        told(FEW, FEW)
    assert capsys.readouterr().err == ""


def test_without_a_terminal_it_is_said_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    with encoding_shown() as told:
        told(0, 1234)
        told(64, 1234)
    assert capsys.readouterr().err == "Reading 1,234 sentences for what they mean. This is done once.\n"


def test_on_a_terminal_a_bar_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("TERM", "xterm")
    with speaking("en"), encoding_shown() as told:
        told(0, 1234)
        told(640, 1234)
    assert "640/1234" in terminal.getvalue()
