"""What is said to commands and to everything that is no question."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_html import from_html, marked_text, utf16_length
from telegram_rules import MAX_TEXT, commands, inline_button, keyboard

from bot.chat.language import ENGLISH, gettext, languages, speaking
from bot.chat.telegram import notices, office_notices, office_texts, report_notices, texts
from bot.chat.telegram.buttons import Page, Use, UseAll, decode
from bot.chat.telegram.messages import Message
from bot.desk.figures import Quoted, Totals
from bot.desk.filing import Proposal, Standing
from bot.desk.grouping import Group
from bot.desk.holdings import Filed
from bot.model import Release
from bot.reading.draft import Draft

LANGUAGES = (ENGLISH, *languages())


def seen(message: Message) -> str:
    """What a person sees of a message that Telegram would take, buttons included."""
    keyboard(
        {"inline_keyboard": [[{"text": b.label, "callback_data": b.data} for b in row] for row in message.buttons]}
    )
    text, _ = from_html(message.html)
    assert 0 < utf16_length(text) <= MAX_TEXT
    return text


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.buttons]


@pytest.fixture
def many(make_release: Callable[..., Release]) -> Sequence[Release]:
    return [make_release(id=f"quay-{number}", title=f"Quay {number}", source=None) for number in range(1, 20)]


class TestReleases:
    def test_are_listed_with_a_button_each(self, many: Sequence[Release]) -> None:
        message = notices.releases_message(many[:2])
        assert seen(message).split("\n") == [texts.ONE_PAGE, "1. Quay 1 · 14 May 2024", "2. Quay 2 · 14 May 2024"]
        assert labels(message) == [["1. Quay 1"], ["2. Quay 2"]]
        assert decode(message.buttons[1][0].data) == Use("quay-2")

    def test_come_in_pages_of_eight(self, many: Sequence[Release]) -> None:
        first, second, last = (notices.releases_message(many, page) for page in range(3))
        assert seen(second).startswith("Releases, page 2 of 3.")
        assert labels(first)[-1] == ["Next ›"]
        assert labels(second)[-1] == ["‹ Previous", "Next ›"]
        assert [decode(button.data) for button in second.buttons[-1]] == [Page(0), Page(2)]
        assert labels(last) == [["17. Quay 17"], ["18. Quay 18"], ["19. Quay 19"], ["‹ Previous"]]

    def test_turn_to_the_nearest_page_there_is(self, many: Sequence[Release]) -> None:
        assert notices.releases_message(many, 2**63) == notices.releases_message(many, 2)
        assert notices.releases_message(many, -1) == notices.releases_message(many, 0)

    def test_mark_the_one_that_is_chosen_and_offer_all(self, many: Sequence[Release]) -> None:
        message = notices.releases_message(many[:2], chosen=many[1])
        assert labels(message) == [["1. Quay 1"], ["✓ 2. Quay 2"], ["Ask all releases"]]
        assert decode(message.buttons[-1][0].data) == UseAll()

    def test_may_be_none(self) -> None:
        assert notices.releases_message([]) == Message("There are no releases to ask.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/releses", "I do not know /releses. Did you mean /releases?"),
        ("/RELEASE@onrecord_bot please", "I do not know /RELEASE. Did you mean /releases?"),
        ("/priv", "I do not know /priv. Did you mean /privacy?"),
        ("/weather", "I do not know /weather. /help shows what I can do."),
        ("/<b>", "I do not know /<b>. /help shows what I can do."),
        ("/", "I do not know /. /help shows what I can do."),
    ],
)
def test_an_unknown_command_is_told_the_nearest_one(typed: str, said: str) -> None:
    assert seen(notices.unknown_command_message(typed)) == said


def test_a_link_greets_with_the_title_of_its_release(make_release: Callable[..., Release]) -> None:
    message = notices.scoped_start_message(make_release(title="Quays & <piers>"))
    text, entities = from_html(message.html)
    assert text.startswith("Hello! You are asking “Quays & <piers>” only.\n")
    assert marked_text(text, entities[0]) == "Quays & <piers>"
    assert seen(notices.using_message(make_release(title=" "))).startswith("You are asking “quay” only.")


def test_all_releases_are_counted() -> None:
    assert seen(notices.all_message(1)) == "You are asking the only release there is."
    assert seen(notices.all_message(12)) == "You are asking all 12 releases."


def test_waiting_is_said_in_whole_seconds() -> None:
    assert "in 1 s." in seen(notices.too_fast_message(0.01))
    assert "in 13 s." in seen(notices.too_fast_message(12.2))


def test_help_shows_an_example_every_command_and_the_name_of_the_bot() -> None:
    said = seen(notices.help_message("who chairs the chain?", "onrecord_bot"))
    assert "who chairs the chain?" in said
    assert "@onrecord_bot" in said
    assert all(f"/{name}" in said for name in ("ask", "releases", "all", "privacy"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_and_the_notices_keep_to_the_limits_of_telegram(language: str) -> None:
    with speaking(language):
        commands({"commands": [{"command": name, "description": gettext(said)} for name, said in texts.COMMANDS]})
        for text in (notices.inline_hint("x" * 500), gettext(texts.INLINE_NOTHING)):
            assert len(text) <= 100
            inline_button({"text": text, "start_parameter": texts.INLINE_START})
        for notice in (texts.VOTED_UP, texts.VOTED_DOWN, texts.GONE, texts.OLD_BUTTON):
            assert utf16_length(gettext(notice)) <= 200


@settings(deadline=None, max_examples=50)
@given(
    st.text()
    | st.sampled_from(["<b>", "&lt;", "{title}", "\ud83d", "\u202e", "x" * 5_000, "👩‍👩‍👧‍👦" * 900, " ", "\n"]),
    st.sampled_from(LANGUAGES),
)
def test_telegram_takes_every_notice_whatever_is_put_into_it(text: str, language: str) -> None:
    release = Release(id="quay", text=text, title=text, source=text)
    with speaking(language):
        said = every_notice(text, release)
    for message in said:
        seen(message)


def every_notice(text: str, release: Release) -> Sequence[Message]:
    return (
        notices.start_message(text),
        notices.scoped_start_message(release),
        notices.help_message(text, text, admin=True),
        notices.privacy_message(90, noted=True),
        notices.forgotten_message(),
        notices.releases_message([release] * 20, 1, release),
        notices.using_message(release),
        notices.all_message(len(text)),
        notices.no_such_release_message(text),
        notices.unknown_command_message(text),
        notices.text_only_message(),
        notices.ask_what_message(text),
        notices.error_message(text),
        notices.group_welcome_message(text),
        *office_notice(text, release),
    )


def office_notice(text: str, release: Release) -> Sequence[Message]:
    draft = Draft(text, title=text, source=text, place=text, url=text, warnings=(text,) * 20)
    filed, now = Filed(Path(text[:20].replace("\0", "") or "x"), release), datetime(2026, 3, 1, tzinfo=UTC)
    totals = Totals(3, 2, 1, 4, 5, (("telegram", 3),), (("en", 3),))
    quoted = [Quoted(text, text, 3, 2, 1, 0)] * 30
    groups = [Group(text, 3, 2, now, now, ((text, 3),))] * 30
    return (
        office_notices.proposal_message(Proposal(draft, text, filed.path, Standing.NEW), 7),
        office_notices.proposal_message(Proposal(draft, text, filed.path, Standing.VERSION, filed), 7),
        office_notices.proposal_message(Proposal(draft, text, filed.path, Standing.SAME, filed), None),
        office_notices.removal_message(filed, 7),
        office_notices.corpus_message([text] * 10),
        office_notices.failure_message(text),
        office_notices.refusal_message(7, nobody=True),
        office_notices.refusal_message(7, nobody=False),
        office_notices.told_of(office_texts.PUBLISHED, text),
        report_notices.stats_message([(7, totals), (30, totals)], quoted),
        report_notices.unanswered_message(30, groups),
        report_notices.unanswered_message(30, []),
        report_notices.digest_message(totals, quoted, groups, 7),
    )
