"""Law 6: the ranking in use is never worse than the lexical arm alone, on each evaluation set."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import SettingsError
from assistant.evaluation.datasets import Dataset, load
from assistant.query import analyse_question
from assistant.retrieval import lexical_terms


def ndcg(files: list[str], gold: tuple[str, ...]) -> float:
    """nDCG@10 with every gold file equally relevant."""
    ranked = list(dict.fromkeys(files))[:10]
    gain = sum(1 / math.log2(at + 2) for at, file in enumerate(ranked) if file in gold)
    return gain / sum(1 / math.log2(at + 2) for at in range(min(len(gold), 10)))


@pytest.mark.parametrize("name", ["seeds", "news", "belebele-id", "belebele-en", "idk-mrc"])
def test_the_ranking_is_never_worse_than_the_lexical_arm(name: str, tmp_path: Path) -> None:
    try:
        dataset: Dataset = load(name)
    except SettingsError as error:
        pytest.skip(str(error))
    asked = [q for q in dataset.questions if q.answerable and not q.history]
    folder = dataset.write_folder(tmp_path / "seeds")
    ours = lexical = 0.0
    with Assistant.open(folder, index=tmp_path / "index") as assistant:
        index = assistant._index
        for question in asked:
            found = assistant.retrieve(question.question)
            ours += ndcg([passage.file for passage in found], question.files)
            terms = lexical_terms(analyse_question(question.question))
            hits = index.chunks([hit.id for hit in index.lexical_search(terms, 10)])
            lexical += ndcg([chunk.file for chunk in hits], question.files)
    assert ours >= lexical, f"{ours / len(asked):.3f} against {lexical / len(asked):.3f}"
