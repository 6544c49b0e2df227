"""The index of a folder of articles: vectors, postings and manifest as one thing.

    index/manifest.sqlite   what the index holds (the truth), and the text of the chunks
    index/lexical/          Tantivy's postings
    index/chroma/           Chroma's vectors (or a server's, by URL)
    index/.lock             held by the one process that writes
    index/.gate             held for the moments in which the vectors are written or opened

Reading takes no lock and waits for nobody but the gate. Everything a search returns was
looked up in the manifest, so that nothing which is half written or removed is ever shown.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.articles import MAX_BYTES
from assistant.errors import (
    IndexCorrupt,
    IndexFault,
    IndexLocked,
    IndexReadOnly,
    SeedsError,
)
from assistant.language import terms
from assistant.lexical import Hit, LexicalStore, PhraseTerm, QueryTerm
from assistant.storage.indexing import Progress, Writer, open_stores, plan
from assistant.storage.locking import writer_lock
from assistant.storage.manifest import REBUILD_HINT, SCHEMA, ArticleRecord, BuildFacts, Manifest
from assistant.types import Chunk, Embedder, Refresh, Skipped
from assistant.vectors import DEFAULT_COLLECTION, VectorStore

__all__ = ["DEFAULT_CHUNK_TOKENS", "Hit", "Index", "PhraseTerm", "QueryTerm"]

DEFAULT_CHUNK_TOKENS = 320
"""Some 900 characters of Indonesian news: one or two paragraphs, enough to quote from."""

READING = 2
"""Raise it with every change of what reading and chunking make of the same file."""

LOCK_WAIT_S = 5.0
"""A refresh after an edit takes less: two people who ask at the same moment both get in."""

_MANIFEST = "manifest.sqlite"
_LEXICAL = "lexical"
_CHROMA = "chroma"
_GATE = ".gate"

_COPY_ATTEMPTS = 5
_SAMPLE = (
    "Pertemuan ke-2 para pemimpin (Selasa, 15/8/2023) menghasilkan kesepakatan-kesepakatan "
    "perdagangan senilai US$1,5 juta, naik 54% dibandingkan tahun 2019; Jum’at “di Moskow”, "
    "F-16 dan MIG-29 mempertanyakan kebijakannya. The leaders' meetings weren't cancelled, "
    "café naïve don't U.S. 1,000.5 rising studies, running quickly"
)
"""What the fingerprint of the analysis is taken of: affixes, numbers, dates, hyphens, marks."""


class Index:
    """One folder's index. Safe to share between threads; refresh from one at a time."""

    def __init__(
        self,
        *,
        seeds: Path,
        folder: Path,
        embedder: Embedder,
        facts: BuildFacts,
        store: str | None,
        read_only: bool,
        max_bytes: int,
        lock_wait_s: float,
    ) -> None:
        """Use `Index.open`."""
        self._seeds = seeds
        self._folder = folder
        self._embedder = embedder
        self._facts = facts
        self._store = store
        self._read_only = read_only
        self._max_bytes = max_bytes
        self._lock_wait_s = lock_wait_s
        self._manifest: Manifest | None = None
        self._identity = (0, 0)
        self._data_version = -1
        self._lexical: LexicalStore | None = None
        self._vectors: VectorStore | None = None
        self._generation = -1
        self._vectors_generation = -1
        self._count = 0
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._writer_thread: int | None = None
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        seeds: Path,
        folder: Path,
        *,
        embedder: Embedder,
        chunk_tokens: int = DEFAULT_CHUNK_TOKENS,
        store: str | None = None,
        read_only: bool = False,
        max_bytes: int = MAX_BYTES,
        lock_wait_s: float = LOCK_WAIT_S,
    ) -> Index:
        """The index in `folder` of the articles in `seeds`; nothing is written yet.

        Call `refresh` before the first search: it builds what is missing, and raises
        IndexMismatch or IndexCorrupt where only `rebuild` helps. With `read_only` the index is
        served as it stands and those errors come from here.

        `store` is the URL of a Chroma server (none: the vectors are in the folder),
        `max_bytes` the size from which a file is passed over, `lock_wait_s` how long to wait
        for another writer.
        """
        index = cls(
            seeds=seeds,
            folder=folder,
            embedder=embedder,
            facts=BuildFacts(
                schema=SCHEMA,
                embedder=embedder.name,
                dimensions=embedder.dimensions,
                chunk_tokens=chunk_tokens,
                analysis=_analysis_fingerprint(),
                reading=str(READING),
                store=store or "folder",
            ),
            store=store,
            read_only=read_only,
            max_bytes=max_bytes,
            lock_wait_s=lock_wait_s,
        )
        if store is not None:
            VectorStore(dimensions=1, url=store)  # a URL without sense is said at once
        if read_only:
            try:
                index._load()
            except BaseException:
                index.close()
                raise
            if index._manifest is None:
                raise IndexReadOnly(
                    f"There is no index in {folder}.", hint="Build it first: assistant index"
                )
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            self._close_stores()
            if self._manifest is not None:
                self._manifest.close()
                self._manifest = None
            self._identity, self._generation, self._data_version = (0, 0), -1, -1

    # ---- searching

    def __len__(self) -> int:
        """Chunks in the index."""
        with self._reading():
            return self._count

    def lexical_search(self, terms: Sequence[QueryTerm | PhraseTerm], k: int) -> list[Hit]:
        """The k best chunks by BM25, best first; none where no term occurs."""
        return self._search(
            lambda _: None if self._lexical is None else partial(self._lexical.search, terms), k
        )

    def dense_search(self, vector: Sequence[float], k: int) -> list[Hit]:
        """The k nearest chunks by cosine, [-1, 1], best first. `vector` is of unit length.

        Raises IndexCorrupt when the vectors are missing or damaged.
        """
        return self._search(
            lambda manifest: (
                partial(self._open_vectors(manifest).search, vector) if self._count else None
            ),
            k,
        )

    def _search(
        self, arm: Callable[[Manifest], Callable[[int], list[Hit]] | None], k: int
    ) -> list[Hit]:
        """The k best hits of an arm that the manifest names."""
        while True:
            with self._reading() as manifest:
                search = arm(manifest) if manifest else None
            if manifest is None or search is None:
                return []
            try:
                return _named(manifest, k, search)
            except IndexFault:
                if manifest is self._manifest:
                    raise
                # Another thread has put a new index in the place of this one meanwhile.

    def document_frequencies(self, stems: Sequence[str]) -> list[int]:
        """In how many chunks each stem occurs, in order."""
        with self._reading() as manifest:
            if manifest is None or self._lexical is None:
                return [0] * len(stems)
            return self._lexical.document_frequencies(stems)

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """The chunks with these ids, in this order.

        An id that another process has removed since the search is left out.
        """
        with self._reading() as manifest:
            return manifest.chunks(ids) if manifest else []

    def articles(self) -> list[ArticleRecord]:
        """What is indexed, by file."""
        with self._reading() as manifest:
            return manifest.articles() if manifest else []

    def skipped(self) -> list[Skipped]:
        """The files that were passed over when they were last read, and why."""
        with self._reading() as manifest:
            return manifest.skips() if manifest else []

    # ---- keeping up with the folder

    def refresh(self, progress: Progress | None = None) -> Refresh:
        """Bring the index up to date with the folder, and tell what changed.

        Where nothing changed, nothing is locked or written. `progress(stage, done, total)` is
        told of every step, in files while indexing. What was committed before an interruption
        stays, and the next refresh goes on from there.

        Raises SeedsError (no folder, no article in it), IndexMismatch and IndexCorrupt
        (`rebuild` helps), IndexLocked (another process is writing), IndexReadOnly (there is
        something to write, and the folder can't be written).
        """
        if self._read_only:
            return self._as_it_stands()
        with self._lock:
            manifest = self._load_manifest()
            if manifest is not None and not manifest.dirty:
                self._load()  # says what is damaged; what a killed writer left is mended below
        todo = plan(self._seeds, self._manifest, max_bytes=self._max_bytes)
        if not (todo.unchanged or todo.added or todo.changed or todo.removed):
            raise self._no_articles(todo.skipped)
        mending = self._manifest is not None and self._manifest.dirty
        if self._manifest is not None and todo.empty and not mending:
            return todo.refresh
        quiet = self._manifest is not None and todo.quiet
        if not self._writable():
            if quiet:
                return todo.refresh
            what = (
                f"The articles in {self._seeds} have changed"
                if self._manifest
                else f"There is no index of {self._seeds}"
            )
            raise IndexReadOnly(
                f"{what}, and {self._folder} can't be written.",
                hint="Make the folder writable, choose another (--index DIR), or ask what is "
                "there with read_only=True.",
            )
        try:
            with writer_lock(self._folder, wait_s=0.0 if quiet else self._lock_wait_s):
                return self._write(progress)
        except IndexLocked:
            if quiet:  # only times to note or leftovers to sweep: the other one does it
                return todo.refresh
            raise

    def rebuild(self, progress: Progress | None = None) -> Refresh:
        """Build the index anew over whatever is there; what isn't ours in the folder stays.

        Raises SeedsError, IndexLocked and IndexReadOnly.
        """
        if self._read_only or not self._writable():
            raise IndexReadOnly(
                f"The index in {self._folder} can't be written.",
                hint="Make the folder writable, or choose another: --index DIR",
            )
        todo = plan(self._seeds, None, max_bytes=self._max_bytes)
        if not todo.added:
            raise self._no_articles(todo.skipped)
        with writer_lock(self._folder, wait_s=self._lock_wait_s):
            with self._lock:
                collection = self._collection_of_old()
                self.close()
                vectors = self._vector_store(collection) if collection else None
                if vectors is not None:
                    vectors.destroy()
                self._vector_store(DEFAULT_COLLECTION, in_folder=True).destroy()
                LexicalStore.destroy(self._folder / _LEXICAL)
                Manifest.destroy(self._folder / _MANIFEST)
            return self._write(progress, collection=collection)

    def _write(self, progress: Progress | None, *, collection: str | None = None) -> Refresh:
        """The refresh itself, under the lock."""
        with self._lock:
            manifest = self._load_manifest() or self._begin_manifest(collection)
            todo = plan(self._seeds, manifest, max_bytes=self._max_bytes)
            mending = manifest.dirty
            if todo.quiet and not mending:
                if not todo.empty:
                    manifest.put([], forgotten=todo.forgotten, seen=todo.seen)
                return todo.refresh
            # Opened afresh: what another process has written since would otherwise be lost.
            self._close_stores()
            vectors = self._vectors = self._vector_store(self._collection_name(manifest))
            lexical = self._lexical = open_stores(
                self._folder / _LEXICAL, vectors, manifest=manifest
            )
            self._check_counts(manifest, lexical, vectors)
            self._writer_thread = threading.get_ident()
        try:
            writer = Writer(
                seeds=self._seeds,
                manifest=manifest,
                lexical=lexical,
                vectors=vectors,
                embedder=self._embedder,
                chunk_tokens=self._facts.chunk_tokens,
                max_bytes=self._max_bytes,
                progress=progress,
            )
            if mending or max(len(lexical), len(vectors)) > manifest.chunk_count():
                writer.sweep()
            done = writer.run(todo)
            lexical.finish_writing()
            with self._lock:
                self._count = manifest.chunk_count()
                self._generation = self._vectors_generation = manifest.generation
                self._data_version = manifest.data_version()
                self._writer_thread = None
        except BaseException:
            with self._lock:
                self._writer_thread = None
                self._close_stores()  # half-written: whoever searches next opens them anew
            raise
        if not manifest.files():
            raise self._no_articles(done.skipped)
        return done

    def _no_articles(self, skipped: Sequence[Skipped]) -> SeedsError:
        why = f" {skipped[0].file}: {skipped[0].reason}" if skipped else ""
        return SeedsError(
            f"There is no article to read in {self._seeds}.{why}",
            hint="Put .txt or .md files there, or name another folder: --seeds DIR",
        )

    def _as_it_stands(self) -> Refresh:
        with self._reading() as manifest:
            if manifest is None:
                return Refresh()
            return Refresh(
                unchanged=tuple(sorted(manifest.files())), skipped=tuple(manifest.skips())
            )

    # ---- what is open

    @contextmanager
    def _reading(self) -> Iterator[Manifest | None]:
        """The manifest as it is now, with the postings to match."""
        with self._lock:
            self._load()
            yield self._manifest

    def _load_manifest(self) -> Manifest | None:
        """The manifest, if there is one; another one where it was built anew."""
        manifest = self._manifest
        if manifest is not None and manifest.identity() != self._identity:
            self.close()  # built anew by another process
            manifest = None
        if manifest is None:
            path = self._folder / _MANIFEST
            if not path.exists():
                return None
            manifest = Manifest.open(path, writable=self._writable())
            try:
                manifest.check(self._facts)
            except BaseException:
                manifest.close()
                raise
            self._manifest = manifest
            self._identity = manifest.identity()
        return manifest

    def _load(self) -> None:
        """Open what isn't open, and open anew what another process has changed."""
        manifest = self._load_manifest()
        if manifest is None:
            return
        if self._writer_thread is not None:
            return  # this index is writing: its stores are newer than any other's
        data_version = manifest.data_version()
        if data_version == self._data_version:
            return
        generation = manifest.generation
        if generation != self._generation or self._lexical is None:
            self._count = manifest.chunk_count()
            self._open_lexical(manifest)
            self._generation = generation
        self._data_version = data_version

    def _open_lexical(self, manifest: Manifest) -> None:
        if not self._count:
            self._lexical = None
            return
        if not self._writable():
            self._copy_stores()
        elif self._lexical is not None:
            self._lexical.reload()
        if self._lexical is None:
            self._lexical = LexicalStore.open(self._stores() / _LEXICAL)
        self._check_counts(manifest, self._lexical, None)
        if self._store is None and not (self._folder / _CHROMA).is_dir():
            raise IndexCorrupt(
                f"The vectors in {self._folder / _CHROMA} are missing.",
                hint=REBUILD_HINT,
            )

    def _open_vectors(self, manifest: Manifest) -> VectorStore:
        """The vectors, no older than the manifest."""
        if self._vectors is None:
            self._vectors = self._vector_store(self._collection_name(manifest))
        if self._writer_thread is None and (
            not self._vectors.is_open
            # A folder is seen as it was when it was opened; a server as it is.
            or (self._store is None and self._vectors_generation != self._generation)
        ):
            generation = manifest.generation
            self._vectors.open()
            self._check_counts(manifest, None, self._vectors)
            self._vectors_generation = generation
        return self._vectors

    def _check_counts(
        self, manifest: Manifest, lexical: LexicalStore | None, vectors: VectorStore | None
    ) -> None:
        """Raise IndexCorrupt when a store holds fewer chunks than the manifest names."""
        if manifest.dirty:
            return  # being written, or about to be swept
        for name, store in (("postings", lexical), ("vectors", vectors)):
            if store is None:
                continue
            held = len(store)
            named = manifest.chunk_count()
            if held < named and not manifest.dirty:  # asked again: a writer may have begun
                raise IndexCorrupt(
                    f"The {name} in {self._folder} hold {held} passages of {named}.",
                    hint=REBUILD_HINT,
                )

    def _close_stores(self) -> None:
        if self._vectors is not None:
            self._vectors.close()
            self._vectors = None
        if self._lexical is not None:
            lexical, self._lexical = self._lexical, None
            with suppress(IndexCorrupt):
                lexical.close()
        self._vectors_generation = self._generation = self._data_version = -1
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def _stores(self) -> Path:
        return Path(self._copy.name) if self._copy is not None else self._folder

    def _copy_stores(self) -> None:
        """Copies of the stores: Chroma and Tantivy write to what they open, even to read it."""
        self._close_stores()
        error: Exception | None = None
        for _ in range(_COPY_ATTEMPTS):
            copy = tempfile.TemporaryDirectory(prefix="assistant-index-")
            try:
                for name in (_LEXICAL, _CHROMA):
                    if (self._folder / name).is_dir():
                        _copy_tree(self._folder / name, Path(copy.name) / name)
            except OSError as failed:  # somebody else is writing
                error = failed
                copy.cleanup()
                time.sleep(0.1)
                continue
            self._copy = copy
            return
        raise IndexFault(
            f"The index in {self._folder} can't be copied: {error}",
            hint="See whether the disk is full, or another process is writing; then try again.",
        ) from error

    def _vector_store(self, collection: str, *, in_folder: bool = False) -> VectorStore:
        dimensions = self._facts.dimensions
        if self._store is not None and not in_folder:
            return VectorStore(dimensions=dimensions, url=self._store, collection=collection)
        return VectorStore(
            dimensions=dimensions,
            folder=self._stores() / _CHROMA,
            gate=None if self._copy is not None else self._folder / _GATE,
            collection=DEFAULT_COLLECTION,
        )

    def _collection_name(self, manifest: Manifest) -> str:
        return manifest.note("collection") or DEFAULT_COLLECTION

    def _collection_of_old(self) -> str | None:
        """The collection at the server that a manifest names, if it can still be read."""
        with suppress(IndexCorrupt, IndexFault):
            manifest = Manifest.open(self._folder / _MANIFEST, writable=True)
            try:
                return manifest.note("collection")
            finally:
                manifest.close()
        return None

    # ---- writing

    def _begin_manifest(self, collection: str | None) -> Manifest:
        path = self._folder / _MANIFEST
        # Stores without a manifest hold nothing that anybody names.
        self._vector_store(DEFAULT_COLLECTION, in_folder=True).destroy()
        LexicalStore.destroy(self._folder / _LEXICAL)
        notes = {}
        if self._store is not None:
            # A name of its own: two indexes at one server must not share a collection.
            notes["collection"] = collection or f"assistant-{uuid.uuid4().hex[:16]}"
        manifest = Manifest.create(path, self._facts, notes=notes)
        self._manifest = manifest
        self._identity = manifest.identity()
        return manifest

    def _writable(self) -> bool:
        existing = self._folder
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        if self._folder.exists() and not self._folder.is_dir():
            raise IndexFault(f"{self._folder} is not a folder.", hint="Name another: --index DIR")
        return os.access(existing, os.W_OK | os.X_OK)


def _named(manifest: Manifest, k: int, search: Callable[[int], list[Hit]]) -> list[Hit]:
    """The k best hits that the manifest names: what is half written or removed is passed over."""
    depth = k
    while True:
        hits = search(depth)
        named = manifest.named(hit.id for hit in hits)
        kept = [hit for hit in hits if hit.id in named]
        if len(kept) >= k or len(hits) < depth:
            return kept[:k]
        depth *= 4


def _analysis_fingerprint() -> str:
    """Changes when the analysis of words does, be it our code or the stemmer."""
    analysed = [terms(_SAMPLE, language) for language in ("id", "en")]
    return hashlib.blake2b(repr(analysed).encode(), digest_size=6).hexdigest()


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target)
    for path in (target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | 0o700 if path.is_dir() else 0o600)
