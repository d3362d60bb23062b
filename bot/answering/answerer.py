"""The one way from a question to a reply."""

from collections.abc import Callable, Sequence
from math import log

from bot.answering import ranking
from bot.answering.evidence import evidence, probability
from bot.answering.features import Candidate, candidates, sentence_terms, unknown_share, with_meaning, with_reading
from bot.answering.foreign import is_foreign
from bot.answering.leaning import leans
from bot.answering.placing import in_place
from bot.answering.question import Question, understand
from bot.answering.related import related_terms
from bot.answering.spans import answer_span
from bot.answering.spelling import corrected
from bot.index.base import Near, Nearness, Reading
from bot.index.corpus import Corpus
from bot.index.scope import Scope
from bot.model import Passage, Quote, Refusal, Reply, Sentence, Span
from bot.reading.cleaning import clean_line
from bot.stages import stage
from bot.text.stemming import common_frequency

LONGEST_QUESTION = 2_000  # characters; a page of text is no question
PASSAGES = 60  # passages that are read sentence by sentence
MANY, PASSAGES_OF_MANY = 20_000, 20  # how many are read in an index of more passages than that, to stay quick
READ = 20  # sentences that are read together with the question, the best by all else
NEAREST = 30  # sentences whose passages are read because they are near in meaning
LEAST_INDIRECT = 0.5  # the share of a question that must be there in other words where none of its own is
COMMON = 50  # passages of press releases in general by which the frequencies of a corpus are smoothed


def answer(question: str, corpus: Corpus, *, scope: Scope | None = None, top: int = 5) -> Reply:
    """The reply to a question: at most `top` quotes from the releases in `scope`, or from all of them."""
    if not corpus.releases:
        return Reply(question, refusal=Refusal.NO_RELEASES)
    if len(question) > LONGEST_QUESTION:
        return Reply(question, refusal=Refusal.TOO_LONG)
    with stage("understand"):
        typed = understand(clean_line(question))
        if not any(letter.isalnum() for letter in typed.text):
            return Reply(question, refusal=Refusal.EMPTY)
        if not typed.terms:
            return Reply(question, refusal=Refusal.VAGUE)
        foreign = is_foreign(typed.text, corpus)  # what looks mistyped in English is a word of another language
        understood, corrections = (typed, ()) if foreign else corrected(typed, corpus)
    ranked, sure, enough = rank(understood, corpus, scope)
    with stage("rank"):
        quotes = tuple(_quote(candidate, score, understood) for candidate, score in ranked[:top])
    return Reply(
        question,
        quotes=quotes,
        confidence=round(sure, 4),
        refusal=None if enough else Refusal.NOT_ON_RECORD,
        corrections=corrections,
    )


def rank(
    question: Question, corpus: Corpus, scope: Scope | None = None
) -> tuple[list[tuple[Candidate, float]], float, bool]:
    """The candidates with their scores, best first; the confidence that the first one answers, from 0 to 1; and whether
    there is enough evidence to call it an answer.

    They are ranked by their words, the best of them anew by what they mean, and the best of these by how they read. Which
    sentence is the first is decided by how the very best read in their place; whether there is an answer at all, by how
    they read alone: behind another text a sentence looks more, or less, like an answer than it is.
    """
    near: Nearness | None = None
    kind: ranking.Kind = "words"
    foreign = is_foreign(question.text, corpus)
    reader = None if foreign else corpus.reader
    # Where hardly a sentence is encoded, the reader judges ten of them in the time that the encoder takes for one.
    if corpus.meaning and (corpus.meaning.is_whole or reader is None):
        with stage("meaning"):
            near = corpus.meaning.about(question.text)
    weight_of = weigher(corpus)
    found = found_passages(question, corpus, scope, near)
    with stage("rank"):
        best = ranking.ranked(
            candidates(question, found, weight_of, every=near is not None), question, ranking.model("words")
        )
    known: dict[Sentence, Near] = {}
    if near:
        with stage("meaning"):
            known = near.of([candidate.sentence for candidate, _ in best])
    if known:
        kind = "translated" if foreign else "meaning"
        with stage("rank"):
            best = _anew(with_meaning((candidate for candidate, _ in best), known), best, question, kind)
    if reader:
        with stage("read"):
            read = _read(question, [one for one, _ in best[:READ] if not known or one.sentence in known], reader)
        if read:
            kind = "meaning_read" if known else "words_read"
            with stage("rank"):
                best = _anew(read, best, question, kind)
    if not best:
        return [], 0.0, False
    first = best[0][0].features
    if near is None and kind == "words" and first.coverage == 0 and first.indirect < LEAST_INDIRECT:
        return best, 0.0, False
    learned = ranking.model(kind)
    placed = best
    if reader and first.is_read:
        with stage("read"):
            placed = in_place(question, best, learned, reader)
    with stage("rank"):
        unknown = unknown_share(question, [passage for passage, _ in found], weight_of)
        figures = evidence(best, question, unknown)
        shown = figures if placed is best else evidence(placed, question, unknown)
    return placed, probability(shown, learned.confidence), probability(figures, learned.answerable) >= learned.threshold


def _read(question: Question, some: Sequence[Candidate], reader: Reading) -> list[Candidate]:
    """Those of the candidates for which there was time, read together with the question."""
    logits = reader.read(question.text, [candidate.sentence.text for candidate in some])
    return [with_reading(candidate, logit) for candidate, logit in zip(some, logits, strict=True) if logit is not None]


def _anew(
    some: Sequence[Candidate], best: Sequence[tuple[Candidate, float]], question: Question, kind: ranking.Kind
) -> list[tuple[Candidate, float]]:
    """The candidates of which more is known, in a new order, and behind them the others in the order that they had."""
    first = ranking.ranked(some, question, ranking.model(kind))
    there = {candidate.sentence for candidate, _ in first}
    others = [(candidate, score) for candidate, score in best if candidate.sentence not in there]
    lower = first[-1][1] - others[0][1] - 1 if first and others else 0.0
    return first + [(candidate, score + lower) for candidate, score in others]


def found_passages(
    question: Question, corpus: Corpus, scope: Scope | None = None, near: Nearness | None = None
) -> list[tuple[Passage, float]]:
    """The passages that are read sentence by sentence, with their scores."""
    distinct = tuple(dict.fromkeys(question.terms))
    with stage("search"):
        most = PASSAGES if len(corpus.index) <= MANY else PASSAGES_OF_MANY
        found = corpus.index.search(distinct, most, scope)
        seen = {id(passage) for passage, _ in found}
        if len(found) < most:  # in few texts there is time to look for other words, too
            related = sorted(set().union(*map(related_terms, distinct)) - set(distinct))
            others = corpus.index.search(related, most - len(found), scope)
            found += [(passage, 0.0) for passage, _ in others if id(passage) not in seen]
            seen.update(id(passage) for passage, _ in others)
    if near:
        with stage("meaning"):
            found += [(passage, 0.0) for passage in near.best(NEAREST, scope) if id(passage) not in seen]
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


def _quote(candidate: Candidate, score: float, question: Question) -> Quote:
    sentence = candidate.sentence
    legible = not candidate.features.overlong
    return Quote(
        release=sentence.release,
        start=sentence.start,
        end=sentence.end,
        passage=candidate.passage,
        score=round(score, 4),
        answer=answer_span(sentence.text, sentence_terms(sentence), question) if legible else None,
        matched=tuple(Span(term.start, term.end) for term in candidate.matched),
        before=_before(sentence, candidate.passage),
        features=candidate.features.by_name(),
    )


def _before(sentence: Sentence, passage: Passage) -> Sentence | None:
    """The sentence that this one leans on, where it does and it is not the first of its passage."""
    place = passage.sentences.index(sentence)
    return passage.sentences[place - 1] if place and leans(sentence.text) else None
