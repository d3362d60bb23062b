"""The reader: a question and a sentence are read together."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering import reader
from bot.answering.reader import MODEL, NOTE, TOKENIZER, Reader, open_reader
from bot.model import OnrecordError

DATA = Path(reader.__file__).parent / "data"
needs_model = pytest.mark.skipif(
    open_reader() is None, reason="`semantic` is not installed, or `python -m training` has not made the model"
)
CHAIR = "Ingrid Solberg chairs the harbour board."
COST = "The new quay cost 12 million euros."
NONE = "Gulls nest on the roof of the customs house."


@pytest.fixture(scope="module")
def shipped() -> Reader:
    opened = open_reader()
    assert opened is not None
    return opened


def all_time(shipped: Reader, question: str, *sentences: str) -> list[float]:
    logits = shipped.read(question, sentences, within=60)
    assert None not in logits
    return [logit for logit in logits if logit is not None]


@needs_model
@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("who chairs the harbour board?", CHAIR),
        ("who is the head of the port's board?", CHAIR),
        ("what was the price of the quay?", COST),
        ("where do birds breed?", NONE),
    ],
)
def test_the_sentence_that_answers_reads_best_also_in_other_words(shipped: Reader, question: str, right: str) -> None:
    sentences = (CHAIR, COST, NONE)
    logits = all_time(shipped, question, *sentences)
    assert sentences[logits.index(max(logits))] == right


@needs_model
def test_a_sentence_reads_the_same_whatever_it_is_read_with(shipped: Reader) -> None:
    alone = [all_time(shipped, "who chairs the board?", one)[0] for one in (CHAIR, COST, NONE)]
    assert all_time(shipped, "who chairs the board?", CHAIR, COST, NONE) == alone
    assert all_time(shipped, "who chairs the board?", NONE, COST, CHAIR) == alone[::-1]


@needs_model
def test_of_a_long_sentence_every_part_is_read(shipped: Reader) -> None:
    padding = " and nothing else was said about the weather of that day" * 20
    for long in (CHAIR[:-1] + padding + ".", padding + ", while " + CHAIR, padding + ", while " + CHAIR[:-1] + padding):
        answers, other = all_time(shipped, "who chairs the harbour board?", long, padding)
        assert answers > other


@pytest.mark.parametrize("length", [0, 1, 5, 61, 62, 63, 91, 92, 93, 124, 500])
def test_windows_hold_every_token_and_overlap_by_half(length: int) -> None:
    ids, room = list(range(length)), 61
    windows = list(reader._windows(ids, room))
    assert all(len(window) <= room for window in windows)
    assert {token for window in windows for token in window} == {*ids}
    assert all(len({*one} & {*other}) >= room // 2 for one, other in pairwise(windows))


@needs_model
def test_a_text_without_end_costs_no_more_than_its_beginning(shipped: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader._LETTERS_OF_SENTENCE == 50_000
    monkeypatch.setattr(reader, "_LETTERS_OF_SENTENCE", len(NONE))
    with_answer, without = all_time(shipped, "who chairs the harbour board?", NONE + " " + CHAIR, NONE)
    assert with_answer == without


@needs_model
def test_of_a_long_text_before_the_end_counts(shipped: Reader) -> None:
    question, before = "what did Ingrid Solberg promise?", "Gulls nest on the roof. " * 100
    ends = [before + "Ingrid Solberg:", before * 500 + "Ingrid Solberg:"]
    short, long = shipped.read(question, ["She promised a new quay."] * 2, ends, within=60)
    assert short is not None
    assert short == long


@given(st.lists(st.lists(st.lists(st.integers(), max_size=2), max_size=4), max_size=5))
def test_the_beginnings_of_all_sentences_are_read_before_any_further_part(windows: list[list[list[int]]]) -> None:
    turns = list(reader._turns(windows))
    for place, some in enumerate(windows):
        assert [window for at, window in turns if at == place] == some
    number = [windows[place].index(window) for place, window in turns if windows[place].count(window) == 1]
    assert number == sorted(number)


@needs_model
def test_behind_what_names_who_is_spoken_of_a_sentence_answers_more_surely(shipped: Reader) -> None:
    question, leaning = "what did Ingrid Solberg promise?", "She promised a new quay by the end of the year."
    (alone,) = all_time(shipped, question, leaning)
    titles = ["Ingrid Solberg:", "Gulls on the customs house:"]
    hers, another = shipped.read(question, [leaning, leaning], titles, within=60)
    assert hers is not None
    assert another is not None
    assert hers > max(alone, another)


@needs_model
def test_behind_no_text_and_without_room_for_it_a_sentence_is_not_read(shipped: Reader) -> None:
    long = CHAIR[:-1] + " and nothing else was said about the weather of that day" * 20
    assert shipped.read("who?", [CHAIR, long], ["", COST], within=60) == [None, None]


@needs_model
@given(question=st.text(max_size=300), before=st.text(max_size=1500), sentence=st.text(max_size=600))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_text_can_be_read_behind_any(shipped: Reader, question: str, before: str, sentence: str) -> None:
    (logit,) = shipped.read(question, [sentence], [before], within=60)
    assert logit is None or isfinite(logit)


@given(st.lists(st.integers(), max_size=9), st.lists(st.integers(), max_size=9), st.integers(0, 9))
def test_what_stands_before_is_cut_at_its_beginning_and_the_sentence_never(
    before: list[int], ids: list[int], room: int
) -> None:
    windows = reader._behind(before, ids, room)
    if not before or len(ids) >= room:
        assert windows == []
    else:
        assert windows == [[*before, *ids][-room:]]


@needs_model
def test_what_there_is_no_time_for_stays_unread(shipped: Reader) -> None:
    assert shipped.read("who chairs the board?", [CHAIR, COST], within=-1) == [None, None]
    assert shipped.read("who chairs the board?", []) == []


@needs_model
@given(question=st.text(max_size=300), sentence=st.text(max_size=1500))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_two_texts_can_be_read(shipped: Reader, question: str, sentence: str) -> None:
    (logit,) = all_time(shipped, question, sentence)
    assert isfinite(logit)


@needs_model
@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800", "🎉" * 400, "a" * 100_000, "[SEP] [CLS] [MASK]", "\u202e\x1b[31m"]
)
def test_odd_texts_can_be_read(shipped: Reader, text: str) -> None:
    assert all(map(isfinite, all_time(shipped, text, text, CHAIR)))


@needs_model
def test_many_threads_read_at_once(shipped: Reader) -> None:
    alone = all_time(shipped, "who chairs the board?", CHAIR, COST, NONE)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: all_time(shipped, "who chairs the board?", CHAIR, COST, NONE), range(16))
        assert all(one == alone for one in found)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the files that ship, which are read in place of them."""
    for name in (MODEL, TOKENIZER, NOTE):
        shutil.copy(DATA / name, tmp_path)
    monkeypatch.setattr(reader, "_data", lambda name: tmp_path / name)
    return tmp_path


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@needs_model
@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: flip_a_bit(folder / MODEL),
        lambda folder: flip_a_bit(folder / TOKENIZER),
        lambda folder: (folder / MODEL).write_bytes(b""),
        lambda folder: (folder / NOTE).write_text("{}"),
        lambda folder: (folder / NOTE).unlink(),
    ],
)
def test_a_damaged_file_is_told_in_one_sentence(copied: Path, harm: Callable[[Path], object]) -> None:
    harm(copied)
    with pytest.raises(
        OnrecordError, match=r"^The reader cannot be loaded \(.*\): pip install .* ONRECORD_ENCODER=off\.$"
    ):
        Reader().read("who?", [CHAIR])


@needs_model
def test_without_the_model_there_is_no_reader(copied: Path) -> None:
    (copied / MODEL).unlink()
    open_reader.cache_clear()
    try:
        assert open_reader() is None
    finally:
        open_reader.cache_clear()


def test_nothing_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys\nfrom bot.answering.reader import open_reader\nopen_reader()\n"
        "print(sorted({'onnxruntime', 'tokenizers', 'numpy'} & sys.modules.keys()))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@needs_model
def test_what_ships_is_small_and_what_its_note_says() -> None:
    assert sum((DATA / name).stat().st_size for name in (MODEL, TOKENIZER)) <= 25_000_000
    assert json.loads((DATA / NOTE).read_text()).keys() == {"sha256", "tokenizer_sha256", "made_by"}


@needs_model
def test_the_ranking_has_learned_from_this_very_reader() -> None:
    """Another model's logits are of another scale: after each training the ranking is learned anew."""
    learned = json.loads((DATA / "ranking.json").read_text())
    note = json.loads((DATA / NOTE).read_text())
    assert {learned[kind]["reader"] for kind in ("words_read", "meaning_read")} == {note["sha256"]}
