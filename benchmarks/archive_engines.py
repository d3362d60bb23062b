"""The engines that are compared, each from the same ready-made terms, and the two processes in which each is measured.

    python benchmarks/archive_engines.py build ENGINE WORK PASSAGES INDEX
    python benchmarks/archive_engines.py ask ENGINE INDEX QUESTIONS SECONDS

`build` makes the index of the first passages and keeps it in the folder INDEX. `ask` opens it, prints a line at the
first answer, asks the rest for at most that many seconds, and prints the milliseconds of each. QUESTIONS is what
`write_questions` has written, so that a process holds nothing but its engine.
"""

import gc
import json
import os
import pickle
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from archive_passages import ready_terms

FOUND = 60  # passages that are read for an answer
FEW = 20  # questions that are put to an engine that takes more than a second for one
K1, B = 1.2, 0.75
QUESTIONS = Path(__file__).with_name("archive_questions.txt")
WARMING = (
    "who chairs the committee?",
    "how many jobs were lost?",
    "when was the bill passed?",
    "where was the hearing?",
)

COMMAND = "runs `onrecord ask`"

Terms = Sequence[str]
Ask = Callable[[str, Terms], object]
"""Answers a question, given as it is typed and as terms."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine. Those with the same `index` ask the same one; `build` is None where the command `onrecord index` is it."""

    name: str
    index: str
    open: Callable[[Path], Ask]
    build: Callable[[Iterable[list[str]], Path], None] | None
    opens: str
    """What it does before the first answer."""


def open_answers(index: Path) -> Ask:
    from bot.answering.answerer import answer
    from bot.index.archive import open_archive

    corpus = open_archive(index).corpus()
    return lambda question, _: answer(question, corpus, top=5)


def open_answers_with_encoder(index: Path) -> Ask:
    from bot.answering.answerer import answer
    from bot.answering.opening import open_archive_to_ask

    corpus, _ = open_archive_to_ask(index, "auto")
    assert corpus.meaning, "The extra semantic is not installed."
    return lambda question, _: answer(question, corpus, top=5)


def open_search(index: Path) -> Ask:
    from bot.index.archive import open_archive

    search = open_archive(index).corpus().index.search
    return lambda _, terms: search(terms, FOUND)


def build_rank_bm25(passages: Iterable[list[str]], index: Path) -> None:
    from rank_bm25 import BM25Okapi

    with (index / "bm25.pickle").open("wb") as file:
        pickle.dump(BM25Okapi(list(passages), k1=K1, b=B), file)


def open_rank_bm25(index: Path) -> Ask:
    import numpy as np

    with (index / "bm25.pickle").open("rb") as file:
        bm25 = pickle.load(file)  # noqa: S301 - written by the function above

    def ask(_: str, terms: Terms) -> object:
        scores = bm25.get_scores(list(terms))
        best = np.argpartition(-scores, FOUND)[:FOUND]
        return best[np.argsort(-scores[best])].tolist()

    return ask


def build_bm25s(passages: Iterable[list[str]], index: Path, backend: str) -> None:
    import bm25s

    bm25 = bm25s.BM25(k1=K1, b=B, method="lucene", backend=backend)
    bm25.index(list(passages), show_progress=False)
    bm25.save(index, show_progress=False)


def open_bm25s(index: Path) -> Ask:
    import bm25s

    bm25 = bm25s.BM25.load(index, show_progress=False)
    if bm25.backend == "numba":
        bm25.activate_numba_scorer()
    return lambda _, terms: bm25.retrieve([list(terms)], k=FOUND, show_progress=False)


def build_tantivy(passages: Iterable[list[str]], index: Path) -> None:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("number", fast=True)
    writer = tantivy.Index(builder.build(), str(index)).writer()
    for number, terms in enumerate(passages):
        writer.add_document(tantivy.Document(terms=" ".join(terms), number=number))
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(index: Path) -> Ask:
    import tantivy

    opened = tantivy.Index.open(str(index))
    schema, searcher = opened.schema, opened.searcher()

    def ask(_: str, terms: Terms) -> object:
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", term, "freq")) for term in terms]
        )
        hits = searcher.search(query, FOUND, count=False).hits
        return searcher.fast_field_values("number", [address for _, address in hits])

    return ask


def build_sqlite(passages: Iterable[list[str]], index: Path) -> None:
    with closing(sqlite3.connect(index / "passages.sqlite3")) as database, database:
        database.execute("CREATE VIRTUAL TABLE passages USING fts5(terms, content='')")
        rows = ((number, " ".join(terms)) for number, terms in enumerate(passages))
        database.executemany("INSERT INTO passages (rowid, terms) VALUES (?, ?)", rows)
        database.execute("INSERT INTO passages (passages) VALUES ('optimize')")


def open_sqlite(index: Path) -> Ask:
    database = sqlite3.connect(index / "passages.sqlite3")
    select = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"

    def ask(_: str, terms: Terms) -> object:
        query = " OR ".join('"{}"'.format(term.replace('"', '""')) for term in terms)
        return database.execute(select, (query, FOUND)).fetchall()

    return ask


def build_haystack(passages: Iterable[list[str]], index: Path) -> None:
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents([Document(id=str(number), content=" ".join(terms)) for number, terms in enumerate(passages)])
    store.save_to_disk(str(index / "store.json"))


def open_haystack(index: Path) -> Ask:
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    retriever = InMemoryBM25Retriever(InMemoryDocumentStore.load_from_disk(str(index / "store.json")), top_k=FOUND)
    return lambda _, terms: retriever.run(query=" ".join(terms))


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("onrecord", "onrecord", open_answers, None, COMMAND),
        Engine("onrecord-encoder", "onrecord", open_answers_with_encoder, None, COMMAND),
        Engine("onrecord-index", "onrecord", open_search, None, "opens its files"),
        Engine("tantivy", "tantivy", open_tantivy, build_tantivy, "opens its files"),
        Engine("sqlite-fts5", "sqlite-fts5", open_sqlite, build_sqlite, "opens its file"),
        Engine(
            "bm25s-numpy", "bm25s-numpy", open_bm25s, lambda p, i: build_bm25s(p, i, "numpy"), "loads what it saved"
        ),
        Engine("bm25s-numba", "bm25s-numba", open_bm25s, lambda p, i: build_bm25s(p, i, "numba"), "loads, compiles"),
        Engine("rank-bm25", "rank-bm25", open_rank_bm25, build_rank_bm25, "unpickles itself"),
        Engine("haystack", "haystack", open_haystack, build_haystack, "loads its documents, indexes them anew"),
    )
}


def questions() -> list[str]:
    """The questions, one a line."""
    return QUESTIONS.read_text(encoding="utf-8").splitlines()


def terms_of(question: str) -> list[str]:
    """The terms that are searched for."""
    from bot.text.terms import terms

    return list(dict.fromkeys(term.term for term in terms(question)))


def write_questions(path: Path) -> None:
    """Those of WARMING and all others, each with its terms."""
    path.write_text(json.dumps([(question, terms_of(question)) for question in (*WARMING, *questions())]))


def ask_all(engine: Engine, index: Path, asked: Sequence[tuple[str, Terms]], seconds: float) -> list[float]:
    """The milliseconds of each question, after those of WARMING; at most FEW where one of these took over a second."""
    start = perf_counter()
    ask = engine.open(index)

    def timed(question: str, terms: Terms) -> float:
        began = perf_counter()
        ask(question, terms)
        return 1000 * (perf_counter() - began)

    timed(*asked[0])
    print("answered", flush=True)
    slow = timed(*asked[1]) > 1000
    if not slow:
        for question, terms in asked[2 : len(WARMING)]:
            ask(question, terms)
    times: list[float] = []
    for question, terms in asked[len(WARMING) :][: FEW if slow else None]:
        if perf_counter() - start > seconds:
            break
        times.append(timed(question, terms))
    return times


def main(action: str, name: str, *rest: str) -> None:
    engine = ENGINES[name]
    if action == "build":
        work, passages, index = Path(rest[0]), int(rest[1]), Path(rest[2])
        assert engine.build
        engine.build(ready_terms(work, passages), index)
        print("built", flush=True)
    else:
        index, asked, seconds = Path(rest[0]), json.loads(Path(rest[1]).read_text()), float(rest[2])
        print(json.dumps(ask_all(engine, index, asked, seconds)), flush=True)


if __name__ == "__main__":
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    gc.set_threshold(50_000)  # as the command of this project does
    main(*sys.argv[1:])
