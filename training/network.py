"""The network: a transformer that reads question and sentence as one text, and one number of its first token."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import logging

from training.telling import Told, counted
from training.tokens import batches, open_tokenizer

# Of the two by which a question and a sentence are near: what they count to begin with, and what the logit is less, for
# without any learning they are 0.81 and 0.71 on the mean of the development sets, and few sentences answer.
NEARNESS = (12.0, 12.0)
BIAS = -19.2
# Few numbers that decide much must move faster than the many of the transformer.
HASTE, WEIGHING = 100.0, 10.0
HIDDEN = -1e4  # no token that does not count comes near to this
CHUNK = 16  # texts that go through the network at once on a CPU
CHUNK_OF_GPU = 128


class CrossEncoder(nn.Module):  # type: ignore[misc, unused-ignore]
    """Gives a question and a sentence a logit: above 0 the sentence answers, below it does not.

    The logit is a sum of three. One is read from the first token (Nogueira and Cho, "Passage Re-ranking with BERT",
    2019). The others need no learning to begin with, for the start knows which tokens mean nearly the same: how near the
    mean of the question's tokens is to that of the sentence's, and how near each token of the question comes to one of
    the sentence (Khattab and Zaharia, "ColBERT", 2020), a mean with weights that are learned.
    """

    def __init__(self, start: Path) -> None:
        super().__init__()
        self.body: Any = _opened(start)
        self.head = nn.Linear(self.body.config.hidden_size, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, BIAS)
        self.weigh = nn.Linear(self.body.config.hidden_size, 1, bias=False)  # what a token of the question counts
        nn.init.zeros_(self.weigh.weight)
        self.nearness = nn.Parameter(torch.tensor(NEARNESS) / HASTE)  # what each of the two counts
        # Few questions tell something about few of thirty thousand words: they keep their meaning.
        self.body.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, kinds: Tensor) -> Tensor:
        """The logits of texts, of shape (texts,).

        The inputs are of shape (texts, tokens); `kinds` is 1 for tokens of the sentence, 0 for those before it.
        """
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
        # MPNet does not tell the first text from the second by a type.
        if getattr(self.body.config, "type_vocab_size", 1) > 1:
            inputs["token_type_ids"] = kinds
        with torch.autocast(input_ids.device.type, torch.bfloat16, enabled=input_ids.is_cuda):
            tokens = self.body(**inputs).last_hidden_state.float()
        mask, second = attention_mask.to(tokens.dtype), kinds.to(tokens.dtype)
        asked, said = mask * (1 - second), mask * second
        means = nn.functional.cosine_similarity((tokens * asked[..., None]).sum(1), (tokens * said[..., None]).sum(1))
        directions = nn.functional.normalize(tokens, dim=-1)
        nearest = (directions @ directions.transpose(1, 2) + HIDDEN * (1 - said[:, None, :])).amax(-1)
        weights = (WEIGHING * self.weigh(tokens)[..., 0] + HIDDEN * (1 - asked)).softmax(-1)
        near = torch.stack([means, (weights * nearest).sum(1)], dim=1) @ (HASTE * self.nearness)
        return self.head(tokens[:, 0])[:, 0] + near  # type: ignore[no-any-return, unused-ignore]


def freeze(network: CrossEncoder, layers: int) -> None:
    """Leaves what is below the layer of that number, from 0, as it is: what all texts have in common is known there.

    A network that learns in its upper half only is nearly as good and learns in half of the time (Lee et al., "What Would
    Elsa Do? Freezing Layers During Transformer Fine-Tuning", 2019).
    """
    encoder = network.body.encoder
    shared = [encoder.relative_attention_bias] if hasattr(encoder, "relative_attention_bias") else []  # of MPNet
    for part in [network.body.embeddings, *shared, *encoder.layer[:layers]] if layers else []:
        part.requires_grad_(False)


def mean_of(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of networks that began from the same (Wortsman et al., "Model Soups", 2022)."""
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def logits(network: CrossEncoder, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], device: str) -> Tensor:
    """The logits of questions with sentences, of shape (pairs,), in their order."""
    order: list[int] = []
    parts = []
    for batch in batches(tokenizer, pairs, CHUNK if device == "cpu" else CHUNK_OF_GPU):
        order += batch.places
        parts.append(network(*(torch.tensor(rows, device=device) for rows in (batch.ids, batch.mask, batch.kinds))))
    places = torch.empty(len(order), dtype=torch.long)
    places[torch.tensor(order, dtype=torch.long)] = torch.arange(len(order))
    return torch.cat(parts)[places.to(device)]


def vectors(start: Path, texts: Sequence[str], device: str, told: Told = lambda words: None) -> NDArray[np.float32]:
    """The vectors of texts by the bi-encoder that a start is, of shape (texts, d), each of length 1: means of tokens."""
    body = _opened(start).to(device).eval()
    found = np.empty((len(texts), body.config.hidden_size), np.float32)
    with torch.inference_mode():
        for batch in counted(list(batches(open_tokenizer(start), texts, 2 * CHUNK)), "batches of vectors", told):
            masked = torch.tensor(batch.mask, device=device)
            tokens = body(input_ids=torch.tensor(batch.ids, device=device), attention_mask=masked).last_hidden_state
            means = (tokens * masked[:, :, None]).sum(1) / masked.sum(1, keepdim=True)
            found[batch.places] = nn.functional.normalize(means).cpu().numpy()
    return found


def _opened(start: Path) -> Any:
    quiet: Any = logging  # that a pooling layer is left out is as it should be
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    return AutoModel.from_pretrained(start, add_pooling_layer=False, local_files_only=True)


def largest_inputs(
    network: CrossEncoder, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]
) -> dict[str, NDArray[np.float32]]:
    """By the name of each linear layer, the largest size of what goes into it at each place, over some pairs."""
    largest: dict[str, NDArray[np.float32]] = {}

    def look(name: str, given: Tensor) -> None:
        size = given.detach().abs().flatten(0, -2).amax(0).float().cpu().numpy()
        largest[name] = np.maximum(largest.get(name, size), size)

    hooks = [
        layer.register_forward_pre_hook(lambda _, given, name=name: look(name, given[0]))
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Linear)
    ]
    with torch.inference_mode():
        logits(network, tokenizer, pairs, str(next(network.parameters()).device))
    for hook in hooks:
        hook.remove()
    return largest
