"""How well sentences are split, against NLTK's own defaults, and how fast.

    python benchmarks/sentences.py [FILE ...]

Each line of a file is `{"text", "sentences": [text]}`; without a file, `../shared/qa/sentences/ewt-dev.jsonl` is read.
A boundary is the offset at which a sentence ends inside its text. The last sentence always ends with the text: that
boundary is not counted. Precision, recall and F1 are over the boundaries of all texts of a file together.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nltk.tokenize.punkt import PunktSentenceTokenizer

from bot.text.sentences import split_sentences

DEFAULT = Path(__file__).parents[2] / "shared" / "qa" / "sentences" / "ewt-dev.jsonl"
Ends = Callable[[str], Iterable[int]]


def true_ends(text: str, sentences: Iterable[str]) -> list[int]:
    ends: list[int] = []
    for sentence in sentences:
        ends.append(text.index(sentence, ends[-1] if ends else 0) + len(sentence))
    return ends


def score(records: list[dict[str, object]], ends: Ends) -> str:
    right = found = true = 0
    began = time.perf_counter()
    for record in records:
        text = str(record["text"])
        last = len(text.rstrip())
        expected = set(true_ends(text, record["sentences"])) - {last}
        got = set(ends(text)) - {last}
        right, found, true = right + len(expected & got), found + len(got), true + len(expected)
    seconds = time.perf_counter() - began
    precision, recall = right / max(found, 1), right / max(true, 1)
    f1 = 2 * right / max(found + true, 1)
    return f"precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  ({right}/{found}/{true}, {seconds:.2f} s)"


def main(paths: list[Path]) -> None:
    untrained = PunktSentenceTokenizer()
    for path in paths:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        print(f"{path.name}: {len(records)} texts (right/found/true boundaries)")
        print("  NLTK's defaults  ", score(records, lambda text: [end for _, end in untrained.span_tokenize(text)]))
        print("  bot.text         ", score(records, lambda text: [span.end for span in split_sentences(text)]))


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [DEFAULT])
