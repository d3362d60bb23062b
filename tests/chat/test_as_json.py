"""A reply as JSON: the contract with other programs."""

import json
import subprocess
import sys
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.as_json import reply_as_json, reply_as_line
from bot.model import Passage, Quote, Refusal, Release, Reply


def test_the_fields_and_their_order_are_those_of_the_contract(cost: Quote) -> None:
    assert list(reply_as_json(Reply("q")).items()) == [
        ("question", "q"),
        ("answered", True),
        ("confidence", 0.0),
        ("quotes", []),
    ]
    reply = reply_as_json(Reply("how much?", (cost,), 0.5))
    text = cost.release.text
    assert json.dumps(reply["quotes"], indent=1) == json.dumps(
        [
            {
                "text": "The quay cost 12 million kronor.",
                "start": text.index("The quay"),
                "end": text.index("\n"),
                "score": 4,
                "answer": {"start": 14, "end": 31},
                "before": "Norrvik opened a third quay on Tuesday.",
                "passage": text[: text.index("\n")],
                "release": {
                    "id": "quay",
                    "title": "Norrvik opens a third quay",
                    "published": "2024-05-14",
                    "source": "Port of Norrvik",
                    "url": None,
                },
            }
        ],
        indent=1,
    )


def test_what_is_not_known_is_null(make_release: Callable[..., Release]) -> None:
    release = make_release(published=None, source=None)
    quote = Quote(release, 0, 7, Passage(release, 0, 7, ()), 1.0)
    shown = json.loads(reply_as_line(Reply("q", (quote,))))["quotes"][0]
    assert (shown["answer"], shown["before"]) == (None, None)
    assert (shown["release"]["published"], shown["release"]["source"]) == (None, None)


def test_the_nearest_sentences_are_marked_as_no_answer(ferries: Quote) -> None:
    shown = reply_as_json(Reply("how tall?", (ferries,), 0.1, Refusal.NOT_ON_RECORD))
    assert shown["answered"] is False
    assert len(shown["quotes"]) == 1  # type: ignore[arg-type]


def test_explained_quotes_also_have_features_and_matched_words(mayor: Quote) -> None:
    plain = reply_as_json(Reply("q", (mayor,)))["quotes"][0]  # type: ignore[index]
    explained = reply_as_json(Reply("q", (mayor,)), explain=True)["quotes"][0]  # type: ignore[index]
    assert list(explained) == [*plain, "features", "matched"]
    assert explained["features"] == {"passage_bm25": 3.25, "overlap": 0.5, "heading": 0.0}
    assert [mayor.text[at["start"] : at["end"]] for at in explained["matched"]] == ["chairs", "harbour", "board"]


@given(question=st.text(st.characters(exclude_categories=())), text=st.text(min_size=1))
def test_any_text_is_one_line_that_gives_the_text_back(question: str, text: str) -> None:
    release = Release("id", text, "title")
    quote = Quote(release, 0, len(text), Passage(release, 0, len(text), ()), 1.0)
    line = reply_as_line(Reply(question, (quote,)), explain=True)
    assert len(line.splitlines()) == 1
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in line)
    line.encode("utf-8")
    assert json.loads(line)["question"] == question
    assert json.loads(line)["quotes"][0]["text"] == text


def test_json_and_plain_text_need_no_rich() -> None:
    code = "import sys, bot.chat.as_json, bot.chat.plain, bot.chat.session; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
