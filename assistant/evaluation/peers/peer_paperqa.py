# mypy: ignore-errors
"""PaperQA2's search index: Tantivy with its schema, as its agent's paper search uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from paperqa.agents.search import SearchIndex

PACKAGES = ("paper-qa", "tantivy")


def prepare() -> None:
    """Nothing beyond the imports."""


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Titles are file names and bodies whole files, as for papers without metadata."""
    loop = asyncio.new_event_loop()
    index = SearchIndex(
        fields=[*SearchIndex.REQUIRED_FIELDS, "title", "year"],
        index_name="articles",
        index_directory=work / "paperqa",
    )

    async def fill() -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                text = path.read_text("utf-8")
                await index.add_document(
                    {
                        "file_location": path.name,
                        "body": text,
                        "title": path.stem,
                        "year": "",
                    },
                    document={"file": path.name},
                )
        await index.save_index()

    loop.run_until_complete(fill())

    def search(question: str, k: int) -> list[str]:
        found = loop.run_until_complete(index.query(question, top_n=k))
        return [document["file"] for document in found]

    return search
