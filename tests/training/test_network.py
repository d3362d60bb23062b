"""The network judges pairs in any company alike, and knows before it learns which texts are near."""

from pathlib import Path

import pytest
from training_world import SENTENCES

torch = pytest.importorskip("torch", reason="only training needs torch, and this is not installed")
pytest.importorskip("transformers", reason="only training needs transformers, and this is not installed")

from training.network import CrossEncoder, logits, mean_of, vectors  # noqa: E402
from training.tokens import open_tokenizer  # noqa: E402


def read(network: CrossEncoder, small: Path, *pairs: tuple[str, str]) -> list[float]:
    with torch.inference_mode():
        return list(map(float, logits(network.eval(), open_tokenizer(small), pairs, "cpu")))


def test_before_it_learns_a_sentence_of_the_question_s_own_words_is_nearer_than_others(small: Path) -> None:
    network = CrossEncoder(small)
    torch.nn.init.zeros_(network.head.weight)
    found = [read(network, small, *((asked, said) for said in SENTENCES)) for asked in SENTENCES]
    own = [row[place] for place, row in enumerate(found)]
    assert sum(own) / len(own) > sum(map(sum, found)) / len(SENTENCES) ** 2 + 0.5  # in any network, on average


def test_what_a_token_of_the_question_counts_is_learned(small: Path) -> None:
    network = CrossEncoder(small)
    pairs = [(SENTENCES[0], SENTENCES[1]), (SENTENCES[0], SENTENCES[2])]
    before = read(network, small, *pairs)
    torch.nn.init.normal_(network.weigh.weight)
    assert read(network, small, *pairs) != pytest.approx(before, abs=1e-3)


def test_a_sentence_without_a_word_has_a_logit(small: Path) -> None:
    assert all(map(torch.isfinite, torch.tensor(read(CrossEncoder(small), small, ("who chairs?", ""), ("", "dahl.")))))


def test_logits_are_in_the_order_of_the_pairs(small: Path) -> None:
    network, tokenizer = CrossEncoder(small).eval(), open_tokenizer(small)
    pairs = [("who chairs?", sentence) for sentence in (*SENTENCES, "dahl.", *SENTENCES, *SENTENCES)]
    with torch.inference_mode():
        together = logits(network, tokenizer, pairs, "cpu")
        alone = torch.cat([logits(network, tokenizer, [pair], "cpu") for pair in pairs])
    assert torch.allclose(together, alone, atol=1e-5)


def test_vectors_have_the_length_1_and_are_in_the_order_of_the_texts(small: Path) -> None:
    together = vectors(small, SENTENCES, "cpu")
    assert (together**2).sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert together[3] == pytest.approx(vectors(small, SENTENCES[3:4], "cpu")[0], abs=1e-5)


def test_the_mean_of_weights_is_taken_one_by_one() -> None:
    states = [{"a": torch.tensor([0.0, 2.0])}, {"a": torch.tensor([1.0, 4.0])}]
    assert mean_of(states)["a"].tolist() == [0.5, 3.0]
