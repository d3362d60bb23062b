"""Message text as Telegram reads it: HTML, cleaning, trimming, entities with offsets in UTF-16 code units.

The rules are those of the Bot API's "HTML style" and of TDLib, Telegram's own client library, whose error messages are
used. Two things are stricter or simpler than Telegram: a nested blockquote is refused (Telegram drops the inner one),
and of the entities that Telegram finds by itself only mentions, commands, hashtags, e-mail addresses and links with a
scheme are found.
"""

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

MAX_ENTITIES = 100
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
# The order of entities that cover the same text, outermost first.
_RANK = {"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49, "text_mention": 49}
_RANK |= {"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99}
_STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
_KNOWN = set(_TAGS.values()) | {"expandable_blockquote", "text_mention"}
_KNOWN |= {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
_SPACE = " \t\r\n\v\0"
_SPECIAL = re.compile("[&<]")
_REFERENCE = re.compile("&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+))")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SURROGATE = re.compile("[\ud800-\udfff]")
# What Telegram takes out of every text: \r, line and paragraph separators, direction embeddings and overrides, and
# three combining marks; other control characters become spaces.
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")
_BLANK = re.compile(
    "[\\s\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufffc\ufeff\u00a0\U000e0000-\U000e007f]*"
)
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"«»]+)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z0-9_]{3,32}(?!\w))"
    r"|(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@<>]))"
    r"|(?P<hashtag>(?<![\w#])#(?=\d*[^\W\d])\w+)"
)


class MarkupError(Exception):
    """Why a text's markup cannot be parsed, in Telegram's words (without `Bad Request: can't parse entities: `)."""


@dataclass(slots=True)
class _Span:
    kind: str
    start: int
    end: int
    extra: Entity = field(default_factory=dict)


def utf16_length(text: str) -> int:
    """Gives the number of UTF-16 code units in `text`."""
    return len(text) + sum(1 for c in text if c > "\uffff") if not text.isascii() else len(text)


def marked_text(text: str, entity: Entity) -> str:
    """Gives the part of `text` that `entity` covers."""
    start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    return text.encode("utf-16-le")[start:end].decode("utf-16-le")


def from_html(source: str) -> tuple[str, list[Entity]]:
    """Gives the text a person sees, and its entities.

    Raises:
        MarkupError: the HTML is not what the Bot API accepts.
    """
    return _finish(*_parse(source))


def from_entities(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Gives `text` and its entities as Telegram keeps them. Offsets are in UTF-16 code units.

    Raises:
        MarkupError: an entity's kind is unknown, or it lies outside the text.
    """
    units = text.encode("utf-16-le")
    spans = []
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in _KNOWN:
            raise MarkupError(f"Unsupported type of entity {kind!r}")
        if not (isinstance(offset, int) and isinstance(length, int) and offset >= 0 and length > 0):
            raise MarkupError("Entity offset and length must be numbers")
        if 2 * (offset + length) > len(units):
            raise MarkupError("Entity beyond the end of the text")
        try:
            start = len(units[: 2 * offset].decode("utf-16-le"))
            end = start + len(units[2 * offset : 2 * (offset + length)].decode("utf-16-le"))
        except UnicodeDecodeError:
            raise MarkupError("Entity begins or ends in the middle of a UTF-16 surrogate pair") from None
        extra = {key: value for key, value in entity.items() if key not in {"type", "offset", "length"}}
        spans.append(_Span(str(kind), start, end, extra))
    return _finish(text, spans)


def checked_link(url: str) -> str | None:
    """Gives the link as Telegram stores it, or None where it would not accept it."""
    url = url.strip()
    if re.match(r"(?:tg|ton|tonsite)://\S+$", url, re.IGNORECASE):
        return url
    match = re.match(r"(?:([^:/?#]+)://)?(?:[^/?#@]*@)?([^/?#:]*)(?::(\d+))?(?=[/?#]|$)(.*)$", url, re.DOTALL)
    if match is None:
        return None
    scheme, host, port, rest = match.groups()
    if scheme is not None and scheme.lower() not in {"http", "https"}:
        return None
    if (
        "." not in host.strip(".")
        or re.search(r"[\s\"<>\\^`{|}\x00-\x20]", host)
        or (port and not 0 < int(port) < 65536)
    ):
        return None
    rest = rest if rest.startswith("/") else "/" + rest
    rest = re.sub(r"[\x00-\x20]", lambda m: f"%{ord(m[0]):02X}", rest)
    return f"{(scheme or 'http').lower()}://{host.lower()}{':' + port if port else ''}{rest}"


def _reference(source: str, pos: int) -> tuple[str, int] | None:
    """Gives the character that a reference at `pos` stands for and where it ends, or None where it is plain text."""
    match = _REFERENCE.match(source, pos)
    if match is None:
        return None
    hexadecimal, decimal, name = match.groups()
    end = match.end()
    if name:
        character = _NAMED.get(name)
    else:
        code = 0 if end - pos >= 10 else int(hexadecimal, 16) if hexadecimal else int(decimal)
        character = chr(code) if 0 < code < 0x10FFFF else None
    if character is None:
        return None
    return character, end + 1 if source.startswith(";", end) else end


def _parse(source: str) -> tuple[str, list[_Span]]:
    def offset(position: int) -> int:
        return len(source[:position].encode("utf-8", "surrogatepass"))

    ended = source + "\0"
    pieces: list[str] = []
    length = 0
    pos = 0
    stack: list[tuple[str, str, int, int]] = []  # tag, argument, start in the text, start in the pieces
    spans: list[_Span] = []
    while True:
        match = _SPECIAL.search(source, pos)
        stop = match.start() if match else len(source)
        if stop > pos:
            pieces.append(source[pos:stop])
            length += stop - pos
        if match is None:
            break
        if source[stop] == "&":
            character, pos = _reference(source, stop) or ("&", stop + 1)
            pieces.append(character)
            length += 1
            continue
        if ended[stop + 1] != "/":
            tag, argument, pos = _start_tag(ended, stop, offset)
            if tag == "blockquote" and any(open_tag == "blockquote" for open_tag, *_ in stack):
                raise MarkupError(f'Tag "blockquote" must not be nested at byte offset {offset(stop)}')
            stack.append((tag, argument, length, len(pieces)))
            continue
        if not stack:
            raise MarkupError(f"Unexpected end tag at byte offset {offset(stop)}")
        pos = stop + 2
        while ended[pos] not in _SPACE and ended[pos] != ">":
            pos += 1
        found = source[stop + 2 : pos].lower()
        while ended[pos] in _SPACE and ended[pos] != "\0":
            pos += 1
        if ended[pos] != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {offset(stop)}")
        pos += 1
        tag, argument, start, piece = stack.pop()
        if found and found != tag:
            raise MarkupError(
                f'Unmatched end tag at byte offset {offset(stop)}, expected "</{tag}>", found "</{found}>"'
            )
        if length > start:
            _close(spans, tag, argument, start, length, "".join(pieces[piece:]))
    if stack:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    text = "".join(pieces)
    if _SURROGATE.search(text):
        raise MarkupError(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units"
        )
    for span in spans:
        if span.kind == "code":
            span.extra.clear()
    return text, spans


def _start_tag(ended: str, begin: int, offset: Any) -> tuple[str, str, int]:
    """Reads the tag at `begin` of a text that ends in a NUL. Gives its name, its argument and where it ends."""
    pos = begin + 1
    while ended[pos] not in _SPACE and ended[pos] != ">":
        pos += 1
    if ended[pos] == "\0":
        raise MarkupError(f"Unclosed start tag at byte offset {offset(begin)}")
    tag = ended[begin + 1 : pos].lower()
    if tag not in _TAGS:
        raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {offset(begin)}')
    unclosed = f'Unclosed start tag "{tag}" at byte offset {offset(begin)}'
    attributes: dict[str, str] = {}
    while ended[pos] != ">":
        pos = _skip_space(ended, pos)
        if ended[pos] == ">":
            break
        name_begin = pos
        while ended[pos] not in _SPACE and ended[pos] not in "=>/\"'":
            pos += 1
        name = ended[name_begin:pos]
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {offset(begin)}')
        pos = _skip_space(ended, pos)
        if ended[pos] == "\0":
            raise MarkupError(unclosed)
        if ended[pos] != "=":
            attributes[name] = ""
            continue
        pos = _skip_space(ended, pos + 1)
        if ended[pos] == "\0":
            raise MarkupError(unclosed)
        attributes[name], pos = _attribute(ended, pos, offset)
        if ended[pos] == "\0":
            raise MarkupError(f"Unclosed start tag at byte offset {offset(begin)}")
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset(begin)}')
    argument = ""
    if tag == "a":
        argument = attributes.get("href", "")
    elif tag == "code":
        argument = attributes.get("class", "")
        argument = argument[9:] if argument.startswith("language-") else ""
    elif tag == "tg-emoji":
        argument = attributes.get("emoji-id", "")
    elif tag == "tg-time":
        argument = attributes.get("unix", "") + " " + attributes.get("format", "")
    elif tag == "blockquote":
        argument = "expandable" if "expandable" in attributes else ""
    return tag, argument, pos + 1


def _skip_space(ended: str, pos: int) -> int:
    while ended[pos] in _SPACE and ended[pos] != "\0":
        pos += 1
    return pos


def _attribute(ended: str, pos: int, offset: Any) -> tuple[str, int]:
    begin = pos
    if ended[pos] not in "'\"":
        while ended[pos].isascii() and (ended[pos].isalnum() or ended[pos] in ".-"):
            pos += 1
        if ended[pos] not in _SPACE and ended[pos] != ">":
            raise MarkupError(f"Unexpected end of name token at byte offset {offset(begin)}")
        return ended[begin:pos].lower(), pos
    quote = ended[pos]
    pos += 1
    value: list[str] = []
    while ended[pos] not in (quote, "\0"):
        found = _reference(ended, pos) if ended[pos] == "&" else None
        character, pos = found or (ended[pos], pos + 1)
        value.append(character)
    return "".join(value), pos + 1 if ended[pos] == quote else pos


def _close(spans: list[_Span], tag: str, argument: str, start: int, end: int, inside: str) -> None:
    kind = _TAGS[tag]
    last = spans[-1] if spans and (spans[-1].start, spans[-1].end) == (start, end) else None
    if kind == "text_link":
        link = argument or inside
        user = re.match(r"tg://user\?id=(\d+)$", link)
        checked = checked_link(link)
        if user:
            person = {"id": int(user[1]), "is_bot": False, "first_name": inside}
            spans.append(_Span("text_mention", start, end, {"user": person}))
        elif checked:
            spans.append(_Span("text_link", start, end, {"url": checked}))
    elif kind == "pre" and last and last.kind == "code" and last.extra:
        last.kind = "pre"
    elif kind == "code" and last and last.kind == "pre" and argument:
        last.extra = {"language": argument}
    elif kind == "code":
        spans.append(_Span("code", start, end, {"language": argument} if argument else {}))
    elif kind == "custom_emoji":
        if not re.fullmatch(r"-?[1-9]\d{0,18}", argument):
            raise MarkupError("Invalid custom emoji identifier specified")
        spans.append(_Span(kind, start, end, {"custom_emoji_id": argument}))
    elif kind == "date_time":
        unix, _, form = argument.partition(" ")
        if not re.fullmatch(r"\d{1,12}", unix) or not re.fullmatch(r"(?:r|w?[dD]?[tT]?)", form):
            raise MarkupError("Invalid date and time specified")
        spans.append(_Span(kind, start, end, {"unix_time": int(unix), "date_time_format": form}))
    elif argument == "expandable":
        spans.append(_Span("expandable_blockquote", start, end))
    else:
        spans.append(_Span(kind, start, end))


def _finish(text: str, spans: list[_Span]) -> tuple[str, list[Entity]]:
    text = _cleaned(text, spans)
    if _BLANK.fullmatch(text):
        return "", []
    first = min((span.start for span in spans), default=len(text))
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    text = text[lead:].rstrip(" \n")
    for span in spans:
        span.start, span.end = span.start - lead, min(span.end - lead, len(text))
    fixed = [span for span in spans if span.kind in {"pre", "code"}]
    whole = [span for span in spans if span.kind not in _STYLES and span.kind not in {"pre", "code"}]
    # A link cannot hold code or lie in it, and styles stop where code begins.
    whole = [s for s in whole if "blockquote" in s.kind or not any(_overlap(s, code) for code in fixed)]
    styles = [piece for span in spans if span.kind in _STYLES for piece in _without(span, fixed)]
    taken = fixed + [span for span in whole if "blockquote" not in span.kind]
    found = [span for span in _found(text) if not any(_overlap(span, other) for other in taken)]
    kept: list[_Span] = []
    for span in sorted(fixed + whole + styles + found, key=lambda s: (s.start, -s.end, _RANK.get(s.kind, 50))):
        same = any(other.kind == span.kind and other.start <= span.start and span.end <= other.end for other in kept)
        if not same and span.start < span.end and not text[span.start : span.end].isspace():
            kept.append(span)
    return text, _entities(text, kept[:MAX_ENTITIES])


def _cleaned(text: str, spans: list[_Span]) -> str:
    if not _UNCLEAN.search(text):
        return text
    places = [0]
    kept: list[str] = []
    for character in text:
        if not _REMOVED.match(character):
            kept.append(" " if character < " " and character != "\n" else character)
        places.append(len(kept))
    for span in spans:
        span.start, span.end = places[span.start], places[span.end]
    return "".join(kept)


def _overlap(one: _Span, other: _Span) -> bool:
    return one.start < other.end and other.start < one.end


def _without(span: _Span, holes: list[_Span]) -> list[_Span]:
    pieces = []
    start = span.start
    for hole in sorted(holes, key=lambda s: s.start):
        if _overlap(span, hole):
            pieces.append(_Span(span.kind, start, hole.start))
            start = hole.end
    return [piece for piece in (*pieces, _Span(span.kind, start, span.end)) if piece.start < piece.end]


def _found(text: str) -> list[_Span]:
    if not any(sign in text for sign in "@/#"):
        return []
    spans = []
    for match in _FOUND.finditer(text):
        shown = match[0].rstrip(".,;:!?)'\"]") if match.lastgroup == "url" else match[0]
        spans.append(_Span(str(match.lastgroup), match.start(), match.start() + len(shown)))
    return spans


def _entities(text: str, spans: list[_Span]) -> list[Entity]:
    def units(position: int) -> int:
        return position if plain else utf16_length(text[:position])

    plain = text.isascii() or max(text) <= "\uffff"
    entities = []
    for span in spans:
        offset = units(span.start)
        entities.append({"type": span.kind, "offset": offset, "length": units(span.end) - offset, **span.extra})
    return entities
