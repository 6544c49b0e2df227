"""Writes the reader as ONNX with 8-bit weights, and its tokenizer beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from .network import Reader


class _Reading(nn.Module):
    """What is asked of the reader in use: all but entailment."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, pieces: Tensor, sides: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        answers, starts, ends = self.reader(pieces, sides)
        return answers, starts, ends


def write(reader: Reader, tokenizer: Tokenizer, folder: Path) -> None:
    """`reader.onnx` and `tokenizer.json`; weights of matrices in 8 bits, one scale a column."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    sample = torch.ones((2, 16), dtype=torch.int64)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            _Reading(reader).eval(),
            (sample, sample),
            str(whole),
            input_names=["pieces", "sides"],
            output_names=["answers", "starts", "ends"],
            dynamic_axes={
                "pieces": {0: "batch", 1: "length"},
                "sides": {0: "batch", 1: "length"},
                "answers": {0: "batch"},
                "starts": {0: "batch", 1: "length"},
                "ends": {0: "batch", 1: "length"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            str(whole),
            str(folder / "reader.onnx"),
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
