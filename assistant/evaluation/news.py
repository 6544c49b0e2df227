"""The gold questions over the invented news (`training.news`): a pair's question and near miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.evaluation.datasets import Dataset, GoldQuestion
from assistant.evaluation.kinds import kind_of
from assistant.training import news
from assistant.training.news import Article
from assistant.words.sentences import sentences


def dataset() -> Dataset:
    """The articles that only measure, as one folder, with their questions."""
    articles = news.load("measure")
    documents = {article.file: article.document for article in articles}
    return Dataset("news", documents, tuple(q for one in articles for q in gold_questions(one)))


def gold_questions(article: Article) -> Iterator[GoldQuestion]:
    """Each pair's question, then its near miss.

    An answer that stands there more than once counts in the sentence that the pair means only.
    """
    spans = sentences(article.text)
    for number, pair in enumerate(article.pairs):
        meant = next(article.text[s.start : s.end] for s in spans if s.end > pair.start)
        several = article.document.casefold().count(pair.answer.casefold()) > 1
        answered = GoldQuestion(
            id=f"news-{article.id}-{number}",
            question=pair.question,
            language=pair.language,
            kind=kind_of(pair.question),
            answerable=True,
            files=(article.file,),
            answers=(pair.answer,),
            evidence=(meant,) if several else (),
            context=(article.file,),
        )
        yield answered
        yield replace(
            answered,
            id=f"{answered.id}-near",
            question=pair.near_miss,
            kind=kind_of(pair.near_miss),
            answerable=False,
            files=(),
            answers=(),
            evidence=(),
            trap=pair.kind,
        )
