# mypy: ignore-errors
"""Haystack's `InMemoryBM25Retriever`, with its splitter left out: the files are passages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

PACKAGES = ("haystack-ai",)


def prepare() -> None:
    """Nothing beyond the imports."""


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Its default BM25, kept in memory and saved as it saves itself."""
    store = InMemoryDocumentStore()
    store.write_documents(
        [
            Document(content=path.read_text("utf-8"), meta={"file": path.name})
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
    )
    work.mkdir(parents=True, exist_ok=True)
    store.save_to_disk(str(work / "store.json"))
    retriever = InMemoryBM25Retriever(store, top_k=10)
    return lambda question, k: [
        document.meta["file"] for document in retriever.run(question)["documents"]
    ][:k]
