"""The reader: it reads a question and a sentence together, and says how surely the sentence answers.

The encoder of `bot.answering.encoder` sees each text for itself, and is asked about all sentences; the reader sees both
at once, and is asked about the last few. It is a cross-encoder (Nogueira and Cho, "Passage Re-ranking with BERT", 2019)
of 22 million parameters with weights of 8 bits, which also looks how near each token of the question comes to one of the
sentence. `python -m training` makes it and puts it beside the other data here; without it there is no reader, and nothing
else changes. It reads English only.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from bot.model import OnrecordError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import onnxruntime
    import tokenizers

WITHIN = 0.3  # seconds for the sentences of a question; on two cores twenty take a third of it
_BEGINNINGS_ONLY = 0.1  # seconds, the last of these, in which no further part of a long sentence is begun
MODEL, TOKENIZER, NOTE = "reader.onnx", "reader.tokenizer.json", "reader.json"
_TOKENS = 128  # of question and sentence together: what it was trained on
_QUESTION = 64  # of the question, so that there is room for a sentence
_LETTERS = 2_000  # of a question, and of what stands before; more cannot count, and need not be cut into tokens
_LETTERS_OF_SENTENCE = 50_000  # there is time for less
_THREADS = 4


class Reader:
    """The reader that ships. Its methods may be called in any thread; the model is loaded when it is first used."""

    def __init__(self) -> None:
        self._loaded: Model | None = None
        self._loading = Lock()

    def read(
        self, question: str, sentences: Sequence[str], before: Sequence[str] = (), within: float = WITHIN
    ) -> list[float | None]:
        """How surely each of the sentences answers: a logit, above 0 where it rather does than not.

        What is not begun `within` so many seconds stays unread and is None; the first sentences are read first. A
        sentence has the same logit whatever it is read together with. Of a long one each part is read for which there
        is time, after the beginnings of all, and the best counts; beyond 50,000 letters there never is.

        With `before`, a text for each of the sentences, each is read behind its text, of which the end is kept where
        there is no room for the whole. Where there is no text, or room for none of it, that is None.

        Raises:
            OnrecordError: the model cannot be loaded.
        """
        with self._loading:
            loaded = self._loaded = self._loaded or _load()
        end = monotonic() + within
        return loaded.logits(question, sentences, before, end)


@cache
def open_reader() -> Reader | None:
    """The reader, or None where what runs it is not installed or the model does not come with this copy."""
    there = all(map(find_spec, ("onnxruntime", "tokenizers"))) and _data(MODEL).is_file()
    return Reader() if there else None


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is ready, with a thread for each of the cores.

    Each text goes through the model by itself, in one thread. Weights of 8 bits scale what goes through together as a
    whole, so that a sentence would get another logit in other company; and threads that share the work of one short text
    wait for each other longer than they work.
    """

    session: "onnxruntime.InferenceSession"
    tokenizer: "tokenizers.Tokenizer"
    threads: ThreadPoolExecutor
    opening: int
    closing: int

    def logits(self, question: str, sentences: Sequence[str], before: Sequence[str], end: float) -> list[float | None]:
        """As `Reader.read`, with the moment of `monotonic` after which nothing is begun."""
        asked = self._ids([question[:_LETTERS]])[0][:_QUESTION]
        room = _TOKENS - len(asked) - 3
        texts = self._ids([sentence[:_LETTERS_OF_SENTENCE] for sentence in sentences])
        if before:
            behind = self._ids([text[-_LETTERS:] for text in before])
            windows = [_behind(text, ids, room) for text, ids in zip(behind, texts, strict=True)]
        else:
            windows = [_windows(ids, room) for ids in texts]
        turns = _turns(windows)
        ends = [end if turn < len(sentences) else end - _BEGINNINGS_ONLY for turn in range(len(turns))]
        read = self.threads.map(lambda turn, end: self._logit(asked, turn[1], end), turns, ends)
        best: list[float | None] = [None] * len(sentences)
        for (place, _), logit in zip(turns, read, strict=True):
            known = best[place]
            best[place] = logit if known is None else known if logit is None else max(known, logit)
        return best

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        safe = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # half a surrogate pair is no UTF-8
        return [encoded.ids for encoded in self.tokenizer.encode_batch(safe, add_special_tokens=False)]

    def _logit(self, asked: Sequence[int], window: Sequence[int], end: float) -> float | None:
        """The logit of a question and a part of a sentence, or None where it is too late for it."""
        import numpy as np

        if monotonic() > end:
            return None
        ids = np.array([[self.opening, *asked, self.closing, *window, self.closing]])
        kinds = (np.arange(ids.shape[1]) >= len(asked) + 2).astype(ids.dtype)[None]
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        return float(self.session.run(None, inputs)[0][0])


def _windows(ids: Sequence[int], room: int) -> list[Sequence[int]]:
    """The whole, or where it is longer than the room, parts of that length, each half in the one before."""
    if len(ids) <= room:
        return [ids]
    return [ids[start : start + room] for start in range(0, len(ids) - room // 2, room // 2)]


def _behind(before: Sequence[int], ids: Sequence[int], room: int) -> list[Sequence[int]]:
    """The whole behind as much of the end of the other as there is room for; nothing where that is none."""
    left = min(room - len(ids), len(before))
    return [[*before[len(before) - left :], *ids]] if left > 0 else []


def _turns(windows: Sequence[Sequence[Sequence[int]]]) -> list[tuple[int, Sequence[int]]]:
    """The windows of each of the sentences, with its place: the first ones of all, then the second ones, and so on."""
    longest = max(map(len, windows), default=0)
    return [(place, some[turn]) for turn in range(longest) for place, some in enumerate(windows) if turn < len(some)]


def _load() -> "Model":
    """The model that ships, if it is the very file that was shipped."""
    try:
        note = json.loads(_data(NOTE).read_text(encoding="utf-8"))
        model, words = _data(MODEL).read_bytes(), _data(TOKENIZER).read_bytes()
        if [_digest(model), _digest(words)] != [note["sha256"], note["tokenizer_sha256"]]:
            raise ValueError("it is not the file that was shipped")
        return open_model(model, words)
    except Exception as error:  # onnxruntime and tokenizers have exceptions of many kinds
        first_line = str(error).partition("\n")[0].strip().rstrip(".")
        raise OnrecordError(
            f"The reader cannot be loaded ({first_line}): pip install --force-reinstall onrecord, "
            "or set ONRECORD_ENCODER=off."
        ) from error


def open_model(model: bytes, words: bytes) -> "Model":
    """A model that is ready, from the content of its ONNX file and of its tokenizer's."""
    import onnxruntime
    import tokenizers

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what fails is raised, and said once
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_str(words.decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    opening, closing = tokenizer.encode("").ids
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = ThreadPoolExecutor(min(cores, _THREADS), thread_name_prefix="reader")
    return Model(session, tokenizer, threads, opening, closing)


def _data(name: str) -> "Traversable":
    return files("bot.answering").joinpath("data", name)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
