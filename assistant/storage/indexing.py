"""Bringing the index up to date with the folder: what changed, and writing it down.

The order of writing is what makes a kill harmless. New chunks go into the vectors and the
postings first; then one transaction of the manifest names them in place of the old ones;
then the old ones leave the stores. Searches believe the manifest alone, and whatever a
killed writer left in the stores is swept out by the next.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.articles import list_articles, read_article
from assistant.errors import ArticleError, IndexCorrupt
from assistant.folder import FileStat
from assistant.language import terms
from assistant.lexical import LexicalStore, Posting
from assistant.storage.manifest import FileState, Manifest, SkippedState
from assistant.types import Article, Chunk, Embedder, Refresh, Skipped
from assistant.vectors import VectorStore, as_vectors

if TYPE_CHECKING:
    from assistant.vectors import Vectors

Progress = Callable[[str, int, int], None]

BATCH = 1_024
"""Chunks, or files, committed together: the second of work that a kill can cost."""

_CLOCK_TICK_NS = 20_000_000
"""A file's time moves in steps of up to 10 ms (a kernel's tick): a file that was written so
shortly before it was read may be written again without a change of its time."""
_WHOLE_SECOND_NS = 1_000_000_000
"""Times without a fraction come from file systems that keep whole seconds, or two."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs between the folder and the manifest. Files are sorted.

    `seen` are files whose time has changed and whose content hasn't; `forgotten` files that
    were passed over and are gone; `skipped` what stays passed over.
    """

    added: tuple[FileStat, ...]
    changed: tuple[FileStat, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    seen: dict[str, FileState]
    forgotten: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    @property
    def quiet(self) -> bool:
        """Whether every answer stays what it is: only times and notes may differ."""
        return not (self.added or self.changed or self.removed)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write at all."""
        return self.quiet and not (self.seen or self.forgotten)

    @property
    def refresh(self) -> Refresh:
        """The plan as the person is told of it, when nothing has to be read."""
        return Refresh(unchanged=self.unchanged, removed=self.removed, skipped=self.skipped)


def plan(seeds: Path, manifest: Manifest | None, *, max_bytes: int) -> Plan:
    """Compare the folder with the manifest: by size and time, and by content where they differ.

    Raises SeedsError when the folder can't be read.
    """
    listed, passed_over = list_articles(seeds)
    known = manifest.files() if manifest else {}
    skips = manifest.skipped() if manifest else {}
    added, changed, unchanged = [], [], []
    seen: dict[str, FileState] = {}
    skipped = list(passed_over)
    for stat in listed:
        state = known.get(stat.file)
        if state is None:
            skip = skips.get(stat.file)
            if skip and (skip.size, skip.mtime_ns, skip.max_bytes) == (
                stat.size,
                stat.mtime_ns,
                max_bytes,
            ):
                skipped.append(Skipped(skip.file, skip.reason))
            else:
                added.append(stat)
        elif (state.size, state.mtime_ns) == (stat.size, stat.mtime_ns):
            unchanged.append(stat.file)
        elif state.size == stat.size and _sha256(seeds / stat.file) == state.sha256:
            unchanged.append(stat.file)
            seen[stat.file] = FileState(state.sha256, stat.size, _trusted_time(stat))
        else:
            changed.append(stat)
    present = {stat.file for stat in listed}
    return Plan(
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(sorted(known.keys() - present)),
        unchanged=tuple(unchanged),
        seen=seen,
        forgotten=tuple(sorted(skips.keys() - present)),
        skipped=tuple(sorted(skipped, key=lambda skip: skip.file)),
    )


@dataclass(slots=True)
class _Batch:
    articles: list[tuple[Article, FileState, list[Chunk]]] = field(default_factory=list)
    skipped: list[SkippedState] = field(default_factory=list)
    chunks: int = 0

    def __len__(self) -> int:
        return len(self.articles) + len(self.skipped)


class Writer:
    """Writes one plan into the three stores. Its caller holds the index's lock."""

    def __init__(
        self,
        *,
        seeds: Path,
        manifest: Manifest,
        lexical: LexicalStore,
        vectors: VectorStore,
        embedder: Embedder,
        chunk_tokens: int,
        max_bytes: int,
        progress: Progress | None,
    ) -> None:
        self._seeds = seeds
        self._manifest = manifest
        self._lexical = lexical
        self._vectors = vectors
        self._embedder = embedder
        self._chunk_tokens = chunk_tokens
        self._max_bytes = max_bytes
        self._progress = progress or (lambda _stage, _done, _total: None)
        self._dirty = False
        self._stale: set[str] = set()
        self._reusable: dict[bytes, str] = {}

    def run(self, todo: Plan) -> Refresh:
        """Write what the plan says, batch by batch, and tell what was done.

        Stopped at any point (an error, Ctrl-C, a kill), what was committed stays, and the
        next run goes on from there.
        """
        changed = {stat.file for stat in todo.changed}
        self._leaving([*todo.removed, *changed])
        if self._stale:
            self._begin()
        if todo.removed or todo.forgotten or todo.seen:
            self._manifest.put([], removed=todo.removed, forgotten=todo.forgotten, seen=todo.seen)
        waiting = sorted((*todo.added, *todo.changed), key=lambda stat: stat.file)
        skipped = list(todo.skipped)
        self._progress("indexing", 0, len(waiting))
        done = 0
        for batch in self._batches(waiting):
            self._write(batch, done, len(waiting))
            skipped.extend(Skipped(skip.file, skip.reason) for skip in batch.skipped)
            done += len(batch)
            self._progress("indexing", done, len(waiting))
        self._tidy()
        unread = {skip.file for skip in skipped}
        return Refresh(
            added=tuple(stat.file for stat in todo.added if stat.file not in unread),
            changed=tuple(stat.file for stat in todo.changed if stat.file not in unread),
            # An article that can't be read any more is no longer in the index.
            removed=tuple(sorted({*todo.removed, *(changed & unread)})),
            unchanged=todo.unchanged,
            skipped=tuple(sorted(skipped, key=lambda skip: skip.file)),
        )

    def sweep(self) -> None:
        """Make the stores hold what the manifest names: drop the rest, add what is missing."""
        named = self._manifest.chunk_ids()
        in_postings, in_vectors = set(self._lexical.ids()), set(self._vectors.ids())
        self._begin()
        if extra := sorted(in_postings - named):
            self._lexical.remove(extra)
        if extra := sorted(in_vectors - named):
            self._vectors.delete(extra)
        missing = sorted((named - in_postings) | (named - in_vectors))
        for at in range(0, len(missing), BATCH):
            chunks = self._manifest.chunks(missing[at : at + BATCH])
            unheld = [chunk for chunk in chunks if chunk.id not in in_vectors]
            if unheld:
                self._vectors.upsert(unheld, self._embed([chunk.text for chunk in unheld]))
            self._lexical.add(_posting(chunk) for chunk in chunks if chunk.id not in in_postings)
            self._progress("mending", at + len(chunks), len(missing))
        self._lexical.commit()
        self._end()

    # ---- one step after the other

    def _leaving(self, files: Sequence[str]) -> None:
        """Remember the chunks that will leave, and by their text, whose vectors can stay."""
        for chunk in self._manifest.chunks_of(files):
            self._stale.add(chunk.id)
            self._reusable[_digest(chunk.text)] = chunk.id

    def _batches(self, waiting: Sequence[FileStat]) -> Iterator[_Batch]:
        from assistant.chunking import chunk

        batch = _Batch()
        for number, stat in enumerate(waiting, start=1):
            mtime_ns = _trusted_time(stat)
            try:
                article = read_article(self._seeds, stat.file, max_bytes=self._max_bytes)
            except ArticleError as error:
                batch.skipped.append(
                    SkippedState(stat.file, stat.size, mtime_ns, self._max_bytes, str(error))
                )
            else:
                chunks = chunk(article, max_tokens=self._chunk_tokens)
                state = FileState(article.sha256, stat.size, mtime_ns)
                batch.articles.append((article, state, chunks))
                batch.chunks += len(chunks)
            self._progress("indexing", number, len(waiting))
            if max(batch.chunks, len(batch)) >= BATCH:
                yield batch
                batch = _Batch()
        if len(batch):
            yield batch

    def _write(self, batch: _Batch, done: int, total: int) -> None:
        def told() -> None:
            self._progress("indexing", done + len(batch), total)

        chunks = [chunk for _, _, chunks in batch.articles for chunk in chunks]
        if chunks:
            vectors = self._vectors_of(chunks)
            told()
            self._begin()
            self._vectors.upsert(chunks, vectors)
            told()
            kept = [chunk.id for chunk in chunks if chunk.id in self._stale]
            self._lexical.add(map(_posting, chunks), replacing=kept)
            self._lexical.commit()
            told()
        self._manifest.put(batch.articles, skipped=batch.skipped)

    def _tidy(self) -> None:
        """Let what is no longer named leave the stores."""
        gone = sorted(self._stale - self._manifest.named(self._stale))
        if gone:
            self._progress("tidying", 0, len(gone))
            self._vectors.delete(gone)
            self._progress("tidying", 0, len(gone))
            self._lexical.remove(gone)
            self._lexical.commit()
            self._progress("tidying", len(gone), len(gone))
        self._stale.clear()
        self._end()

    def _begin(self) -> None:
        if not self._dirty:
            self._manifest.begin_stores()
            self._dirty = True

    def _end(self) -> None:
        if self._dirty:
            self._vectors.seal(checksums=True)
            self._manifest.end_stores()
            self._dirty = False

    # ---- vectors

    def _vectors_of(self, chunks: Sequence[Chunk]) -> Vectors:
        """A vector for each chunk: what a removed or edited article leaves behind, else anew."""
        import numpy as np

        found: dict[int, Vectors] = {}
        if self._reusable:
            origin = {
                at: self._reusable[digest]
                for at, chunk in enumerate(chunks)
                if (digest := _digest(chunk.text)) in self._reusable
            }
            held = self._vectors.vectors(sorted(set(origin.values()))) if origin else {}
            found = {at: held[id_] for at, id_ in origin.items() if id_ in held}
        anew = [at for at in range(len(chunks)) if at not in found]
        vectors = np.empty((len(chunks), self._embedder.dimensions), dtype=np.float32)
        if anew:
            vectors[anew] = self._embed([chunks[at].text for at in anew])
        for at, vector in found.items():
            vectors[at] = vector
        return vectors

    def _embed(self, texts: Sequence[str]) -> Vectors:
        return as_vectors(
            self._embedder.embed_passages(texts),
            rows=len(texts),
            dimensions=self._embedder.dimensions,
        )


def open_stores(lexical_folder: Path, vectors: VectorStore, *, manifest: Manifest) -> LexicalStore:
    """Open both stores for writing; the postings are returned.

    Where a killed writer left a store that can't be opened, an empty one takes its place,
    to be filled by `Writer.sweep`. Raises IndexCorrupt for damage that no writer did.
    """
    mend = manifest.dirty
    create = mend or not manifest.chunk_count()
    try:
        lexical = LexicalStore.open(lexical_folder, create=create)
    except IndexCorrupt:
        if not mend:
            raise
        LexicalStore.destroy(lexical_folder)
        lexical = LexicalStore.open(lexical_folder, create=True)
    try:
        vectors.open(create=create)
    except IndexCorrupt:
        if not mend:
            raise
        vectors.destroy()
        vectors.open(create=True)
    return lexical


def _posting(chunk: Chunk) -> Posting:
    surfaces, stems = terms(chunk.text, chunk.language)
    return Posting(chunk.id, surfaces, stems)


def _trusted_time(stat: FileStat) -> int:
    """The file's time, or -1 where the file may still change without a change of it."""
    window = _CLOCK_TICK_NS if stat.mtime_ns % _WHOLE_SECOND_NS else 2 * _WHOLE_SECOND_NS
    return stat.mtime_ns if abs(time.time_ns() - stat.mtime_ns) > window else -1


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
