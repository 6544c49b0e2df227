"""Measures the checker: `python -m assistant.evaluation.checker --data DIR`.

Faithful sentences (verbatim and lightly edited) should not be called unsupported; sentences
with one altered fact should be. Indonesian sentences come from the seeds and from IDK-MRC
valid, English ones over Indonesian passages from PUD and Belebele; on IndoNLI valid the score
is compared with the human label. `--split train` measures on training passages instead, which
is what the checker was developed on.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.checking.verification import judge
from assistant.checking.wording import word_table
from assistant.evaluation.alterations import Variant, altered, faithful, names_in
from assistant.language import sentences, stem
from assistant.training.data import Pair, read_parallel
from assistant.types import Language, Passage, SentenceSpan

OTHERS = 7
"""Distracting passages shown beside the cited one: eight in all, as a model is shown."""

LEAST_WORDS, MOST_WORDS = 6, 45
"""Sentences shorter than this are headings, longer ones lists."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence to check against the passage it cites, among others."""

    kind: str
    faithful: bool
    text: str
    cited: Passage
    others: tuple[Passage, ...]
    language: Language
    original: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a kind of sentence was called what."""

    count: int
    unsupported: int
    weak: int

    @property
    def rate(self) -> float:
        """Share called unsupported, [0, 1]."""
        return self.unsupported / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Entailment:
    """Entailed against the rest: accuracy at the checker's own line, and the area under ROC."""

    count: int
    accuracy: float
    best_accuracy: float
    auc: float


def passage_of(text: str, file: str, language: Language) -> Passage:
    """A whole text as one passage with its sentences."""
    spans = tuple(SentenceSpan(span.start, span.end) for span in sentences(text))
    title = " ".join(text.split()[:6])
    return Passage(file, 0, len(text), text, 0.5, title, None, None, language, sentences=spans)


def cases(
    claims: Sequence[tuple[str, int]],
    passages: Sequence[Passage],
    language: Language,
    *,
    seed: int = 5,
) -> list[Case]:
    """Faithful and altered variants of each claim (sentence, number of its passage).

    Alterations are made on a faithful variant picked at random, so that a wrong fact comes
    both in a verbatim sentence and in an edited one.
    """
    rng = random.Random(seed)
    names = names_in(" \n".join(claim for claim, _ in claims))
    kin = kindred(language)
    made: list[Case] = []
    for claim, place in claims:
        cited = passages[place]
        near = [(place + step) % len(passages) for step in range(1, OTHERS + 1)]
        others = tuple(passages[n] for n in near if n != place)
        grounds = cited.text if language == cited.language else f"{cited.text} {claim}"
        kept = faithful(claim, language, rng, kin=kin)
        changed: list[Variant] = []
        for variant in {0: kept[0], 1: rng.choice(kept)}.values():
            changed += altered(
                variant.text,
                language,
                rng,
                passage=grounds,
                names=rng.sample(names, min(60, len(names))),
            )
        seen: set[str] = set()
        for variant in [*kept, *changed]:
            if variant.text not in seen:
                seen.add(variant.text)
                made.append(
                    Case(
                        variant.kind, variant.faithful, variant.text, cited, others, language, claim
                    )
                )
    return made


def kindred(language: Language) -> Callable[[str], Sequence[str]]:
    """word -> other common words of the same stem and voice."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    for word, (weight, capitals) in word_table()[language].items():
        if capitals == 0 and weight < 0.8 and word.isalpha():
            by_stem[stem(word, language)].append(word)

    def voice(word: str) -> str:
        return word[:2] if language == "id" and word[:2] in ("di", "me", "te", "be") else ""

    def kin(word: str) -> Sequence[str]:
        family = by_stem.get(stem(word, language), [])
        return [other for other in family if other != word and voice(other) == voice(word)]

    return kin


def tally(made: Iterable[Case]) -> dict[str, Tally]:
    """What the checker calls the cases, by kind; faithful kinds summed under "faithful"."""
    called: dict[str, list[str]] = defaultdict(list)
    for case in made:
        found = judge(case.text, cited=[case.cited], others=case.others, language=case.language)
        called[case.kind].append(found.support)
        if case.faithful:
            called["faithful"].append(found.support)
    return {
        kind: Tally(len(supports), supports.count("unsupported"), supports.count("weak"))
        for kind, supports in called.items()
    }


# --------------------------------------------------------------------------------- the sets


def _usable(sentence: str) -> bool:
    words = sentence.split()
    return (
        LEAST_WORDS <= len(words) <= MOST_WORDS
        and sentence[0].isupper()
        and sentence[-1] in ".!"
        and "data-parsoid" not in sentence
    )


def idk(folder: Path, *, split: str, limit: int, per_passage: int = 2) -> list[Case]:
    """Sentences of IDK-MRC passages."""
    rows = json.loads((folder / "reading" / f"idk-mrc-{split}.json").read_text("utf-8"))
    texts = list(dict.fromkeys(row["context"] for row in rows))[:limit]
    passages = [passage_of(text, f"{n}.txt", "id") for n, text in enumerate(texts)]
    claims = [
        (text[span.start : span.end], n)
        for n, text in enumerate(texts)
        for span in [s for s in sentences(text) if _usable(text[s.start : s.end])][:per_passage]
    ]
    return cases(claims, passages, "id")


def seeds(folder: Path) -> list[Case]:
    """Sentences of the articles in a folder, in passages of five lines."""
    passages: list[Passage] = []
    claims: list[tuple[str, int]] = []
    for path in sorted(folder.glob("*.txt")):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        for n in range(0, len(lines), 5):
            text = "\n".join(lines[n : n + 5])
            passages.append(passage_of(text, f"{path.stem}-{n}.txt", "id"))
            claims += [
                (text[span.start : span.end], len(passages) - 1)
                for span in sentences(text)
                if _usable(text[span.start : span.end])
            ]
    return cases(claims, passages, "id")


def pairs(source: Sequence[Pair], *, limit: int) -> list[Case]:
    """English sentences; the passage is the Indonesian counterpart between its neighbours."""
    passages: list[Passage] = []
    claims: list[tuple[str, int]] = []
    for n in range(0, min(len(source), 3 * limit) - 2, 3):
        three = source[n : n + 3]
        passages.append(passage_of("\n".join(pair.id for pair in three), f"{n}.txt", "id"))
        claims += [(pair.en, len(passages) - 1) for pair in three if _usable(pair.en)][:1]
    return cases(claims, passages, "en")


def belebele(folder: Path, *, limit: int) -> list[Case]:
    """English sentences over the whole Indonesian passage."""
    path = folder / "crosslingual" / "belebele-en-id-dev.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    both = list({row["passage_ind"]: row["passage_en"] for row in rows}.items())[:limit]
    passages = [passage_of(text, f"{n}.txt", "id") for n, (text, _) in enumerate(both)]
    claims = [
        (english[span.start : span.end], n)
        for n, (_, english) in enumerate(both)
        for span in [s for s in sentences(english) if _usable(english[s.start : s.end])][:2]
    ]
    return cases(claims, passages, "en")


def indonli(folder: Path, *, split: str, limit: int | None = None) -> Entailment:
    """The checker's score on premise and hypothesis, entailed against neutral and contradicted."""
    path = folder / "entailment" / f"indonli-{split}.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    scores: list[float] = []
    labels: list[bool] = []
    called: list[bool] = []
    for row in rows[:limit]:
        premise = passage_of(row["premise"], "premise.txt", "id")
        found = judge(row["hypothesis"], cited=[premise], language="id")
        scores.append(found.score)
        labels.append(row["label"] == "e")
        called.append(found.support in ("quoted", "supported"))
    agreed = sum(c == label for c, label in zip(called, labels, strict=True))
    return Entailment(
        len(labels), agreed / len(labels), _best_accuracy(scores, labels), auc(scores, labels)
    )


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Area under the ROC curve: the chance that a true case scores above a false one."""
    order = sorted(range(len(scores)), key=lambda n: scores[n])
    ranks = [0.0] * len(scores)
    at = 0
    while at < len(order):
        upto = at
        while upto < len(order) and scores[order[upto]] == scores[order[at]]:
            upto += 1
        for n in order[at:upto]:
            ranks[n] = (at + upto + 1) / 2
        at = upto
    positive = sum(labels)
    negative = len(labels) - positive
    if not positive or not negative:
        return 0.5
    total = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def _best_accuracy(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """With the line put where it separates best; equal scores stay on one side."""
    by_score: dict[float, int] = defaultdict(int)
    for score, label in zip(scores, labels, strict=True):
        by_score[score] += -1 if label else 1
    best = right = sum(labels)  # the line below everything
    for _, change in sorted(by_score.items()):
        right += change
        best = max(best, right)
    return best / len(labels) if labels else 0.0


def timing(made: Sequence[Case], *, limit: int = 300) -> tuple[float, float]:
    """Median and 95th percentile of one check against eight passages, ms of CPU.

    The passages have been read before, as in an answer of several sentences.
    """
    taken = []
    for case in made[:limit]:
        judge(case.text, cited=[case.cited], others=case.others, language=case.language)
        start = time.process_time()
        judge(case.text + " ", cited=[case.cited], others=case.others, language=case.language)
        taken.append(1000 * (time.process_time() - start))
    taken.sort()
    return statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]


# ------------------------------------------------------------------------------------ report

KINDS = (
    "faithful", "verbatim", "dropped", "reordered", "synonym", "stem", "attributed", "shortened",
    "number", "date", "name", "negation", "agent", "number nearby", "name nearby",
)  # fmt: skip


def measure(data: Path | None, articles: Path, *, split: str, limit: int) -> dict[str, Any]:
    """All figures, as plain values for JSON."""
    sets: dict[str, list[Case]] = {}
    if split == "valid":
        sets["seeds"] = seeds(articles)
    if data is not None:
        sets[f"IDK-MRC {split}"] = idk(data, split=split, limit=limit)
        if split == "valid":
            sets["PUD, English over Indonesian"] = pairs(
                read_parallel(data / "parallel" / "pud.tsv.gz"), limit=limit
            )
            sets["Belebele, English over Indonesian"] = belebele(data, limit=limit)
        else:
            sets["news, English over Indonesian"] = pairs(
                read_parallel(data / "parallel" / "news.tsv.gz"), limit=limit
            )
    report: dict[str, Any] = {
        "sets": {
            name: {
                kind: {
                    "count": found.count,
                    "unsupported": round(found.rate, 4),
                    "weak": found.weak,
                }
                for kind, found in tally(made).items()
            }
            for name, made in sets.items()
        }
    }
    if data is not None:
        nli = indonli(data, split="val" if split == "valid" else "train")
        report["indonli"] = {
            "pairs": nli.count,
            "accuracy": round(nli.accuracy, 4),
            "best_accuracy": round(nli.best_accuracy, 4),
            "auc": round(nli.auc, 4),
        }
    median, p95 = timing(next(iter(sets.values())))
    report["ms"] = {"median": round(median, 2), "p95": round(p95, 2)}
    return report


def as_text(report: Mapping[str, Any]) -> str:
    """The report as a table of shares called unsupported."""
    sets: Mapping[str, Mapping[str, Mapping[str, float]]] = report["sets"]
    lines = ["Called unsupported, of how many (faithful: fewer is better; altered: more is):"]
    for name, kinds in sets.items():
        lines.append(f"\n{name}")
        for kind in KINDS:
            if kind in kinds:
                found = kinds[kind]
                lines.append(
                    f"  {kind:14} {found['unsupported']:7.1%} of {found['count']:5}"
                    f"   weak {found['weak'] / max(1, found['count']):6.1%}"
                )
    if "indonli" in report:
        nli = report["indonli"]
        lines.append(
            f"\nIndoNLI, entailed against the rest: accuracy {nli['accuracy']:.3f}"
            f" (at the best line {nli['best_accuracy']:.3f}), AUC {nli['auc']:.3f},"
            f" {nli['pairs']} pairs"
        )
    lines.append(f"\nOne check: median {report['ms']['median']} ms, p95 {report['ms']['p95']} ms")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m assistant.evaluation.checker")
    parser.add_argument("--data", type=Path, help="the folder of published sets")
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--split", choices=("valid", "train"), default="valid")
    parser.add_argument("--limit", type=int, default=400, help="passages of each set")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    report = measure(options.data, options.seeds, split=options.split, limit=options.limit)
    text = json.dumps(report, ensure_ascii=False, indent=1) if options.json else as_text(report)
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
