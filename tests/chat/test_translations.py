"""The translation files: they hold what the source says, whole and in each language, in the form that is read."""

import re
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.chat.commands import COMMANDS
from bot.chat.language import DOMAIN, LOCALE, gettext, languages, speaking
from bot.chat.parts import Context, Help, Listing, Nearest, Part, Quotes
from bot.chat.plain import part_lines
from bot.chat.repl import greeting
from bot.chat.session import Session, step
from bot.chat.telegram import messages, notices, texts
from bot.chat.telegram.messages import Answer
from bot.index.corpus import Corpus
from bot.index.memory import MemoryIndex
from bot.index.releases import ReleasesInMemory
from bot.index.scope import Scope
from bot.model import Passage, Quote, Refusal, Release, Reply

CHAT = LOCALE.parent
in_each_language = pytest.mark.parametrize("language", languages())

# What a translation keeps letter by letter: commands, options, the bot's name, line ends, and what HTML would read.
KEPT = re.compile(r"(?<![\w}])/\{?[a-z]+\}?|--[a-z]+|@\{bot\}|\n|</?\w[^>]*>|&\w+;|Ctrl-[A-Z]|\bN\b|[•👍👎‹›]")


def file_of(language: str, ending: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


@cache
def catalog(language: str) -> Catalog:
    with file_of(language, "po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def template() -> Catalog:
    with (LOCALE / f"{DOMAIN}.pot").open("rb") as file:
        return read_po(file)


def ids(of: Catalog) -> set[str | tuple[str, ...]]:
    return {tuple(message.id) if message.pluralizable else str(message.id) for message in of if message.id}


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message, or its forms by number; nothing where it is not translated."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each English sentence with each of its translations: the form for many with all but the first."""
    for message in catalog(language):
        if message.id:
            said = forms(message.string)
            for number, translated in enumerate(said):
                yield forms(message.id)[-1 if number or len(said) == 1 else 0], translated


# The files


def test_the_template_holds_what_an_extractor_finds_in_the_source() -> None:
    found = {message for _, _, message, _, _ in extract_from_dir(CHAT)}
    assert ids(template()) == found
    assert len(found) > 100


@in_each_language
def test_every_message_is_translated_in_every_form(language: str) -> None:
    translated = catalog(language)
    assert ids(translated) == ids(template())
    assert not translated.obsolete
    for message in translated:
        if message.id:
            assert not message.fuzzy
            assert len(forms(message.string)) == (translated.num_plurals if message.pluralizable else 1)
            assert all(form.strip(" ") for form in forms(message.string)), message.id


@in_each_language
def test_places_commands_and_line_ends_stay_as_they_are(language: str) -> None:
    for english, translated in pairs(language):
        assert places(translated) == places(english), english
        assert sorted(KEPT.findall(translated)) == sorted(KEPT.findall(english)), english


def test_no_sentence_is_html() -> None:
    for message in template():
        assert not any(re.search(r"<\w|&\w+;", form) for form in forms(message.id))


@in_each_language
def test_what_is_read_is_what_the_translators_wrote(language: str) -> None:
    written = BytesIO()
    write_mo(written, catalog(language))
    written.seek(0)
    with file_of(language, "mo").open("rb") as file:
        shipped, compiled = GNUTranslations(file), GNUTranslations(written)
    assert shipped.info()["plural-forms"] == compiled.info()["plural-forms"]
    for message in catalog(language):
        one, *many = forms(message.id)
        if many:
            for count in range(100):
                assert shipped.ngettext(one, many[0], count) == compiled.ngettext(one, many[0], count)
        elif one:
            assert shipped.gettext(one) == compiled.gettext(one) == message.string


# The words


def test_chinese_is_set_with_its_own_signs() -> None:
    for english, translated in pairs("zh"):
        assert not re.search(r"[\u4e00-\u9fff}][,;:?!]|[\u4e00-\u9fff]\.|\((?=[\u4e00-\u9fff])", translated), english


def test_spanish_opens_what_it_closes() -> None:
    for _, translated in pairs("es"):
        for opening, closing in ("¿?", "¡!", "«»", "()"):
            assert translated.count(opening) == translated.count(closing), translated


@in_each_language
def test_the_help_names_the_buttons_as_they_are_named(language: str) -> None:
    with speaking(language):
        said = gettext(texts.HELP_BUTTONS)
        assert gettext(texts.MORE).partition(" · ")[0] in said
        assert gettext(texts.IN_CONTEXT) in said


# What is shown


def test_every_sentence_of_telegram_is_marked_for_translation() -> None:
    named = {name: value for name, value in vars(texts).items() if name.isupper() and isinstance(value, str)}
    worded = {name for name, value in named.items() if re.search(r"[^\W\d]", re.sub(r"\{\w+\}", "", value))}
    assert {name for name in worded if named[name] not in ids(template())} == {"FOLLOW_UP", "INLINE_START"}
    assert {said for _, said in texts.COMMANDS} | {command.does for command in COMMANDS} <= ids(template())


RELEASE = Release("无锡", "无锡新开一座码头。码头耗资一千二百万元。", "无锡新码头", source="无锡港")
QUOTE = Quote(RELEASE, 0, 9, Passage(RELEASE, 0, len(RELEASE.text), ()), 1.0)
ANSWERS = Reply("谁？", (QUOTE,) * 3, 0.9, None, (("一", "二"),))
NEAR = Reply("谁？", (QUOTE,) * 3, 0.1, Refusal.NOT_ON_RECORD, (("一", "二"),))
# Words that are no command, option, name or operator.
LATIN = re.compile(r"(?<![/@\w:-])(?!(?:from|since|until):)[A-Za-z]{2,}")


def talk(corpus: Corpus, reply: Reply) -> list[Part]:
    """What is shown in a talk of the REPL in which every command is tried, and every mistake is made."""
    session, shown = Session(corpus, page=1), list[Part]()
    early = ("/more", "/context", "/explain")
    late = ("谁？", "/context", "/context 9", "/more", "/more", "/explain", "/releases", "/releases 9", "/use 9")
    narrowed = ("谁？ since:2006", "谁？ since:二月", "since:2006", "谁？ from:无", "谁？ since:2006 until:2005")
    for line in (*early, *late, *narrowed, "/use 1", "谁？", "/all", "/hlep", "/无", "/help"):
        session, parts = step(session, line, ask=lambda *_, **__: reply)
        shown += parts
    return shown


def test_in_chinese_the_repl_says_nothing_in_english() -> None:
    with speaking("zh"):
        lines: list[str] = []
        for releases in ((), (RELEASE,), (RELEASE,) * 3):
            corpus = Corpus(ReleasesInMemory(releases), MemoryIndex(), ())
            lines += greeting(corpus)
            refusals = [Reply("?", refusal=refusal) for refusal in Refusal]
            for reply in (ANSWERS, NEAR, *refusals):
                parts = [part for part in talk(corpus, reply) if type(part).__name__ != "Reasons"]
                lines += [getattr(part, "text", "") for part in parts]
                lines += [line for part in parts for line in part_lines(part)]
        for part in (Quotes(NEAR), Nearest(NEAR, 0, 2), Context(QUOTE, nearest=True), Listing([RELEASE]), Help("谁？")):
            lines += part_lines(part)
    shown = "\n".join(lines).replace("when was it announced?", "").replace("who chairs the chain?", "")
    assert "没有 /hlep 这个命令。您是想输入 /help 吗？" in shown
    assert set(LATIN.findall(shown)) == {"Ctrl", "onrecord"}


def test_in_chinese_telegram_says_nothing_in_english() -> None:
    with speaking("zh"):
        answers = [Answer(7, reply, "谁？", RELEASE, 1, 2) for reply in (ANSWERS, NEAR, Reply("?"))]
        refusals = [Answer(7, Reply("?", refusal=refusal), narrowed=Scope(source="无")) for refusal in Refusal]
        shown = [messages.answer_message(answer) for answer in (*answers, *refusals)]
        shown += [messages.quote_message(answer, 2) or shown[0] for answer in answers]
        shown += [messages.context_message(answer, 1) or shown[0] for answer in answers]
        shown += [
            notices.start_message("谁？"),
            notices.scoped_start_message(RELEASE),
            notices.help_message("谁？", "bot"),
            notices.privacy_message(90, noted=True),
            notices.releases_message(()),
            notices.releases_message([RELEASE]),
            notices.releases_message([RELEASE] * 20, 1, RELEASE),
            notices.using_message(RELEASE),
            notices.all_message(1),
            notices.all_message(2),
            notices.no_such_release_message("无"),
            notices.unknown_command_message("/hlep"),
            notices.unknown_command_message("/无"),
            notices.text_only_message(),
            notices.ask_what_message("谁？"),
            notices.too_fast_message(3),
            notices.error_message("12"),
            notices.group_welcome_message("bot"),
        ]
        words = [re.sub(r"</?\w[^>]*>", "", message.html) for message in shown]
        words += [button.label for message in shown for row in message.buttons for button in row]
        said = "\n".join([*words, notices.inline_hint("谁？")])
    said = re.sub(r"who chairs the chain\?|and in 2025\?", "", said)
    assert set(LATIN.findall(said)) == {"Telegram"}
