"""How well sentences are split, against NLTK's own defaults, and how fast.

    python benchmarks/sentences.py [FILE ...]

Each line of a file is `{"text", "sentences": [text]}`; without a file, `../shared/qa/sentences/ewt-dev.jsonl` is read.
A boundary is the offset at which a sentence ends inside its text. The last sentence always ends with the text: that
boundary is not counted. Precision, recall and F1 are over the boundaries of all texts of a file together.
"""

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nltk.tokenize.punkt import PunktSentenceTokenizer

from bot.evaluation.boundaries import boundaries
from bot.evaluation.sets import SentenceSet, read_set
from bot.model import OnrecordError
from bot.text.sentences import split_sentences

DEFAULT = Path(__file__).parents[2] / "shared" / "qa" / "sentences" / "ewt-dev.jsonl"


def score(texts: SentenceSet, ends: Callable[[str], Iterable[int]]) -> str:
    began = time.perf_counter()
    cut = boundaries(texts.rows, ends)
    seconds = time.perf_counter() - began
    counts = f"{len(cut.true & cut.found)}/{len(cut.found)}/{len(cut.true)}"
    return f"precision {cut.precision}  recall {cut.recall}  F1 {cut.f1}  ({counts}, {seconds:.2f} s)"


def main(paths: list[Path]) -> None:
    untrained = PunktSentenceTokenizer()
    for path in paths:
        texts = read_set(path)
        if not isinstance(texts, SentenceSet):
            raise OnrecordError(f"{path} holds questions: give a file of rows with text and sentences.")
        print(f"{path.name}: {len(texts.rows)} texts (right/found/true boundaries)")
        print("  NLTK's defaults  ", score(texts, lambda text: [end for _, end in untrained.span_tokenize(text)]))
        print("  bot.text         ", score(texts, lambda text: [span.end for span in split_sentences(text)]))


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [DEFAULT])
