"""The network: a transformer that reads question and sentence as one text, and one number of its first token."""

from collections.abc import Sequence
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

CHUNK = 16  # texts that go through the network at once on a CPU
CHUNK_OF_GPU = 128


class CrossEncoder(nn.Module):  # type: ignore[misc, unused-ignore]
    """Gives a question and a sentence a logit: above 0 the sentence answers, below it does not.

    After Nogueira and Cho, "Passage Re-ranking with BERT" (2019), with one logit in place of two.
    """

    def __init__(self, start: Path) -> None:
        super().__init__()
        self.body: Any = _opened(start)
        self.head = nn.Linear(self.body.config.hidden_size, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        # Few questions tell something about few of thirty thousand words: they keep their meaning.
        self.body.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """The logits of texts, of shape (texts,); the inputs are of shape (texts, tokens)."""
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
        # MPNet does not tell the first text from the second by a type.
        if token_type_ids is not None and getattr(self.body.config, "type_vocab_size", 1) > 1:
            inputs["token_type_ids"] = token_type_ids
        first = self.body(**inputs).last_hidden_state[:, 0]
        return self.head(first)[:, 0]  # type: ignore[no-any-return, unused-ignore]


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
