"""An encoder from a folder, as sentence-transformers writes it: `model.onnx` (or `onnx/model.onnx`), `tokenizer.json`.

How its vectors are made is read from the other files there, where they are: `1_Pooling/config.json`, prompts in
`config_sentence_transformers.json`, the longest text in `sentence_bert_config.json`.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.model import OnrecordError

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    import tokenizers
    from numpy.typing import NDArray

_TOKENS = 512  # more than a sentence has, and no more than most models were trained on
_LETTERS = 20 * _TOKENS  # what is beyond cannot count, and need not be cut into tokens
_SAMPLE = 65_536
_TOKEN_OUTPUTS = ("last_hidden_state", "token_embeddings")
_SENTENCE_OUTPUT = "sentence_embedding"


def open_folder(folder: Path) -> "OnnxEncoder":
    """The encoder in a folder. Its model is loaded when it is first used.

    Raises:
        OnrecordError: a file that is needed is not there, or what runs it is not installed.
    """
    if not folder.is_dir():
        raise OnrecordError(f"There is no folder {folder}: ONRECORD_ENCODER is auto, off, or a folder with model.onnx.")
    model = next((path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None)
    tokenizer = folder / "tokenizer.json"
    if model is None or not tokenizer.is_file():
        raise OnrecordError(
            f"{folder} has no {'model.onnx' if model is None else 'tokenizer.json'}: "
            "put a sentence-transformers model there that was exported to ONNX."
        )
    if not (find_spec("onnxruntime") and find_spec("tokenizers")):
        raise OnrecordError(f"To run the model in {folder}: pip install 'onrecord[semantic]'.")
    return OnnxEncoder(folder, model, tokenizer)


class OnnxEncoder:
    """A model in a folder, run by onnxruntime."""

    def __init__(self, folder: Path, model: Path, tokenizer: Path) -> None:
        self._folder, self._model, self._tokenizer = folder, model, tokenizer
        self._loaded: _Loaded | None = None
        self._loading = Lock()
        self.name = f"{folder.resolve().name} {_signature(folder, model)}"

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> "NDArray[np.float32]":
        """As `Encoder.encode`. Of a text only its first tokens count: as many as the model takes, 512 at most."""
        import numpy as np

        with self._loading:
            loaded = self._loaded = self._loaded or _load(self._folder, self._model, self._tokenizer)
        prompt = loaded.question_prompt if asked else loaded.passage_prompt
        try:
            vectors = [loaded.vector(prompt + text) for text in texts]
        except Exception as error:  # onnxruntime has exceptions of many kinds, and no kind of its own for them
            raise _unusable(self._model, error) from error
        return np.stack(vectors) if vectors else np.empty((0, loaded.dimension), np.float32)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model that is ready. `types` holds the numpy type of each input that it asks for."""

    session: "onnxruntime.InferenceSession"
    tokenizer: "tokenizers.Tokenizer"
    types: Mapping[str, str]
    output: str
    first_token: bool
    question_prompt: str
    passage_prompt: str

    @property
    def dimension(self) -> int:
        return len(self.vector(""))

    def vector(self, text: str) -> "NDArray[np.float32]":
        """The vector of one text, of length 1.

        Texts go through the model one at a time: models with weights of 8 bits scale a batch as a whole, and a text
        would get another vector in other company.
        """
        import numpy as np

        safe = text[:_LETTERS].encode("utf-8", "replace").decode("utf-8")
        ids = self.tokenizer.encode(safe).ids or [0]
        inputs = {
            "input_ids": ids,
            "attention_mask": [1] * len(ids),
            "token_type_ids": [0] * len(ids),
            "position_ids": list(range(len(ids))),
        }
        given = {name: np.array([inputs[name]], dtype) for name, dtype in self.types.items()}
        result = self.session.run([self.output], given)[0][0].astype(np.float32)
        if result.ndim == 2:
            result = result[0] if self.first_token else result.mean(axis=0)
        length = float(np.linalg.norm(result))
        if not 0 < length < float("inf"):  # as from a damaged model; no vector would be worse
            result, length = np.eye(1, len(result), dtype=np.float32)[0], 1.0
        return np.asarray(result / length, np.float32)


def _load(folder: Path, model: Path, tokenizer_path: Path) -> _Loaded:
    import onnxruntime
    import tokenizers

    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_path))
        longest = _longest(folder, tokenizer.truncation)
        tokenizer.no_padding()
        tokenizer.enable_truncation(longest)
    except Exception as error:  # tokenizers raises Exception itself
        raise _unusable(tokenizer_path, error) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # threads that wait sleep
    options.log_severity_level = 4  # what fails is raised, and said once
    try:
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        types = {put.name: _numpy_type(put.type) for put in session.get_inputs()}
        outputs = [put.name for put in session.get_outputs()]
    except Exception as error:
        raise _unusable(model, error) from error
    if unknown := types.keys() - {"input_ids", "attention_mask", "token_type_ids", "position_ids"}:
        raise OnrecordError(f"{model} asks for {', '.join(sorted(unknown))}: take a model that encodes text only.")
    output = next((name for name in (_SENTENCE_OUTPUT, *_TOKEN_OUTPUTS) if name in outputs), outputs[0])
    question_prompt, passage_prompt = _prompts(folder)
    first_token = output != _SENTENCE_OUTPUT and _pools_first_token(folder)
    return _Loaded(session, tokenizer, types, output, first_token, question_prompt, passage_prompt)


def _numpy_type(onnx_type: str) -> str:
    """`tensor(int64)` is int64."""
    return onnx_type.removeprefix("tensor(").removesuffix(")")


def _unusable(path: Path, error: Exception) -> OnrecordError:
    first_line = str(error).partition("\n")[0].strip().rstrip(".")
    return OnrecordError(f"{path} cannot be used ({first_line}): copy the model again, or set ONRECORD_ENCODER=off.")


def _settings(folder: Path, name: str) -> dict[str, Any]:
    """What a JSON file of the folder says, or nothing where there is none, or none that can be read."""
    try:
        settings = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _longest(folder: Path, truncation: Mapping[str, Any] | None) -> int:
    """The most tokens that the model takes."""
    said = (
        _settings(folder, "sentence_bert_config.json").get("max_seq_length"),
        (truncation or {}).get("max_length"),
        _settings(folder, "tokenizer_config.json").get("model_max_length"),
    )
    return min(next((count for count in said if isinstance(count, int) and count > 2), _TOKENS), _TOKENS)


def _pools_first_token(folder: Path) -> bool:
    """Whether a text's vector is that of its first token; else it is the mean of all.

    Raises:
        OnrecordError: it is made in another way.
    """
    pooling = _settings(folder, "1_Pooling/config.json")
    ways = [
        name.removeprefix("pooling_mode_").removesuffix("s").removesuffix("_token")
        for name, chosen in pooling.items()
        if name.startswith("pooling_mode_") and chosen is True
    ]
    if isinstance(pooling.get("pooling_mode"), str):
        ways.append(pooling["pooling_mode"])
    if ways not in ([], ["mean"], ["cls"]):
        raise OnrecordError(f"The model in {folder} pools by {' and '.join(ways)}: take one that pools by mean or cls.")
    if any(folder.glob("*_Dense")):
        raise OnrecordError(f"The model in {folder} needs a layer that model.onnx lacks: export it with that layer.")
    return ways == ["cls"]


def _prompts(folder: Path) -> tuple[str, str]:
    """What goes before a question, and before what may answer it."""
    prompts = _settings(folder, "config_sentence_transformers.json").get("prompts")
    if isinstance(prompts, dict) and any(prompts.values()):
        return str(prompts.get("query") or ""), str(prompts.get("passage") or prompts.get("document") or "")
    return ("query: ", "passage: ") if _is_e5(folder) else ("", "")


def _is_e5(folder: Path) -> bool:
    """Whether the model says that it is an e5, which was trained with prompts and often ships without them."""
    names = [folder.resolve().name, str(_settings(folder, "config.json").get("_name_or_path"))]
    try:
        readme = (folder / "README.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        readme = ""
    headings = [line for line in readme.splitlines() if line.startswith("#")]
    return any(re.search(r"\be5\b", name, re.IGNORECASE) for name in names + headings)


def _signature(folder: Path, model: Path) -> str:
    """Changes with every file that decides about the vectors. Of a large file it reads three samples."""
    digest = hashlib.sha256()
    weights = sorted(model.parent.glob("model.onnx*"))
    settings = sorted((*folder.glob("*.json"), *folder.glob("1_Pooling/*.json"), *folder.glob("README.md")))
    for path in (*weights, *settings):
        try:
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                digest.update(f"{path.relative_to(folder)} {size}\n".encode())
                for place in (0, size // 2, max(0, size - _SAMPLE)):
                    file.seek(place)
                    digest.update(file.read(_SAMPLE))
        except OSError as error:
            raise OnrecordError(f"Cannot read {path} ({error.strerror}): let it be read.") from error
    return digest.hexdigest()[:16]
