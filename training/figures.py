"""What a reader is worth, on sets that it never learns from."""

import os
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.metrics import of_all_places, of_first_places
from bot.evaluation.opensets import OpenQuestion, read_questions
from bot.reading.files import read_corpus
from bot.text.passages import split_passages
from training.groups import read_selection
from training.negatives import found_by_words
from training.sources import OPEN, SELECTION, at
from training.tokens import Batch, batches, open_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from training.network import CrossEncoder

READ = 20  # of the sentences that words find in an open set, so many are read
QUESTIONS = 150  # of an open set, always the same

Scorer = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]
"""Gives pairs of a question and a sentence their logits, of shape (pairs,)."""

Figures = dict[str, dict[str, float]]
"""By the name of a set, then of a measure."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with sentences, each right or wrong."""

    question: str
    sentences: tuple[str, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Dev:
    """What figures are made of: candidates of one document by the name of the set, and what words find in a corpus."""

    selection: Mapping[str, Sequence[Judged]]
    opened: Mapping[str, Sequence[Judged]]


def read_dev(folder: Path) -> Dev:
    """The development sets below the folder of questions.

    Raises:
        OnrecordError: one of them is not there or not of its form.
    """
    return Dev(
        {name: _of_selection(at(folder, path)) for name, path in SELECTION.items()},
        {name: _of_open(at(folder, path)) for name, path in OPEN.items()},
    )


def figures(dev: Dev, scorer: Scorer) -> Figures:
    """The measures of a scorer by set, from 0 to 1.

    Selection sets: mean average precision `map` and mean reciprocal rank `mrr`, over the questions that have both a right
    and a wrong candidate. Open sets: `p1`, the share of the questions whose best-read sentence answers.
    """
    selection = {name: of_all_places(_ranked(asked, scorer)) for name, asked in dev.selection.items()}
    opened = {name: of_first_places(_ranked(asked, scorer)) for name, asked in dev.opened.items()}
    return {
        name: {measure: found[measure] for measure in wanted if measure in found}
        for measured, wanted in ((selection, ("map", "mrr")), (opened, ("p1",)))
        for name, found in measured.items()
    }


def by_network(network: "CrossEncoder", tokenizer: "Tokenizer", device: str) -> Scorer:
    """The scorer that a network is; it leaves the network as it was, learning or not."""
    import torch

    from training.network import logits

    def score(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        learns = network.training
        network.eval()
        with torch.inference_mode():
            found: NDArray[np.float32] = logits(network, tokenizer, pairs, device).float().cpu().numpy()
        network.train(learns)
        return found

    return score


def by_file(file: Path, start: Path) -> Scorer:
    """The scorer that an ONNX file is, on the CPU, with the tokenizer of the folder `start`.

    Each text goes through it by itself, in one thread, as in `bot.answering.reader`: weights of 8 bits scale what goes
    through together as a whole.
    """
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    tokenizer = open_tokenizer(start)
    threads = ThreadPoolExecutor(os.cpu_count() or 1)

    def read(batch: Batch) -> tuple[list[int], NDArray[np.float32]]:
        inputs = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.kinds}
        return batch.places, session.run(["logits"], inputs)[0]

    def score(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        found = np.empty(len(pairs), np.float32)
        for places, logits in threads.map(read, batches(tokenizer, pairs, 1)):
            found[places] = logits
        return found

    return score


def _ranked(asked: Sequence[Judged], scorer: Scorer) -> list[list[bool]]:
    """For each question what stands in each place, right or wrong, best first; among equals the wrong ones."""
    ranked = []
    for judged in asked:
        if not judged.sentences:  # words find nothing
            ranked.append([False])
            continue
        scores = scorer([(judged.question, sentence) for sentence in judged.sentences])
        ranked.append([judged.right[place] for place in np.lexsort((np.array(judged.right), -scores))])
    return ranked


def _of_selection(path: Path) -> list[Judged]:
    rows = read_selection(path)
    return [Judged(row.question, row.candidates, row.right) for row in rows if len({*row.right}) == 2]


def _of_open(folder: Path) -> list[Judged]:
    releases = read_corpus([folder / "corpus"]).releases
    sentences = list({s.text: None for release in releases for p in split_passages(release) for s in p.sentences})
    asked = _chosen([question for question in read_questions(folder) if question.answers])
    found = found_by_words(sentences, [question.question for question in asked], READ)
    return [
        _judged(question, [sentences[place] for place in places]) for question, places in zip(asked, found, strict=True)
    ]


def _chosen(questions: Sequence[OpenQuestion]) -> list[OpenQuestion]:
    return random.Random(0).sample(questions, min(len(questions), QUESTIONS))


def _judged(question: OpenQuestion, sentences: Sequence[str]) -> Judged:
    right = tuple(question.is_answered_by(sentence) for sentence in sentences)
    return Judged(question.question, tuple(sentences), right)
