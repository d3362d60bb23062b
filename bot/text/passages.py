"""Which passages a release is made of: its paragraphs, its lists, its headings, and what stands around the story."""

import re
from collections.abc import Iterable, Iterator

from bot.model import Passage, PassageKind, Release, Sentence
from bot.text.sentences import is_abbreviation, split_sentences

LONGEST = 1_000  # characters, about 150 words; a longer paragraph is shared out among passages of whole sentences
LONGEST_HEADING = 16  # words

Block = list[Sentence]

_ITEM = re.compile(r"(?:[-–—*+•·▪●◦‣]|\(?(?:\d{1,2}|[a-z])[.)])[^\S\n]")
_TERMINAL = re.compile(r"[.?!…:;,。！？؟।][\"'”’»)\]}]*$")
_ABOUT = re.compile(r"(?:About|ABOUT) (?:the |THE )?[A-Z0-9](?P<name>[^?!:]{0,80})(?P<end>$|:|\s[-–—]+\s)|About us$")
_CONTACT = re.compile(
    r"""(?:(?:media|press|news|pr|investors?|public|company|business)\s(?:and\s\w+\s|relations\s|office\s)?)?
    (?:contacts?|inquiries|enquiries)(?:\sinformation|\sdetails)?(?:$|\s?[:–—-])
    |(?:media|press|investor)\scontacts?\b
    |for\s(?:more|further|additional)\sinformation\b[^.?!:]{0,60}\bcontact\b""",
    re.IGNORECASE | re.VERBOSE,
)
_REACHABLE = re.compile(r"@|\d{3}[-. )]*\d{2}|www\.|https?:")


def split_passages(release: Release) -> list[Passage]:
    """The passages of a release, in order.

    A passage is a paragraph, a heading, or a list with the line that introduces it. A paragraph longer than `LONGEST`
    is shared out among passages of whole sentences. Together the passages hold every sentence of the text once.
    """
    text = release.text
    sentences = [Sentence(release, start, end) for start, end in split_sentences(text)]
    blocks = list(_with_lists_joined(_blocks(text, sentences)))
    return [
        Passage(release, window[0].start, window[-1].end, tuple(window), kind)
        for block, kind in zip(blocks, _kinds(text, blocks), strict=True)
        for window in windows(block)
    ]


def _blocks(text: str, sentences: Iterable[Sentence]) -> Iterator[Block]:
    """The sentences between one blank line and the next."""
    block: Block = []
    for sentence in sentences:
        if block and text.count("\n", block[-1].end, sentence.start) > 1:
            yield block
            block = []
        block.append(sentence)
    if block:
        yield block


def _with_lists_joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """A list whose items are apart by blank lines becomes one block, with the line that introduces it."""
    previous: Block = []
    for block in blocks:
        if previous and _is_item(block[0]) and (_is_list(previous) or previous[-1].text.endswith(":")):
            previous = previous + block
            continue
        if previous:
            yield previous
        previous = block
    if previous:
        yield previous


def _is_item(sentence: Sentence) -> bool:
    return _ITEM.match(sentence.release.text, sentence.start, sentence.end) is not None


def _is_list(block: Block) -> bool:
    """Whether the last line of a block is a list item."""
    text = block[0].release.text
    return _ITEM.match(text, max(block[0].start, text.rfind("\n", 0, block[-1].start) + 1)) is not None


def _kinds(text: str, blocks: list[Block]) -> Iterator[PassageKind]:
    kind = PassageKind.BODY
    open_contact = False  # a line such as "Contact:" that waits for what it announces
    for number, block in enumerate(blocks):
        content = text[block[0].start : block[-1].end]
        first_line = content.split("\n", 1)[0].rstrip()
        heading = number + 1 < len(blocks) and _is_heading(content)
        if number and _is_about(first_line):
            kind = PassageKind.ABOUT
        elif _CONTACT.match(first_line):
            kind = PassageKind.CONTACT
        elif kind is PassageKind.CONTACT and (
            open_contact or (len(content) < LONGEST / 4 and _REACHABLE.search(content))
        ):
            pass
        elif heading:
            kind = PassageKind.HEADING
        elif kind is not PassageKind.ABOUT:
            kind = PassageKind.BODY
        open_contact = kind is PassageKind.CONTACT and _CONTACT.fullmatch(content.rstrip()) is not None
        yield kind


def _is_about(line: str) -> bool:
    """Whether a line is, or begins with, the heading of what a firm says of itself: "About Acme", "About Acme: It …"."""
    about = _ABOUT.match(line)
    return about is not None and (bool(about["end"]) or not _ends_a_sentence(line))


def _is_heading(content: str) -> bool:
    words = content.split(maxsplit=LONGEST_HEADING)
    return (
        "\n" not in content
        and len(words) <= LONGEST_HEADING
        and not _ends_a_sentence(content)
        and not _ITEM.match(content)
    )


def _ends_a_sentence(line: str) -> bool:
    """Whether a line ends with a sign that ends or continues a sentence; the full stop of "Inc." does neither."""
    return _TERMINAL.search(line) is not None and not is_abbreviation(line.rsplit(maxsplit=1)[-1].rstrip("."))


def windows(block: Block) -> Iterator[Block]:
    """Whole sentences, shared out evenly among as few windows as hold at most `LONGEST` characters each."""
    length = block[-1].end - block[0].start
    share = length / -(-length // LONGEST)
    window: Block = []
    for sentence in block:
        if window and (sentence.end - window[0].start > LONGEST or window[-1].end - window[0].start >= share):
            yield window
            window = []
        window.append(sentence)
    yield window
