"""What a release is called where it does not say so."""

import re
import textwrap

_FIRST_BLOCKS = 6
_LONGEST_HEADLINE, _LONGEST_TITLE = 200, 80
_NO_HEADLINE = re.compile(
    r"(?i:(?:media |press |investor |news )?contacts?\b|tel\b|phone|fax|e-?mail|embargo|about |date\b|from:|to:|www\.)"
    r"|http|[-*•]\s|\(?\d{1,2}[.)]\s|.*@|\+?[\d() ./-]{7,}$"
)
_ENDS = (".", ",", ";", ":", "…", '."', ".”", ".'", ".’", ".)")
_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z][a-z])[.!?。！？][\"'”’)]*(?:\s|$)|[。！？]|\n")


def take_headline(text: str) -> tuple[str | None, str]:
    """The headline that stands alone above a plain text, and the text without it; else None and the text."""
    blocks = text.split("\n\n", _FIRST_BLOCKS)
    for number, block in enumerate(blocks[:_FIRST_BLOCKS]):
        if _NO_HEADLINE.match(block):
            continue
        lines = block.split("\n")
        if number + 1 < len(blocks) and _is_headline(lines):
            return " ".join(lines), "\n\n".join(blocks[:number] + blocks[number + 1 :])
        break
    return None, text


def _is_headline(lines: list[str]) -> bool:
    return (
        len(lines) <= 3
        and sum(map(len, lines)) <= _LONGEST_HEADLINE
        and not any(_NO_HEADLINE.match(line) or line.endswith(_ENDS) for line in lines)
        and any(map(str.isalpha, "".join(lines)))
    )


def first_sentence(text: str) -> str:
    """The first sentence after what is plainly no story, shortened at a word to about 80 characters."""
    blocks = text.split("\n\n", _FIRST_BLOCKS)
    head = next((block for block in blocks if not _NO_HEADLINE.match(block)), text)[:400]
    ends = (match.end() for match in _SENTENCE_END.finditer(head))
    sentence = head[: next((end for end in ends if end > 20), len(head))]
    sentence = " ".join(sentence.split())
    if len(sentence) <= _LONGEST_TITLE:
        return sentence
    short = textwrap.shorten(sentence, _LONGEST_TITLE, placeholder="…")
    # A text without spaces has no word to be cut at.
    return short if len(short) > 1 else sentence[: _LONGEST_TITLE - 1] + "…"
