"""The postings: BM25 over terms that were analysed by us, kept by Tantivy.

Tantivy knows no Indonesian stemmer, so it is given tokens that are already analysed, joined
by spaces, and splits at whitespace only. Queries are built from terms with weights; text
that a person typed is never parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.errors import IndexCorrupt
from assistant.storage.manifest import REBUILD_HINT, discard

if TYPE_CHECKING:
    import tantivy

Field = Literal["surface", "stem"]

_ANALYSER = "spaces"
_WRITER_BYTES = 32_000_000
"""Memory for one writing thread: a batch of 1,024 passages (2 MB of text) is far below it."""
_SPARE_HITS = 16
"""Hits fetched beyond k, so that ties around rank k are ordered by id and not by chance."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search returned.

    `score` depends on the arm: BM25, unbounded and above 0; or cosine, [-1, 1]. Higher is
    better in both.
    """

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One word of a question and what may stand for it in the articles.

    `alternatives` are analysed terms with a weight each (1.0 for the word itself, a
    probability for a translation). Of several that occur in the same passage the best counts, so
    that a word with five translations can't outweigh five words. Weights of 0 and below take no
    part.
    """

    alternatives: tuple[tuple[str, float], ...]
    field: Field = "stem"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PhraseTerm:
    """Two or more surface tokens that must follow each other."""

    words: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Posting:
    """What the postings hold of one chunk: its analysed terms in order."""

    id: str
    surfaces: Sequence[str]
    stems: Sequence[str]


class LexicalStore:
    """The postings in one folder. Reading is safe from any thread; write from one only."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        self._folder = folder
        self._index = index
        self._schema = index.schema
        self._writer: tantivy.IndexWriter | None = None
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> LexicalStore:
        """Open the postings; `create` begins empty ones where the folder holds none.

        Raises IndexCorrupt when they can't be read.
        """
        import tantivy

        with _translated(folder):
            if create and not folder.exists():
                folder.mkdir(parents=True)
                index = tantivy.Index(_schema(), path=str(folder), reuse=False)
            else:
                index = tantivy.Index.open(str(folder))
            # Not kept with the index: an index that is opened knows no analyser of ours.
            spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            index.register_tokenizer(_ANALYSER, spaces)
            # What a search sees changes when `reload` is called, not in the midst of one.
            index.config_reader(reload_policy="manual")
            index.reload()
            return cls(folder, index)

    @staticmethod
    def destroy(folder: Path) -> None:
        """Remove the postings, whatever state they are in."""
        discard(folder)

    def __len__(self) -> int:
        """Chunks in the postings."""
        return int(self._searcher.num_docs)

    def ids(self) -> list[str]:
        """The id of every chunk in the postings."""
        import tantivy

        with _translated(self._folder):
            searcher = self._searcher
            if not searcher.num_docs:
                return []
            found = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False)
            return [str(searcher.doc(address)["id"][0]) for _, address in found.hits]

    def document_frequencies(self, terms: Sequence[str], *, field: Field = "stem") -> list[int]:
        """In how many chunks each analysed term occurs, in order; at most `len(self)`."""
        with _translated(self._folder):
            searcher = self._searcher
            # Tantivy counts removed chunks until their segment is merged away.
            return [
                min(int(searcher.doc_freq(field, term)), int(searcher.num_docs)) for term in terms
            ]

    def search(self, terms: Sequence[QueryTerm | PhraseTerm], k: int) -> list[Hit]:
        """The k best chunks by BM25 (k1 1.2, b 0.75: Tantivy's), best first; ties by id."""
        queries = [query for term in terms if (query := self._query(term)) is not None]
        if not queries or k < 1:
            return []
        with _translated(self._folder):
            searcher = self._searcher
            found = searcher.search(_any_of(queries), k + _SPARE_HITS, count=False)
            hits = [
                Hit(str(searcher.doc(address)["id"][0]), float(score))
                for score, address in found.hits
            ]
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return hits[:k]

    def add(self, postings: Iterable[Posting], *, replacing: Iterable[str] = ()) -> None:
        """Add chunks after removing those named in `replacing`; seen after `commit`."""
        import tantivy

        self.remove(replacing)
        with _translated(self._folder):
            writer = self._writing()
            for posting in postings:
                document = tantivy.Document()
                document.add_text("id", posting.id)
                document.add_text("surface", " ".join(posting.surfaces))
                document.add_text("stem", " ".join(posting.stems))
                writer.add_document(document)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove chunks by id; ids that aren't there are passed over. Seen after `commit`."""
        with _translated(self._folder):
            for id_ in ids:
                self._writing().delete_documents_by_term("id", id_)

    def commit(self) -> None:
        """Make what was added and removed durable, and visible to this store's searches."""
        if self._writer is None:
            return
        with _translated(self._folder):
            self._writer.commit()
            self.reload()

    def reload(self) -> None:
        """See what was committed since, by this process or another."""
        with _translated(self._folder):
            self._index.reload()
            self._searcher = self._index.searcher()

    def finish_writing(self) -> None:
        """Let merges end and give the writer's lock back. What wasn't committed is dropped."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with _translated(self._folder):
                writer.wait_merging_threads()
                self.reload()

    def close(self) -> None:
        """Give the writer's lock back."""
        self.finish_writing()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            # One thread: the order of documents, and with it the order of ties, is the
            # order in which they were added.
            self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        return self._writer

    def _query(self, term: QueryTerm | PhraseTerm) -> tantivy.Query | None:
        from tantivy import Query

        if term.weight <= 0:
            return None
        if isinstance(term, PhraseTerm):
            if len(term.words) < 2:  # Tantivy panics on a phrase of one word
                return None
            phrase = Query.phrase_query(self._schema, "surface", list(term.words))
            return Query.boost_query(phrase, term.weight)
        option = "position" if term.field == "surface" else "freq"
        queries = [
            Query.boost_query(
                Query.term_query(self._schema, term.field, text, index_option=option),
                term.weight * weight,
            )
            for text, weight in term.alternatives
            if weight > 0
        ]
        if len(queries) < 2:
            return queries[0] if queries else None
        return Query.disjunction_max_query(queries)


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Passages that match any of the queries; their scores are added."""
    from tantivy import Occur, Query

    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    # Positions serve phrases of names, which are looked up as they are written.
    builder.add_text_field("surface", tokenizer_name=_ANALYSER, index_option="position")
    builder.add_text_field("stem", tokenizer_name=_ANALYSER, index_option="freq")
    return builder.build()


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Tantivy reports every failure of its files as ValueError or OSError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexCorrupt(
            f"The postings in {folder} can't be read: {_first_line(error)}", hint=REBUILD_HINT
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
