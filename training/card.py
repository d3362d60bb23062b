"""The model card, from what was measured: after Mitchell et al., "Model Cards for Model Reporting" (2019)."""

from collections.abc import Mapping
from typing import Any

from training.figures import Figures

COLUMNS = (
    ("wikiqa-dev", "map"), ("wikiqa-dev", "mrr"), ("trecqa-dev", "map"), ("trecqa-dev", "mrr"),
    ("squad-part", "p1"), ("xquad-part-en", "p1"),
)  # fmt: skip
_NAMES = {"map": "MAP", "mrr": "MRR", "p1": "P@1"}
_UNKNOWN = "–"

_BEGINNING = """\
# The reader of Onrecord

Written by `python -m training`; what is changed here by hand is lost.

## What it is

A cross-encoder of 22 million parameters: it reads a question and a sentence together and gives one number, a logit. Above
0 the sentence rather answers than not. Onrecord asks it about the last candidates for an answer, and quotes sentences as
they are: the reader writes nothing. It judges English.

It is a BERT of 6 layers, 384 wide, with 12 heads. The logit is a sum of three: a linear layer on the first token (Nogueira
and Cho, "Passage Re-ranking with BERT", 2019); how near the mean of the question's tokens is to that of the sentence's;
and how near each token of the question comes to one of the sentence, a mean with learned weights (after Khattab and
Zaharia, "ColBERT", 2020). The weights begin as those of all-MiniLM-L6-v2, which knows what is near; with the first of the
three alone it learns far less (`benchmarks/RESULTS.md`). Word vectors stay as they were.

## How it reads

`[CLS] question [SEP] sentence [SEP]`, of at most {longest} tokens, upper and lower case alike. `bot/answering/reader.py`
reads a longer sentence in parts, and the best part counts. Weights have 8 bits (7 of them used, for processors without
VNNI; after Xiao et al., "SmoothQuant", 2023), each text goes through by itself, and the file needs onnxruntime only.

## What it learned from

| data | what it is | licence |
|---|---|---|
| SQuAD, articles of the training set | 11,877 questions with the sentence that answers, lower-cased | CC BY-SA 4.0 |
| WikiQA, training set | questions put to a search engine, sentences of Wikipedia; lower-cased | Microsoft Research data licence: research use |
| TREC QA, training set | questions and newswire, judged by hand (Wang et al., 2007) | research use |
| all-MiniLM-L6-v2 | the weights to start from | Apache-2.0 |
"""
_TEACHER = """\
| all-mpnet-base-v2 | the weights that the teachers started from | Apache-2.0 |
| Senate press releases (Grimmer, 2010) | questions made by rule, judged by teachers | works of the United States government |
"""
_GROUPS = """
A question is judged with several sentences at once, among them hard wrong ones: neighbours of the right sentence, what
BM25 and the vectors of all-MiniLM-L6-v2 find, from the same document and from others. For some questions nothing is
right: the answer is left out, or the question is changed so that the sentence does not answer (a denial, an opposite,
another number, another thing; after Rajpurkar et al., "Know What You Don't Know", 2018). The loss is minus the log of
the share of what is right in the softmax over the sentences and "none", whose logit is 0.
"""
_KEPT_APART = """
## What it did not learn from

`squad-part`, `xquad-part-en`, `wikiqa-dev` and `trecqa-dev` are for the figures only; no question of theirs is among those
trained on. WikiQA is divided by question, not by document: 153 of the 1,130 candidates of `wikiqa-dev` stand in its
training set, too, under other questions. The figures after each epoch are of the same sets, so where one of
several runs was chosen by them, they flatter it a little.
"""
_LIMITS = """
## Limits

- English only. A question in another language gets numbers that mean nothing.
- It reads all in lower case: it does not see from a capital that a word is a name.
- It sees one sentence. What "it" or "the company" stands for in the sentence before, it cannot know.
- What is right it learned from encyclopedia and newswire, not from press releases.
- A logit is not a probability. Onrecord's confidence has it as one feature of several.
- What is true it does not know: it judges whether a sentence answers, not whether the sentence is right.
- Two of the data sets are for research use. Whoever wants to use the weights for something else asks their owners first.
"""


def card(run: Mapping[str, Any], ablations: Mapping[str, Any]) -> str:
    """The card in Markdown; `run` and `ablations` are what `training.running` keeps, empty where nothing was measured."""
    longest = run.get("longest", 128)
    parts = [_BEGINNING.format(longest=longest)]
    if run.get("taught"):
        parts.append(_TEACHER)
    parts += [_GROUPS, _settings(run), _KEPT_APART, _measured(run), _ablated(ablations), _LIMITS]
    return "".join(parts)


def table(rows: Mapping[str, Figures], heading: str) -> str:
    """A table in Markdown with a row for each name, and a column for each set and measure."""
    heads = [heading, *(f"{name} {_NAMES[measure]}" for name, measure in COLUMNS)]
    lines = [heads, ["---", *("---:" for _ in COLUMNS)]]
    for name, figures in rows.items():
        lines.append([name, *(_figure(figures.get(of, {}).get(measure)) for of, measure in COLUMNS)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _figure(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:.3f}"


def _settings(run: Mapping[str, Any]) -> str:
    if not run:
        return "\nNo run was measured yet.\n"
    taught = _taught(run) if run["taught"] else "There was no teacher.\n"
    budget = run["budget"]
    return f"""
An epoch has {_counted(run["groups"])} with {run["sentences"]:,} sentences; in {run["without_answer"]:,} of the groups \
nothing answers. {taught}
| setting | |
|---|---|
| epochs | {budget["epochs"]:g} |
| groups in a step | {budget["groups_a_step"]} |
| rate of learning | {run["rate"]:g} (AdamW, weight decay 0.01), up over {run["warm_up"]:.0%} of the steps, then straight down to 0 |
| longest text | {run["longest"]} tokens |
| seed | {run["seed"]}: wrong sentences, order, drop-out, the first weights of the last layer |
| device | {run["device"]} |
| file | {run["bytes"] / 1e6:.1f} MB, SHA-256 `{run["sha256"]}` |
"""


def _taught(run: Mapping[str, Any]) -> str:
    budget = run["budget"]
    some = len(run["lessons"])
    who = {1: "A teacher", 2: "Two teachers"}.get(some, f"{some} teachers")
    frozen = f" (the lowest {budget['frozen']} of 12 layers stayed as they were)" if budget["frozen"] else ""
    whose = "of the teachers' logits"
    if budget["own"]:
        whose = f"of a teacher's logits and the reader's own, {1 - budget['own']:g} and {budget['own']:g}"
    afresh = ""
    if budget["afresh"]:
        afresh = f"""\
 A second reader learned from them afresh, at a rate of {budget["afresh"]:g}; what ships is the mean of the weights of both \
(Wortsman et al., "Model Soups", 2022)."""
    return f"""\
{who} learned next, all-mpnet-base-v2{frozen}, from {" and ".join(f"{count:,}" for count in run["lessons"])} groups of the same \
sets. The reader went on with {_counted(run["taught"])} that had been judged (epochs: {budget["taught_epochs"]:g}), at a rate \
of {budget["taught_rate"]:g}. The softmax of the mean {whose}, at a temperature of 2, counts 0.7 of the loss there (Hinton et \
al., "Distilling the Knowledge in a Neural Network", 2015).{afresh}
"""


def _counted(groups: Mapping[str, int]) -> str:
    return f"{sum(groups.values()):,} groups ({', '.join(f'{count:,} of {name}' for name, count in groups.items())})"


def _measured(run: Mapping[str, Any]) -> str:
    if not run:
        return ""
    epochs = {f"after epoch {epoch}": figures for epoch, figures in run["figures_of_epochs"].items()}
    rows = epochs | run["figures_with_teacher"] | {"32 bits": run["float"], "8 bits, as it ships": run["int8"]}
    return f"""
## What it is worth

The reader alone. Selection sets: mean average precision and mean reciprocal rank over the questions that have a right
and a wrong candidate. Open sets: the share of 150 answerable questions, always the same, whose best-read sentence
answers, among the 20 that BM25 finds in the whole corpus. `benchmarks/RESULTS.md` has what Onrecord is worth with it.

{table(rows, "reader")}"""


def _ablated(ablations: Mapping[str, Any]) -> str:
    if not ablations:
        return "\n## What each part is worth\n\nNot measured yet: `python -m training ../shared/qa --ablations`.\n"
    return f"""
## What each part is worth

The same student, each time with {ablations["groups"]:,} groups (seed {ablations["seed"]}), a small part of the whole: \
the rows compare with each other, not with the
table above. Few questions make a difference of a point or two a matter of chance.

{table(ablations["figures"], "learned from")}"""
