"""What is asked: the terms of a question and the kind of answer that it wants."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.text.stemming import stem
from bot.text.terms import ASKING_WORDS, STOP_WORDS, Term, words


class AnswerKind(StrEnum):
    """What kind of words answers a question."""

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    MONEY = "money"
    NUMBER = "number"
    DURATION = "duration"
    PERCENT = "percent"
    REASON = "reason"
    DEFINITION = "definition"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is understood.

    `text` is what was asked without the words with which people only begin to speak ("ok, who …"); `words` are its words
    without those that find nothing, `terms` their index terms, in the order in which they stand.
    `focus` is the term of the thing that the answer is to be, where the question names it: the parks of "how many
    parks are there?", the secretary of "who is the party secretary of Wuxi?".
    """

    text: str
    kind: AnswerKind
    words: tuple[Term, ...]
    terms: tuple[str, ...]
    focus: str | None = None


# The first pattern that is found decides. They are tried on the folded words, joined by spaces.
_KINDS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (AnswerKind.PERSON, r"^whose\b|\bwho(?:m|se)?\b(?! (?:said|says) (?:when|where|how))"),
        (
            AnswerKind.PERCENT,
            r"\b(?:what|which) (?:percent|percentage|share|proportion|fraction)\b|\bhow many percent\b",
        ),
        (
            AnswerKind.MONEY,
            r"\bhow much (?:money|did .* (?:cost|pay|spend|earn|raise|invest)|does .* cost|is .* worth|will .* cost"
            r"|funding|revenue|is .* cost)\b|\b(?:what|which) (?:is |was |are |were )?(?:the )?(?:\w+ )?"
            r"(?:cost|price|revenue|salary|budget|income|sum|net worth)\b",
        ),
        (AnswerKind.DURATION, r"\bhow long\b(?! ago)|\bhow many (?:years|days|weeks|months|hours|minutes|seconds)\b"),
        (
            AnswerKind.NUMBER,
            r"\bhow (?:many|much|big|large|tall|high|deep|far|fast|old|often|heavy|wide|hot|cold|strong|small|short)\b"
            r"|\b(?:what|which) (?:is |was |are |were )?(?:the )?(?!phone|telephone|fax|mobile)(?:\w+ )?"
            r"(?:number|amount|size|population|area|height|length|distance|temperature|total|age|weight|scale|target"
            r"|speed|rate|ratio)\b",
        ),
        (
            AnswerKind.DATE,
            r"\bwhen\b|\bhow long ago\b|\bsince what\b"
            r"|\b(?:what|which) (?:\w+ )?(?:year|years|date|day|month|decade|century|time|period|era|season|dates)\b",
        ),
        (
            AnswerKind.PLACE,
            r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|cities|country|countries|town|place|location|state|province"
            r"|region|continent|county|nation|island|venue|street|district|area|areas)\b",
        ),
        (
            AnswerKind.PERSON,
            r"\b(?:what|which) (?:is |was |are |were )?(?:the )?(?:\w+ )?(?:person|man|woman|king|queen|emperor|leader"
            r"|president|mayor|senator|director|author|scientist|actor|actress|player|singer|monk|pope|duke|chancellor"
            r"|minister|scholar|mathematician|governor|official)\b(?! of .* (?:do|did|say|said))|\bname of the (?:man|woman"
            r"|person|mayor|president|king|leader)\b",
        ),
        (
            AnswerKind.REASON,
            r"^why\b|\bwhy (?:is|was|did|does|do|are|were|has|have|will)\b|\bwhat caused\b|^how come\b",
        ),
        (AnswerKind.DEFINITION, r"^(?:what|who) (?:is|are|was|were) (?:(?:a|an|the) )?(?:\w+ ?){1,3}$|^define\b"),
    )
)


# Terms that ask for a kind of answer: words of that kind say as much.
KIND_TERMS: dict[AnswerKind, frozenset[str]] = {
    kind: frozenset(map(stem, listed.split()))
    for kind, listed in {
        AnswerKind.PERSON: "person man woman name",
        AnswerKind.DATE: "date day year month century decade time period",
        AnswerKind.PLACE: "place location located venue city country town",
        AnswerKind.MONEY: "worth cost price money pay spend amount sum",
        AnswerKind.NUMBER: "number amount total size big large",
        AnswerKind.PERCENT: "percent percentage share proportion",
        AnswerKind.DURATION: "long years months weeks days hours minutes",
    }.items()
}

# Turns of speech that mean more, or something else, than their words.
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), word)
    for pattern, word in (
        (r"(?:take|takes|took|taken|taking) place", "held"),
        (r"(?:take|takes|took|taken|taking) part", "attended"),
        (r"(?:talk|talks|talked|talking|speak|spoke|spoken) about", "topics"),
        (r"research and development", "r&d"),
        (r"(?:set|sets|setting) up", "established"),
        (r"in charge of", "leads"),
        (r"(?:close|closes|closed) down", "closed"),
        (r"(?:go|goes|going|went) up", "increased"),
        (r"(?:go|goes|going|went) down", "decreased"),
    )
)


# What people say before they ask: encoder and reader would take it for a part of the question.
_BEFORE_ASKING = re.compile(
    r"\s*(?:(?:and|but|so|or|also|then|well|now|ok|okay|hi|hello|hey|please|good (?:morning|day|afternoon|evening))\b[\s,.!:;–-]*)+"
    r"(?=(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|will|can|could)\b)",
    re.IGNORECASE,
)


def _read(text: str) -> list[Term]:
    """The words of a question, each turn of speech for one word, which stands where the turn stands."""
    read = list(words(text))
    for pattern, word in _PHRASES:
        spoken = " ".join(term.term for term in read)
        if match := pattern.search(spoken):
            first, count = spoken[: match.start()].count(" "), match.group().count(" ") + 1
            turn = Term(word, read[first].start, read[first + count - 1].end)
            read[first : first + count] = [turn]
    return read


def understand(text: str) -> Question:
    """The question in `text`: its kind by rules on its words, and its terms without stop words and asking words.

    Asking words (`tell`, `name`, `many`) are kept where nothing else would be left.
    """
    if before := _BEFORE_ASKING.match(text):
        text = text[before.end() :]
    all_words = _read(text)
    telling = [word for word in all_words if word.term not in STOP_WORDS]
    asked = [word for word in telling if word.term not in ASKING_WORDS] or telling
    return Question(
        text=text,
        kind=kind_of(" ".join(word.term for word in all_words)),
        words=tuple(asked),
        terms=tuple(stem(word.term) for word in asked),
        focus=_focus([word.term for word in all_words]),
    )


def _focus(folded: list[str]) -> str | None:
    """The last word of the run of telling words after the question word, an article between them or not; of what is
    counted, the plural."""
    match = _FOCUS.search(" ".join(folded))
    if not match:
        return None
    run = []
    for word in match["run"].split():
        if word in STOP_WORDS or word in ASKING_WORDS:
            break
        run.append(word)
    if match["counted"]:  # the verb may follow at once: "how many cranes travelled"
        run = run[: next((place for place, word in enumerate(run, 1) if _PLURAL.search(word)), len(run))]
    return stem(run[-1]) if run and run[-1] not in _KIND_NOUNS else None


_PLURAL = re.compile(r"[^s]s$|^(?:people|men|women|children)$")
_FOCUS = re.compile(
    r"\b(?:(?P<counted>how many)|how much|what|which|whose|(?:what|who) (?:is|are|was|were) (?:the|a|an|his|her|its|their))"
    r" (?P<run>.+)"
)
# Nouns that only say of what kind the answer is: a sentence that answers seldom holds them.
_KIND_NOUNS = frozenset(
    """
    year years date day month decade century time period era season city cities country countries town place location
    state province region continent county nation percent percentage share proportion number amount person man woman
    name names type kind sort thing things way money people
    """.split()
)


def kind_of(folded: str) -> AnswerKind:
    """The kind of answer that a question wants, from its folded words with a space between."""
    for kind, pattern in _KINDS:
        if pattern.search(folded):
            return kind
    return AnswerKind.OTHER
