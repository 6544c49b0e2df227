"""`python -m assistant.training --data DIR`: makes the bundled models and their card."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from assistant.embedding import MODEL_FILE
from assistant.translation import TranslationTable

from . import card, data, embedder, translations


def main() -> None:
    """Trains what is asked for, writes it beside the package, measures, writes the card."""
    parser = argparse.ArgumentParser(prog="python -m assistant.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of training data")
    parser.add_argument("--out", type=Path, default=MODEL_FILE.parent, help="where models go")
    parser.add_argument("--only", choices=("embedder", "translations", "card"))
    parser.add_argument(
        "--hold-out",
        action="store_true",
        help="keep a slice of the training data out, and measure on it alone: to choose settings",
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    examples = data.load(arguments.data, hold_out=arguments.hold_out)
    recipe = embedder.Recipe()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    pairs = list(examples.pairs())
    lines = out / "translations.tsv.gz"
    if arguments.only != "card":
        _say("aligning words")
        links = translations.align(pairs)
        if arguments.only != "embedder":
            translations.write(translations.table(links), lines)
        if arguments.only != "translations":
            _say("training the embedder")
            trained = embedder.train(examples, links, TranslationTable(lines), recipe)
            embedder.write(trained, out / "embedder.npz")
    trained_in = None if arguments.only == "card" else time.process_time()
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
        seconds=trained_in,
    )
    tasks = examples.held_out or data.load_measures(arguments.data)
    card.write(out, made, tasks)
    _say(f"done in {time.monotonic() - started:.0f} s")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
