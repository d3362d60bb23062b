"""Texts come in batches of one length, each once."""

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import processors
from training_world import SENTENCES

from training.tokens import LONGEST, batches, open_tokenizer


@given(st.lists(st.text(max_size=80), max_size=9), st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_text_is_in_one_batch_whole_and_what_is_filled_up_is_hidden(
    words: Path, texts: list[str], size: int
) -> None:
    tokenizer = open_tokenizer(words)
    seen = []
    for batch in batches(tokenizer, texts, size):
        assert 0 < len(batch.places) <= size
        assert batch.ids.shape == batch.mask.shape == batch.kinds.shape
        for place, ids, mask in zip(batch.places, batch.ids, batch.mask, strict=True):
            assert ids[mask == 1].tolist() == tokenizer.encode(texts[place]).ids
            assert not ids[mask == 0].any()
        seen += batch.places
    assert sorted(seen) == [*range(len(texts))]


def test_short_texts_come_first(words: Path) -> None:
    widths = [batch.ids.shape[1] for batch in batches(open_tokenizer(words), SENTENCES, 2)]
    assert widths == sorted(widths)


def test_the_second_text_of_a_pair_is_of_another_kind(words: Path) -> None:
    [batch] = batches(open_tokenizer(words), [("who chairs", "dahl chairs")], 2)
    assert np.array_equal(batch.kinds, [[0, 0, 0, 0, 1, 1, 1]])


def test_what_the_tokenizer_says_of_kinds_does_not_matter(words: Path) -> None:
    tokenizer = open_tokenizer(words)
    tokenizer.post_processor = processors.RobertaProcessing(("[SEP]", 3), ("[CLS]", 2), add_prefix_space=False)
    [batch] = batches(tokenizer, [("who chairs", "dahl chairs")], 2)
    assert np.array_equal(batch.kinds, [[0, 0, 0, 0, 0, 1, 1, 1]])


def test_a_long_text_is_cut(words: Path) -> None:
    [batch] = batches(open_tokenizer(words), [("who chairs", "the board " * LONGEST)], 1)
    assert batch.ids.shape == (1, LONGEST)
