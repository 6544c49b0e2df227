"""Teaches an English encoder Indonesian: a translation gets the vector of its original.

Reimers and Gurevych 2020, "Making monolingual sentence embeddings multilingual using
knowledge distillation": the teacher reads the English sentence, the student, with the
bilingual vocabulary, the Indonesian one, or now and then the English one too. Beside the
sentence's vector each word's is taught, of the word that it translates: a reader asks of words.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from assistant.reader import marks
from assistant.training.data import TrainingData
from assistant.training.translations import Links

from .alignment import Aligner, Text, same
from .network import Encoder


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast. `english`: share of batches where the student reads the original.

    `whole` and `words` weigh what a sentence's and a word's cosine lack to 1.
    """

    epochs: int = 3
    batch: int = 128
    longest: int = 64
    words_rate: float = 1e-3
    body_rate: float = 1.5e-4
    english: float = 0.15
    temperature: float = 0.05
    whole: float = 10.0
    words: float = 5.0
    seed: int = 1


def transfer(
    student: Encoder,
    teacher: Encoder,
    ours: Tokenizer,
    folder: Path,
    data: TrainingData,
    links: Links,
) -> None:
    """Trains `student` in place."""
    recipe = Recipe()
    theirs = Tokenizer.from_file(str(folder / "tokenizer.json"))
    theirs.no_padding()
    theirs.enable_truncation(recipe.longest)
    ours.enable_truncation(recipe.longest - 2)
    pairs = [pair for pair in data.pairs() if pair.en and pair.id]
    english, indonesian = [pair.en for pair in pairs], [pair.id for pair in pairs]
    encoded = zip(english, theirs.encode_batch(english), strict=True)
    taught = [Text.of(*one) for one in encoded]
    own = {"en": _own(ours, english), "id": _own(ours, indonesian)}
    ours.no_truncation()
    aligned = {
        "en": [same(*one) for one in zip(own["en"], taught, strict=True)],
        "id": Aligner(links).align(own["id"], taught),
    }
    random = np.random.default_rng(recipe.seed)
    steps = recipe.epochs * (len(pairs) // recipe.batch)
    optimiser = torch.optim.AdamW(
        [
            {"params": [student.words.weight], "lr": recipe.words_rate},
            {
                "params": [p for n, p in student.named_parameters() if n != "words.weight"],
                "lr": recipe.body_rate,
            },
        ],
        weight_decay=0.01,
        fused=True,
    )
    plan = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [recipe.words_rate, recipe.body_rate], total_steps=steps + 1, pct_start=0.1
    )
    student.train()
    teacher.eval()
    started, done, running = time.monotonic(), 0, 0.0
    for _ in range(recipe.epochs):
        for batch in _batches([len(t.pieces) for t in own["id"]], recipe.batch, random):
            side = "en" if random.random() < recipe.english else "id"
            source = padded([taught[i].pieces for i in batch])
            read = padded([own[side][i].pieces for i in batch])
            links_here = [(row, *link) for row, i in enumerate(batch) for link in aligned[side][i]]
            with torch.autocast("cpu", torch.bfloat16):
                with torch.no_grad():
                    wanted = teacher(source, torch.zeros_like(source))
                got = student(read, torch.zeros_like(read))
                loss = _whole_loss(_mean(got, read), _mean(wanted, source), recipe)
                loss = loss + recipe.words * _word_loss(got, wanted, torch.tensor(links_here))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimiser.step()
            plan.step()
            optimiser.zero_grad()
            done += 1
            running += (loss.item() - running) / min(done, 50)
            if done % 50 == 0:
                spent = time.monotonic() - started
                sys.stderr.write(f"transfer {done}/{steps} loss {running:.3f} {spent:.0f} s\n")


def _whole_loss(got: Tensor, wanted: Tensor, recipe: Recipe) -> Tensor:
    """A sentence's vector is its original's, and nearer to it than the batch's others."""
    alike = got @ wanted.T / recipe.temperature
    apart = functional.cross_entropy(alike.float(), torch.arange(len(got)))
    return apart + recipe.whole * (1 - (got.float() * wanted.float()).sum(-1)).mean()


def _word_loss(got: Tensor, wanted: Tensor, links: Tensor) -> Tensor:
    """A word's vector in its sentence is that of the word it translates, in its own."""
    own, theirs = got[links[:, 0], links[:, 1]], wanted[links[:, 0], links[:, 2]]
    return (1 - functional.cosine_similarity(own.float(), theirs.float(), dim=-1)).mean()


def _own(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Text]:
    first, last = marks(tokenizer)
    encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [Text.of(*one).between(first, last) for one in zip(texts, encoded, strict=True)]


def _batches(lengths: Sequence[int], size: int, random: np.random.Generator) -> Iterator[list[int]]:
    """Shuffled batches of texts of like length, so that little is padding."""
    order = np.argsort(np.array(lengths) + random.uniform(0, 8, len(lengths)), kind="stable")
    cut = [order[at : at + size].tolist() for at in range(0, len(order) - size + 1, size)]
    for at in random.permutation(len(cut)):
        yield cut[at]


def _mean(vectors: Tensor, pieces: Tensor) -> Tensor:
    """Unit means of the pieces' vectors."""
    kept = (pieces != 0).unsqueeze(-1)
    return functional.normalize((vectors * kept).sum(1) / kept.sum(1), dim=-1)


def padded(texts: Sequence[Sequence[int]]) -> Tensor:
    """One row per text, zeros behind; a multiple of 8 long."""
    length = -(-max(len(t) for t in texts) // 8) * 8
    out = np.zeros((len(texts), length), dtype=np.int64)
    for row, text in zip(out, texts, strict=True):
        row[: len(text)] = text
    return torch.from_numpy(out)
