"""`python -m assistant.training --data DIR`: makes the bundled models and their card."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from assistant.embedding import MODEL_FILE

from . import card, data, embedder, translations


def main() -> None:
    """Trains what is asked for, writes it beside the package, measures, writes the card."""
    parser = argparse.ArgumentParser(prog="python -m assistant.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of training data")
    parser.add_argument("--out", type=Path, default=MODEL_FILE.parent, help="where models go")
    parser.add_argument("--only", choices=("embedder", "translations", "card"))
    arguments = parser.parse_args()
    started = time.monotonic()
    examples = data.load(arguments.data, hold_out=False)
    recipe = embedder.Recipe()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pairs = list(examples.pairs())
    if arguments.only in (None, "translations"):
        _say("aligning words")
        translations.write(translations.learn(pairs), arguments.out / "translations.tsv.gz")
    if arguments.only in (None, "embedder"):
        _say("training the embedder")
        embedder.write(embedder.train(examples, recipe), arguments.out / "embedder.npz")
    _say("measuring")
    made = card.Made(
        asked_id=len(examples.asked_id),
        asked_en=len(examples.asked_en),
        cross=len(examples.asked_cross),
        questions=len(examples.question_pairs),
        paragraphs=len(examples.paragraph_pairs),
        sentences=len(pairs) - len(examples.question_pairs),
        entailed=len(examples.entailed),
        recipe=embedder.describe(recipe),
        seed=recipe.seed,
        threads=recipe.threads,
        seconds=time.monotonic() - started,
    )
    card.write(arguments.out, made, data.load_measures(arguments.data))
    _say(f"done in {time.monotonic() - started:.0f} s")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
