# mypy: ignore-errors
"""Ours, through its public interface, under the same clock as the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

PACKAGES = ("chromadb", "tantivy", "numpy")


def prepare() -> None:
    """Import what opening an index imports, and load the models."""
    import chromadb  # noqa: F401

    from assistant.assistant import Assistant  # noqa: F401
    from assistant.embedding import load_embedder

    load_embedder("bundled").embed_query("x")


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Index the folder as `assistant index` does."""
    from assistant.assistant import Assistant

    assistant = Assistant.open(folder, index=work / "index")
    return lambda question, k: [
        file for p in assistant.retrieve(question, k=k) for file in (p.file, *p.also_in)
    ]
