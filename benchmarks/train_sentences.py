"""Trains the parameters of Punkt that ship in `bot/text/data/punkt.json`.

    python benchmarks/train_sentences.py senate-press-releases.tar.xz

The archive holds one press release a file, one paragraph a line, in Latin-1. One release in five is read, which takes
a minute. Method: Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection",
2006, as in NLTK, with one change. Punkt takes note of a spelling (capital or small letter; at the start of a sentence
or inside) once it is seen a single time. In 40 MB of text everything is seen a single time, in headings if nowhere
else. Here a spelling counts when it makes up at least a fiftieth of what is seen of the word.
"""

import json
import sys
import tarfile
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from nltk.tokenize.punkt import PunktParameters, PunktTrainer

TARGET = Path(__file__).parents[1] / "bot" / "text" / "data" / "punkt.json"
ONE_IN = 5
CAPITAL_INSIDE, SMALL_INSIDE = 4, 32  # two of Punkt's flags
BATCH = 400  # releases that are trained on together
SHARE = 0.02  # of a word's occurrences, for a spelling to count
FEWEST = {"words": 40, "abbreviations": 8, "collocations": 5}  # occurrences, for an entry to be kept


class CountingParameters(PunktParameters):
    """Counts how often each word is seen in each spelling, where Punkt only notes that it is."""

    def __init__(self) -> None:
        super().__init__()
        self.spellings: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add_ortho_context(self, typ: str, flag: int) -> None:
        self.spellings[typ][flag] += 1


def releases(archive: Path) -> Iterator[str]:
    """One text in `ONE_IN`, its paragraphs apart by blank lines; those stripped of their full stops are left out."""
    with tarfile.open(archive) as tar:
        files = (member for member in tar if member.isfile())
        for number, member in enumerate(files):
            if number % ONE_IN:
                continue
            stream = tar.extractfile(member)
            text = stream.read().decode("latin-1") if stream else ""
            if text.count(". ") * 60 > len(text.split()):
                yield "\n\n".join(text.splitlines())


def batches(texts: Iterable[str]) -> Iterator[str]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield "\n\n".join(batch)
            batch.clear()
    yield "\n\n".join(batch)


def is_name(word: str, spellings: Counter[int]) -> bool:
    """Whether a word has its capital letter inside of sentences, too: more often than a quotation begins with it."""
    inside = spellings[CAPITAL_INSIDE] + spellings[SMALL_INSIDE]
    return word != "i" and spellings[CAPITAL_INSIDE] > inside / 5


def train(texts: Iterable[str]) -> dict[str, object]:
    """The parameters as plain data: `abbreviations`, `collocations`, `starters`, and words by their `spellings`."""
    trainer = PunktTrainer()
    parameters = trainer._params = CountingParameters()
    trainer.INCLUDE_ABBREV_COLLOCS = True
    for batch in batches(texts):
        trainer.train(batch, finalize=False)
    trainer.finalize_training()
    seen = trainer._type_fdist
    pairs = trainer._collocation_fdist
    spellings: defaultdict[int, list[str]] = defaultdict(list)
    for word, counts in parameters.spellings.items():
        total = counts.total()
        if total >= FEWEST["words"] and word.isascii() and word[0].isalpha():
            spellings[sum(flag for flag, count in counts.items() if count >= SHARE * total)].append(word)
    return {
        "abbreviations": lines(
            word for word in parameters.abbrev_types if len(word) > 1 and seen[word + "."] >= FEWEST["abbreviations"]
        ),
        "collocations": sorted(
            f"{first} {second}"
            for first, second in parameters.collocations
            if pairs[first, second] >= FEWEST["collocations"]
            and "##" not in first + second
            and (first + second).isascii()
        ),
        "starters": lines(word for word in parameters.sent_starters if not is_name(word, parameters.spellings[word])),
        "spellings": {str(flags): lines(words) for flags, words in sorted(spellings.items())},
    }


def lines(words: Iterable[str]) -> list[str]:
    return textwrap.wrap(" ".join(sorted(words)), 110, break_long_words=False, break_on_hyphens=False)


def main(archive: Path) -> None:
    learned = {
        "made_by": "benchmarks/train_sentences.py",
        "made_from": "72,644 press releases of the United States Senate, 2005 to 2007: the collection of J. Grimmer, "
        '"A Bayesian Hierarchical Topic Model for Political Texts", 2010',
        "method": 'Punkt: Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection", 2006',
        **train(releases(archive)),
    }
    TARGET.write_text(json.dumps(learned, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes", {key: len(learned[key]) for key in learned})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
