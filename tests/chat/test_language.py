"""Which language the fixed words are in, and what they are in it."""

import json
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest

from bot.chat.language import ENGLISH, gettext, languages, local_language, nearest_language, ngettext, speaking, spoken
from bot.chat.one_shot import ask_one
from bot.chat.wording import corrections_sentence, date_words, grouped, percent, refusal_sentence
from bot.index.corpus import Corpus
from bot.index.memory import MemoryIndex
from bot.index.releases import ReleasesInMemory
from bot.model import Refusal, Reply

NOTHING = Corpus(ReleasesInMemory(), MemoryIndex(), ())


def test_english_chinese_and_spanish_ship() -> None:
    assert (ENGLISH, *languages()) == ("en", "es", "zh")


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("zh-hans", "zh"),
        ("zh-TW", "zh"),
        ("zh-hant", "zh"),
        ("en-GB", "en"),
        ("est", "en"),
        ("fr", "en"),
        ("", "en"),
        ("-", "en"),
        ("../es", "en"),
    ],
)
def test_a_person_is_spoken_to_in_the_nearest_language(tag: str, language: str) -> None:
    assert nearest_language([tag]) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "es_ES@euro"}, "es"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "es_MX.UTF-8"}, "es"),
        ({"LC_MESSAGES": "es_MX.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "es_MX.UTF-8", "LANGUAGE": "zh"}, "zh"),
        ({"LC_ALL": "es_MX.UTF-8", "LANGUAGE": ""}, "es"),
        ({"LANGUAGE": "fr:es:zh"}, "es"),
        ({"LANGUAGE": "en_GB:es"}, "en"),
    ],
)
def test_a_terminal_speaks_the_language_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert local_language(environment) == language


def test_words_are_english_where_nothing_is_said_or_there_is_no_translation() -> None:
    assert spoken() == ENGLISH
    for language in (ENGLISH, "fr"):
        with speaking(language):
            assert gettext("In context") == "In context"
            assert ngettext("{count} release", "{count} releases", 2) == "{count} releases"
    with speaking("es"):
        assert gettext("In context") == "En contexto"
        assert gettext("This is in no translation file.") == "This is in no translation file."


def test_a_language_ends_where_it_began_also_after_an_error() -> None:
    with pytest.raises(ValueError, match="over"), speaking("es"), speaking("zh"):
        raise ValueError("over")
    assert spoken() == ENGLISH


def test_each_thread_speaks_its_own_language_at_the_same_time() -> None:
    said: dict[str, str] = {}
    both = Barrier(2, timeout=10)

    def talk(language: str) -> None:
        with speaking(language):
            both.wait()
            said[language] = gettext("In context")
            both.wait()

    threads = [Thread(target=talk, args=(language,)) for language in ("es", "zh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"es": "En contexto", "zh": "上下文"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["22 April 2021", "1 May 2024", "1,234,567", "93%"]),
        ("es", ["22 de abril de 2021", "1 de mayo de 2024", "1\xa0234\xa0567", "93\xa0%"]),
        ("zh", ["2021年4月22日", "2024年5月1日", "1,234,567", "93%"]),
    ],
)
def test_dates_and_figures_are_written_as_readers_write_them(language: str, said: list[str]) -> None:
    with speaking(language):
        dates = [date_words(date(2021, 4, 22)), date_words(date(2024, 5, 1))]
        assert [*dates, grouped(1_234_567), percent(0.93)] == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 more: /more", "2 more: /more"]),
        ("es", ["Queda 1 más: /more", "Quedan 2 más: /more"]),
        ("zh", ["还有 1 条：/more", "还有 2 条：/more"]),
    ],
)
def test_a_number_has_the_form_of_its_language(language: str, said: list[str]) -> None:
    with speaking(language):
        more = "{count} more: /more"
        assert [ngettext(more, more, count).format(count=count) for count in (1, 2)] == said


def test_a_refusal_is_translated_and_the_words_of_a_question_are_not() -> None:
    with speaking("es"):
        assert refusal_sentence(Reply("?", refusal=Refusal.NOT_ON_RECORD)) == "No consta: los comunicados no lo dicen."
        assert (
            corrections_sentence(Reply("?", corrections=(("chiars", "chairs"),))) == "He leído «chiars» como «chairs»."
        )


def test_one_question_is_answered_in_the_language_of_the_environment_and_json_is_not_translated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("who?\n", encoding="utf-8")
    monkeypatch.setenv("LANGUAGE", "es")
    ask_one("who chairs the board?", NOTHING, top=None, as_json=False, explain=False)
    assert capsys.readouterr().out == "No hay comunicados que consultar.\n"
    ask_one("who chairs the board?", NOTHING, top=None, as_json=True, explain=False)
    assert set(json.loads(capsys.readouterr().out)) == {"question", "answered", "confidence", "quotes"}
    assert spoken() == ENGLISH
