"""What the checker learns: how telling each word is, and how support shows in its features.

`words` counts the training texts of both languages into a small table. `fit` (below) finds
the weights by which coverage, order and facts together say that a sentence follows from
another, on IndoNLI's training pairs.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.language import tokens
from assistant.training.data import PARALLEL, read_parallel
from assistant.types import Language

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
