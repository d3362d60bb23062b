"""How near the sentences of a corpus are to a question in meaning, whatever its words and its language.

The vectors of a small corpus are made when it is opened, and kept under the data folder. Of a large one, and of an
archive, only the sentences that are about to be ranked are encoded, as many as there is time for; so it is with those
that have just come into a small one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from bot.answering.encoder import Encoder
from bot.index.base import Meaning, Near
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.index.vectors import VectorStore
from bot.model import Passage, Sentence

SMALL = 20_000  # sentences: a thousand releases, a quarter of an hour once, 30 MB
WITHIN = 0.15  # seconds a question for sentences of a large corpus
AHEAD = 16  # sentences that are encoded before they are kept: an interrupted start goes on from there
AT_ONCE = 4  # sentences that are encoded before the clock is looked at
PACE = 0.0003  # seconds a letter that encoding takes, before it is known
SHORT = 60  # letters; a shorter sentence takes no less time
ALIKE = 8  # of the reference questions, those that are most like the one asked
REMEMBERED = 20_000  # vectors of a large corpus that stay in memory, 30 MB
# On which scale the ranking has learned: the mean cosine of a reference question and its answer, and of it and an answer
# to another one, by the encoder of the extra.
ANSWER, OTHER = 0.859, 0.7254
LEAST_GAP = 0.01  # between the two; without it there is no scale to find
_LASTING = ("_references", "_scale")  # what is worked out once, whatever the corpus

Vectors = NDArray[np.float32]


def with_meaning(
    corpus: Corpus,
    encoder: Encoder,
    data: Path,
    told: Callable[[int, int], None] | None = None,
    before: Meaning | None = None,
) -> Corpus:
    """The corpus with what the encoder knows of it.

    `told` hears how many sentences of how many are encoded, where some of a small corpus are not kept under `data` yet.
    `before` is what this encoder knew of an earlier version of the corpus.

    Raises:
        OnrecordError: the encoder cannot be loaded.
    """
    kept, placed = VectorStore(data, encoder.name), _placed(corpus)
    if len(placed) > SMALL:
        return with_meaning_in_time(corpus, encoder, data, before)
    vectors = _encoded([sentence.text for sentence, _ in placed], encoder, kept, told, _known(before))
    rows = {sentence: (number, passage) for number, (sentence, passage) in enumerate(placed)}
    return replace(corpus, meaning=EncodedCorpus(encoder, kept, rows, vectors, before))


def with_known_meaning(corpus: Corpus, encoder: Encoder, data: Path, before: Meaning | None) -> tuple[Corpus, bool]:
    """The corpus with what the encoder knew of the one `before`, at once, and whether that is all there is to know.

    Where it is not, the sentences that are about to be ranked are encoded as they are of a large corpus.
    """
    kept, placed = VectorStore(data, encoder.name), _placed(corpus)
    if len(placed) > SMALL:
        return with_meaning_in_time(corpus, encoder, data, before), True
    known = _known(before)
    there = [(sentence, passage) for sentence, passage in placed if sentence.text in known]
    vectors = np.stack([known[sentence.text] for sentence, _ in there]) if there else None
    rows = {sentence: (number, passage) for number, (sentence, passage) in enumerate(there)}
    return replace(corpus, meaning=EncodedCorpus(encoder, kept, rows, vectors, before)), len(there) == len(placed)


def with_meaning_in_time(corpus: Corpus, encoder: Encoder, data: Path, before: Meaning | None = None) -> Corpus:
    """The corpus, of whatever size, of which only the sentences that are about to be ranked are encoded.

    `before` is what this encoder knew of an earlier version of the corpus.
    """
    return replace(corpus, meaning=EncodedCorpus(encoder, VectorStore(data, encoder.name), {}, None, before))


def _placed(corpus: Corpus) -> list[tuple[Sentence, Passage]]:
    """The sentences of the corpus with their passages; of a large one as many as show that it is."""
    return list(islice(((sentence, passage) for passage in corpus.index for sentence in passage.sentences), SMALL + 1))


def _known(before: Meaning | None) -> dict[str, Vectors]:
    """The vectors of the texts that were encoded before."""
    if not isinstance(before, EncodedCorpus):
        return {}
    if before.vectors is None:
        return before.remembered
    texts = {sentence.text: before.vectors[row] for sentence, (row, _) in before.rows.items()}
    return before.remembered | texts


def _encoded(
    texts: Sequence[str],
    encoder: Encoder,
    kept: VectorStore,
    told: Callable[[int, int], None] | None,
    known: Mapping[str, Vectors],
) -> Vectors | None:
    """The vectors of texts, of shape (len(texts), d): those that are known or kept, and the others encoded and kept."""
    known = {**known, **kept.read(texts)}
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    for start in range(0, len(missing), AHEAD):
        if told:
            told(start, len(missing))
        batch = missing[start : start + AHEAD]
        new = dict(zip(batch, encoder.encode(batch), strict=True))
        kept.keep(new)
        known |= new
    if told and missing:
        told(len(missing), len(missing))
    return np.stack([known[text] for text in texts]) if texts else None


class EncodedCorpus:
    """A `Meaning` by the vectors of sentences.

    `rows` has the place of each sentence in `vectors` (sentences, d), and its passage; both are empty for a large
    corpus. A sentence that is not there is encoded when it is asked for, if there is time. What was `remembered` of the
    corpus `before` is remembered still.
    """

    def __init__(
        self,
        encoder: Encoder,
        kept: VectorStore,
        rows: dict[Sentence, tuple[int, Passage]],
        vectors: Vectors | None,
        before: Meaning | None = None,
    ) -> None:
        self._encoder = encoder
        self._kept = kept
        self.remembered: dict[str, Vectors] = {}
        self._pace = PACE
        if isinstance(before, EncodedCorpus):
            self.remembered, self._pace = before.remembered, before._pace
            self.__dict__ |= {name: value for name, value in vars(before).items() if name in _LASTING}
        self.rows = rows
        self.vectors = vectors
        self.owners = [passage for _, passage in rows.values()]

    @property
    def is_whole(self) -> bool:
        return self.vectors is not None

    def about(self, question: str) -> "VectorNearness":
        asked = self._encoder.encode([question], asked=True)[0]
        alike = np.argsort(-(self._references @ asked), kind="stable")[:ALIKE]
        return VectorNearness(self, asked, self._references[alike].mean(axis=0))

    def on_scale(self, cosines: Vectors) -> Vectors:
        """Cosines of this encoder as they would be by the one that the ranking has learned with.

        Encoders differ in what is near: for some an unrelated sentence has a cosine of 0.7, for others of 0.05.
        """
        other, answer = self._scale
        return OTHER + (cosines - other) * ((ANSWER - OTHER) / (answer - other))

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """The mean cosine of a reference question and an answer to another one, and of it and its own answer."""
        statements = self._fixed("statements.txt", asked=False)
        cosines = self._references[: len(statements)] @ statements.T
        own = float(cosines.diagonal().mean())
        other = float((cosines.sum() - cosines.trace()) / (cosines.size - len(cosines)))
        return (other, own) if own - other > LEAST_GAP else (OTHER, ANSWER)  # an encoder that knows no English

    @cached_property
    def _references(self) -> Vectors:
        """Vectors of questions about nothing in particular, in many languages."""
        return self._fixed("questions.txt", asked=True)

    def _fixed(self, name: str, *, asked: bool) -> Vectors:
        """The vectors of the lines of a data file, which are kept as those of sentences are."""
        text = files("bot.answering").joinpath("data", name).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        keys = [f"asked: {line}" if asked else line for line in lines]
        known = self._kept.read(keys)
        if len(known) < len(keys):
            known = dict(zip(keys, self._encoder.encode(lines, asked=asked), strict=True))
            self._kept.keep(known)
        return np.stack([known[key] for key in keys])

    def vectors_of(self, sentences: Sequence[Sentence]) -> dict[Sentence, Vectors]:
        """The vector of each sentence; of those that are not encoded yet only as many as there is time for."""
        if self.vectors is None:
            return self._in_time(sentences)
        known = {sentence: self.vectors[self.rows[sentence][0]] for sentence in sentences if sentence in self.rows}
        return known | self._in_time([sentence for sentence in sentences if sentence not in known])

    def _in_time(self, sentences: Sequence[Sentence]) -> dict[Sentence, Vectors]:
        """The vectors of as many sentences as there is time for; one that would take too long for itself is left out."""
        end = monotonic() + WITHIN
        vectors: dict[Sentence, Vectors] = {}
        for start in range(0, len(sentences), AT_ONCE):
            batch = {sentence: sentence.text for sentence in sentences[start : start + AT_ONCE]}
            remembered = self.remembered  # another thread may forget it and begin anew
            vectors |= {sentence: remembered[text] for sentence, text in batch.items() if text in remembered}
            new = self._encoded_until(end, [text for text in dict.fromkeys(batch.values()) if text not in remembered])
            vectors |= {sentence: new[text] for sentence, text in batch.items() if text in new}
            self._remember(new)
            if monotonic() + self._pace * SHORT > end:
                break
        return vectors

    def _encoded_until(self, end: float, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of a few texts that can be encoded until then, by the pace of those before."""
        fitting: list[str] = []
        start = monotonic()
        due = start
        for text in texts:
            takes = self._pace * max(SHORT, len(text))
            if due + takes <= end:
                due += takes
                fitting.append(text)
        if not fitting:
            if texts:  # after a moment in which the machine stood still there must be another try
                self._pace *= 0.9
            return {}
        new = dict(zip(fitting, self._encoder.encode(fitting), strict=True))
        pace = (monotonic() - start) / sum(max(SHORT, len(text)) for text in fitting)
        self._pace += (pace - self._pace) / 4
        return new

    def _remember(self, vectors: dict[str, Vectors]) -> None:
        if len(self.remembered) + len(vectors) > REMEMBERED:
            self.remembered = {}
        self.remembered.update(vectors)


@dataclass(frozen=True, slots=True)
class VectorNearness:
    """A `Nearness` by cosines to a question and to the mean of others."""

    meaning: EncodedCorpus
    asked: Vectors
    others: Vectors

    def best(self, limit: int, scope: Scope | None = None) -> list[Passage]:
        if self.meaning.vectors is None:
            return []
        order = np.argsort(-(self.meaning.vectors @ self.asked), kind="stable")
        passages = (self.meaning.owners[place] for place in order)
        holds = cache(scope.holds) if scope else None  # once a release
        near = islice((one for one in passages if holds is None or holds(one.release)), limit)
        return list({id(passage): passage for passage in near}.values())

    def of(self, sentences: Sequence[Sentence]) -> dict[Sentence, Near]:
        vectors = self.meaning.vectors_of(sentences)
        if not vectors:
            return {}
        rows = np.stack(list(vectors.values()))
        near = self.meaning.on_scale(rows @ self.asked).tolist()
        others = self.meaning.on_scale(rows @ self.others).tolist()
        return {sentence: Near(*pair) for sentence, *pair in zip(vectors, near, others, strict=True)}
