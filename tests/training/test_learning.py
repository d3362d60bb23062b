"""A network learns what is right, and an interrupted run learns the same."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import pytest
from training_world import QUESTIONS, SENTENCES

from training.groups import Group

torch = pytest.importorskip("torch", reason="only training needs torch, and this is not installed")
pytest.importorskip("transformers", reason="only training needs transformers, and this is not installed")

from training import learning  # noqa: E402
from training.learning import learn, learned, loss_of  # noqa: E402
from training.network import CrossEncoder, logits  # noqa: E402
from training.tokens import open_tokenizer  # noqa: E402

GROUPS = [
    Group(question, SENTENCES[place:] + SENTENCES[:place], frozenset({0}), "pairs") for question, place in QUESTIONS * 5
]


def silent(words: str) -> None:
    pass


def group_of(right: set[int], taught: tuple[float, ...] | None = None) -> Group:
    return Group("?", ("a", "b"), frozenset(right), "x", taught)


def loss(scores: Sequence[float], group: Group) -> float:
    return float(loss_of(torch.tensor(scores), group))


def test_the_loss_falls_when_what_is_right_rises() -> None:
    assert loss([3.0, 0.0], group_of({0})) < loss([0.0, 0.0], group_of({0})) < loss([0.0, 3.0], group_of({0}))


def test_the_loss_is_minus_the_log_of_the_share_of_what_is_right_beside_none() -> None:
    assert loss([0.0, 0.0], group_of({0})) == pytest.approx(1.0986, abs=1e-4)  # a third
    assert loss([0.0, 0.0], group_of({0, 1})) == pytest.approx(0.4055, abs=1e-4)  # two thirds


def test_where_nothing_is_right_none_rises() -> None:
    assert loss([-3.0, -3.0], group_of(set())) < loss([0.0, 0.0], group_of(set()))


def test_a_teacher_pulls_towards_its_own_judgement() -> None:
    taught = group_of({0}, (2.0, 1.0))
    assert loss([2.0, 1.0], taught) < loss([2.0, -5.0], taught)
    assert loss([2.0, 1.0], group_of({0})) > loss([2.0, -5.0], group_of({0}))


class Tiring(Sequence[Group]):
    """Groups that are there some times only, so that a run is interrupted in its middle."""

    def __init__(self, groups: Sequence[Group], times: int) -> None:
        self.groups, self.times = groups, times

    def __len__(self) -> int:
        return len(self.groups)

    @overload
    def __getitem__(self, place: int) -> Group: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Group]: ...
    def __getitem__(self, place: int | slice) -> Any:
        self.times -= 1
        if self.times < 0:
            raise KeyboardInterrupt
        return self.groups[place]


def run(small: Path, kept: Path, groups: Sequence[Group] = GROUPS, **more: Any) -> CrossEncoder:
    torch.manual_seed(1)
    network = CrossEncoder(small)
    learn(
        network,
        open_tokenizer(small),
        groups,
        epochs=2,
        seed=1,
        kept=kept,
        device="cpu",
        told=silent,
        groups_a_step=10,
        **more,
    )
    return network


def same(one: CrossEncoder, other: CrossEncoder) -> bool:
    weights = other.state_dict()
    return all(torch.equal(weight, weights[name]) for name, weight in one.state_dict().items())


@pytest.mark.parametrize("times", [1, 11, 34, 45])
def test_an_interrupted_run_learns_the_same_as_one_that_was_not(
    small: Path, tmp_path: Path, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "KEEP_EVERY", -1.0)
    whole = run(small, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(small, tmp_path / "kept", Tiring(GROUPS, times))
    assert same(run(small, tmp_path / "kept"), whole)


def test_an_epoch_whose_figures_were_interrupted_is_measured_again(small: Path, tmp_path: Path) -> None:
    epochs: list[int] = []

    def interrupted(epoch: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(small, tmp_path / "kept", after_epoch=interrupted)
    run(small, tmp_path / "kept", after_epoch=epochs.append)
    assert epochs == [1, 2]


def test_a_part_of_an_epoch_is_a_part_of_the_groups(small: Path, tmp_path: Path) -> None:
    epochs: list[int] = []
    groups = Tiring(GROUPS[:20], 10)  # one more would interrupt it
    torch.manual_seed(1)
    learn(
        CrossEncoder(small), open_tokenizer(small), groups, epochs=0.5, seed=1, kept=tmp_path / "kept", device="cpu",
        told=silent, groups_a_step=10, after_epoch=epochs.append,
    )  # fmt: skip
    assert groups.times == 0
    assert epochs == [1]


def test_it_learns(small: Path, tmp_path: Path) -> None:
    def right(network: CrossEncoder) -> int:
        with torch.inference_mode():
            found = [logits(network, open_tokenizer(small), group.pairs, "cpu") for group in GROUPS[: len(QUESTIONS)]]
        return sum(int(scores.argmax()) == 0 for scores in found)

    torch.manual_seed(1)
    network = CrossEncoder(small).eval()
    before = right(network)
    learn(
        network, open_tokenizer(small), GROUPS, epochs=8, seed=1, kept=tmp_path / "kept", device="cpu", told=silent, groups_a_step=10,
        rate=5e-3,
    )  # fmt: skip
    assert right(network) > before


def test_word_vectors_stay_as_they_were(small: Path, tmp_path: Path) -> None:
    before = CrossEncoder(small).body.embeddings.word_embeddings.weight
    assert torch.equal(run(small, tmp_path / "kept").body.embeddings.word_embeddings.weight, before)


def test_what_was_learned_is_read_again_and_other_groups_are_learned_anew(small: Path, tmp_path: Path) -> None:
    def after(groups: Sequence[Group]) -> tuple[CrossEncoder, int]:
        epochs: list[int] = []
        network, _ = learned(
            small, groups, name="student", work=tmp_path, epochs=1, seed=1, device="cpu", told=silent, groups_a_step=10,
            after_epoch=lambda network, tokenizer, epoch: epochs.append(epoch),
        )  # fmt: skip
        return network, len(epochs)

    first, epochs = after(GROUPS)
    assert epochs == 1
    again, epochs = after(GROUPS)
    assert epochs == 0
    assert same(first, again)
    assert after(GROUPS[1:])[1] == 1
    assert {path.suffix for path in tmp_path.iterdir()} == {".weights"}


def test_what_was_learned_before_is_gone_on_from(small: Path, tmp_path: Path) -> None:
    def after(known: CrossEncoder | None, rate: float) -> CrossEncoder:
        return learned(
            small, GROUPS, name="student", work=tmp_path, epochs=1, seed=1, device="cpu", told=silent, groups_a_step=10, rate=rate,
            known=known and known.state_dict(),
        )[0]  # fmt: skip

    first = after(None, 1e-3)
    assert same(after(first, 0.0), first)
    assert not same(after(first, 1e-3), first)
    assert len([*tmp_path.glob("*.weights")]) == 3


def test_frozen_layers_stay_as_they_were(small: Path, tmp_path: Path) -> None:
    before = CrossEncoder(small).body.state_dict()
    network, _ = learned(
        small,
        GROUPS,
        name="teacher",
        work=tmp_path,
        epochs=1,
        seed=1,
        device="cpu",
        told=silent,
        groups_a_step=10,
        rate=1e-2,
        frozen=1,
    )
    after = network.body.state_dict()
    moved = {name for name, weight in before.items() if not torch.equal(weight, after[name])}
    assert not [name for name in moved if name.startswith(("embeddings", "encoder.layer.0."))]
    assert moved
