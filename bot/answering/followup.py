"""A question that leans on the one before it, and the whole question that the two make."""

import re

from bot.answering.question import understand

_LONGEST = 12  # words; who leans is short
_END = " \t\n?!.,;:…"

# "And in 2025?", "But why?", "What about AstraZeneca?": said on top of something.
_OPENING = re.compile(
    r"^(?:(?:and|but|so|or|also|then|plus|ok|okay)\b[\s,]*)*(?:(?:what|how) about\b\s*|what if\b\s*)?", re.IGNORECASE
)
# A question word, and what of its phrase asks for a kind of answer: "how many", "what year", "who else".
_ASKING = re.compile(
    r"^(?:(?:in|on|at|by|for|from|with|to|since|until) )?(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?: (?:exactly|else|many|much|long|often|big|large|far|old|year|day|date|month|city|country|percentage|kind of)\b)*",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs|this|that|these|those|there|then|one|ones|both|so"
    r"|former|latter)\b",
    re.IGNORECASE,
)
# Where "it" and "there" point at nothing: "how long does it take", "are there".
_EMPTY_POINTING = re.compile(
    r"\b(?:is|are|was|were|will|has|have|had) there\b|\bthere (?:is|are|was|were|will)\b|\bit (?:take|takes|took)\b"
    r"|\bthat (?:the|a|an|is|are|was|were|will|would|has|have|had|can|could|should)\b|\bso (?:that|far|many|much)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|will|can|could)\b\s*", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def follow_up(question: str, previous: str) -> str | None:
    """The whole question where `question` leans on the `previous` one, else None: it stands by itself.

    "and in 2025?" after "how big is the industry?" is "how big is the industry in 2025?"; "who said that?" after it is
    "who said that: the industry?". The rules are on words only; what comes out is meant to find the sentence
    and to tell the person how the question was read, not to be read aloud.
    """
    before = _line(previous).strip(_END)
    asked = _line(question).strip(_END)
    if not before or not asked or len(asked.split()) > _LONGEST or asked.lower() == before.lower():
        return None
    opening = _OPENING.match(asked)
    rest = asked[opening.end() :] if opening else asked
    opened = len(rest) < len(asked)
    if not rest:
        return None
    asking = _ASKING.match(rest)
    if asking is None:
        return _with_fragment(before, rest) if opened and not _AUXILIARY.match(rest) else None
    bare = not rest[asking.end() :].strip(_END)
    if bare or _points(rest) or (opened and not understand(rest).terms):
        return _with_question(before, rest)
    return None


def _points(text: str) -> bool:
    """Whether the words point at something that they do not name, and name little themselves."""
    return bool(_POINTING.search(_EMPTY_POINTING.sub(" ", text))) and len(understand(text).terms) <= 2


def _with_fragment(before: str, fragment: str) -> str:
    """The question before with something added: another year takes the place of the one that it has."""
    years = _YEAR.findall(fragment)
    if len(years) == 1 and len(_YEAR.findall(before)) == 1 and len(fragment.split()) <= 2:
        return f"{_YEAR.sub(years[0], before)}?"
    return f"{before} {fragment}?"


def _with_question(before: str, question: str) -> str:
    """The new question with what the one before was about: its words without those that asked."""
    asking = _ASKING.match(before)
    about = _without_auxiliary(before[asking.end() :].strip(_END)) if asking else before
    return f"{question}: {about or before}?"


def _line(text: str) -> str:
    return " ".join(text.split())


def _without_auxiliary(words: str) -> str:
    auxiliary = _AUXILIARY.match(words)
    return words[auxiliary.end() :] if auxiliary else words
