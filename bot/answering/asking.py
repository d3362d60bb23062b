"""How a question is put: what part of its sentence is asked for, and the thing that the answer is to be."""

from dataclasses import dataclass
from functools import lru_cache

from bot.answering.question import Question
from bot.text.stemming import stem
from bot.text.terms import STOP_WORDS, words

_QUESTION_WORDS = frozenset("who whom whose what which when where how why".split())
_DO = frozenset("do does did".split())
_BE = frozenset("is are was were be been being".split())
_AUXILIARIES = _DO | _BE | frozenset("has have had can could will would may might must should shall".split())
# Things that have names of their own.
_NAMED_THINGS = frozenset(
    """
    act agency airline airport album alliance army artist association award band bank battle book border
    brand broadcaster building century channel church client club coach college commission committee company
    competitor conference constitution corporation court desert empire event family festival film firm force
    fund government group holiday hotel house individual industry institution island king lake landmark language law
    league legislation magazine mission mountain movement museum name nationality network newspaper object ocean
    office organization palace park partner party people philosopher planet plant player port product program
    project provider race range religion restaurant rival river satellite school scientist sea service
    ship show singer site sponsor sport stadium station store street subsidiary system team thinker title
    tower treaty tribe university valley war website writer
    """.split()
)
_FIGURES = frozenset("score percent percentage percentile fee rate figure estimate budget".split())
_NAMING = frozenset("name names called named known nickname nicknamed renamed rebranded".split())
PREPOSITIONS = frozenset("in on at from to near by since during of for with until before after under into as".split())


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is put.

    `form` is what part of its sentence is asked for: "subject" (*who opened it*), "object" (*who did he meet*), "copula"
    (*who is the mayor*) or "passive" (*where was it built*). `nouns` are the words of the thing that is asked for (*which
    river*), `things` their terms, `anchors` the first and the last telling term after them, `preposition` the word before the question
    word (*from which*).
    """

    word: str
    form: str
    nouns: tuple[str, ...]
    things: tuple[str, ...]
    anchors: tuple[str, ...]
    preposition: str
    wants_name: bool
    wants_figure: bool


@lru_cache(maxsize=1 << 10)
def asking(text: str) -> Asking:
    """How a question is put, by the words around its question word."""
    spoken = [word.term for word in words(text)]
    place = next((i for i, word in enumerate(spoken) if word in _QUESTION_WORDS), -1)
    asked = spoken[place] if place >= 0 else ""
    preposition = spoken[place - 1] if place > 0 and spoken[place - 1] in PREPOSITIONS else ""
    rest = spoken[place + 1 :]
    if asked == "how" and rest[:1] in (["many"], ["much"]):
        rest.pop(0)
    nouns: list[str] = []
    if asked in ("what", "which", "whose", "how"):
        while rest and len(nouns) < 4 and rest[0] not in STOP_WORDS:
            nouns.append(rest.pop(0))
    form = "subject"
    if rest and rest[0] in _DO:
        form = "object"
    elif rest and rest[0] in _BE:
        form = "passive" if any(word.endswith("ed") for word in rest[1:]) or rest[-1] == "by" else "copula"
    elif rest and rest[0] in _AUXILIARIES and asked in ("when", "where", "how"):
        form = "object"
    if asked == "what" and form == "copula" and not nouns:
        nouns = [word for word in rest[1:4] if word not in STOP_WORDS]
    telling = [stem(word) for word in (rest or nouns) if word not in STOP_WORDS]
    return Asking(
        word=asked,
        form=form,
        nouns=tuple(nouns),
        things=tuple(stem(word) for word in nouns if word not in ("name", "names")),
        anchors=(telling[0], telling[-1]) if telling else (),
        preposition=preposition,
        wants_name=not _NAMING.isdisjoint(spoken) or any(_singular(word) in _NAMED_THINGS for word in nouns),
        wants_figure=any(_singular(word) in _FIGURES for word in (*nouns, *spoken[place + 1 : place + 4])),
    )


def _singular(noun: str) -> str:
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


def wants_words(question: Question) -> bool:
    """Whether a few words may answer a question of kind OTHER; *how* and *what did they say* want a whole sentence."""
    asked = asking(question.text)
    return asked.word in ("what", "which") and (asked.form != "object" or bool(asked.things))
