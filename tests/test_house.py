"""The plan of the house: who may know whom, and how large a room may be."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
MODULES = sorted(BOT.rglob("*.py"))
TRAINING = sorted((BOT.parent / "training").rglob("*.py"))
"""A house of its own beside: it knows the rooms, and none of them knows it."""
ROOMS = ("model", "reading", "text", "index", "answering", "desk", "chat")
"""From left to right. Nothing imports from further right; what is outside may import any, and only `chat` settings."""
EVERYWHERE = {"stages"}
"""What stands outside of the rooms and knows nobody; every room may import it."""


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(BOT.parent).with_suffix("").parts)


def imported(path: Path, package: str = "bot") -> set[str]:
    """The modules of this package, or of another, that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)} imports relatively"
            names |= (
                {f"{node.module}.{alias.name}" for alias in node.names}
                if node.module == package
                else {str(node.module)}
            )
    return {name for name in names if name.partition(".")[0] == package and name != "bot"}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(name_of(path)) in ROOMS], ids=name_of)
def test_a_module_knows_only_what_is_on_its_left(path: Path) -> None:
    room = room_of(name_of(path))
    known = {*ROOMS[: ROOMS.index(room) + 1]} | EVERYWHERE | ({"settings"} if room == "chat" else set())
    assert {name for name in imported(path) if room_of(name) not in known} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_that_runs_knows_how_its_models_are_trained(path: Path) -> None:
    assert imported(path, "training") == set()


@pytest.mark.parametrize("path", TRAINING, ids=name_of)
def test_training_knows_the_rooms_and_no_settings(path: Path) -> None:
    assert {name for name in imported(path) if room_of(name) not in {*ROOMS, "evaluation"}} == set()


@pytest.mark.parametrize("name", ["model", *EVERYWHERE])
def test_what_all_know_knows_nobody(name: str) -> None:
    assert imported(BOT / f"{name}.py") == set()


@pytest.mark.parametrize("path", MODULES + TRAINING, ids=name_of)
def test_no_module_holds_two_things(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_package_is_one() -> None:
    assert {path.parent for path in MODULES} == {path.parent for path in BOT.rglob("__init__.py")}


def test_nothing_downloads_at_run_time() -> None:
    for path in MODULES:
        assert "nltk.download" not in path.read_text(encoding="utf-8"), path
