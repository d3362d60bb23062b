"""Learning from groups: resumable, and the same again from the same seed."""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.groups import Group
from training.keeping import digest
from training.network import CrossEncoder, freeze, logits
from training.telling import EVERY, Told
from training.tokens import open_tokenizer

RATE = 7e-5
WARM = 0.06  # of the steps
KEEP_EVERY = 120.0  # seconds
TAUGHT = 0.7  # what a teacher's judgement counts, against 1 in all
TEMPERATURE = 2.0  # how soft it is


def loss_of(scores: Tensor, group: Group) -> Tensor:
    """How far the logits of a group are from what is right.

    Minus the log of the share of what is right in the softmax over the sentences and over "none of them", whose logit is
    0 (listwise: Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007). Where there was a
    teacher, also the cross-entropy to its softmax (Hinton et al., "Distilling the Knowledge in a Neural Network", 2015).
    """
    options = torch.cat([scores.new_zeros(1), scores])
    good = [1 + place for place in sorted(group.right)] or [0]
    hard = torch.logsumexp(options, 0) - torch.logsumexp(options[good], 0)
    if group.taught is None:
        return hard
    taught = torch.tensor([0.0, *group.taught], device=scores.device) / TEMPERATURE
    soft = -(taught.softmax(0) * (options / TEMPERATURE).log_softmax(0)).sum() * TEMPERATURE**2
    return (1 - TAUGHT) * hard + TAUGHT * soft


def learned(
    start: Path,
    groups: Sequence[Group],
    *,
    name: str,
    work: Path,
    epochs: float,
    seed: int,
    device: str,
    told: Told,
    after_epoch: Callable[[CrossEncoder, Tokenizer, int], None] = lambda network, tokenizer, epoch: None,
    groups_a_step: int,
    rate: float = RATE,
    frozen: int = 0,
    known: Mapping[str, Tensor] | None = None,
) -> tuple[CrossEncoder, Tokenizer]:
    """A network that has learned from the groups, with its tokenizer; what was learned is read from below `work`.

    The files have `name` in their names, and digits that stand for the groups, the seed and all else that matters. The
    lowest layers do not learn, `frozen` of them. `known` are weights that were learned before, to go on from.
    """
    torch.manual_seed(seed)  # of the head
    network, tokenizer = CrossEncoder(start).to(device), open_tokenizer(start)
    freeze(network, frozen)
    if known is not None:
        network.load_state_dict(known)
    of_groups = [[group.question, group.sentences, sorted(group.right), group.taught] for group in groups]
    config = network.body.config
    settings = [config.model_type, config.hidden_size, epochs, seed, groups_a_step, rate, frozen, known and mark(known)]
    done = work / f"{name}-{digest([settings, of_groups])}.weights"
    if done.is_file():
        network.load_state_dict(torch.load(done, map_location=device, weights_only=True))
        network.eval()
        return network, tokenizer
    work.mkdir(parents=True, exist_ok=True)
    kept = done.with_suffix(".unfinished")
    learn(
        network, tokenizer, groups, epochs=epochs, seed=seed, kept=kept, device=device, told=told,
        groups_a_step=groups_a_step, rate=rate, after_epoch=lambda epoch: after_epoch(network, tokenizer, epoch),
    )  # fmt: skip
    _write(network.state_dict(), done)
    kept.unlink(missing_ok=True)
    return network, tokenizer


def mark(weights: Mapping[str, Tensor]) -> str:
    """Digits that stand for weights."""
    return digest([weight.double().abs().sum().item() for weight in weights.values()])


def _write(state: object, path: Path) -> None:
    """Whoever is interrupted leaves what was there before."""
    part = path.with_name(path.name + ".part")
    torch.save(state, part)
    part.replace(path)


def learn(
    network: CrossEncoder,
    tokenizer: Tokenizer,
    groups: Sequence[Group],
    *,
    epochs: float,
    seed: int,
    kept: Path,
    device: str,
    told: Told,
    groups_a_step: int,
    after_epoch: Callable[[int], None] = lambda epoch: None,
    rate: float = RATE,
) -> None:
    """Trains the network in place. What was learned is kept in the file `kept` every two minutes, and gone on from there.

    Args:
        network: what learns.
        tokenizer: its own.
        groups: what it learns from, in any order.
        epochs: how often it sees all of them; with 0.7 it sees that share of them.
        seed: decides in which order.
        kept: the file from which an interrupted run goes on.
        device: cpu or cuda.
        told: hears how far it is.
        groups_a_step: how many it sees before it moves.
        after_epoch: called with the number of each epoch that is done, from 1, and at the end; once more where it was
            interrupted.
        rate: the highest rate of learning.
    """
    steps_an_epoch = -(-len(groups) // groups_a_step)
    steps = round(epochs * steps_an_epoch)
    free = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(free, lr=rate, weight_decay=0.01, fused=True)
    warm = max(1, round(WARM * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm or 1)))
    )
    begin = 0
    if kept.is_file():
        state = torch.load(kept, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        begin = state["step"]
        told(f"goes on at step {begin} of {steps}")
        if begin and (begin == steps or not begin % steps_an_epoch):
            after_epoch(-(-begin // steps_an_epoch))

    def keep(step: int) -> None:
        _write(
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step,
            },
            kept,
        )

    started = last_kept = last_told = monotonic()
    mean = None
    for step in range(begin, steps):
        epoch, place = divmod(step, steps_an_epoch)
        torch.manual_seed(seed + step)  # of the drop-out, so that a run that goes on is the same
        order = random.Random(seed + epoch).sample(range(len(groups)), len(groups))
        batch = [groups[number] for number in order[place * groups_a_step : (place + 1) * groups_a_step]]
        network.train()
        pairs = [pair for group in batch for pair in group.pairs]
        parts = torch.split(logits(network, tokenizer, pairs, device), [len(group.sentences) for group in batch])
        loss = torch.stack([loss_of(part, group) for part, group in zip(parts, batch, strict=True)]).mean()
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        last = loss.item()
        mean = last if mean is None else 0.98 * mean + 0.02 * last
        now = monotonic()
        if now - last_told > EVERY:
            rest = (now - started) / (step + 1 - begin) * (steps - step - 1)
            told(f"step {step + 1} of {steps}, loss {mean:.3f}, {rest / 60:.0f} min to go")
            last_told = now
        if now - last_kept > KEEP_EVERY:
            keep(step + 1)
            last_kept = now
        if step + 1 == steps or place == steps_an_epoch - 1:
            keep(step + 1)
            after_epoch(epoch + 1)
    network.eval()
