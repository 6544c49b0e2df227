"""The values that travel through the program, and the two protocols that plug into it.

Everything here is frozen and imports nothing but the standard library; every other
module stands on it. Offsets are Unicode code points, 0-based, end exclusive, into the
file's bytes decoded as UTF-8 with its line ends untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
Status = Literal["answered", "not_found"]
Support = Literal["quoted", "supported", "weak", "unsupported"]
BlockKind = Literal["title", "heading", "paragraph", "date", "byline", "furniture"]

EVIDENCE_KINDS: frozenset[BlockKind] = frozenset({"title", "heading", "paragraph"})


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, `0 <= start <= end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One line-delimited piece of an article and what it is there for."""

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Article:
    """One file, read: its text as it stands, and what was recognised in it.

    `title` is the article's own title, or its opening words where it has none
    (`title_span` is then None). `published` is an ISO date, `YYYY-MM-DD`.
    """

    file: str
    text: str
    sha256: str
    language: Language
    title: str
    title_span: Span | None
    published: str | None
    outlet: str | None
    blocks: tuple[Block, ...]

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks that may be quoted as evidence, in order."""
        return tuple(block for block in self.blocks if block.kind in EVIDENCE_KINDS)


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """One sentence's place in its file. Headings are searched but never quoted as answers."""

    start: int
    end: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """A verbatim, sentence-aligned span of one article: the unit that is indexed.

    `id` derives from the file's path, its content and the span. `line` is 1-based.
    `tokens` counts o200k_base tokens of `text`.
    """

    id: str
    file: str
    start: int
    end: int
    line: int
    text: str
    tokens: int
    sentences: tuple[SentenceSpan, ...]
    title: str
    published: str | None
    outlet: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found for a question.

    `score` is the fused relevance in [0, 1], higher is better, comparable between
    questions. `lexical` and `dense` are the arms' own scores (BM25, unbounded; cosine,
    [-1, 1]), None where that arm did not return the passage. `also_in` names the files
    that carry a near-duplicate of it.
    """

    file: str
    start: int
    end: int
    text: str
    score: float
    title: str
    published: str | None
    outlet: str | None = None
    language: Language = "id"
    line: int = 1
    id: str = ""
    sentences: tuple[SentenceSpan, ...] = ()
    lexical: float | None = None
    dense: float | None = None
    also_in: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        chunk: Chunk,
        score: float,
        *,
        lexical: float | None = None,
        dense: float | None = None,
    ) -> Passage:
        """The chunk as it was found."""
        return cls(
            file=chunk.file,
            start=chunk.start,
            end=chunk.end,
            text=chunk.text,
            score=score,
            title=chunk.title,
            published=chunk.published,
            outlet=chunk.outlet,
            language=chunk.language,
            line=chunk.line,
            id=chunk.id,
            sentences=chunk.sentences,
            lexical=lexical,
            dense=dense,
        )

    def quote(self, start: int, end: int) -> str:
        """The verbatim text of a span of the file that lies within this passage."""
        if not self.start <= start <= end <= self.end:
            raise ValueError(f"span {start}:{end} lies outside passage {self.start}:{self.end}")
        return self.text[start - self.start : end - self.start]

    def line_of(self, start: int) -> int:
        """The 1-based line of the file on which the code point `start` stands."""
        return self.line + self.text.count("\n", 0, start - self.start)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a passage that a sentence rests on (offsets into the file)."""

    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The verbatim text of the span."""
        return self.passage.quote(self.start, self.end)


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence of an answer before numbering, with the evidence it was checked against.

    `new_line`: the sentence begins a line of its own (a paragraph, a list item).
    """

    text: str
    evidence: tuple[Evidence, ...]
    support: Support
    score: float
    new_line: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer hands over: checked sentences in order; none means "not found".

    `confidence` in [0, 1] is how sure it is that the articles answer the question, given also
    when it refuses (then below its threshold); None where the answerer has no such figure.
    """

    sentences: tuple[DraftSentence, ...]
    short_answer: str | None = None
    unknown_markers: tuple[str, ...] = ()
    preface: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered reference: `bytes_of(file).decode()[start:end] == quote`."""

    number: int
    file: str
    start: int
    end: int
    line: int
    quote: str
    title: str
    published: str | None
    outlet: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer: `answer.text[start:end] == text`."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    support: Support
    score: float


@dataclass(frozen=True, slots=True)
class NearestArticle:
    """An article that came close when nothing was found; `score` as on `Passage`."""

    file: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Engine:
    """Who wrote the answer. `note` says why, where a model gave way to the extractive answer."""

    answerer: Literal["extractive", "generative"]
    model: str | None
    embedder: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, as the command line, the page and JSON carry it.

    `confidence` as on `Draft`: what the threshold for refusing is compared with.
    """

    question: str
    language: Language
    status: Status
    text: str
    short_answer: str | None
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    unknown_markers: tuple[str, ...]
    nearest: tuple[NearestArticle, ...]
    engine: Engine
    searched: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    confidence: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON values; the same object in `ask --json` and the web API."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why, in one line."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh found on disk, by relative path."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Stream event: what was searched, and the passages that were found, best first."""

    searched: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """Stream event: text as the model writes it, not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Stream event: one sentence, checked, as it will stand in the answer."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Stream event, always the last: the whole answer."""

    answer: Answer


Event = Retrieved | Delta | Checked | Done


@runtime_checkable
class Embedder(Protocol):
    """Turns text into vectors. `name` goes into the index's build facts."""

    @property
    def name(self) -> str:
        """The spec that names this embedder and its version."""

    @property
    def dimensions(self) -> int:
        """Length of each vector."""

    def embed_passages(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit-length vector per text, in order; shape (len(texts), dimensions)."""

    def embed_query(self, text: str) -> Sequence[float]:
        """One unit-length vector; shape (dimensions,)."""


@runtime_checkable
class Answerer(Protocol):
    """Writes an answer from passages. Yields Deltas (if it streams), then one Draft, last."""

    def draft(
        self,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        history: Sequence[Turn],
    ) -> Iterator[Delta | DraftSentence | Draft]:
        """The draft of an answer to `question` (standalone) in `language`."""
