"""The assistant's retrieval as a llama-index retriever, for anyone's llama-index engine.

Importing this module imports llama_index (some 2.7 s); `Assistant.as_retriever` does so
only when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.types import Passage


class AssistantRetriever(BaseRetriever):  # type: ignore[misc]  # its types aren't read
    """Passages as nodes: ids and offsets are the index's own, scores in [0, 1]."""

    def __init__(self, assistant: Assistant, *, k: int) -> None:
        super().__init__()
        self._assistant = assistant
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = self._assistant.retrieve(query_bundle.query_str, k=self._k)
        return [NodeWithScore(node=_node(passage), score=passage.score) for passage in passages]


def _node(passage: Passage) -> TextNode:
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "file": passage.file,
            "title": passage.title,
            "published": passage.published,
            "outlet": passage.outlet,
            "line": passage.line,
        },
    )
