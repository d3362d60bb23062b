"""How well the marked span is the answer: in the right sentence, and in the sentence that is quoted first.

    python benchmarks/spans.py ../shared/qa/open/squad-part [FOLDER …]

`asked` counts the answerable questions whose answer stands in one sentence, `marked` is the share in which a span is
marked. Of those asked, `overlap` is the share in which it shares a letter with the answer, `exact` in which it is the
answer but for articles and signs, `f1` the mean token F1 (Rajpurkar et al. 2016). `precise` is the overlap of those
marked. `first` is the share of all answerable questions in which the first quote of the whole way is right and its span
overlaps the answer; `quoted` is the share in which the first quote is right.
"""

import re
import string
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answering.answerer import answer
from bot.answering.question import Question, understand
from bot.answering.spans import answer_span
from bot.evaluation.opensets import read_questions
from bot.index.corpus import build_corpus
from bot.model import Span
from bot.reading.files import read_corpus
from bot.text.passages import split_passages
from bot.text.terms import terms


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the first sentence that answers it, its answers, and the article."""

    question: Question
    sentence: str
    answers: tuple[str, ...]
    article: str


def cases(folder: Path) -> Iterator[Case]:
    """The answerable questions of an open set whose answer stands in one sentence."""
    releases = read_corpus([folder / "corpus"]).releases
    sentences = [(s.text, r.id) for r in releases for p in split_passages(r) for s in p.sentences]
    for known in read_questions(folder):
        found = next(((s, r) for s, r in sentences if known.answers and known.is_answered_by(s)), None)
        if found:
            yield Case(understand(known.question), found[0], known.answers, found[1])


def overlaps(sentence: str, span: Span | None, answers: Sequence[str]) -> bool:
    """Whether a span shares a letter with the first place of an answer."""
    places = [(sentence.find(answer), len(answer)) for answer in answers if answer in sentence]
    return span is not None and any(start < span.end and span.start < start + length for start, length in places)


def plain(text: str) -> str:
    """The text in small letters without articles, signs and double spaces, as SQuAD compares answers."""
    lowered = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", lowered).split())


def f1(text: str, answers: Sequence[str]) -> float:
    """The best token F1 of a text with an answer, from 0 to 1."""
    best = 0.0
    ours = plain(text).split()
    for known in answers:
        theirs = plain(known).split()
        common = (Counter(ours) & Counter(theirs)).total()
        best = max(best, 2 * common / (len(ours) + len(theirs)) if common else 0.0)
    return best


def main(folders: list[Path]) -> None:
    rows: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for folder in folders:
        for case in cases(folder):
            span = answer_span(case.sentence, terms(case.sentence), case.question)
            text = case.sentence[span.start : span.end] if span else ""
            row = rows[case.question.kind]
            row["asked"] += 1
            row["marked"] += span is not None
            row["overlap"] += overlaps(case.sentence, span, case.answers)
            row["exact"] += plain(text) in {plain(known) for known in case.answers}
            row["f1"] += f1(text, case.answers)
        corpus = build_corpus(read_corpus([folder / "corpus"]).releases)
        for known in read_questions(folder):
            if known.answers:
                row = rows[understand(known.question).kind]
                row["answerable"] += 1
                quotes = answer(known.question, corpus, top=1).quotes
                if quotes and known.is_answered_by(quotes[0].text):
                    row["quoted"] += 1
                    row["first"] += overlaps(quotes[0].text, quotes[0].answer, known.answers)
    of_a_kind = [row for kind, row in rows.items() if kind not in ("other", "definition")]
    for row in of_a_kind:
        for name, figure in row.items():
            rows["all but other"][name] += figure
    print(
        f"{'':<14}{'asked':>6}{'marked':>8}{'overlap':>8}{'precise':>8}{'exact':>8}{'f1':>8}{'quoted':>8}{'first':>8}"
    )
    for kind, row in sorted(rows.items(), key=lambda pair: pair[1]["asked"]):
        asked, answerable = row["asked"] or 1, row["answerable"] or 1
        shares = [row["marked"] / asked, row["overlap"] / asked, row["overlap"] / (row["marked"] or 1)]
        shares += [row["exact"] / asked, row["f1"] / asked, row["quoted"] / answerable, row["first"] / answerable]
        print(f"{kind:<14}{row['asked']:>6.0f}" + "".join(f"{share:>8.3f}" for share in shares))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
