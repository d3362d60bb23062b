"""The language of the fixed words, and their translation by gettext, with the English sentences as message ids.

There is one translation file a language, `locale/LANGUAGE/LC_MESSAGES/onrecord.mo`. What a release says, and what a
question is, is never translated. The language is a context variable, so that two people can be answered in two
languages at the same time; a thread that works for one of them is given the context.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

ENGLISH = "en"
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "onrecord"

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The languages that the fixed words are translated into, as codes such as `es`, sorted; English is the source."""
    return tuple(sorted(path.parts[-3] for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def nearest_language(tags: Iterable[str]) -> str:
    """The language of the first of these tags that there are words for, English where there is none.

    A tag is as Telegram (`es-MX`, `zh-hans`) or a locale (`es_MX.UTF-8`, `C`) has it. Region and script do not count.
    """
    known = {"c": ENGLISH, "posix": ENGLISH} | {language: language for language in (ENGLISH, *languages())}
    bases = (re.split(r"[-_.@]", tag.lower())[0] for tag in tags)
    return next((known[base] for base in bases if base in known), ENGLISH)


def local_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the environment asks for: by the first of LANGUAGE (a list with colons), LC_ALL, LC_MESSAGES
    and LANG that is set, as gettext has it."""
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return nearest_language(named.split(":"))


def spoken() -> str:
    """The language of the words in this context."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Says the words in this language meanwhile, in this context only."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@contextmanager
def speaking_locally() -> Iterator[None]:
    """Says the words in the language that the environment asks for; made for a function of the command line."""
    with speaking(local_language()):
        yield


def N_(message: str) -> str:  # noqa: N802 - the name by which extractors and translators know it
    """The message as it is, marked for translation, which `gettext` does where it is said."""
    return message


def gettext(message: str) -> str:
    """The message in the language of this context, in English where it is not translated."""
    return _translations(spoken()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The same of a message with a number in it, in the form that the language has for `count`."""
    return _translations(spoken()).ngettext(one, many, count)


@cache
def _translations(language: str) -> NullTranslations:
    return NullTranslations() if language == ENGLISH else translation(DOMAIN, LOCALE, [language], fallback=True)
