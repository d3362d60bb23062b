"""Questions made by rule from press releases, for a teacher to judge: who, when, where and how much.

A rule turns a plain statement round and leaves out what is asked for, as in Heilman and Smith, "Good Question! Statistical
Ranking for Question Generation" (2010). It asks nothing where it is not sure how.
"""

import lzma
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.model import OnrecordError, PassageKind, Release
from bot.text.passages import split_passages
from training.groups import Group, Pairs
from training.negatives import WRONG, found_by_words

SOURCE = "senate"
SHORTEST, LONGEST = 6, 40  # words of a sentence that is asked about
LONGEST_QUESTION = 24  # words

# What a plain statement does not begin with: a pronoun, whose question would tell nothing, or a clause before the subject.
_NO_SUBJECT = frozenset(
    """
    i we you he she it they this that these those his her its their our my your there here what who whom whose which how why
    when where while if as although though because since until unless after before during in on at by for from to of with
    without under over through despite among between and but or so yet nor not no also however finally additionally
    moreover furthermore meanwhile unfortunately thankfully sadly last next today yesterday tomorrow every both such
    senators instead currently recently some many several most all each more other others another one two three few
    """.split()
)
_ARTICLES = ("The", "A", "An")
_SUBORDINATE = re.compile(r"\b(?:who|whom|whose|which|that|when|while|if|because|said|says|and|but|or|to)\b")
_AUXILIARY = re.compile(r" (?P<auxiliary>is|are|was|were|has|have|had|will|would|can|could) ")
_VERBS = """
include includes included|provide provides provided|receive receives received|authorize authorizes authorized
allocate allocates allocated|spend spends spent|cost costs cost|contribute contributes contributed
invest invests invested|save saves saved|secure secures secured|begin begins began|occur occurs occurred
announce announces announced|introduce introduces introduced|pass passes passed|approve approves approved
sign signs signed|create creates created|establish establishes established|visit visits visited
join joins joined|serve serves served|award awards awarded|give gives gave|hold holds held|vote votes voted
offer offers offered|win wins won|launch launches launched|sponsor sponsors sponsored|chair chairs chaired
urge urges urged|praise praises praised|lead leads led|write writes wrote|request requests requested
testify testifies testified|support supports supported|oppose opposes opposed|earn earns earned
found founds founded|graduate graduates graduated|take takes took|make makes made|help helps helped
require requires required|represent represents represented|remain remains remained|report reports reported
increase increases increased|reduce reduces reduced|rise rises rose|fall falls fell|reach reaches reached
become becomes became|meet meets met|send sends sent|call calls called|work works worked|live lives lived
use uses used|need needs needed|allow allows allowed|protect protects protected|fund funds funded|pay pays paid
cover covers covered|employ employs employed|produce produces produced|host hosts hosted|attend attends attended
propose proposes proposed|contain contains contained|prohibit prohibits prohibited|direct directs directed
extend extends extended|expand expands expanded|cut cuts cut|add adds added|end ends ended|open opens opened
release releases released|build builds built|start starts started|continue continues continued
face faces faced|lose loses lost|appoint appoints appointed|nominate nominates nominated|want wants wanted
believe believes believed|thank thanks thanked|commend commends commended|applaud applauds applauded
"""
_BASE: dict[str, tuple[str, str]] = {}  # of a verb as it stands in a statement: how it stands in a question
for _verb in _VERBS.replace("\n", "|").strip("|").split("|"):
    _base, _third, _past = _verb.split()
    _BASE[_third] = ("does", _base)
    _BASE[_past] = ("did", _base)
_VERB = re.compile(rf" (?P<verb>{'|'.join(_BASE)}) ")

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_WHEN = re.compile(
    rf",? (?:on|in|since) (?:{_DAY}, )?(?:{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?+(?:,? (?:19|20)\d\d)?+|(?:19|20)\d\d)"
    r"(?= (?!or\b|and\b|of\b)|,|$)"
)
_PLACE = r"(?:the )?[A-Z][\w.'-]+(?: (?:of )?[A-Z][\w.'-]+)*(?:(?:, |,? and )[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)*)?"
_WHERE = re.compile(rf" (?:in|at|near) {_PLACE}(?=[ ,]|$)")
_TAKES_PLACE = re.compile(
    r"(?:(?:already |also |recently )?(?:be |been )?)(?:held|located|built|based|born|killed|wounded|stationed|deployed|headquartered|buried|raised|produced"
    r"|found|manufactured|hold|take place|occur|visit|graduate|serve|begin|die)\b"
)
_SUM = re.compile(
    r"(?P<giving>\b(?:include|provide|receive|give|cost|spend|contribute|allocate|award|authorize|invest|save|secure"
    r"|provided|given|awarded|paid|worth|allocated|be|for)) (?:about |nearly |over |approximately |more than |up to )?"
    r"(?P<sum>\$\d[\d,.]*(?: (?:thousand|million|billion|trillion))?)(?= (?:to|for|in|on|over|from|through|a year)\b|$)"
)
_PERSON = re.compile(
    r"(?:(?:U\.S\. )?(?:Senators?|Sens?\.|Representative|Rep\.|Congressman|Congresswoman|Governor|Gov\.|President|Secretary"
    r"|Chairman|Dr\.|General|Judge|Mr\.|Ms\.|Mrs\.) )?[A-Z][\w'-]+(?: [A-Z][\w.'-]*)*(?: \([RDI]-[A-Za-z.]+\))?"
)

_BY = re.compile(rf" by (?:the )?{_PERSON.pattern}(?= (?!of\b)[a-z]|,|$)")
_NEAR = 3  # words after the auxiliary, among which somebody does what the sentence says
_TOO_MUCH = re.compile(r'["“”|*:;]|\([^)]*$')
_NEXT_CLAUSE = re.compile(r",| and (?=\w+(?:s|ed)\b)")


def made_questions(sentence: str) -> list[str]:
    """The questions that a sentence answers, as far as the rules can tell; often none."""
    statement = _statement(sentence)
    if statement is None:
        return []
    subject, auxiliary, rest, verb, after = statement
    asked = subject if subject.split()[0] not in _ARTICLES else subject[0].lower() + subject[1:]
    made = []
    if _PERSON.fullmatch(subject) and subject not in _ARTICLES:
        made.append(f"who {verb or auxiliary} {_clause(after)}")
    if (by := _BY.search(rest)) and not verb and len(rest[: by.start()].split()) <= _NEAR:
        made.append(f"by whom {auxiliary} {asked} {_without(rest, by)}")
    if (when := _WHEN.search(rest)) and not _SUBORDINATE.search(rest, 0, when.start()):
        made.append(f"when {auxiliary} {asked} {_without(rest, when)}")
    if (where := _WHERE.search(rest)) and _TAKES_PLACE.match(rest) and not _WHEN.match(rest, where.start()):
        made.append(f"where {auxiliary} {asked} {_without(rest, where)}")
    if (much := _SUM.search(rest)) and "$" not in rest[much.end() :]:
        made.append(f"how much {auxiliary} {asked} {rest[: much.end('giving')]}{_cut(rest[much.end() :])}")
    return [f"{question.strip(' ,')}?" for question in made if 5 <= len(question.split()) <= LONGEST_QUESTION]


def made_pairs(texts: Sequence[str]) -> Pairs:
    """The sentences of the texts of releases, each once, and the questions that are made of them."""
    sentences: dict[str, int] = {}
    questions: dict[str, int] = {}
    for number, text in enumerate(texts):
        release = Release(id=str(number), text="\n\n".join(filter(None, map(str.strip, text.splitlines()))), title="")
        for passage in split_passages(release):
            if passage.kind is not PassageKind.BODY:
                continue
            for sentence in passage.sentences:
                place = sentences.setdefault(sentence.text, len(sentences))
                for question in made_questions(sentence.text):
                    questions.setdefault(question, place)
    return Pairs(tuple(sentences), tuple(questions.items()))


def made_groups(pairs: Pairs, seed: int, beside: int = WRONG) -> list[Group]:
    """A group for each question: the sentence that it was made of, and `beside` others, which words find."""
    if not pairs.questions:
        return []
    chance = Random(seed)
    found = found_by_words(pairs.sentences, [question for question, _ in pairs.questions], beside + 1)
    groups = []
    for (question, right), places in zip(pairs.questions, found, strict=True):
        judged = [right, *[place for place in places if place != right][:beside]]
        chance.shuffle(judged)
        sentences = tuple(pairs.sentences[place] for place in judged)
        groups.append(Group(question, sentences, frozenset({judged.index(right)}), SOURCE))
    return groups


def some_releases(archive: Path, count: int, seed: int) -> list[str]:
    """The texts of `count` releases of a tar, each with the same chance, read straight from it.

    Raises:
        OnrecordError: it is not there, or no tar.
    """
    chance = Random(seed)
    chosen: list[str] = []
    seen = 0
    try:
        with tarfile.open(archive, "r|*") as members:
            for member in members:
                if not member.isfile() or (file := members.extractfile(member)) is None:
                    continue
                seen += 1
                # Algorithm R: Vitter, "Random Sampling with a Reservoir", 1985.
                place = len(chosen) if len(chosen) < count else chance.randrange(seen)
                if place < count:
                    chosen[place : place + 1] = [file.read().decode("latin-1")]
    except (OSError, EOFError, lzma.LZMAError, tarfile.TarError) as error:
        raise OnrecordError(
            f"Cannot read releases from {archive}: it is not there, or no whole tar archive."
        ) from error
    return chosen


def _statement(sentence: str) -> tuple[str, str, str, str, str] | None:
    """A plain statement in its parts: subject, auxiliary and the rest after it, as a question has them; then the verb as
    it stands, empty where it is the auxiliary, and what follows it."""
    sentence = sentence.strip("\"“”' ")
    if not SHORTEST <= len(sentence.split()) <= LONGEST or not sentence.endswith(".") or _TOO_MUCH.search(sentence):
        return None
    found = min(
        (match for pattern in (_AUXILIARY, _VERB) if (match := pattern.search(sentence))),
        key=lambda match: match.start(),
        default=None,
    )
    if found is None:
        return None
    subject, rest = sentence[: found.start()], sentence[found.end() : -1]
    words = subject.split()
    if not words or not words[0][0].isupper() or words[0].lower().rstrip(",") in _NO_SUBJECT:
        return None
    if len(words) > 8 or "," in subject or _SUBORDINATE.search(subject):
        return None
    if found.re is _AUXILIARY:
        return subject, found["auxiliary"], rest, "", rest
    auxiliary, base = _BASE[found["verb"]]
    return subject, auxiliary, f"{base} {rest}", found["verb"], rest


def _without(rest: str, left_out: re.Match[str]) -> str:
    before, after = rest[: left_out.start()], rest[left_out.end() :]
    return before + _cut(after)


def _cut(text: str) -> str:
    """A text up to its next clause."""
    return _NEXT_CLAUSE.split(text, maxsplit=1)[0]


def _clause(text: str) -> str:
    """A text up to the first comma that has some words before it."""
    head, comma, tail = text.partition(",")
    return head if len(head.split()) > 3 or not comma else f"{head},{_cut(tail)}"
