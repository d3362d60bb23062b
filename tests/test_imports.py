"""What a question does not need is not waited for."""

import json
import subprocess
import sys
from pathlib import Path

SLOW = ("nltk", "numpy", "prompt_toolkit", "pydantic", "rank_bm25", "rapidfuzz", "rich", "scipy", "sklearn", "telegram")
WATCHED = (
    "import json, sys\n"
    "try:\n    exec(sys.argv[1])\n"
    "except SystemExit:\n    pass\n"
    "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
)


def imported_by(program: str, folder: Path) -> set[str]:
    """The packages that are loaded when the program has run, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", WATCHED, program], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_importing_the_package_imports_nothing_slow(tmp_path: Path) -> None:
    assert imported_by("import bot, bot.model", tmp_path) & {*SLOW} == set()


def test_a_question_to_an_unchanged_corpus_needs_neither_nltk_nor_telegram(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    # Words that are in no list of common words: their stems are kept with the corpus.
    (tmp_path / "corpus" / "quay.md").write_text(
        "# Hydrofoilings\n\nIngrid Dahl chairs the hydrofoiling board of Norrvik.\n"
    )
    ask = (
        "sys.argv = ['onrecord', 'ask', '--data', 'data', 'who chairs the hydrofoiling board?']\n"
        "from bot.cli import main\nmain()"
    )
    assert "nltk" in imported_by(ask, tmp_path)
    unneeded = {"nltk", "markdown_it", "prompt_toolkit", "rich", "scipy", "sklearn", "telegram", "yaml"}
    assert imported_by(ask, tmp_path) & unneeded == set()


def test_a_question_to_an_archive_needs_no_more_and_nothing_that_follows_folders(tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_text("# Hydrofoilings\n\nIngrid Dahl chairs the hydrofoiling board of Norrvik.\n")
    command = "from bot.cli import main\nmain()"
    imported_by(f"sys.argv = ['onrecord', 'index', '--data', 'data', 'quay.md']\n{command}", tmp_path)
    ask = f"sys.argv = ['onrecord', 'ask', '--data', 'data', 'who chairs the hydrofoiling board?']\n{command}"
    unneeded = {"nltk", "markdown_it", "prompt_toolkit", "rich", "scipy", "sklearn", "telegram", "watchfiles", "yaml"}
    assert imported_by(ask, tmp_path) & unneeded == set()
