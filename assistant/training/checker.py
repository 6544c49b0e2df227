"""What the checker learns: how telling each word is, and how support shows in its features.

`words` counts the training texts of both languages into a small table. `fit` finds the
weights by which coverage and order say that a sentence follows from another, on IndoNLI's
training pairs, edited article sentences and parallel text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.checking.agreement import fault
from assistant.checking.support import (
    ACROSS_FEATURES,
    FEATURES,
    WEIGHTS_FILE,
    across_features,
    features,
)
from assistant.checking.verification import ground_of
from assistant.checking.wording import WORDS_FILE, read, translating_by
from assistant.evaluation.checker import idk, passage_of
from assistant.language import tokens
from assistant.training import translations
from assistant.training.data import PARALLEL, load, read_parallel
from assistant.types import Language, Passage

MIN_COUNT = 4
"""A word seen less often says nothing: it gets the weight of an unknown one."""

_STARTS = re.compile(r"(?:^|[.!?:…\"“(\[]\s*|\n\s*[-*•]?\s*)$")


def texts(folder: Path) -> Iterator[tuple[Language, str]]:
    """The training texts, one by one, with their language; nothing that is measured on."""
    reading = folder / "reading"
    for name in ("idk-mrc-train.json", "squad2-dev-machine-translated-id.json"):
        for row in json.loads((reading / name).read_text("utf-8")):
            yield "id", row["context"]
    for name in ("squad2-dev-half-en.json", "tydiqa-goldp-en-train.json"):
        for article in json.loads((reading / name).read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                yield "en", paragraph["context"]
    for line in (folder / "entailment" / "indonli-train.jsonl").read_text("utf-8").splitlines():
        if line.strip():
            yield "id", json.loads(line)["premise"]
    for name in PARALLEL:
        for pair in read_parallel(folder / "parallel" / f"{name}.tsv.gz"):
            yield "en", pair.en
            yield "id", pair.id


def words(source: Iterable[tuple[Language, str]]) -> dict[Language, dict[str, tuple[int, int]]]:
    """Per language and word: its weight (0..99) and how often it has a capital (0..9).

    The weight is the word's information, log(N / count), as a share of that of the rarest
    word counted. Capitals are counted within sentences only: they tell names from words.
    """
    counts: dict[Language, Counter[str]] = {"id": Counter(), "en": Counter()}
    inside: dict[Language, Counter[str]] = {"id": Counter(), "en": Counter()}
    capital: dict[Language, Counter[str]] = {"id": Counter(), "en": Counter()}
    for language, text in dict.fromkeys(source):
        for token in tokens(text):
            if token.number:
                continue
            counts[language][token.text] += 1
            if not _STARTS.search(text[max(0, token.start - 8) : token.start]):
                inside[language][token.text] += 1
                capital[language][token.text] += text[token.start].isupper()
    table: dict[Language, dict[str, tuple[int, int]]] = {}
    for language, counted in counts.items():
        total = counted.total()
        most = math.log(total / MIN_COUNT)
        table[language] = {
            word: (
                min(99, round(100 * math.log(total / count) / most)),
                min(9, 10 * capital[language][word] // max(1, inside[language][word])),
            )
            for word, count in sorted(counted.items())
            if count >= MIN_COUNT
        }
    return table


def write_words(table: dict[Language, dict[str, tuple[int, int]]], path: Path) -> None:
    """A gzipped TSV without a time stamp: language, word, weight, capitals."""
    lines = [
        f"{language}\t{word}\t{weight}\t{capitals}\n"
        for language, entries in table.items()
        for word, (weight, capitals) in entries.items()
    ]
    path.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


# ------------------------------------------------------------------------------------ support


@dataclass(frozen=True, slots=True)
class Examples:
    """Features of claims over passages, and whether the claim follows."""

    features: list[tuple[float, ...]]
    labels: list[bool]

    def add(self, claim: str, passages: Sequence[Passage], language: Language, label: bool) -> None:
        """Add a claim. Within a language those that a gate stops are left out: the model never
        sees them. Across languages they stay, since too few unrelated ones would be left.
        """
        ground = ground_of(claim, passages, language)
        if ground is None:
            return
        units, around = ground.grounds.units, ground.grounds.around
        if language != passages[0].language:
            self.features.append(across_features(ground.claim, units, around))
        elif fault(ground.claim, ground.grounds):
            return
        else:
            self.features.append(features(ground.claim, units, around))
        self.labels.append(label)


def within_language(folder: Path, *, seed: int = 3) -> Examples:
    """IndoNLI's training pairs; IDK-MRC training sentences, edited, and beside other passages."""
    found = Examples([], [])
    for line in (folder / "entailment" / "indonli-train.jsonl").read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            premise = passage_of(row["premise"], "premise.txt", "id")
            found.add(row["hypothesis"], [premise], "id", row["label"] == "e")
    rng = random.Random(seed)
    for case in idk(folder, split="train", limit=700):
        if case.faithful or case.kind in ("negation", "agent"):
            found.add(case.text, [case.cited], "id", case.faithful)
        if case.kind == "verbatim":
            found.add(case.text, [rng.choice(case.others)], "id", False)
    return found


def across_languages(folder: Path) -> Examples:
    """English sentences over their Indonesian counterparts, and over the likest other ones.

    To be called with a translation table that wasn't learnt from these pairs (`learn_table`),
    or its coverage would look better than it is.
    """
    found = Examples([], [])
    for name in HELD_OUT_PARALLEL:
        source = read_parallel(folder / "parallel" / f"{name}.tsv.gz")[:1500]
        readings = [read(pair.id, "id") for pair in source]
        for n in range(0, len(source) - 2, 3):
            claim = source[n].en
            # Sentences that share most words with the claim but aren't its translation: the
            # rest of an article about the same matter, which inventions are made of.
            asked = read(claim, "en")
            shares = [asked.roughly(reading) for reading in readings]
            likest = sorted(
                (k for k in range(len(source)) if not n - 3 < k < n + 3),
                key=lambda k: -shares[k],
            )[:3]
            for place, label in ((n, True), (likest[2], False)):
                texts = [source[k].id for k in (likest[0], place, likest[1])]
                found.add(claim, [passage_of("\n".join(texts), "a.txt", "id")], "en", label)
    return found


HELD_OUT_PARALLEL = ("bbc", "news")


def learn_table(folder: Path, path: Path) -> None:
    """A translation table without the held-out pairs, for calibrating only; some 90 seconds."""
    pairs = [
        pair
        for name in ("panl-bppt", "smeru", "tatoeba", "nusax")
        for pair in read_parallel(folder / "parallel" / f"{name}.tsv.gz")
    ]
    # The last run of sentence pairs is SQuAD's, English beside its translation.
    pairs += load(folder, hold_out=False).parallel[-1]
    translations.write(translations.learn(pairs), path)


def fit(examples: Examples, names: Sequence[str]) -> dict[str, Any]:
    """Intercept and weights of a logistic model, on the features' own scales."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    # C: cross-validated AUC is flat from 0.1 to 3.
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=1000))
    model.fit(examples.features, examples.labels)
    scaler, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "examples": len(examples.labels),
        "positive": sum(examples.labels),
    }


def main() -> None:
    """`python -m assistant.training.checker --data DIR`: the word table and the weights."""
    parser = argparse.ArgumentParser(prog="python -m assistant.training.checker")
    parser.add_argument("--data", type=Path, required=True, help="the folder of training data")
    parser.add_argument("--only", choices=("words", "weights"))
    options = parser.parse_args()
    if options.only != "weights":
        write_words(words(texts(options.data)), WORDS_FILE)
    if options.only != "words":
        with TemporaryDirectory() as folder, translating_by(Path(folder) / "table.tsv.gz"):
            learn_table(options.data, Path(folder) / "table.tsv.gz")
            across = fit(across_languages(options.data), ACROSS_FEATURES)
        made = {"within": fit(within_language(options.data), FEATURES), "across": across}
        WEIGHTS_FILE.write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
