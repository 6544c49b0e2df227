"""Teaches an English encoder Indonesian: a translation gets the vector of its original.

Reimers and Gurevych 2020, "Making monolingual sentence embeddings multilingual using
knowledge distillation": the teacher reads the English sentence, the student, with the
bilingual vocabulary, the Indonesian one, or now and then the English one too.
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

from .network import Encoder

Ids = list[int]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast. `english`: share of batches where the student reads the original."""

    epochs: int = 1
    batch: int = 128
    longest: int = 64
    words_rate: float = 1e-3
    body_rate: float = 1e-4
    english: float = 0.2
    temperature: float = 0.05
    seed: int = 1


def transfer(
    student: Encoder, teacher: Encoder, ours: Tokenizer, folder: Path, data: TrainingData
) -> None:
    """Trains `student` in place."""
    recipe = Recipe()
    theirs = Tokenizer.from_file(str(folder / "tokenizer.json"))
    theirs.no_padding()
    theirs.enable_truncation(recipe.longest)
    ours.enable_truncation(recipe.longest - 2)
    pairs = [pair for pair in data.pairs() if pair.en and pair.id]
    source = [e.ids for e in theirs.encode_batch([pair.en for pair in pairs])]
    target = _own(ours, [pair.id for pair in pairs])
    original = _own(ours, [pair.en for pair in pairs])
    ours.no_truncation()
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
        for batch in _batches([len(t) for t in target], recipe.batch, random):
            if done >= steps:
                break
            read = original if random.random() < recipe.english else target
            with torch.autocast("cpu", torch.bfloat16):
                with torch.no_grad():
                    wanted = _mean(teacher, [source[i] for i in batch])
                got = _mean(student, [read[i] for i in batch])
                alike = got @ wanted.T / recipe.temperature
                loss = functional.cross_entropy(alike.float(), torch.arange(len(batch)))
                loss = loss + 10 * (1 - (got.float() * wanted.float()).sum(-1)).mean()
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


def _own(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    first, last = marks(tokenizer)
    encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [[first, *e.ids, last] for e in encoded]


def _batches(lengths: Sequence[int], size: int, random: np.random.Generator) -> Iterator[list[int]]:
    """Shuffled batches of texts of like length, so that little is padding."""
    order = np.argsort(np.array(lengths) + random.uniform(0, 8, len(lengths)), kind="stable")
    cut = [order[at : at + size].tolist() for at in range(0, len(order) - size + 1, size)]
    for at in random.permutation(len(cut)):
        yield cut[at]


def _mean(encoder: Encoder, texts: Sequence[Ids]) -> Tensor:
    """Unit means of the pieces' vectors."""
    pieces = padded(texts)
    kept = (pieces != 0).unsqueeze(-1)
    vectors = encoder(pieces, torch.zeros_like(pieces)) * kept
    return functional.normalize(vectors.sum(1) / kept.sum(1), dim=-1)


def padded(texts: Sequence[Ids]) -> Tensor:
    """One row per text, zeros behind; a multiple of 8 long."""
    length = -(-max(len(t) for t in texts) // 8) * 8
    out = np.zeros((len(texts), length), dtype=np.int64)
    for row, text in zip(out, texts, strict=True):
        row[: len(text)] = text
    return torch.from_numpy(out)
