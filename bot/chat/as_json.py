"""A reply as JSON: what `--json` prints and other programs read."""

import json
import re

from bot.model import Quote, Reply, Span

# JSON lets these stand as they are, and a terminal would obey them, or a reader of lines take them for a line's end.
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def reply_as_json(reply: Reply, *, explain: bool = False) -> dict[str, object]:
    """The reply as values that `json.dumps` takes, with fields and order as documented.

    Offsets count characters: `start` and `end` of a quote in its release, `answer` in the quote's text. With `explain`
    each quote also has the `features` that ranked it and the spans of the words `matched` in it.
    """
    return {
        "question": reply.question,
        "answered": reply.answered,
        "confidence": reply.confidence,
        "quotes": [_quote(quote, explain=explain) for quote in reply.quotes],
    }


def reply_as_line(reply: Reply, *, explain: bool = False) -> str:
    """The reply as one line of JSON, safe to print on a terminal, with no line end."""
    line = json.dumps(reply_as_json(reply, explain=explain), ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _quote(quote: Quote, *, explain: bool) -> dict[str, object]:
    release = quote.release
    fields: dict[str, object] = {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "score": quote.score,
        "answer": _span(quote.answer) if quote.answer else None,
        "before": quote.before.text if quote.before else None,
        "passage": quote.passage.text,
        "release": {
            "id": release.id,
            "title": release.title,
            "published": release.published.isoformat() if release.published else None,
            "source": release.source,
            "url": release.url,
        },
    }
    if explain:
        fields["features"] = dict(quote.features)
        fields["matched"] = [_span(span) for span in quote.matched]
    return fields


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
