"""python -m training: see `training`."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import strftime

from bot.model import OnrecordError

PACKAGES = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "ir_measures", "sklearn")
ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line says; gives the exit status: 0, 2 where it could not run, 130 where it was stopped."""
    given = parser().parse_args(arguments)
    try:
        needs(PACKAGES)
        from training.budget import BUDGETS
        from training.running import Place, ablate, train

        device = device_for(given.device)
        place = Place(given.qa, given.work, given.to, device, told)
        if given.ablations:
            ablate(place, seed=given.seed)
        else:
            budget = BUDGETS[device]
            size = given.teacher_groups or budget.judged if given.teacher or given.teacher_groups else None
            train(place, seed=given.seed, teacher=size, budget=budget)
    except OnrecordError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nStopped: the same command goes on from what is kept in {given.work}.", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    about = argparse.ArgumentParser(
        prog="python -m training",
        description="Trains the reader, measures it, and writes it with its model card. What is done is kept: an "
        "interrupted run goes on when the same command is given again.",
        epilog="example: python -m training ../shared/qa --teacher --device cuda",
    )
    about.add_argument("qa", type=Path, help="the folder of questions, with pairs/, selection/ and open/")
    about.add_argument("--work", type=Path, default=ROOT / "build" / "reader", help="where what is done is kept")
    about.add_argument(
        "--to", type=Path, default=ROOT / "bot" / "answering" / "data", help="where the reader is written"
    )
    about.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto: cuda where there is one"
    )
    about.add_argument("--seed", type=int, default=1, help="of all that is left to chance; 1 if not given")
    about.add_argument(
        "--teacher", action="store_true", help="train large networks first, which judge for the small one"
    )
    about.add_argument(
        "--teacher-groups", type=_count, metavar="N",
        help="how many groups the teacher learns from and judges: 4,000 on a CPU (an hour and a quarter on two cores), all on a GPU",
    )  # fmt: skip
    about.add_argument("--ablations", action="store_true", help="only measure what each part of the training is worth")
    return about


def needs(packages: Iterable[str]) -> None:
    """Raises OnrecordError where a package is not installed."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise OnrecordError(f"Training needs {', '.join(missing)}: pip install -e '.[training]'")


def device_for(asked: str) -> str:
    """The device that is asked for, or the best there is.

    Raises:
        OnrecordError: there is none such.
    """
    import torch

    there = torch.cuda.is_available()
    if asked == "cuda" and not there:
        raise OnrecordError("There is no GPU that torch can use: take --device cpu.")
    return "cuda" if there and asked != "cpu" else "cpu"


def told(words: str) -> None:
    """Prints how far it is."""
    print(strftime("%H:%M:%S"), words, flush=True)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


if __name__ == "__main__":
    sys.exit(main())
