"""From the network to the file that ships: ONNX with weights of 8 bits, in the operators that onnxruntime has for BERT."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.keeping import sha256
from training.network import HASTE, HIDDEN, WEIGHING, CrossEncoder

OPSET = 17
SMOOTH = 0.8  # of the size of what goes into a layer, so much goes over to the weights, as an exponent
_FAST = "com.microsoft"  # the domain of onnxruntime's own operators

Weights = Mapping[str, NDArray[np.float32]]


def export(network: CrossEncoder, target: Path, largest: Weights | None = None) -> str:
    """Writes the network as ONNX, with weights of 8 bits, or of 32 where nothing is said; gives the file's SHA-256.

    `largest` is what `training.network.largest_inputs` gives: for weights of 8 bits, what goes into a layer is rounded,
    too, all with one scale, so that a few large numbers would leave little of the others. A part of their size goes over
    to the weights first (Xiao et al., "SmoothQuant", 2023).

    The network takes `input_ids`, `attention_mask` and `token_type_ids`, of shape (texts, tokens), and gives `logits` of shape
    (texts,). Seven of the eight bits are used: processors without VNNI add two products in 16 bits, which must not
    overflow.
    """
    config = network.body.config
    weights = {name: weight.detach().cpu().float().numpy() for name, weight in network.state_dict().items()}
    graph = _Graph(weights, config.num_attention_heads, config.layer_norm_eps, largest)
    model = graph.model(config.num_hidden_layers)
    onnx.checker.check_model(model)
    if largest is None:
        onnx.save(model, str(target))
    else:
        with TemporaryDirectory() as place:
            plain = Path(place) / "plain.onnx"
            onnx.save(model, str(plain))
            quantize_dynamic(
                plain, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Attention"],
                extra_options={"DefaultTensorType": TensorProto.FLOAT},  # it cannot tell what fast operators give
            )  # fmt: skip
    return sha256(target)


class _Graph:
    """The network of `training.network` with a BERT in it, written operator by operator."""

    def __init__(self, weights: Weights, heads: int, epsilon: float, largest: Weights | None) -> None:
        self._weights, self._heads, self._epsilon, self._largest = weights, heads, epsilon, largest
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self, layers: int) -> onnx.ModelProto:
        hidden = self._embedded()
        for number in range(layers):
            hidden = self._layer(f"body.encoder.layer.{number}", hidden)
        first = self._node("Gather", hidden, self._constant("zero", np.array(0)), axis=1)
        head = self._constant("head", self._weights["head.weight"].T)
        read = self._node("Gemm", first, head, self._weight("head.bias"))
        single = self._node("Add", read, self._near(hidden))
        self._nodes.append(
            helper.make_node("Squeeze", [single, self._constant("last", np.array([1]))], ["logits"], "squeeze")
        )
        inputs = ("input_ids", "attention_mask", "token_type_ids")
        graph = helper.make_graph(
            self._nodes,
            "reader",
            [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in inputs],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts"])],
            self._constants,
        )
        imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(_FAST, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=8, producer_name="onrecord")

    def _near(self, tokens: str) -> str:
        """What the logit has of how near question and sentence are, of shape (texts, 1)."""
        kinds, mask = (self._node("Cast", name, to=TensorProto.FLOAT) for name in ("token_type_ids", "attention_mask"))
        said = self._node("Mul", mask, kinds)
        asked = self._node("Sub", mask, said)
        middle = self._constant("middle", np.array([1]))
        wide = self._node(
            "Concat", self._node("Unsqueeze", asked, middle), self._node("Unsqueeze", said, middle), axis=1
        )
        means = self._direction(self._node("MatMul", wide, tokens))  # (texts, 2, d)
        halves = (self._node("Gather", means, self._constant(f"half{n}", np.array(n)), axis=1) for n in (0, 1))
        of_means = self._node("ReduceSum", self._node("Mul", *halves), self._constant("across", np.array([-1])))

        directions = self._direction(tokens)
        near = self._node("MatMul", directions, self._node("Transpose", directions, perm=[0, 2, 1]))
        near = self._node("Add", near, self._node("Unsqueeze", self._hiding(said), middle))
        nearest = self._node("ReduceMax", near, axes=[-1], keepdims=0)
        weigh = self._constant("weigh", WEIGHING * self._weights["weigh.weight"].ravel())
        weights = self._node("ReduceSum", self._node("Mul", tokens, weigh), "across", keepdims=0)
        weights = self._node("Softmax", self._node("Add", weights, self._hiding(asked)), axis=-1)
        of_tokens = self._node("ReduceSum", self._node("Mul", weights, nearest), "across")
        counts = self._constant("nearness", HASTE * self._weights["nearness"])
        both = self._node("Mul", self._node("Concat", of_means, of_tokens, axis=1), counts)
        return self._node("ReduceSum", both, "across")

    def _hiding(self, counted: str) -> str:
        """0 for tokens that count, and less than anything for others."""
        less = self._node("Sub", counted, self._constant(f"all but {counted}", np.array(1, np.float32)))
        return self._node("Mul", less, self._constant(f"hiding {counted}", np.array(-HIDDEN, np.float32)))

    def _direction(self, vectors: str) -> str:
        return self._node("Div", vectors, self._node("ReduceL2", vectors, axes=[-1]))

    def _embedded(self) -> str:
        words = self._weights["body.embeddings.word_embeddings.weight"]
        if self._largest is not None:  # half of the file is words; each has a scale of its own
            scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-12) / 127
            table = self._constant("words", np.round(words / scale).astype(np.int8))
            whole = self._node("Cast", self._node("Gather", table, "input_ids"), to=TensorProto.FLOAT)
            word = self._node("Mul", whole, self._node("Gather", self._constant("scale", scale), "input_ids"))
        else:
            word = self._node("Gather", self._constant("words", words), "input_ids")
        kind = self._node("Gather", self._weight("body.embeddings.token_type_embeddings.weight"), "token_type_ids")
        length = self._node("Slice", self._node("Shape", "input_ids"), *self._ints("one", [1]), *self._ints("two", [2]))
        places = self._weight("body.embeddings.position_embeddings.weight")
        place = self._node("Slice", places, *self._ints("begin", [0]), length, *self._ints("axis", [0]))
        together = self._node("Add", self._node("Add", word, kind), place)
        return self._node(
            "LayerNormalization", together, *self._norm("body.embeddings.LayerNorm"), epsilon=self._epsilon
        )

    def _layer(self, name: str, hidden: str) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        merged = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        attended = self._node(
            "Attention", *self._smooth(parts[0], hidden, merged), self._constant(f"{name}.qkv.bias", bias), self._mask(),
            domain=_FAST, num_heads=self._heads,
        )  # fmt: skip
        hidden = self._back(f"{name}.attention.output", attended, hidden)
        wide = self._linear(f"{name}.intermediate.dense", hidden)
        wide = self._node("BiasGelu", wide, self._weight(f"{name}.intermediate.dense.bias"), domain=_FAST)
        return self._back(f"{name}.output", wide, hidden)

    def _back(self, name: str, inner: str, before: str) -> str:
        """A linear layer, what was before added to it, and the norm of that."""
        straight = self._linear(f"{name}.dense", inner)
        norm = self._norm(f"{name}.LayerNorm")
        bias = self._weight(f"{name}.dense.bias")
        return self._node("SkipLayerNormalization", straight, before, *norm, bias, domain=_FAST, epsilon=self._epsilon)

    def _mask(self) -> str:
        if not any("mask" in node.output for node in self._nodes):
            self._nodes.append(helper.make_node("Cast", ["attention_mask"], ["mask"], "mask", to=TensorProto.INT32))
        return "mask"

    def _norm(self, name: str) -> tuple[str, str]:
        return self._weight(f"{name}.weight"), self._weight(f"{name}.bias")

    def _linear(self, name: str, inner: str) -> str:
        return self._node("MatMul", *self._smooth(name, inner, self._weights[f"{name}.weight"].T))

    def _smooth(self, name: str, inner: str, weights: NDArray[np.float32]) -> tuple[str, str]:
        """What goes into a layer and the layer's weights, the size of the one evened out at the cost of the other."""
        if self._largest is None:
            return inner, self._constant(f"{name}.turned", weights)
        size, strength = np.maximum(self._largest[name], 1e-4), np.maximum(np.abs(weights).max(axis=1), 1e-4)
        scale = size**SMOOTH / strength ** (1 - SMOOTH)
        scale = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
        even = self._node("Mul", inner, self._constant(f"{name}.even", 1 / scale))
        return even, self._constant(f"{name}.turned", weights * scale[:, None])

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _ints(self, name: str, values: list[int]) -> tuple[str]:
        return (self._constant(name, np.array(values)),)

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def _node(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], name, domain=domain, **attributes))
        return name
