"""The reader's network: a BERT encoder with heads for "does it answer" and "where".

Devlin et al. 2019 ("BERT"), with the sizes of MiniLM-L6-H384 (Wang et al. 2020), whose
weights it starts from. Needs torch; what is trained here runs without it (`assistant.reader`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.training import teacher

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
LONGEST = 256
"""Pieces of a question with its passage, special ones included."""

DROPOUT = 0.1
_EPSILON = 1e-12


class Drop(nn.Module):
    """Dropout of whole features of a text (Gal and Ghahramani 2016): one draw for all its pieces.

    Drawing for every piece took half of the training time on a CPU.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(batch, pieces, width) to the same."""
        if not self.training:
            return x
        kept = torch.rand((len(x), 1, x.shape[-1]), device=x.device) >= DROPOUT
        return x * (kept.to(x.dtype) / (1 - DROPOUT))


class Layer(nn.Module):
    """One transformer layer, normalised after each half as BERT is."""

    def __init__(self) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.norm_attended = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.wide = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.drop = Drop()

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(batch, pieces, WIDTH) to the same; `bias` is added to the attention's logits."""
        batch, pieces, _ = x.shape
        split = self.query_key_value(x).view(batch, pieces, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        logits = query @ key.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + bias
        seen = logits.softmax(-1) @ value
        seen = seen.transpose(1, 2).reshape(batch, pieces, WIDTH)
        x = self.norm_attended(x + self.drop(self.attended(seen)))
        return self.norm(x + self.drop(self.narrow(functional.gelu(self.wide(x)))))


class Encoder(nn.Module):
    """Word pieces to one vector each."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.positions = nn.Embedding(LONGEST, WIDTH)
        self.sides = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.drop = Drop()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, pieces: Tensor, sides: Tensor) -> Tensor:
        """(batch, length) piece numbers, 0 for padding, and 0 or 1 for question or passage."""
        at = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.words(pieces) + self.positions(at) + self.sides(sides)
        x = self.drop(self.norm(x))
        bias = (pieces == 0).to(x.dtype)[:, None, None, :] * -10_000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x


class Reader(nn.Module):
    """An encoder with three heads.

    `answers`: log odds that the passage answers the question. `starts`, `ends`: where in the
    passage, one logit per piece. `entails`: IndoNLI's three classes, only while training.
    """

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.encoder = Encoder(pieces)
        self.pool = nn.Linear(WIDTH, WIDTH)
        self.answers = nn.Linear(WIDTH, 1)
        self.spans = nn.Linear(WIDTH, 2)
        self.entails = nn.Linear(WIDTH, 3)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, pieces: Tensor, sides: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log odds (batch,), and start and end logits (batch, length)."""
        x = self.encoder(pieces, sides)
        spans = self.spans(x)
        return self.answers(self.pooled(x))[:, 0], spans[..., 0], spans[..., 1]

    def pooled(self, x: Tensor) -> Tensor:
        """The first piece's vector, as BERT pools it."""
        return self.drop(torch.tanh(self.pool(x[:, 0])))

    def entailment(self, pieces: Tensor, sides: Tensor) -> Tensor:
        """Logits (batch, 3) of a premise and a hypothesis."""
        return self.entails(self.pooled(self.encoder(pieces, sides)))


def pretrained(folder: Path) -> dict[str, Tensor]:
    """MiniLM's weights under the names that `Encoder` uses."""
    tensors = teacher.tensors(folder / "model.safetensors")
    out = {
        "words.weight": tensors["embeddings.word_embeddings.weight"],
        "positions.weight": tensors["embeddings.position_embeddings.weight"][:LONGEST],
        "sides.weight": tensors["embeddings.token_type_embeddings.weight"],
        "norm.weight": tensors["embeddings.LayerNorm.weight"],
        "norm.bias": tensors["embeddings.LayerNorm.bias"],
    }
    names = {
        "attention.output.dense": "attended",
        "attention.output.LayerNorm": "norm_attended",
        "intermediate.dense": "wide",
        "output.dense": "narrow",
        "output.LayerNorm": "norm",
    }
    for at in range(LAYERS):
        here = f"encoder.layer.{at}"
        for kind in ("weight", "bias"):
            for theirs, ours in names.items():
                out[f"layers.{at}.{ours}.{kind}"] = tensors[f"{here}.{theirs}.{kind}"]
            parts = [
                tensors[f"{here}.attention.self.{part}.{kind}"]
                for part in ("query", "key", "value")
            ]
            out[f"layers.{at}.query_key_value.{kind}"] = np.concatenate(parts)
    return {name: torch.from_numpy(np.array(value)) for name, value in out.items()}
