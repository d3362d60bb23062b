"""What an encoder knows of a corpus: which sentences are near, kept and in time, on one scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering import meaning as module
from bot.answering.meaning import ANSWER, OTHER, EncodedCorpus, with_known_meaning, with_meaning
from bot.index.corpus import Corpus
from bot.index.scope import Scope

SIZE = 64


@dataclass
class ByWords:
    """An encoder without a model: texts are as near as the share of their words that they have in common.

    `common` is added to every number of a vector, so that all texts are near to each other, as with some models.
    """

    common: float = 0.0
    name: str = "by words"
    encoded: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> NDArray[np.float32]:
        self.encoded += texts
        vectors = np.full((len(texts), SIZE), self.common, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[0] += 0.01
            for word in text.lower().replace("?", "").replace(".", "").split():
                row[crc32(word.encode()) % SIZE] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def known(corpus: Corpus, encoder: ByWords, data: Path) -> EncodedCorpus:
    meaning = with_meaning(corpus, encoder, data).meaning
    assert isinstance(meaning, EncodedCorpus)
    return meaning


@pytest.fixture
def lake(corpus_of: Callable[..., Corpus]) -> Corpus:
    return corpus_of("The lake is deep. Boats sail on it.", "The tower is tall. The lake is far from it.")


def test_the_nearest_sentences_give_the_passages(lake: Corpus, tmp_path: Path) -> None:
    near = known(lake, ByWords(), tmp_path).about("the lake is deep?")
    assert [passage.release.id for passage in near.best(2)] == ["1", "2"]
    assert [passage.release.id for passage in near.best(9, scope=Scope(frozenset({"2"})))] == ["2"]
    assert near.best(9, scope=Scope(frozenset())) == []


def test_a_sentence_is_near_to_its_question_and_not_to_others(lake: Corpus, tmp_path: Path) -> None:
    near = known(lake, ByWords(), tmp_path).about("the lake is deep?")
    sentences = [sentence for passage in lake.index for sentence in passage.sentences]
    found = near.of(sentences)
    assert max(found, key=lambda sentence: found[sentence].question).text == "The lake is deep."
    assert set(found) == {*sentences}


def test_what_was_encoded_once_is_read_again(lake: Corpus, tmp_path: Path) -> None:
    first, second = ByWords(), ByWords()
    known(lake, first, tmp_path).about("where is the lake?")
    known(lake, second, tmp_path).about("where is the lake?")
    assert len(first.encoded) > 4
    assert second.encoded == ["where is the lake?"]


def test_another_model_does_not_get_its_vectors(lake: Corpus, tmp_path: Path) -> None:
    known(lake, ByWords(), tmp_path)
    other = ByWords(name="another")
    known(lake, other, tmp_path)
    assert "The lake is deep." in other.encoded


@pytest.mark.parametrize("common", [0.0, 0.2, 1.0])
def test_encoders_of_any_scale_are_brought_to_one(common: float, lake: Corpus, tmp_path: Path) -> None:
    encoder = ByWords(common)
    meaning = known(lake, encoder, tmp_path)
    lines = [
        [
            line
            for line in files("bot.answering").joinpath("data", name).read_text("utf-8").splitlines()
            if line[0] != "#"
        ]
        for name in ("questions.txt", "statements.txt")
    ]
    count = len(lines[1])
    cosines = meaning.on_scale(encoder.encode(lines[0][:count]) @ encoder.encode(lines[1]).T)
    assert cosines.diagonal().mean() == pytest.approx(ANSWER, abs=1e-3)
    assert cosines[~np.eye(count, dtype=bool)].mean() == pytest.approx(OTHER, abs=1e-3)


def test_of_a_large_corpus_what_is_asked_for_is_encoded_as_far_as_there_is_time(
    lake: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SMALL", 2)
    encoder = ByWords()
    meaning = known(lake, encoder, tmp_path)
    assert encoder.encoded == []
    near = meaning.about("the lake is deep?")
    assert near.best(3) == []
    sentences = [sentence for passage in lake.index for sentence in passage.sentences]
    assert len(near.of(sentences)) == 4
    before = len(encoder.encoded)
    assert len(near.of(sentences)) == 4  # remembered
    assert len(encoder.encoded) == before
    monkeypatch.setattr(module, "WITHIN", -1.0)
    meaning.remembered.clear()
    assert near.of(sentences) == {}


def test_a_sentence_that_would_take_longer_than_there_is_time_for_is_left_out(
    corpus_of: Callable[..., Corpus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = corpus_of("The lake is deep.", f"The lake {'and the shore ' * 200}is long.", "Boats sail on the lake.")
    monkeypatch.setattr(module, "SMALL", 2)
    monkeypatch.setattr(module, "WITHIN", 0.5)  # a thousandth of a second a letter is far more than this encoder takes
    monkeypatch.setattr(module, "PACE", 0.001)
    near = known(corpus, ByWords(), tmp_path).about("is the lake deep?")
    sentences = [sentence for passage in corpus.index for sentence in passage.sentences]
    assert [sentence.text for sentence in near.of(sentences)] == ["The lake is deep.", "Boats sail on the lake."]


def test_what_comes_into_a_corpus_is_encoded_when_it_is_asked_for(
    lake: Corpus, corpus_of: Callable[..., Corpus], tmp_path: Path
) -> None:
    encoder = ByWords()
    before = with_meaning(lake, encoder, tmp_path).meaning
    assert before
    before.about("where is the lake?").of([sentence for passage in lake.index for sentence in passage.sentences])
    encoder.encoded.clear()
    larger = corpus_of(*(release.text for release in lake.releases), "The hill is green.")
    corpus, whole = with_known_meaning(larger, encoder, tmp_path, before)
    assert not whole
    assert corpus.meaning
    near = corpus.meaning.about("the hill is green?")
    assert encoder.encoded == ["the hill is green?"]
    assert len(near.of([sentence for passage in larger.index for sentence in passage.sentences])) == 5
    assert encoder.encoded[1:] == ["The hill is green."]
    again, whole = with_known_meaning(larger, encoder, tmp_path, corpus.meaning)
    assert whole
    assert isinstance(again.meaning, EncodedCorpus)
    assert len(again.meaning.rows) == 5


def test_what_was_known_before_is_not_encoded_again_where_nothing_can_be_kept(lake: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    encoder = ByWords()
    before = with_meaning(lake, encoder, tmp_path / "file").meaning
    encoder.encoded.clear()
    with_meaning(lake, encoder, tmp_path / "file", before=before)
    assert encoder.encoded == []
