# mypy: ignore-errors
"""Plain llama-index: its reader, its default splitter, `VectorStoreIndex` over Chroma.

The embedder is the one bundled with assistant, so that only the plumbing differs. As it comes,
it embeds each file's path along with its text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import chromadb
from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.chroma import ChromaVectorStore

from assistant.embedding import load_embedder

PACKAGES = ("llama-index-core", "llama-index-vector-stores-chroma", "chromadb")
BUNDLED = load_embedder("bundled")


class Bundled(BaseEmbedding):
    """The bundled embedder as llama-index knows embedders."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(x) for x in BUNDLED.embed_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in BUNDLED.embed_passages(texts)]


def prepare() -> None:
    """Load the embedder's file."""
    BUNDLED.embed_query("x")


def index_of(
    folder: Path, work: Path, *, splitter: SentenceSplitter | None = None
) -> tuple[VectorStoreIndex, list]:
    """The vector index of a folder, and the nodes it was made of."""
    documents = SimpleDirectoryReader(str(folder), recursive=True).load_data()
    nodes = (splitter or SentenceSplitter()).get_nodes_from_documents(documents)
    client = chromadb.PersistentClient(str(work / "chroma"))
    collection = client.create_collection("articles", metadata={"hnsw:space": "cosine"})
    storage = StorageContext.from_defaults(vector_store=ChromaVectorStore(collection))
    index = VectorStoreIndex(
        nodes,
        storage_context=storage,
        embed_model=Bundled(),
        insert_batch_size=5_000,  # Chroma takes at most 5,461 at once
    )
    return index, nodes


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Vectors only."""
    retriever = index_of(folder, work)[0].as_retriever(similarity_top_k=10)
    return lambda question, k: files_of(retriever.retrieve(question))[:k]


def files_of(found: list) -> list[str]:
    """The files of scored nodes, best first."""
    return [node.metadata["file_name"] for node in found]
