"""How often the span that is marked in the right sentence overlaps the answer, for each kind of answer.

python benchmarks/spans.py ../shared/qa/open/squad-part [FOLDER …]
"""

import sys
from collections import Counter
from pathlib import Path

from bot.answering.question import AnswerKind, understand
from bot.answering.spans import answer_span
from bot.evaluation.opensets import read_questions
from bot.reading.files import read_corpus
from bot.text.passages import split_passages
from bot.text.terms import terms


def main(folders: list[Path]) -> None:
    asked: Counter[AnswerKind] = Counter()
    right: Counter[AnswerKind] = Counter()
    for folder in folders:
        releases = read_corpus([folder / "corpus"]).releases
        passages = {p.text: [s.text for s in p.sentences] for release in releases for p in split_passages(release)}
        sentences = [sentence for texts in passages.values() for sentence in texts]
        for known in read_questions(folder):
            question = understand(known.question)
            answering = next((s for s in sentences if known.answers and known.is_answered_by(s)), None)
            if answering is None or question.kind in (AnswerKind.OTHER, AnswerKind.DEFINITION):
                continue
            asked[question.kind] += 1
            span = answer_span(answering, terms(answering), question)
            places = [(answering.find(answer), len(answer)) for answer in known.answers if answer in answering]
            right[question.kind] += span is not None and any(
                start < span.end and span.start < start + length for start, length in places
            )
    for kind, count in asked.most_common():
        print(f"{kind:<10} {count:>5} {right[kind] / count:.3f}")
    print(f"{'all':<10} {asked.total():>5} {right.total() / asked.total():.3f}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
