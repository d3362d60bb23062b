"""Writes `bot/text/data/stems.txt`: the Snowball stems of common English words, and how common they are.

    python benchmarks/make_stems.py senate-press-releases.tar.xz

Reads an archive of press releases, one paragraph a line, and takes the words that are at least MINIMUM times in one
release of EVERY, and those of `related.txt` and `irregular.txt`, which every question
looks up. The figure after a stem says in how many of 100,000 paragraphs it is.
"""

import sys
import tarfile
from collections import Counter, defaultdict
from pathlib import Path

from nltk.stem.snowball import EnglishStemmer

from bot.text.terms import STOP_WORDS, words

MINIMUM = 12
EVERY = 5
BOT = Path(__file__).parent.parent / "bot"
TARGET = BOT / "text" / "data" / "stems.txt"
RELATED = BOT / "answering" / "data" / "related.txt"
IRREGULAR = BOT / "text" / "data" / "irregular.txt"


def main(archive: Path) -> None:
    counts: Counter[str] = Counter()
    paragraphs: Counter[str] = Counter()
    number = 0
    stemmer = EnglishStemmer()
    stems: dict[str, str] = {}
    with tarfile.open(archive) as tar:
        files = (member for member in tar if member.isfile() and member.name.endswith(".txt"))
        for place, member in enumerate(files):
            file = tar.extractfile(member)
            if place % EVERY or file is None:
                continue
            for paragraph in file.read().decode("utf-8", errors="replace").splitlines():
                found = [word.term for word in words(paragraph)]
                if len(found) < 10:
                    continue
                number += 1
                counts.update(found)
                for word in set(found) - stems.keys():
                    stems[word] = stemmer.stem(word)
                paragraphs.update({stems[word] for word in found})
    needed = {
        word
        for path in (RELATED, IRREGULAR)
        for line in path.read_text(encoding="ascii").splitlines()
        if line[0] != "#"
        for word in line.split()
    }
    for word in needed - stems.keys():
        stems[word] = stemmer.stem(word)
    shared: defaultdict[str, list[str]] = defaultdict(list)
    for word in stems:
        if (
            (counts[word] >= MINIMUM or word in needed)
            and len(word) > 2
            and word.isascii()
            and word.isalpha()
            and word not in STOP_WORDS
        ):
            shared[stems[word]].append(word)
    lines = [
        " ".join([stem, str(round(100_000 * paragraphs[stem] / number)), *sorted(group)])
        for stem, group in sorted(shared.items())
    ]
    head = (
        f"# stem, in how many of 100,000 paragraphs, its words; NLTK's English Snowball; words at least {MINIMUM} times in\n"
        f"# {number} paragraphs of United States Senate releases, 2005-2007 (J. Grimmer 2010)"
    )
    TARGET.write_text("\n".join([head, *lines]) + "\n", encoding="ascii")
    print(f"{len(lines)} stems of {sum(map(len, shared.values()))} words in {TARGET}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
