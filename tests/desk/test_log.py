"""The log keeps what was asked, forgets it when it is told to, and never keeps a question from its answer."""

import logging
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_world import ANNA, BERT, NOON, QUOTE, answered, unanswered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from bot.desk import keeping, people, sqlite
from bot.desk.log import DATABASE, QuestionLog, open_log
from bot.desk.noted import LONGEST_QUESTION, Question, Vote, bounded, noted_reply
from bot.model import OnrecordError, Passage, Quote, Refusal, Release, Reply, Sentence

EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
Open = Callable[..., QuestionLog]
in_a_file = pytest.mark.parametrize("url", [None], ids=["file"])
"""What is true of files only."""


@pytest.fixture
def opened(url: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens logs, which are closed after the test, and which do not wait for another program."""
    monkeypatch.setattr(sqlite, "PATIENCE", 0.0)
    logs = []

    def make(data: Path = tmp_path / "data", retention_days: int = 90_000, secret: str | None = None) -> QuestionLog:
        logs.append(open_log(data, retention_days, url, secret))
        return logs[-1]

    yield make
    for log in logs:
        log.close()


@pytest.fixture
def log(opened: Open) -> QuestionLog:
    return opened()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def questions(log: QuestionLog) -> list[Question]:
    return [*log.period(*EVER).questions]


def votes(log: QuestionLog) -> list[Vote]:
    return [*log.period(*EVER).votes]


def note(log: QuestionLog, question: str = "Are dogs allowed?", person: str = ANNA) -> int:
    number = log.note(unanswered(question, person))
    assert number is not None
    return number


# What is kept.


def test_a_question_is_kept_as_it_was_noted(log: QuestionLog) -> None:
    noted = answered(person=BERT, way="group", language="es", asked_at=NOON)
    number = log.note(noted)
    assert number is not None
    assert questions(log) == [
        Question(
            number, NOON, BERT, "group", "es", noted.question, True, 0.9, "quay", "Norrvik opens a third quay", QUOTE
        )
    ]
    assert log.began() == NOON


def test_questions_come_in_order_and_a_period_ends_before_its_end(log: QuestionLog) -> None:
    for hours in (2, 0, 1):
        log.note(unanswered(f"After {hours}?", asked_at=NOON + timedelta(hours=hours)))
    period = log.period(NOON, NOON + timedelta(hours=2))
    assert [one.question for one in period.questions] == ["After 0?", "After 1?"]


@given(st.text())
def test_no_text_is_kept_that_a_screen_would_obey_or_that_is_too_long(text: str) -> None:
    kept = bounded(unanswered(text * 30))["question"]
    assert isinstance(kept, str)
    assert len(kept) <= LONGEST_QUESTION
    assert kept.isprintable() or any(ord(character) > 0x7F for character in kept)
    assert not {*kept} & {*map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0xD800, 0xE000)])}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_can_be_kept(log: QuestionLog, question: str, quote: str) -> None:
    number = log.note(answered(question, title=question, quote=quote, language=question))
    assert number is not None
    log.vote(number, BERT, True, "quay", quote)
    assert number in {vote.question for vote in votes(log)}


def test_a_reply_is_noted_with_its_first_quote_where_it_answers() -> None:
    release = Release(id="quay", text=QUOTE, title="A quay")
    passage = Passage(release, 0, len(QUOTE), (Sentence(release, 0, len(QUOTE)),))
    reply = Reply("who chairs?", (Quote(release, 0, len(QUOTE), passage, 1.0),), 0.8)
    told = {"person": ANNA, "way": "repl", "language": "en"}
    noted = noted_reply(reply, **told)  # type: ignore[arg-type]
    assert noted is not None
    assert (noted.question, noted.answered, noted.release, noted.title, noted.quote) == (
        "who chairs?",
        True,
        "quay",
        "A quay",
        QUOTE,
    )
    refused = noted_reply(replace(reply, refusal=Refusal.NOT_ON_RECORD), question="and who?", **told)  # type: ignore[arg-type]
    assert refused is not None
    assert (refused.question, refused.answered, refused.release, refused.quote) == ("and who?", False, None, None)
    for refusal in (Refusal.EMPTY, Refusal.VAGUE, Refusal.TOO_LONG):
        assert noted_reply(replace(reply, refusal=refusal), **told) is None  # type: ignore[arg-type]


def test_a_second_vote_takes_the_place_of_the_first(log: QuestionLog) -> None:
    number = note(log)
    log.vote(number, ANNA, True, "quay", QUOTE)
    log.vote(number, BERT, True, "quay", QUOTE)
    log.vote(number, ANNA, False, "tunnel", "Another.")
    assert {(vote.person, vote.up, vote.release, vote.quote) for vote in votes(log)} == {
        (ANNA, False, "tunnel", "Another."),
        (BERT, True, "quay", QUOTE),
    }


def test_a_vote_on_a_question_that_is_not_kept_counts_nothing(log: QuestionLog) -> None:
    number = note(log)
    log.vote(number + 1, ANNA, True, "quay", QUOTE)
    log.vote(None, ANNA, True, "quay", QUOTE)
    log.vote(number, "", True, "quay", QUOTE)
    assert votes(log) == []


def test_an_edited_question_loses_its_votes_and_keeps_its_time(log: QuestionLog) -> None:
    number = log.note(unanswered(asked_at=NOON))
    log.vote(number, BERT, True, "quay", QUOTE)
    assert log.rewrite(number, answered()) == number
    (kept,) = questions(log)
    assert (kept.question, kept.answered, kept.quote, kept.asked_at) == (answered().question, True, QUOTE, NOON)
    assert votes(log) == []


@pytest.mark.parametrize("number", [None, 7])
def test_an_edited_question_that_was_not_kept_is_a_new_one(log: QuestionLog, number: int | None) -> None:
    assert log.rewrite(number, answered()) not in (None, 7)
    assert len(questions(log)) == 1


# Who asked.


@in_a_file
def test_a_person_is_a_hash_that_only_this_folder_can_tell(opened: Open, tmp_path: Path) -> None:
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    person = here.person("telegram", 123456789)
    assert person == here.person("telegram", 123456789) == opened(tmp_path / "here").person("telegram", "123456789")
    assert len(person) == 32
    assert int(person, 16) >= 0
    assert (
        len({person, here.person("telegram", 1), here.person("repl", 123456789), there.person("telegram", 123456789)})
        == 4
    )
    log_of = here
    note(log_of, person=person)
    log_of.close()
    salt = (tmp_path / "here" / people.NAME).read_bytes()
    kept = (tmp_path / "here" / DATABASE).read_bytes()
    assert salt not in kept
    assert b"123456789" not in kept


@in_a_file
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_only_the_owner_may_read_the_files(log: QuestionLog, data: Path) -> None:
    note(log, person=log.person("repl", "me"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()} == {0o600}


@pytest.mark.parametrize("url", ["postgresql://db.example/desk"])
def test_on_a_server_a_person_is_the_same_on_all_machines_with_the_token_of_the_bot(
    opened: Open, tmp_path: Path
) -> None:
    def person(folder: str, secret: str | None) -> str:
        return opened(tmp_path / folder, secret=secret).person("telegram", 1)

    assert person("here", "1:token") == person("there", "1:token")
    assert len({person("here", "1:token"), person("here", "2:token"), person("here", None), person("there", None)}) == 4


@in_a_file
def test_in_a_folder_the_token_of_the_bot_makes_no_difference(opened: Open) -> None:
    assert opened(secret="1:token").person("telegram", 1) == opened(secret=None).person("telegram", 1)


def test_all_who_open_a_folder_at_once_have_one_salt(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        salts = {*pool.map(lambda _: people.read_salt(tmp_path / "data"), range(64))}
    assert len(salts) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == [people.NAME]


@in_a_file
def test_without_a_salt_nothing_is_kept_and_nothing_forgotten(
    log: QuestionLog, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data.mkdir()
    (data / people.NAME).write_bytes(b"half a salt")
    person = log.person("telegram", 1)
    assert person == ""
    assert log.note(unanswered(person=person)) is None
    with pytest.raises(OnrecordError, match="try again later"):
        log.forget(person)
    assert "is damaged" in caplog.text
    assert not (data / DATABASE).exists()


# What is forgotten.


def test_who_is_forgotten_goes_with_all_votes_on_their_questions(log: QuestionLog) -> None:
    mine, theirs = note(log, "Mine?", ANNA), note(log, "Theirs?", BERT)
    for number, person in ((mine, BERT), (theirs, ANNA), (theirs, BERT)):
        log.vote(number, person, True, "quay", QUOTE)
    assert log.forget(ANNA) == 2
    assert [one.person for one in questions(log)] == [BERT]
    assert [(vote.question, vote.person) for vote in votes(log)] == [(theirs, BERT)]
    assert log.forget(ANNA) == 0


@in_a_file
def test_who_is_forgotten_leaves_nothing_on_the_disk(log: QuestionLog, data: Path) -> None:
    mine = note(log, "Is my SECRETNESS kept?", ANNA)
    theirs = note(log, "Is the harbour PUBLICLY known?", BERT)
    log.vote(mine, BERT, True, "quay", "On mine: BERTSVOTE.")
    log.vote(theirs, ANNA, True, "quay", "On theirs: ANNASVOTE.")
    log.vote(theirs, BERT, True, "quay", "On theirs: OWNVOTE.")
    log.forget(ANNA)
    on_disk = b"".join(path.read_bytes() for path in data.iterdir())
    assert b"PUBLICLY" in on_disk
    assert not any(word in on_disk for word in (b"SECRETNESS", b"BERTSVOTE", b"ANNASVOTE", ANNA.encode()))


@in_a_file
def test_who_cannot_be_forgotten_is_told(log: QuestionLog, data: Path) -> None:
    note(log)
    with sqlite3.connect(data / DATABASE) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OnrecordError, match="is in use by another program"):
            log.forget(ANNA)
    other.close()
    assert len(questions(log)) == 1


def test_what_is_older_than_the_retention_goes(opened: Open) -> None:
    now = datetime.now(UTC)
    log = opened(retention_days=90_000)
    for days in (0, 89, 91, 400):
        number = log.note(unanswered(f"{days} days ago?", asked_at=now - timedelta(days=days)))
        log.vote(number, ANNA, True, "quay", QUOTE)
    assert opened(retention_days=90).expire() == 2
    assert [one.question for one in questions(log)] == ["89 days ago?", "0 days ago?"]
    assert len(votes(log)) == 2


def test_however_many_questions_are_old_they_go_a_few_at_a_time(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "EXPIRED_AT_ONCE", 2)
    old = opened()
    for _ in range(5):
        old.note(unanswered("Long ago?", asked_at=NOON - timedelta(days=4_000)))
    log = opened(retention_days=3_000)
    note(log)  # which nobody waits for until all are gone
    assert len(questions(log)) == 4
    assert log.expire() == 3
    assert [one.question for one in questions(log)] == ["Are dogs allowed?"]


def test_old_questions_go_with_the_first_that_is_noted(opened: Open) -> None:
    opened().note(unanswered("Long ago?", asked_at=NOON - timedelta(days=4_000)))
    log = opened(retention_days=3_000)
    note(log)
    assert [one.question for one in questions(log)] == ["Are dogs allowed?"]


def test_a_retention_of_nothing_keeps_nothing_at_all(opened: Open, data: Path) -> None:
    log = opened(retention_days=0)
    assert log.person("telegram", 1) == ""
    assert log.note(unanswered()) is None
    assert log.rewrite(1, unanswered()) is None
    log.vote(1, ANNA, True, "quay", QUOTE)
    assert (log.expire(), log.forget("")) == (0, 0)
    assert not data.exists()


@pytest.mark.parametrize("use", [QuestionLog.expire, lambda log: log.note(unanswered())])
def test_a_retention_of_nothing_also_drops_what_was_kept_before(
    opened: Open, use: Callable[[QuestionLog], object]
) -> None:
    before = opened()
    note(before)
    use(opened(retention_days=0))
    assert questions(before) == []


# Whatever happens, a question is answered.


def lock(data: Path) -> Callable[[], None]:
    other = sqlite3.connect(data / DATABASE)
    other.execute("BEGIN EXCLUSIVE")
    return other.close


def take_the_place(data: Path) -> Callable[[], None]:
    for path in data.glob(f"{DATABASE}*"):
        path.unlink()
    (data / DATABASE).mkdir()
    return lambda: None


def put_a_file_above(data: Path) -> Callable[[], None]:
    for path in data.iterdir():
        path.unlink()
    data.rmdir()
    data.write_text("a file")
    return lambda: None


def from_the_future(data: Path) -> Callable[[], None]:
    (data / DATABASE).unlink()
    other = sqlite3.connect(data / DATABASE)
    other.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    other.execute("INSERT INTO alembic_version VALUES ('9999')")
    other.commit()
    return other.close


def forbid(data: Path) -> Callable[[], None]:
    data.chmod(0o500)
    (data / DATABASE).chmod(0o400)
    return lambda: data.chmod(0o700)


def fill(data: Path) -> Callable[[], None]:
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # as many as there are

    event.listen(Engine, "connect", limit)
    return lambda: event.remove(Engine, "connect", limit)


TROUBLES: dict[Callable[[Path], Callable[[], None]], str] = {
    lock: "is in use by another program",
    take_the_place: "Cannot use",
    put_a_file_above: "Cannot use",
    from_the_future: "written by a newer Onrecord",
    fill: "There is no room",
}
if hasattr(os, "geteuid") and os.geteuid():
    TROUBLES[forbid] = "Cannot use"


@in_a_file
@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_trouble_with_the_database_is_one_of_the_question(
    opened: Open, data: Path, caplog: pytest.LogCaptureFixture, trouble: Callable[[Path], Callable[[], None]]
) -> None:
    before = opened()
    number = note(before)
    before.close()
    log = opened()
    end = trouble(data)
    try:
        with caplog.at_level(logging.WARNING, "bot.desk"):
            for _ in range(3):
                assert log.note(answered("PRIVATE " * 100, quote="PRIVATE " * 1000)) is None
                assert log.rewrite(number, answered("PRIVATE " * 100, quote="PRIVATE " * 1000)) is None
                log.vote(number, BERT, True, "quay", "PRIVATE " * 1000)
        if trouble is fill:
            assert log.forget(ANNA) == 1  # which needs no room
        else:
            with pytest.raises(OnrecordError, match=TROUBLES[trouble]) as raised:
                log.forget(ANNA)
            assert "\n" not in str(raised.value)
    finally:
        log.close()
        end()
    (record,) = (record for record in caplog.records if record.name == "bot.desk.log")
    assert TROUBLES[trouble] in record.getMessage()
    assert "PRIVATE" not in caplog.text


@in_a_file
def test_when_the_trouble_is_over_questions_are_noted_again(log: QuestionLog, data: Path) -> None:
    note(log)
    unlock = lock(data)
    assert log.note(unanswered()) is None
    unlock()
    note(log)
    assert len(questions(log)) == 2


def spoil_all(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def spoil_the_questions(path: Path) -> None:
    other = sqlite3.connect(path)
    ((page,),) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'questions'")
    ((size,),) = other.execute("PRAGMA page_size")
    other.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"no database" * 300)


@in_a_file
@pytest.mark.parametrize("spoil", [spoil_all, spoil_the_questions])
def test_a_damaged_file_is_set_aside_with_a_warning_and_a_new_one_begun(
    log: QuestionLog, data: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None]
) -> None:
    note(log, "Before the damage?")
    log.close()
    spoil(data / DATABASE)
    assert [log.note(unanswered("After the damage?")) for _ in range(3)][-1] is not None
    assert {one.question for one in questions(log)} == {"After the damage?"}
    (aside,) = data.glob(f"{DATABASE}.damaged-*")
    assert b"no database" in aside.read_bytes()
    assert f"it is kept as {aside}" in caplog.text


@in_a_file
def test_who_reads_a_damaged_file_is_told(log: QuestionLog, data: Path) -> None:
    note(log)
    log.close()
    spoil_the_questions(data / DATABASE)
    with pytest.raises(OnrecordError, match="is damaged: move it"):
        questions(log)


@in_a_file
def test_a_file_that_is_deleted_or_replaced_in_use_is_opened_anew(opened: Open, data: Path) -> None:
    log = opened()
    note(log, "Before?")
    for path in data.glob(f"{DATABASE}*"):
        path.unlink()
    note(log, "After?")
    assert [one.question for one in questions(log)] == ["After?"]


def test_threads_and_processes_note_at_once(opened: Open, data: Path, url: str | None) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path; from desk_world import unanswered; from bot.desk.log import open_log\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        f"log = open_log(Path({str(data)!r}), 90, {url!r})\n"
        "with ThreadPoolExecutor(2) as pool:\n"
        "    numbers = list(pool.map(lambda n: log.note(unanswered(f'{n}?')), range(25)))\n"
        "log.close()\n"
        "print(sum(number is not None for number in numbers))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in running] == ["25"] * 2
    assert len(questions(opened())) == 50


def test_the_database_is_not_waited_for_before_the_first_question(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom bot.desk.log import open_log\n"
        "open_log(Path('data'), 90).person('repl', 'me')\n"
        "open_log(Path('data'), 90, 'postgresql://db.example/desk', '1:token').person('repl', 'me')\n"
        "print('sqlalchemy' in sys.modules or 'alembic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
