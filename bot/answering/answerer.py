"""The one way from a question to a reply."""

from collections.abc import Callable, Collection
from math import log

from bot.answering import ranking
from bot.answering.features import Candidate, candidates, unknown_share
from bot.answering.leaning import leans
from bot.answering.question import Question, understand
from bot.answering.related import related_terms
from bot.answering.spelling import corrected
from bot.index.corpus import Corpus
from bot.model import Passage, Quote, Refusal, Reply, Sentence, Span
from bot.reading.cleaning import clean_line
from bot.text.stemming import common_frequency

LONGEST_QUESTION = 2_000  # characters; a page of text is no question
PASSAGES = 60  # passages that are read sentence by sentence
LEAST_INDIRECT = 0.5  # the share of a question that must be there in other words where none of its own is
COMMON = 50  # passages of press releases in general by which the frequencies of a corpus are smoothed


def answer(question: str, corpus: Corpus, *, scope: Collection[str] | None = None, top: int = 5) -> Reply:
    """The reply to a question: at most `top` quotes from the releases in `scope` (ids), or from all of them."""
    if not corpus.releases:
        return Reply(question, refusal=Refusal.NO_RELEASES)
    if len(question) > LONGEST_QUESTION:
        return Reply(question, refusal=Refusal.TOO_LONG)
    typed = understand(clean_line(question))
    if not any(letter.isalnum() for letter in typed.text):
        return Reply(question, refusal=Refusal.EMPTY)
    if not typed.terms:
        return Reply(question, refusal=Refusal.VAGUE)
    understood, corrections = corrected(typed, corpus)
    ranked, sure = rank(understood, corpus, scope)
    learned = ranking.model()
    return Reply(
        question,
        quotes=tuple(_quote(candidate, score) for candidate, score in ranked[:top]),
        confidence=round(sure, 4),
        refusal=None if ranked and sure >= learned.threshold else Refusal.NOT_ON_RECORD,
        corrections=corrections,
    )


def rank(
    question: Question, corpus: Corpus, scope: Collection[str] | None = None
) -> tuple[list[tuple[Candidate, float]], float]:
    """The candidates with their scores, best first, and the confidence that the first one answers, from 0 to 1."""
    learned = ranking.model()
    weight_of = weigher(corpus)
    found = found_passages(question, corpus, scope)
    best = ranking.ranked(candidates(question, found, weight_of), question, learned)
    if not best:
        return [], 0.0
    first = best[0][0].features
    if first.coverage == 0 and first.indirect < LEAST_INDIRECT:
        return best, 0.0
    unknown = unknown_share(question, [passage for passage, _ in found], weight_of)
    return best, ranking.confidence(ranking.evidence(best, question, unknown), learned)


def found_passages(
    question: Question, corpus: Corpus, scope: Collection[str] | None = None
) -> list[tuple[Passage, float]]:
    """The passages that are read sentence by sentence, with their scores."""
    distinct = tuple(dict.fromkeys(question.terms))
    found = corpus.index.search(distinct, PASSAGES, scope)
    if len(found) < PASSAGES:  # in few texts there is time to look for other words, too
        seen = {id(passage) for passage, _ in found}
        related = sorted(set().union(*map(related_terms, distinct)) - set(distinct))
        others = corpus.index.search(related, PASSAGES - len(found), scope)
        found += [(passage, 0.0) for passage, _ in others if id(passage) not in seen]
    return found


def weigher(corpus: Corpus) -> Callable[[str], float]:
    """A function from a term to how much it tells: the inverse of its frequency in the corpus, smoothed.

    The frequency is that of the corpus with COMMON passages of press releases in general mixed in (Dirichlet smoothing,
    Zhai and Lafferty 2001). A single release is too little to know from it that `take` is common and `everest` is not;
    in an archive the mixed-in passages do not count.
    """
    passages = len(corpus.index)

    def weight(term: str) -> float:
        held = corpus.index.document_frequency(term) + COMMON * common_frequency(term)
        return log(1 + (passages + COMMON) / (held + 0.5))

    return weight


def _quote(candidate: Candidate, score: float) -> Quote:
    sentence = candidate.sentence
    return Quote(
        release=sentence.release,
        start=sentence.start,
        end=sentence.end,
        passage=candidate.passage,
        score=round(score, 4),
        answer=candidate.answer,
        matched=tuple(Span(term.start, term.end) for term in candidate.matched),
        before=_before(sentence, candidate.passage),
        features=candidate.features.by_name(),
    )


def _before(sentence: Sentence, passage: Passage) -> Sentence | None:
    """The sentence that this one leans on, where it does and it is not the first of its passage."""
    place = passage.sentences.index(sentence)
    return passage.sentences[place - 1] if place and leans(sentence.text) else None
