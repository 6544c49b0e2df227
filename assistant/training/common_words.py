"""Makes `assistant/words/common_words.txt`: words that are written small inside sentences.

    python -m assistant.training.common_words DATA_FOLDER

A capital at the start of a sentence says nothing by itself; a word that running text writes
small is no name there. Counted over the parallel sentences (both sides), the passages of
IDK-MRC train, half of SQuAD 2.0 dev and TyDi QA train; the measuring sets are left out.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.words.common_words import FILE as OUT
from assistant.words.sentences import sentences

# A word counts as common from so many small occurrences, and when at least this share of its
# occurrences inside sentences is small.
ENOUGH = 4
SHARE = 0.6
PARALLEL = ("news", "panl-bppt", "smeru", "ausaid", "bbc", "tatoeba", "nusax")
READING = ("idk-mrc-train", "squad2-dev-half-en", "tydiqa-goldp-en-train")

_WORD = re.compile(r"[^\W\d_]{2,}")


def texts(folder: Path) -> Iterator[str]:
    """Every text of the counted sets."""
    for name in PARALLEL:
        with gzip.open(folder / "parallel" / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from line.rstrip("\n").split("\t")
    for name in READING:
        loaded = json.loads((folder / "reading" / f"{name}.json").read_text("utf-8"))
        yield from _contexts(loaded)


def _contexts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "context":
                yield value
            else:
                yield from _contexts(value)
    elif isinstance(node, list):
        for each in node:
            yield from _contexts(each)


def main(folder: Path) -> None:
    """Counts and writes the list, sorted, one word a line."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts(folder):
        for span in sentences(text):
            words = _WORD.findall(text, span.start, span.end)
            for word in words[1:]:
                if word.islower():
                    small[word] += 1
                elif not word.isupper():
                    capital[word.lower()] += 1
    common = sorted(
        word
        for word, count in small.items()
        if count >= ENOUGH and count >= SHARE * (count + capital[word]) and word.isascii()
    )
    OUT.write_text("\n".join(common) + "\n", "utf-8")
    sys.stdout.write(f"{len(common)} words, {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
