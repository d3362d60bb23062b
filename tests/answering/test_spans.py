"""The answer inside a sentence, for each kind of question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering import patterns
from bot.answering.question import AnswerKind, understand
from bot.answering.spans import answer_span, candidates_of, fitting, holds_answer
from bot.model import Span
from bot.text.terms import terms

MAYOR = "Ingrid Dahl, mayor of Norrvik, chairs the harbour board."


def answer_in(sentence: str, question: str) -> Span | None:
    return answer_span(sentence, terms(sentence), understand(question))


def holds(sentence: str, question: str) -> bool:
    return holds_answer(sentence, lambda: terms(sentence), understand(question))


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("who chairs the harbour board?", MAYOR, "Ingrid Dahl"),
        ("who signed it?", "The Harbour Company says that Mayor Dahl signed it on Monday.", "Mayor Dahl"),
        ("who leads the office?", "Nils Berg leads the office of Ingrid Dahl.", "Nils Berg"),
        ("who is the mayor?", "Nils Berg met Ingrid Dahl, the mayor.", "Ingrid Dahl"),
        ("when did the quay open?", "The quay opened on May 14, 2024, after two years.", "May 14, 2024"),
        ("when was the fair?", "The fair was from April 21 to 23 in Norrvik.", "April 21 to 23"),
        ("when was the fair held?", "From April 21 to 23, the 2021 Harbour Fair was held.", "April 21 to 23"),
        ("when was it built?", "The quay was built in 1987.", "1987"),
        ("since when is there a port?", "There is a port since the 1990s.", "the 1990s"),
        ("when do ferries sail?", "Ferries sail every Friday.", "Friday"),
        ("what did it cost?", "It cost 12 million euros.", None),  # not asked in the words of a sum
        ("how much did it cost?", "It cost 12 million euros.", "12 million euros"),
        ("how much did it cost?", "It cost more than $3.5bn in all.", "more than $3.5bn"),
        ("how much is it worth?", "It is worth over 100 billion yuan.", "over 100 billion yuan"),
        ("how many quays are there?", "There are three quays.", "three"),
        ("how many people came?", "More than 1,000 people came in 2024.", "More than 1,000 people"),
        ("how big is the hall?", "In 2024 a hall of 860,000 square meters was built.", "860,000 square meters"),
        ("what share of them is new?", "Some 12 percent of them are new.", "Some 12 percent"),
        ("how long did it take?", "It took three weeks to build.", "three weeks"),
        ("why did it close?", "It closed because the walls are wet.", "because the walls are wet."),
        ("where is the fair?", "The fair is held in Norrvik.", "Norrvik"),
        ("what is the quay?", "The quay is a wall of stone.", None),
        ("who built the hall?", "The hall was built by the Harbour Company in 1999.", "Harbour Company"),
        ("who leads Astra?", "AstraZeneca CEO Pascal Soriot leads the Astra talks.", "Pascal Soriot"),
        ("who ruled here?", "The land was ruled by William of Montreuil until 1066.", "William of Montreuil"),
        ("how many jobs will it create?", "The plant costs $40 million and will create 250 jobs by 2027.", "250"),
        ("when will it open?", "The bridge will open in autumn 2026.", "autumn 2026"),
        ("what year was it founded?", "Founded in 1912, it moved on 3 March 1955 to Bern.", "1912"),
        ("why did it close?", "Because of the storm, the quay closed early.", "Because of the storm"),
        ("what river runs through the city?", "The Vistula River runs through the city.", "Vistula River"),
        ("which company will build it?", "Volvo will build the factory near Trondheim.", "Volvo"),
        ("what does the mayor think of it?", "The mayor thinks that it is good for all.", None),
        ("how was it built?", "It was built of oak and stone.", None),
    ],
)
def test_the_part_of_the_sentence_that_answers(question: str, sentence: str, answer: str | None) -> None:
    span = answer_in(sentence, question)
    assert (sentence[span.start : span.end] if span else None) == answer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("who is Ingrid Dahl?", "Ingrid Dahl opened the quay."),
        ("when is the fair of 2024?", "The fair of 2024 is a success."),
        ("where is Norrvik?", "Norrvik is lovely."),
        ("how much is 12 million euros?", "It cost 12 million euros."),
    ],
)
def test_words_of_the_question_are_no_answer_to_it(question: str, sentence: str) -> None:
    assert answer_in(sentence, question) is None


def test_a_month_and_a_day_are_no_name_and_an_office_is_no_name() -> None:
    assert not holds("On Monday the Mayor met the Harbour Company in May.", "who met them?")


@pytest.mark.parametrize(
    ("question", "sentence", "holding"),
    [
        ("who opened it?", "Ingrid Dahl opened the quay.", True),
        ("who is Ingrid Dahl?", "Ingrid Dahl opened the quay.", False),
        ("who built the hall?", "The hall was built by the Harbour Company.", False),  # no person, yet it answers
        ("when did it open?", "It opened in 1987.", True),
        ("how far is it?", "It is 2000 kilometres from Bern.", True),  # no year
        ("how many came?", "The AS-206 came.", False),  # no figure, but a part of a name
        ("what river is it?", "It is the Vistula River.", False),  # of no kind that a rule knows
    ],
)
def test_a_sentence_holds_something_of_the_kind_asked(question: str, sentence: str, holding: bool) -> None:
    assert holds(sentence, question) is holding


@given(st.text() | st.text(alphabet="MayDr .,0123456789$%-’andof the yuan"), st.sampled_from(AnswerKind))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_candidates_lie_inside_any_sentence(sentence: str, kind: AnswerKind) -> None:
    for span in candidates_of(sentence, kind):
        assert 0 <= span.start < span.end <= len(sentence)
        assert sentence[span.start : span.end].strip()


@given(
    st.text(),
    st.sampled_from(["who is it?", "when?", "how many quays?", "where?", "how much is it?", "why?", "what river?"]),
)
@settings(derandomize=True, deadline=None)
def test_an_answer_is_one_of_the_candidates(sentence: str, asked: str) -> None:
    span = answer_in(sentence, asked)
    assert span is None or span in candidates_of(sentence, understand(asked).kind)


@given(st.text(), st.sampled_from(["who is it?", "when?", "how many quays?", "where?", "how much is it?", "why?"]))
@settings(derandomize=True, deadline=None)
def test_where_a_sentence_holds_an_answer_one_is_marked(sentence: str, asked: str) -> None:
    if holds(sentence, asked):
        assert answer_in(sentence, asked)


ASKED = (
    "who is it?",
    "when?",
    "how many quays?",
    "where?",
    "how much money is it?",
    "why?",
    "what percent?",
    "how long?",
)
TEXTS = st.text() | st.lists(
    st.sampled_from(
        "Ingrid Berg said that 12 million euros % percent cent in May 2021 because of two days US$ 5 a week,".split()
    )
).map(" ".join)


@given(TEXTS, st.sampled_from(ASKED))
@settings(derandomize=True, deadline=None)
def test_the_quick_look_sees_what_the_long_one_finds(sentence: str, asked: str) -> None:
    question = understand(asked)
    here = terms(sentence)
    assert holds_answer(sentence, lambda: here, question) is bool(fitting(sentence, here, question)[1])


@given(TEXTS)
@settings(derandomize=True, deadline=None)
def test_a_sum_and_a_share_have_their_signs(sentence: str) -> None:
    assert patterns.MONEY_SIGN.search(sentence) or not patterns.MONEY.search(sentence)
    assert patterns.PERCENT_SIGN.search(sentence) or not patterns.PERCENT.search(sentence)
