"""Opening a corpus with its meaning: what is encoded, what is kept, and what a person is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answerer import answer
from bot.answering.encoder import open_encoder
from bot.answering.meaning import EncodedCorpus
from bot.answering.opening import open_archive_to_ask, open_to_ask
from bot.index.indexing import index_roots
from bot.index.places import archive_folder
from bot.model import OnrecordError

AUTO = open_encoder("auto")
needs_encoder = pytest.mark.skipif(AUTO.encoder is None, reason=f"no encoder here: {AUTO.note}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "quay.md").write_text(
        "# Norrvik opens a third quay\n\nThe quay was built for 12 million euros. Ferries sail to Gotland every Friday.\n",
        encoding="utf-8",
    )
    return tmp_path / "corpus"


def test_without_an_encoder_words_are_enough(folder: Path, tmp_path: Path) -> None:
    corpus, told = open_to_ask([folder], tmp_path / "data", "off")
    assert corpus.meaning is None
    assert told == ()
    assert answer("where do the ferries sail?", corpus).answered


@needs_encoder
def test_sentences_are_encoded_once(folder: Path, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    open_to_ask([folder], tmp_path / "data", "auto", lambda done, total: heard.append((done, total)))
    assert heard[0] == (0, 2)
    assert heard[-1] == (2, 2)
    heard.clear()
    open_to_ask([folder], tmp_path / "data", "auto", lambda done, total: heard.append((done, total)))
    assert heard == []


@needs_encoder
def test_a_question_in_other_words_and_another_language_finds_its_sentence(folder: Path, tmp_path: Path) -> None:
    corpus, told = open_to_ask([folder], tmp_path / "data", "auto")
    assert told == ()
    for question in ("how expensive was the wharf?", "¿Cuánto costó construir el muelle?"):
        assert "12 million euros" in answer(question, corpus).quotes[0].text


@needs_encoder
def test_an_empty_corpus_needs_no_encoder(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    corpus, _ = open_to_ask([tmp_path / "corpus"], tmp_path / "data", "auto")
    assert corpus.meaning is None


def test_an_archive_is_asked_by_words_where_there_is_no_encoder(folder: Path, tmp_path: Path) -> None:
    index_roots([folder], archive_folder(tmp_path), cores=1)
    corpus, told = open_archive_to_ask(tmp_path, "off")
    assert (corpus.meaning, told) == (None, ())
    assert answer("where do the ferries sail?", corpus).answered


@needs_encoder
def test_of_an_archive_nothing_is_encoded_before_it_is_ranked(folder: Path, tmp_path: Path) -> None:
    index_roots([folder], archive_folder(tmp_path), cores=1)
    corpus, _ = open_archive_to_ask(tmp_path, "auto")
    assert isinstance(corpus.meaning, EncodedCorpus)
    assert corpus.meaning.remembered == {}
    without_reader = replace(corpus, reader=None)  # a reader takes the place of the encoder
    assert "12 million euros" in answer("what was spent on building the quay?", without_reader).quotes[0].text
    assert len(corpus.meaning.remembered) == 2


def test_what_cannot_be_read_and_what_is_missing_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.md").write_bytes(b"\x00\x01\x02" * 50)
    _, told = open_to_ask([folder], tmp_path / "data", "off")
    assert len(told) == 1
    assert told[0].startswith("Warning: ")
    with pytest.raises(OnrecordError, match="There is no folder"):
        open_to_ask([folder], tmp_path / "data", str(tmp_path / "nowhere"))
