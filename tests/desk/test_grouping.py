"""Questions that ask the same come together, and no others: measured on lists that were grouped by hand."""

from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest
from desk_world import ANNA, BERT, NOON, row
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.grouping import grouped

Lists = tuple[tuple[str, ...], ...]

# Each tuple is a group. ALIKE was chosen with the first two lists in view; the third was only measured.
COMPANY: Lists = (
    ("When does the Springfield plant open?", "when will the plant in Springfield open", "Opening date of the Springfield plant?", "when does teh springfeild plant open", "what is the opening date of the plant in Springfield", "When is the Springfield plant opening?"),
    ("When does the Norrvik plant open?", "norrvik plant opening date", "When will the plant in Norrvik be opened?"),
    ("Who runs the Springfield plant?", "who is running the plant at Springfield?", "who runs the springfield plnat"),
    ("How many people will work at the Springfield plant?", "how many people work in the Springfield plant", "how many peple will work at the springfield plant?"),
    ("What is the CEO's salary?", "salary of the CEO", "How high is the CEO's salary?", "what salary does the ceo get", "ceo salry?"),
    ("Will there be layoffs?", "are there going to be any layoffs?", "Are layoffs planned?", "are layofs planned"),
    ("Who is the new chief financial officer?", "who's the new Chief Financial Officer", "Name of the new chief financial officer?"),
    ("What does the Falcon 3 cost?", "how much does the falcon 3 cost?", "cost of the Falcon 3", "Falcon 3: cost?", "how much will the Falcon3 cost"),
    ("When can I buy the Falcon 3?", "From when on can you buy the Falcon 3?", "when can we buy the falcon 3"),
    ("What is the range of the Falcon 3?", "Range of the Falcon 3?", "what range does the Falcon 3 have", "what's the rnage of the falcon 3"),
    ("Is the Falcon 3 sold in Canada?", "will the Falcon 3 be sold in Canada?", "falcon 3 in canada"),
    ("Where is the headquarters?", "Where are your headquarters?", "where is the company headquartered"),
    ("What was the dividend for 2025?", "how high was the 2025 dividend?", "dividend 2025", "2025 divident?"),
    ("What was the dividend for 2024?", "how high was the 2024 dividend?"),
    ("Who are the largest shareholders?", "largest shareholders?", "who is the largest shareholder", "who are the larges shareholders"),
    ("Does the company use child labour in its supply chain?", "Is there child labour in the supply chain?", "child labour in supply chains?"),
    ("¿Cuándo abre la planta de Springfield?", "¿cuando abre la planta de springfield?"),
    ("工厂什么时候开业？", "工厂什么时候开业"),
    ("How tall is Mount Everest?",), ("Who won the world cup?",), ("What is the weather like tomorrow?",), ("Do you have a press contact in France?",), ("Can I visit the plant with my school class?",), ("Which suppliers make the battery of the Falcon 3?",),
)  # fmt: skip
HARBOUR: Lists = (
    ("When is the next board meeting?", "date of the next board meeting", "when does the board meet next?", "next board meeting when"),
    ("Who chairs the harbour board?", "who is the chair of the harbour board", "harbour board chair?", "Who is chairing the harbor board", "who chiars the harbour board?"),
    ("Who sits on the harbour board?", "who is on the harbor board"),
    ("How many ferries does Norrvik have?", "how many ferrys does norrvik have", "number of ferries in Norrvik?"),
    ("What is the ticket price for the new ferry?", "How much is a ticket for the new ferry?", "ticket price new ferry", "price of a ferry ticket"),
    ("Are dogs allowed on the ferry?", "can I bring a dog on the ferry", "dogs allowed on ferries?"),
    ("When does the tunnel close?", "When is the tunnel closed?", "tunnel closing when?", "from when is the tunel closed"),
    ("How long will the tunnel be closed?", "for how long is the tunnel closed?", "How long does the tunnel stay closed?"),
    ("Who pays for the repairs of the tunnel?", "who is paying for the tunnel repairs?", "who pays for the repair of the tunnel"),
    ("What do the repairs of the tunnel cost?", "how much do the tunnel repairs cost?", "cost of the tunnel repairs"),
    ("Is the new quay accessible for wheelchairs?", "wheelchair access at the new quay?", "can wheelchairs get on the new quay"),
    ("Was there an environmental study for the third quay?", "is there an environmental study of the third quay?", "enviromental study third quay"),
    ("How much CO2 does the harbour emit?", "co2 emissions of the harbour", "harbour CO2 emissions?"),
    ("Who is the mayor's deputy?",), ("Will cruise ships still come in winter?",), ("Is there parking at the quay?",), ("Which company builds the third quay?",),
)  # fmt: skip
HOSPITAL: Lists = (
    ("What are the visiting hours?", "visiting hours?", "When are visiting hours", "until when can I visit a patient?"),
    ("How many beds will the new clinic have?", "number of beds in the new clinic", "how many beds has the new clinik"),
    ("Who is the head of surgery?", "who heads the surgery department?", "name of the head of surgery", "head of surgrey?"),
    ("Is the emergency room open at night?", "is the emergency room open during the night", "emergency room night"),
    ("Why was the maternity ward closed?", "why did you close the maternity ward?", "reason for closing the maternity ward"),
    ("When does the maternity ward reopen?", "when will the maternity ward open again?", "maternity ward reopening date"),
    ("What does a knee operation cost?", "how much is a knee operation?", "price of a knee operation", "cost knee operaton"),
    ("What does a hip operation cost?", "how much does a hip operation cost"),
    ("Were patient data stolen in the attack?", "was patient data stolen in the cyber attack?", "has patient data been stolen"),
    ("Who is behind the attack?", "who was behind the cyber attack"),
    ("Do you take part in the vaccine trial?", "is the hospital part of the vaccine trial?", "vaccine trial taking part"),
    ("How many nurses do you lack?", "how many nurses are missing?", "nurses lacking how many"),
    ("Where do I park?", "where can I park", "parking?"),
    ("Can I bring flowers?",), ("Who designed the building?",), ("Is there a pharmacy in the clinic?",),
    ("How old is the hospital?",), ("Are you hiring nurses?",), ("What was the turnover in 2025?",),
)  # fmt: skip


def groups_of(*texts: str) -> list[set[str]]:
    return [{text for text, _ in group.variants} for group in grouped(row(n, text) for n, text in enumerate(texts))]


def pairs(groups: Sequence[Sequence[str] | set[str]]) -> set[frozenset[str]]:
    """The pairs of texts that are in one group."""
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


@pytest.mark.parametrize(
    ("lists", "f1"),
    [(COMPANY, 0.95), (HARBOUR, 0.9), (COMPANY + HARBOUR, 0.93), (HOSPITAL, 0.87), (COMPANY + HARBOUR + HOSPITAL, 0.9)],
)
def test_groups_are_those_that_a_person_would_make(lists: Lists, f1: float) -> None:
    texts = [text for group in lists for text in group]
    found = grouped(row(n, text) for n, text in enumerate(texts))
    # Two that differ only in case and signs are one variant: which of them is shown does not count.
    shown = {text for group in found for text, _ in group.variants}
    wanted = pairs([[text for text in group if text in shown] for group in lists])
    got = pairs([[text for text, _ in group.variants] for group in found])
    assert 2 * len(got & wanted) / (len(got) + len(wanted)) >= f1


def test_a_group_says_who_asked_it_how_often_and_when() -> None:
    (group,) = grouped(
        [
            row(3, "Are dogs allowed on the ferry?", BERT),
            row(1, "are dogs alowed on the ferry", ANNA),
            row(2, "Are dogs allowed on the ferry?", ANNA),
            row(4, "Dogs allowed on ferries?", BERT),
        ]
    )
    assert (group.question, group.times, group.people) == ("Are dogs allowed on the ferry?", 4, 2)
    assert [(time - NOON).seconds // 60 for time in (group.first, group.last)] == [1, 4]
    assert group.variants == (
        ("Are dogs allowed on the ferry?", 2),
        ("Dogs allowed on ferries?", 1),
        ("are dogs alowed on the ferry", 1),
    )


def test_what_most_people_asked_comes_first() -> None:
    asked = [row(n, "Are dogs allowed?", ANNA) for n in range(5)]
    asked += [row(5, "When does the tunnel close?", ANNA), row(6, "when is the tunnel closed", BERT)]
    assert [group.people for group in grouped(asked)] == [2, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who opens the plant in Springfield?", "When does the plant in Springfield open?"),
        ("How many ferries are there in Norrvik?", "Where are the ferries in Norrvik?"),
        ("What was the dividend for 2024?", "What was the dividend for 2025?"),
        ("How long is the tunnel closed?", "When is the tunnel closed?"),
    ],
)  # fmt: skip
def test_the_same_thing_asked_for_something_else_is_another_question(one: str, other: str) -> None:
    assert len(groups_of(one, other)) == 2


def test_a_plural_is_no_slip() -> None:
    (group,) = grouped([row(n, "Access for wheelchairs?") for n in range(3)] + [row(9, "access for a wheelchair")])
    assert group.question == "Access for wheelchairs?"


@pytest.mark.parametrize("text", ["", "?", "🐕", "is it?", "who?", "2025"])
def test_a_question_without_words_is_a_group_too(text: str) -> None:
    assert groups_of(text, "Are dogs allowed on the ferry?", text) in (
        [{text}, {"Are dogs allowed on the ferry?"}],
        [{"Are dogs allowed on the ferry?"}, {text}],
    )


TEXTS = st.lists(st.sampled_from([text for group in COMPANY + HARBOUR for text in group]) | st.text(max_size=30))


@given(TEXTS)
def test_every_question_is_in_one_group(texts: list[str]) -> None:
    groups = grouped(row(n, text, f"{n % 3}") for n, text in enumerate(texts))
    assert sum(group.times for group in groups) == len(texts)
    assert all(group.times == sum(times for _, times in group.variants) for group in groups)
    assert all(group.question in {text for text, _ in group.variants} <= {*texts} for group in groups)
    assert all(1 <= group.people <= group.times and group.first <= group.last for group in groups)


@given(TEXTS, st.randoms())
def test_the_order_does_not_matter(texts: list[str], random: Random) -> None:
    asked = [row(n, text) for n, text in enumerate(texts)]
    groups = grouped(asked)
    random.shuffle(asked)
    assert grouped(asked) == groups


def test_thousands_of_questions_about_one_thing_are_grouped() -> None:
    random = Random(7)
    texts = [text for group in COMPANY + HARBOUR for text in group]
    nouns = [f"thing{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)]
    asked = [
        row(n, random.choice(texts) if n % 3 else f"What does the Falcon 3 say of {random.choice(nouns)}?")
        for n in range(3_000)
    ]
    assert sum(group.times for group in grouped(asked)) == 3_000
