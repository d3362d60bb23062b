"""Links that open a page at a sentence.

A text fragment is `#:~:text=start,end` after the address: the browser finds the words `start`, the first words `end`
after them, and scrolls there (URL Fragment Text Directives, Web Platform Incubator Community Group, 2020). Both must be
whole words, and case and runs of white space do not count.
"""

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from bot.chat.wording import printable

LONGEST_LINK = 2048  # characters; what Telegram takes as the address of a button, and a browser in any case
_WHOLE = 10  # words; up to here the whole quote is named
_EACH = 5  # words that name the beginning of a longer quote, and as many its end
_MOST = 40  # words that either end is given until there is only one place for it

# Telegram makes no link of a host without a dot; one with a user's name in front would show it.
_HOST = re.compile(r"[^\s\"<>\\^`{|}/?#@:\[\]]+\.[^\s\"<>\\^`{|}/?#@:\[\].]+\.?(?::[0-9]+)?")
_SAFE = "%/:?@!$&'()*+,;=~"  # reserved characters that stay as they are in an address
# A browser tells words without spaces apart by a dictionary, so that only punctuation is a safe place to part them.
_WORD = re.compile(r"[^\s、。，；：！？]+[、。，；：！？]*")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def text_fragment_url(url: str, quote: str, page: str = "") -> str | None:
    """The address of the page at the quote, or None where Telegram would not take the address.

    `page` is the text that the quote is from: the words for its beginning are as many as it takes for them not to stand
    on the page earlier. A fragment that the address has is kept; a text fragment is replaced. Where the quote has no
    words, or the link would be too long, it leads to the page only.
    """
    parted = _parted(printable(url).strip())
    if parted is None:
        return None
    address, fragment = parted
    plain = f"{address}#{fragment}" if fragment else address
    terms = fragment_terms(quote, page)
    link = f"{address}#{fragment}:~:text={','.join(map(_encoded, terms))}"
    if terms and len(link) <= LONGEST_LINK:
        return link
    return plain if len(plain) <= LONGEST_LINK else None


def fragment_terms(quote: str, page: str = "") -> tuple[str, ...]:
    """The words by which a browser finds the quote: all of them, or its first and its last, or none."""
    text = " ".join(printable(quote).split())
    whole = _trimmed(text)
    words = [match.span() for match in _WORD.finditer(text)]
    weights = [max(1, len(_UNSPACED.findall(text, *word)) // 2) for word in words]
    if not whole or sum(weights) <= _WHOLE:
        return (whole,) if whole else ()
    first, last = _enough(weights), _enough(weights[::-1])
    told, around = whole.casefold(), " ".join(printable(page).split()).casefold()
    for ending in range(last, min(_MOST, len(words) - first) + 1):
        end = _trimmed(text[words[-ending][0] :])
        if end and told.find(end.casefold()) == len(told) - len(end.casefold()):
            break
    else:
        return (whole,)
    for beginning in range(first, min(_MOST, len(words) - ending) + 1):
        start = _trimmed(text[: words[beginning - 1][1]])
        if start and around.find(start.casefold()) == around.find(told):
            return start, end
    return (whole,)


def _parted(url: str) -> tuple[str, str] | None:
    """The address and its fragment, percent-encoded, or None where it is not one of a public page."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc) or port == 0:
        return None
    path, query = percent_encoded(parts.path, _SAFE), percent_encoded(parts.query, _SAFE)
    address = f"{parts.scheme}://{parts.netloc}{path or '/'}{'?' if query else ''}{query}"
    return address, percent_encoded(parts.fragment.partition(":~:")[0], _SAFE)


def _enough(weights: Sequence[int]) -> int:
    """How many of the first words it takes to weigh as much as `_EACH` words."""
    return next((n for n in range(1, len(weights)) if sum(weights[:n]) >= _EACH), len(weights))


def _trimmed(text: str) -> str:
    """Without the punctuation around it, which a page may set in other signs."""
    start, end = 0, len(text)
    while start < end and _outside(text[start]):
        start += 1
    while end > start and _outside(text[end - 1]):
        end -= 1
    return text[start:end]


def _outside(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PZ" and letter != "_"


def _encoded(term: str) -> str:
    """In a term `-`, `,` and `&` are signs of the syntax; the first is the one that percent-encoding lets pass."""
    return percent_encoded(term, safe="").replace("-", "%2D")
