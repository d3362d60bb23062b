"""A reply as a line of JSON and back: quotes as places in releases, never as text.

A quote is read back only where its release still says the same words there.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from bot.model import Passage, Quote, Refusal, Release, Reply, Sentence, Span


def written(reply: Reply) -> str:
    """The reply as JSON, without its question."""
    return json.dumps(
        {
            "confidence": reply.confidence,
            "refusal": reply.refusal,
            "corrections": reply.corrections,
            "quotes": [_written_quote(quote) for quote in reply.quotes],
        },
        separators=(",", ":"),
    )


def kept(line: str, places: Sequence[int]) -> str:
    """The written reply with only the quotes in these places."""
    reply = json.loads(line)
    reply["quotes"] = [reply["quotes"][place] for place in places]
    return json.dumps(reply, separators=(",", ":"))


def read(line: str, question: str, find: Callable[[str], Release | None]) -> tuple[Reply, tuple[int | None, ...]]:
    """The reply, and for each written quote its place in it; None where the release is gone, or says something else.

    `find` gives the release with an id.
    """
    stored = json.loads(line)
    quotes: list[Quote] = []
    places: list[int | None] = []
    for written_quote in stored["quotes"]:
        quote = _read_quote(written_quote, find)
        places.append(None if quote is None else len(quotes))
        quotes += [] if quote is None else [quote]
    reply = Reply(
        question,
        tuple(quotes),
        stored["confidence"],
        Refusal(stored["refusal"]) if stored["refusal"] else None,
        tuple((typed, word) for typed, word in stored["corrections"]),
    )
    return reply, tuple(places)


def _written_quote(quote: Quote) -> dict[str, Any]:
    return {
        "release": quote.release.id,
        "span": [quote.start, quote.end],
        "passage": [quote.passage.start, quote.passage.end],
        "answer": quote.answer,
        "matched": quote.matched,
        "before": [quote.before.start, quote.before.end] if quote.before else None,
        "score": quote.score,
        "digest": _digest(quote.passage.text),
    }


def _read_quote(stored: dict[str, Any], find: Callable[[str], Release | None]) -> Quote | None:
    release = find(stored["release"])
    if release is None or _digest(release.text[slice(*stored["passage"])]) != stored["digest"]:
        return None
    (start, end), passage = stored["span"], Span(*stored["passage"])
    return Quote(
        release,
        start,
        end,
        Passage(release, passage.start, passage.end, sentences=()),
        stored["score"],
        answer=Span(*stored["answer"]) if stored["answer"] else None,
        matched=tuple(Span(*span) for span in stored["matched"]),
        before=Sentence(release, *stored["before"]) if stored["before"] else None,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
