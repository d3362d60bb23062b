"""An encoder from a folder: tiny models, made here, whose vectors are known."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from bot.answering.encoder import Encoder, open_encoder
from bot.model import OnrecordError

onnx = pytest.importorskip("onnx", reason="onnx, which makes the models of these tests, is not installed")
pytest.importorskip("onnxruntime", reason="the extra semantic is not installed")
tokenizers = pytest.importorskip("tokenizers", reason="the extra semantic is not installed")

WORDS = ["[UNK]", "query:", "passage:", "ask:", "say:", "the", "mill", "makes", "paper", "nothing"]
TABLE = np.random.default_rng(7).normal(size=(len(WORDS), 4)).astype(np.float32)
TABLE[WORDS.index("nothing")] = 0
POOLING, PROMPTS = "1_Pooling/config.json", "config_sentence_transformers.json"


def make_folder(
    folder: Path,
    *,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"),
    ready: bool = False,
    table: np.ndarray = TABLE,
    place: str = "model.onnx",
    files: Mapping[str, object] = MappingProxyType({}),
) -> Path:
    """A model that gives each token its row of the table, or, `ready`, the text the sum of them.

    `files` are JSON files beside it, by their names.
    """
    helper, int64, float32 = onnx.helper, onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    axes = onnx.numpy_helper.from_array(np.array([1]), "axes")
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    outputs = [helper.make_tensor_value_info("last_hidden_state", float32, ["texts", "tokens", table.shape[1]])]
    if ready:
        nodes.append(helper.make_node("ReduceSum", ["last_hidden_state", "axes"], ["sentence_embedding"], keepdims=0))
        outputs.append(helper.make_tensor_value_info("sentence_embedding", float32, ["texts", table.shape[1]]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, int64, ["texts", "tokens"]) for name in inputs],
        outputs,
        [onnx.numpy_helper.from_array(table, "table"), axes],
    )
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / place)
    words = tokenizers.models.WordLevel({word: number for number, word in enumerate(WORDS)}, "[UNK]")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    return folder


def opened(folder: Path) -> Encoder:
    encoder = open_encoder(str(folder)).encoder
    assert encoder is not None
    return encoder


def unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


def rows(text: str) -> np.ndarray:
    return np.array([TABLE[WORDS.index(word) if word in WORDS else 0] for word in text.split()])


def test_a_vector_is_the_mean_of_the_tokens(tmp_path: Path) -> None:
    vectors = opened(make_folder(tmp_path)).encode(["the mill", "the mill makes paper"])
    assert vectors.dtype == np.float32
    expected = [unit(rows("the mill").mean(axis=0)), unit(rows("the mill makes paper").mean(axis=0))]
    assert np.allclose(vectors, expected, atol=1e-6)


@pytest.mark.parametrize("pooling", [{"pooling_mode_cls_token": True}, {"pooling_mode": "cls"}])
def test_or_that_of_the_first_token_where_the_folder_says_so(pooling: dict[str, object], tmp_path: Path) -> None:
    folder = make_folder(tmp_path, files={POOLING: {"pooling_mode_mean_tokens": False, **pooling}})
    assert np.allclose(opened(folder).encode(["mill the"]), [unit(TABLE[WORDS.index("mill")])], atol=1e-6)


def test_a_vector_that_the_model_made_ready_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, ready=True, files={POOLING: {"pooling_mode_cls_token": True}})
    assert np.allclose(opened(folder).encode(["mill the"]), [unit(rows("mill the").sum(axis=0))], atol=1e-6)


@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask", "token_type_ids", "position_ids")])
def test_the_model_is_given_what_it_asks_for(inputs: tuple[str, ...], tmp_path: Path) -> None:
    assert opened(make_folder(tmp_path, inputs=inputs)).encode(["the mill"]).shape == (1, 4)


def test_the_model_may_lie_in_a_folder_of_its_own(tmp_path: Path) -> None:
    assert opened(make_folder(tmp_path, place="onnx/model.onnx")).encode(["the mill"]).shape == (1, 4)


@pytest.mark.parametrize("prompts", [{"query": "ask: ", "passage": "say: "}, {"query": "ask: ", "document": "say: "}])
def test_prompts_stand_before_questions_and_answers(prompts: dict[str, str], tmp_path: Path) -> None:
    encoder = opened(make_folder(tmp_path, files={PROMPTS: {"prompts": prompts}}))
    assert np.allclose(encoder.encode(["mill"], asked=True), [unit(rows("ask: mill").mean(axis=0))], atol=1e-6)
    assert np.allclose(encoder.encode(["mill"]), [unit(rows("say: mill").mean(axis=0))], atol=1e-6)


def test_an_e5_has_its_own_prompts_and_another_model_has_none(tmp_path: Path) -> None:
    none = {"prompts": {"query": "", "document": ""}}
    named = make_folder(tmp_path / "a", files={"config.json": {"_name_or_path": "intfloat/e5-small-v2"}, PROMPTS: none})
    titled = make_folder(tmp_path / "b")
    (titled / "README.md").write_text("---\n---\n## Multilingual-E5-small\n")
    other = make_folder(tmp_path / "c")
    (other / "README.md").write_text("# Mill\n\nBetter than e5.\n")
    for folder, asked, said in ((named, "query: ", "passage: "), (titled, "query: ", "passage: "), (other, "", "")):
        encoder = opened(folder)
        expected = unit(rows(f"{asked}mill").mean(axis=0))
        assert np.allclose(encoder.encode(["mill"], asked=True), [expected], atol=1e-6)
        assert np.allclose(encoder.encode(["mill"]), [unit(rows(f"{said}mill").mean(axis=0))], atol=1e-6)


def test_a_text_counts_as_far_as_the_model_reads(tmp_path: Path) -> None:
    encoder = opened(make_folder(tmp_path, files={"sentence_bert_config.json": {"max_seq_length": 3}}))
    assert np.array_equal(encoder.encode(["the mill makes paper"]), encoder.encode(["the mill makes"]))


def test_a_text_has_the_same_vector_in_any_company(tmp_path: Path) -> None:
    encoder = opened(make_folder(tmp_path))
    texts = ["paper", "the mill makes paper", "", "mill"]
    assert np.array_equal(encoder.encode(texts), np.concatenate([encoder.encode([text]) for text in texts]))
    assert encoder.encode([]).shape == (0, 4)


@pytest.mark.parametrize("text", ["", " ", "\0", "a\0b", "\ud800", "nothing", "\ufdfa" * 40, "word " * 100_000])
def test_every_text_has_a_vector_of_length_1(text: str, tmp_path: Path) -> None:
    assert np.linalg.norm(opened(make_folder(tmp_path)).encode([text])) == pytest.approx(1)


def test_a_model_that_gives_no_numbers_gives_a_vector_of_length_1(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, table=np.full_like(TABLE, np.nan))
    assert np.linalg.norm(opened(folder).encode(["the mill"])) == pytest.approx(1)


def test_the_name_tells_models_apart_and_not_where_they_lie(tmp_path: Path) -> None:
    first = make_folder(tmp_path / "here" / "tiny")
    copy = shutil.copytree(first, tmp_path / "there" / "tiny")
    other = make_folder(tmp_path / "else" / "tiny", table=TABLE + 1)
    pooled = make_folder(tmp_path / "more" / "tiny", files={POOLING: {"pooling_mode_cls_token": True}})
    assert opened(first).name == opened(copy).name
    assert len({opened(folder).name for folder in (first, other, pooled)}) == 3


def test_a_folder_that_is_not_there_or_lacks_a_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="no folder"):
        open_encoder(str(tmp_path / "gone"))
    with pytest.raises(OnrecordError, match=r"no model\.onnx"):
        open_encoder(str(tmp_path))
    (make_folder(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(OnrecordError, match=r"no tokenizer\.json"):
        open_encoder(str(tmp_path))


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_without_the_extra_it_says_how_to_install_it(
    missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_folder(tmp_path)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(OnrecordError, match=r"pip install 'onrecord\[semantic\]'"):
        open_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_named_in_one_sentence(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = make_folder(tmp_path) / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(OnrecordError, match=rf"{name} cannot be used .*: copy the model again") as caught:
        opened(tmp_path).encode(["the mill"])
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_tokenizer_of_another_model_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = make_folder(tmp_path, table=TABLE[:3])
    with pytest.raises(OnrecordError, match="cannot be used"):
        opened(folder).encode(["paper"])
    assert capfd.readouterr() == ("", "")


def test_a_model_of_another_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="pixel_values"):
        opened(make_folder(tmp_path / "image", inputs=("input_ids", "pixel_values"))).encode(["the mill"])
    with pytest.raises(OnrecordError, match="pools by max"):
        pooling = {POOLING: {"pooling_mode_max_tokens": True}}
        opened(make_folder(tmp_path / "max", files=pooling)).encode(["the mill"])
    with pytest.raises(OnrecordError, match="needs a layer"):
        opened(make_folder(tmp_path / "dense", files={"2_Dense/config.json": {}})).encode(["the mill"])
