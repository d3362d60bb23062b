"""From a draft to the Markdown file that keeps it: readable, diffable, and read back as the very same text."""

import re
from contextlib import suppress
from dataclasses import replace

from bot.model import OnrecordError
from bot.reading.draft import Draft, UnreadableError
from bot.reading.files import read_draft

_ITEM = re.compile(r"- \S")
_NUMBERED = re.compile(r"(\d{1,9})\. \S")
_MARKUP = re.compile(r"[\\`*\[\]<]|~(?=~)|(?<=~)~|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,31};)")
_MARK_AT_START = re.compile(r"[#>+=-]")
_NUMBER_MARK = re.compile(r"(\d{1,9})([.)](?:\s|$))")
_RULE = re.compile(r"[-:| ]+")
_READINGS = 4


def settled(draft: Draft) -> tuple[Draft, str]:
    """The draft as it will be read from its file, and that file in Markdown with front matter.

    What a second reading still changes (a dateline behind a dateline) is changed before anybody sees it, so that the
    text that is shown before it is added is the text that will be quoted.

    Raises:
        OnrecordError: the text does not come to rest, or is nothing when it does.
    """
    for _ in range(_READINGS):
        source = written(draft)
        try:
            again = read_draft(source.encode(), "release.md")
        except UnreadableError as error:
            raise OnrecordError(f"The text {error}.") from error
        again = replace(again, warnings=draft.warnings)
        if again == draft:
            return draft, source
        draft = again
    raise OnrecordError("The text cannot be kept word for word as Markdown: save it as plain text, and add that.")


def as_plain(draft: Draft) -> str | None:
    """The draft as plain text with front matter, where that is read back as it is; else None."""
    source = f"{_front_matter(draft)}{draft.text}\n"
    with suppress(UnreadableError):
        again = read_draft(source.encode(), "release.txt")
        if replace(again, warnings=draft.warnings) == draft:
            return source
    return None


def written(draft: Draft) -> str:
    """The draft as Markdown with front matter; nothing in its text is markup when it is read."""
    return f"{_front_matter(draft)}{_body(draft.text)}\n"


def _front_matter(draft: Draft) -> str:
    import yaml

    fields = {
        "id": draft.id,
        "title": draft.title,
        "published": draft.published.isoformat() if draft.published else None,
        "source": draft.source,
        "place": draft.place,
        "wire": draft.wire,
        "url": draft.url,
    }
    said = {key: value for key, value in fields.items() if value}
    if not said:
        return ""
    lines = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=float("inf"))
    # A date in quotes is only YAML's care for its type, which the reader of front matter does not have.
    lines = re.sub(r"^published: '([\d-]+)'$", r"published: \1", lines, flags=re.MULTILINE)
    return f"---\n{lines}---\n\n"


def _body(text: str) -> str:
    blocks: list[str] = []
    in_list = False
    for block in text.split("\n\n"):
        lines = block.split("\n")
        listed = not in_list and _is_list(lines)
        blocks.append("\n".join(_listed(line) for line in lines) if listed else "\\\n".join(map(_escaped, lines)))
        in_list = listed
    return "\n\n".join(blocks)


def _is_list(lines: list[str]) -> bool:
    """Whether Markdown reads these lines as one list, and back as they are."""
    if all(map(_ITEM.match, lines)):
        return True
    numbers = [int(match[1]) if (match := _NUMBERED.match(line)) else -1 for line in lines]
    return numbers[0] > 0 and numbers == list(range(numbers[0], numbers[0] + len(lines)))


def _listed(line: str) -> str:
    mark, _, text = line.partition(" ")
    return f"{mark} {_escaped(text)}"


def _escaped(line: str) -> str:
    """A line with a backslash before everything that Markdown would obey."""
    line = _MARKUP.sub(r"\\\g<0>", line)
    if _RULE.fullmatch(line):  # a rule, or the line under the head of a table
        return re.sub(r"[-|:]", r"\\\g<0>", line)
    if number := _NUMBER_MARK.match(line):
        return f"{number[1]}\\{line[number.end(1) :]}"
    return f"\\{line}" if _MARK_AT_START.match(line) else line
