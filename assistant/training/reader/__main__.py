"""`python -m assistant.training.reader --data DIR`: makes the bundled reader and its card.

Learns from all but what `training.data` and `training.news` hold out, as the ranking that weighs
the reader's word is fitted on that. Stopped, it goes on from the last finished step of its
`--work` folder: the transfer, or an epoch of the fine-tuning.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

from assistant.reader import FOLDER
from assistant.training import data, teacher, translations
from assistant.translation import TranslationTable

from . import card, examples, export, fine_tune, network, transfer, vocabulary

SEED = 1


def main() -> None:
    """Runs the steps that `--work` doesn't hold yet, then exports, measures and describes."""
    parser = argparse.ArgumentParser(prog="python -m assistant.training.reader")
    parser.add_argument("--data", type=Path, required=True, help="the folder of training data")
    parser.add_argument("--work", type=Path, required=True, help="where half-made models are kept")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the model goes")
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    read = data.load(arguments.data, hold_out=True)
    links = translations.align(list(read.pairs()))
    tokenizer, encoder = _transferred(read, links, work)
    reader = network.Reader(tokenizer.get_vocab_size())
    reader.encoder.load_state_dict(encoder)
    table = work / "translations.tsv.gz"
    translations.write(translations.table(links), table)
    learnt = examples.load(arguments.data, TranslationTable(table))
    entailed = examples.entailments(arguments.data / "entailment" / "indonli-train.jsonl")
    recipe = fine_tune.Recipe()
    fine_tune.fine_tune(reader, tokenizer, learnt, entailed, recipe, work / "reader.pt")
    export.write(reader, tokenizer, arguments.out)
    _say("measuring")
    card.write(arguments.out, arguments.data, learnt, len(entailed), recipe)


def _transferred(
    read: data.TrainingData, links: translations.Links, work: Path
) -> tuple[Tokenizer, dict[str, torch.Tensor]]:
    """The bilingual tokenizer and encoder, made or read."""
    spelt, weights = work / "tokenizer.json", work / "encoder.pt"
    if weights.exists():
        return Tokenizer.from_file(str(spelt)), torch.load(weights)
    folder = teacher.model_folder()
    known = network.pretrained(folder)
    _say("learning the vocabulary")
    tokenizer = vocabulary.learn(read)
    table = known["words.weight"].numpy()
    vectors = vocabulary.start_vectors(tokenizer, read, links, folder, table)
    english = network.Encoder(len(table))
    english.load_state_dict(known)
    encoder = network.Encoder(len(vectors))
    encoder.load_state_dict(known | {"words.weight": torch.from_numpy(vectors)})
    transfer.transfer(encoder, english, tokenizer, folder, read, links)
    tokenizer.save(str(spelt))
    torch.save(encoder.state_dict(), weights)
    return tokenizer, encoder.state_dict()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
