"""Teaches the encoder to read: does the passage answer the question, and where.

Spans as in SQuAD (Devlin et al. 2019), learnt on answerable questions only; whether there is
an answer at all is a head of its own. IndoNLI is learnt beside it, as it shows what follows
from a sentence and what doesn't.
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

from .examples import Encoded, Encoder, Entailment, Example, names
from .network import Reader
from .transfer import padded

_FAR = -1e4
WARMING = 0.06
"""Share of the training in which the learning rate rises."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`rate` is the highest; `pieces` is a batch's size with its padding.

    `wrong`: share of the questions that also stand beside a passage that BM25 mistakes for
    theirs; `changed`: of the answerable ones, with another name or number; both were 0.35 and 0.25
    before the near misses over news came, and were lowered for the time they take.
    """

    epochs: int = 4
    rate: float = 2e-4
    wrong: float = 0.3
    changed: float = 0.15
    seed: int = 1
    pieces: int = 6_000


def fine_tune(
    reader: Reader,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    entailed: Sequence[Entailment],
    recipe: Recipe,
    checkpoint: Path,
) -> None:
    """Trains `reader` in place; goes on from `checkpoint`, which is written after each epoch."""
    optimiser = torch.optim.AdamW(
        reader.parameters(), lr=recipe.rate, weight_decay=0.01, fused=True
    )
    done = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint)
        reader.load_state_dict(kept["reader"])
        optimiser.load_state_dict(kept["optimiser"])
        done = kept["epochs"]
    pairs = [_pair(tokenizer, one) for one in entailed]
    pool = names(examples)
    reader.train()
    for epoch in range(done, recipe.epochs):
        # Seeded by the epoch, so that a run that was stopped ends as one that wasn't.
        torch.manual_seed(recipe.seed + epoch)
        random = np.random.default_rng(recipe.seed + epoch)
        encoder = Encoder(tokenizer, pool, recipe.seed + epoch)
        encoded = list(encoder.epoch(examples, wrong=recipe.wrong, changed=recipe.changed))
        batches = [(True, b) for b in _batches([len(e.pieces) for e in encoded], recipe, random)]
        batches += [(False, b) for b in _batches([len(p) for p, _, _ in pairs], recipe, random)]
        started, running = time.monotonic(), 0.0
        for step, at in enumerate(random.permutation(len(batches)).tolist()):
            rate = recipe.rate * _share((epoch + step / len(batches)) / recipe.epochs)
            for group in optimiser.param_groups:
                group["lr"] = rate
            reads, chosen = batches[at]
            with torch.autocast("cpu", torch.bfloat16):
                if reads:
                    loss = _reading_loss(reader, [encoded[i] for i in chosen])
                else:
                    loss = _entailment_loss(reader, [pairs[i] for i in chosen])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            running += (loss.item() - running) / min(step + 1, 100)
            if step % 50 == 49:
                spent = time.monotonic() - started
                sys.stderr.write(
                    f"epoch {epoch + 1}/{recipe.epochs}, batch {step + 1}/{len(batches)}, "
                    f"loss {running:.3f}, {spent:.0f} s\n"
                )
        torch.save(
            {
                "reader": reader.state_dict(),
                "optimiser": optimiser.state_dict(),
                "epochs": epoch + 1,
            },
            checkpoint,
        )


def _share(progress: float) -> float:
    """The learning rate's share of its top: up for WARMING of the way, then straight down."""
    return min(progress / WARMING, (1 - progress) / (1 - WARMING))


def _reading_loss(reader: Reader, batch: Sequence[Encoded]) -> Tensor:
    pieces, sides = padded([e.pieces for e in batch]), padded([e.sides for e in batch])
    odds, starts, ends = reader(pieces, sides)
    wanted = torch.tensor([float(e.answerable) for e in batch])
    loss = functional.binary_cross_entropy_with_logits(odds.float(), wanted)
    placed = [(i, e.span) for i, e in enumerate(batch) if e.span is not None]
    if placed:
        rows = torch.tensor([i for i, _ in placed])
        outside = (sides[rows] == 0) * _FAR
        first = torch.tensor([span[0] for _, span in placed])
        last = torch.tensor([span[1] for _, span in placed])
        loss = loss + 0.25 * (len(placed) / len(batch)) * (
            functional.cross_entropy(starts[rows].float() + outside, first)
            + functional.cross_entropy(ends[rows].float() + outside, last)
        )
    return loss


def _entailment_loss(reader: Reader, batch: Sequence[tuple[list[int], list[int], int]]) -> Tensor:
    logits = reader.entailment(padded([p for p, _, _ in batch]), padded([s for _, s, _ in batch]))
    return functional.cross_entropy(logits.float(), torch.tensor([y for _, _, y in batch]))


def _pair(tokenizer: Tokenizer, one: Entailment) -> tuple[list[int], list[int], int]:
    """The hypothesis stands where a question does."""
    first, between = marks(tokenizer)
    said = tokenizer.encode(one.hypothesis, add_special_tokens=False).ids[:64]
    given = tokenizer.encode(one.premise, add_special_tokens=False).ids[:180]
    pieces = [first, *said, between, *given, between]
    return pieces, [0] * (len(said) + 2) + [1] * (len(given) + 1), one.label


def _batches(
    lengths: Sequence[int], recipe: Recipe, random: np.random.Generator
) -> Iterator[list[int]]:
    """Batches of texts of like length, each of about `recipe.pieces` with its padding."""
    order = np.argsort(np.array(lengths) + random.uniform(0, 8, len(lengths)), kind="stable")
    batch: list[int] = []
    longest = 0
    for at in order.tolist():
        longest = max(longest, lengths[at])
        if batch and longest * (len(batch) + 1) > recipe.pieces:
            yield batch
            batch, longest = [], lengths[at]
        batch.append(at)
    if batch:
        yield batch
