# mypy: ignore-errors
"""llama-index's own hybrid: `QueryFusionRetriever` over its vectors and its `BM25Retriever`.

Reciprocal rank fusion, no invented queries (they need a model). The BM25 side stems as it
does by default, in English: it knows no Indonesian.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import peer_llama_index as plain
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.retrievers.bm25 import BM25Retriever

PACKAGES = (*plain.PACKAGES, "llama-index-retrievers-bm25")
prepare = plain.prepare


def build(folder: Path, work: Path) -> Callable[[str, int], list[str]]:
    """Vectors and BM25, fused by rank."""
    index, nodes = plain.index_of(folder, work)
    bm25 = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10)
    bm25.persist(str(work / "bm25"))
    fusion = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=10), bm25],
        llm=MockLLM(),  # never called with one query, but without it OpenAI's is looked for
        similarity_top_k=10,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )
    return lambda question, k: plain.files_of(fusion.retrieve(question))[:k]
