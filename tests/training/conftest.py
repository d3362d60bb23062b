"""A folder of a town's questions, packages that carry weights, and a model small enough to train in a test."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from training_world import QUESTIONS, RELEASE, SENTENCES, Install, Write, tar_of


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows into a file below the test's folder, one JSON object a line."""

    def write(name: str, *rows: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def qa(tmp_path: Path, write: Write) -> Path:
    """A folder of questions as `training` reads it, with the releases beside it."""
    candidates = [{"text": text, "label": int(place == 4)} for place, text in enumerate(SENTENCES)]
    row = {"question": "who leads the repairs?", "candidates": candidates}
    write("qa/pairs/squad-train/sentences.jsonl", *({"text": text} for text in SENTENCES))
    write("qa/pairs/squad-train/questions.jsonl", *({"question": q, "sentence": place} for q, place in QUESTIONS))
    for name in ("wikiqa-train", "trecqa-train", "wikiqa-dev", "trecqa-dev"):
        write(f"qa/selection/{name}.jsonl", row)
    for name in ("squad-part", "xquad-part-en"):
        paragraph = "Nils Berg leads the repairs. They cost 3 million crowns."
        answered = {"question": "Who leads the repairs?", "answers": ["Nils Berg"], "paragraph": paragraph}
        write(f"qa/open/{name}/questions.jsonl", answered, {"question": "Who won?", "answers": [], "paragraph": None})
        corpus = tmp_path / "qa" / "open" / name / "corpus"
        corpus.mkdir()
        (corpus / "norrvik.txt").write_text(f"The harbour is deep.\n\n{paragraph}\n", encoding="utf-8")
    (tmp_path / "senate").mkdir()
    (tmp_path / "senate" / "senate-press-releases.tar.xz").write_bytes(tar_of({"raw/Berg/01Mar2006Berg1.txt": RELEASE}))
    return tmp_path / "qa"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a package of a few files, for this test only."""
    place = tmp_path / "site-packages"

    def install(package: str, files: Mapping[str, bytes]) -> None:
        about = f"{package.replace('-', '_')}-1.0.dist-info"
        every = {**files, f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n".encode()}
        for name, content in every.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        (place / about / "RECORD").write_text("".join(f"{name},,\n" for name in every))
        monkeypatch.syspath_prepend(str(place))

    return install


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tokenizer that knows the words of the sentences and the questions."""
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    split = pre_tokenizers.BertPreTokenizer()
    for text in (*SENTENCES, *(question for question, _ in QUESTIONS)):
        known += [word for word, _ in split.pre_tokenize_str(text) if word not in known]
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(known)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = split
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    tokenizer.enable_padding(length=8)  # as some of those come that packages carry
    folder = tmp_path_factory.mktemp("start")
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def small(words: Path) -> Path:
    """The folder with a BERT of two layers and that tokenizer; the test is skipped where there is no torch."""
    pytest.importorskip("torch", reason="only training needs torch, and this is not installed")
    transformers = pytest.importorskip("transformers", reason="only training needs transformers: not installed")
    import torch

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=80, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=128, initializer_range=0.3,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(words)
    return words
