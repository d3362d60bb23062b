"""The file that ships reads as the network does."""

from pathlib import Path

import numpy as np
import pytest
from training_world import SENTENCES

torch = pytest.importorskip("torch", reason="only training needs torch, and this is not installed")
pytest.importorskip("transformers", reason="only training needs transformers, and this is not installed")

from training.exporting import export  # noqa: E402
from training.figures import by_file, by_network  # noqa: E402
from training.keeping import sha256  # noqa: E402
from training.network import CrossEncoder, largest_inputs  # noqa: E402
from training.tokens import open_tokenizer  # noqa: E402

PAIRS = [(question, sentence) for question in ("who chairs the board?", "when?") for sentence in (*SENTENCES, "dahl.")]


@pytest.fixture
def network(small: Path) -> CrossEncoder:
    torch.manual_seed(3)
    network = CrossEncoder(small)
    torch.nn.init.normal_(network.head.weight, std=1.0)
    torch.nn.init.ones_(network.head.bias)
    return network


def test_a_file_of_32_bits_gives_the_logits_of_the_network(network: CrossEncoder, small: Path, tmp_path: Path) -> None:
    export(network, tmp_path / "reader.onnx")
    read = by_file(tmp_path / "reader.onnx", small)(PAIRS)
    assert read == pytest.approx(by_network(network, open_tokenizer(small), "cpu")(PAIRS), abs=1e-4)


def test_a_file_of_8_bits_gives_nearly_the_same(network: CrossEncoder, small: Path, tmp_path: Path) -> None:
    export(network, tmp_path / "reader.onnx", largest_inputs(network, open_tokenizer(small), PAIRS))
    read = by_file(tmp_path / "reader.onnx", small)(PAIRS)
    exact = by_network(network, open_tokenizer(small), "cpu")(PAIRS)
    assert np.abs(read - exact).max() < 0.1 * exact.std() + 0.1
    assert np.corrcoef(read, exact)[0, 1] > 0.98


def test_the_same_network_is_the_same_file(network: CrossEncoder, small: Path, tmp_path: Path) -> None:
    largest = largest_inputs(network, open_tokenizer(small), PAIRS)
    first, second = (export(network, tmp_path / name, largest) for name in ("a.onnx", "b.onnx"))
    assert first == second == sha256(tmp_path / "a.onnx")


def test_measuring_leaves_a_network_that_learns_learning(network: CrossEncoder, small: Path) -> None:
    network.train()
    by_network(network, open_tokenizer(small), "cpu")(PAIRS)
    assert network.training
