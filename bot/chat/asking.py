"""A line as it is typed, put to a corpus: its operators narrow what is asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from bot.chat.language import gettext
from bot.chat.narrowing import NarrowingError, both, narrowed, short_name
from bot.index.corpus import Corpus
from bot.index.releases import Releases
from bot.index.scope import Scope, is_from
from bot.model import Reply
from bot.text.terms import fold

OFFERED = 3  # sources that may have been meant
_LEAST_ALIKE = 70  # of 100


class Asked(NamedTuple):
    """A reply, and the scope that was asked for it."""

    reply: Reply
    scope: Scope | None


def ask_line(line: str, corpus: Corpus, standing: Scope | None, *, ask: Callable[..., Reply], top: int) -> Asked:
    """The reply to a typed line, whose question is the line as it was typed.

    `standing` is what is asked whatever the line says; its operators narrow that. `ask` is what the question is put to,
    with the parameters of `answer`.

    Raises:
        NarrowingError: the line cannot be read, or no release is from the source that it names.
    """
    question, own, _ = narrowed(line)
    scope = both(standing, from_known_source(own, corpus.releases))
    reply = ask(question, corpus, scope=scope, top=top)
    return Asked(reply if own is None else replace(reply, question=line), scope)


def from_known_source(scope: Scope | None, releases: Releases) -> Scope | None:
    """The scope with the whole name of its source, where there is only one that it can be.

    Raises:
        NarrowingError: no release is from such a source; the sentence offers the nearest.
    """
    if scope is None or scope.source is None or not releases:
        return scope
    sources = releases.sources()
    named = [source for source in sources if is_from(source, scope.source)]
    if len(named) == 1:
        return replace(scope, source=named[0])
    if named:
        return scope
    asked = short_name(scope.source)
    if not sources:
        raise NarrowingError(gettext("No release says who it is from: ask without from:."))
    from rapidfuzz import fuzz, process

    near = process.extract(
        scope.source,
        sources,
        scorer=fuzz.partial_token_sort_ratio,
        processor=fold,
        limit=OFFERED,
        score_cutoff=_LEAST_ALIKE,
    )
    told = gettext("No release is from {source}. The nearest: {sources}.")
    if not near:
        told = gettext("No release is from {source}. Most are from: {sources}.")
    offered = [source for source, _, _ in near] or sources[:OFFERED]
    raise NarrowingError(told.format(source=asked, sources=", ".join(map(short_name, offered))))
