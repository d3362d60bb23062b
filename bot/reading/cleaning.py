"""Characters that a quote may hold: no controls, one kind of space, one kind of line end.

Typographic quotes, dashes and ligatures stay as they are: a quote is word for word.
"""

import re
import unicodedata

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # operating system command, such as a window title or a link
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequence, such as a colour
    r"|\x1b[ -/]*[0-~]?"
)
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028]|\u2029")
_BROKEN_WORD = re.compile(r"\u00ad[^\S\n]*\n[^\S\n]*(?=\w)")
# Joiners shape letters in many scripts, and emoji; after an ASCII character they only hide.
_HIDDEN_JOINERS = re.compile(r"[\u200c\u200d](?<![^\x00-\x7f\s\u200c\u200d].)")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SYMBOL_BULLETS = re.compile("[\uf0a7\uf0b7\uf0d8]")  # bullets of Word's symbol fonts, in the private use area


def clean(text: str) -> str:
    """The text without control, escape and unseen characters, in Unicode form NFC (not NFKC), lines ended by `\\n`.

    Every odd space is a space and a tab is four; indentation and runs of spaces stay, for the layout to read.
    """
    if text.isascii():
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        if plain.replace("\n", "").isprintable():
            return plain  # of nearly every text that is all
    text = _LINE_ENDS.sub(lambda end: "\n\n" if end[0] == "\u2029" else "\n", text)
    if not text.isascii():
        text = _SYMBOL_BULLETS.sub("•", _SPACES.sub(" ", _BROKEN_WORD.sub("", text)))
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPES.sub("", text)
    text = _UNSEEN.sub("", text).replace("\t", "    ")
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _HIDDEN_JOINERS.sub("", text))


def clean_line(text: str) -> str:
    """The text cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())
