"""The manifest: what the index holds, and the only part of it that is believed.

One SQLite file. A chunk that it doesn't name doesn't exist, whatever the vectors and the
postings hold; an article is in the index from the transaction that names it to the one
that removes it. It keeps the text of the chunks, so that a question needs no article file.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from assistant.errors import IndexCorrupt, IndexFault, IndexLocked, IndexMismatch, IndexReadOnly
from assistant.types import Article, Chunk, Language, SentenceSpan, Skipped

REBUILD_HINT = "Build it anew: assistant index --rebuild"

SCHEMA = 2
"""Version of the tables below, of the postings' fields and of the vectors' metadata."""

_BUSY_MS = 5_000
"""How long a reader waits for a writer's commit, which takes milliseconds."""

_TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    number INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    outlet TEXT,
    language TEXT NOT NULL
);
CREATE TABLE chunk (
    id TEXT PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (number),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    line INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX chunk_article ON chunk (article);
CREATE TABLE skipped (
    file TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    max_bytes INTEGER NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
"""

_CHUNK_COLUMNS = """
    chunk.id, file, start, end, line, text, tokens, sentences, title, published, outlet, language
"""

_SENTENCE = struct.Struct("<IIB")
"""Start and end, relative to the chunk, and whether it is a heading."""


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """What the index was built with; other facts need another index.

    `analysis` is a fingerprint of the lexical analysis, `reading` the versions of reading and
    chunking, `store` where the vectors are ("folder", or the URL of a server).
    """

    schema: int
    embedder: str
    dimensions: int
    chunk_tokens: int
    analysis: str
    reading: str
    store: str


_FACT_NAMES = {
    "schema": "index format",
    "embedder": "embedder",
    "dimensions": "vector length",
    "chunk_tokens": "chunk size in tokens",
    "analysis": "word analysis",
    "reading": "article reading",
    "store": "vector store",
}


class FileState(NamedTuple):
    """A file as it was when it was last read. `mtime_ns` is -1 where it can't be trusted.

    A named tuple, since every start of the program makes one for each file.
    """

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SkippedState:
    """A file that could not be read as an article, as it was at the time."""

    file: str
    size: int
    mtime_ns: int
    max_bytes: int
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """One indexed article. `chars` counts the code points of its chunks."""

    file: str
    sha256: str
    size: int
    mtime_ns: int
    title: str
    published: str | None
    outlet: str | None
    language: Language
    chunks: int
    chars: int


class Manifest:
    """One connection to the manifest. Safe to share between threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, *, writable: bool) -> Manifest:
        """Open the manifest at `path`.

        Raises IndexCorrupt when the file is missing, or isn't a manifest.
        """
        with _translated(path):
            if not path.is_file():
                raise IndexCorrupt(f"There is no manifest at {path}.", hint=REBUILD_HINT)
            # A reader, too, may have to roll back what a killed writer left half done.
            connection = _connect(path, "rw" if writable else "ro")
            manifest = cls(path, connection)
            try:
                manifest._fact("schema")
            except BaseException:
                connection.close()
                raise
            return manifest

    @classmethod
    def create(
        cls, path: Path, facts: BuildFacts, *, notes: Mapping[str, str] | None = None
    ) -> Manifest:
        """Begin an empty manifest where there is none; `notes` are kept beside the facts."""
        with _translated(path):
            # Whole or not at all: it gets its name when it is complete.
            unnamed = path.with_name(f"{path.name}.new")
            cls.destroy(unnamed)
            values = asdict(facts) | {"generation": 0, "dirty": 0} | dict(notes or {})
            connection = _connect(unnamed, "rwc")
            try:
                connection.executescript(_TABLES)
                connection.executemany(
                    "INSERT INTO fact VALUES (?, ?)",
                    [(name, str(value)) for name, value in values.items()],
                )
            finally:
                connection.close()
            unnamed.replace(path)
            return cls(path, _connect(path, "rw"))

    @staticmethod
    def destroy(path: Path) -> None:
        """Remove the manifest and its journal, whatever state they are in."""
        for leftover in (f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(leftover).unlink(missing_ok=True)
        discard(path)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    # ---- reading

    def check(self, facts: BuildFacts) -> None:
        """Raise IndexMismatch, naming the first difference, unless the index has `facts`."""
        built = {name: self._fact(name, default="nothing") for name in _FACT_NAMES}
        for field in fields(facts):
            wanted = str(getattr(facts, field.name))
            if built[field.name] != wanted:
                raise IndexMismatch(
                    f"The index in {self._path.parent} was built with another "
                    f"{_FACT_NAMES[field.name]}: {built[field.name]}, not {wanted}.",
                    hint="Build it anew with these settings: assistant index --rebuild",
                )

    @property
    def generation(self) -> int:
        """Rises with every commit and before every change of the stores."""
        return self._number_fact("generation")

    @property
    def dirty(self) -> bool:
        """Whether the stores may hold chunks that the manifest doesn't name."""
        return self._number_fact("dirty") != 0

    def data_version(self) -> int:
        """A number that differs after another connection has committed. Microseconds."""
        return int(self._one("PRAGMA data_version", ())[0])

    def identity(self) -> tuple[int, int]:
        """Which file this is: differs after a rebuild has put another in its place."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_dev, found.st_ino)

    def note(self, name: str) -> str | None:
        """A fact that was kept beside the build facts, or None."""
        return self._fact(name, default="") or None

    def files(self) -> dict[str, FileState]:
        """Every indexed file."""
        rows = self._all("SELECT file, sha256, size, mtime_ns FROM article", ())
        return {row[0]: FileState._make(row[1:]) for row in rows}

    def skipped(self) -> dict[str, SkippedState]:
        """Every file that was passed over, and why."""
        rows = self._all("SELECT file, size, mtime_ns, max_bytes, reason FROM skipped", ())
        return {row[0]: SkippedState(*row) for row in rows}

    def skips(self) -> list[Skipped]:
        """The files that were passed over, by name."""
        rows = self._all("SELECT file, reason FROM skipped ORDER BY file", ())
        return [Skipped(file, reason) for file, reason in rows]

    def articles(self) -> list[ArticleRecord]:
        """Every indexed article, by file."""
        rows = self._all(
            """
            SELECT file, sha256, size, mtime_ns, title, published, outlet, language,
                   COUNT(chunk.id), COALESCE(SUM(chunk.end - chunk.start), 0)
            FROM article LEFT JOIN chunk ON chunk.article = article.number
            GROUP BY article.number ORDER BY file
            """,
            (),
        )
        return [ArticleRecord(*row) for row in rows]

    def chunk_count(self) -> int:
        """How many chunks the index holds."""
        return int(self._one("SELECT COUNT(*) FROM chunk", ())[0])

    def chunk_ids(self) -> set[str]:
        """The id of every chunk."""
        return {id_ for (id_,) in self._all("SELECT id FROM chunk", ())}

    def named(self, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that the index holds."""
        rows = self._all(
            "SELECT id FROM chunk WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {id_ for (id_,) in rows}

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """The chunks with these ids, in this order; those it doesn't name are left out."""
        rows = self._all(
            f"""
            SELECT {_CHUNK_COLUMNS} FROM chunk JOIN article ON article.number = chunk.article
            WHERE chunk.id IN (SELECT value FROM json_each(?))
            """,
            (json.dumps(list(ids)),),
        )
        with _translated(self._path):
            found = {row[0]: _chunk(row) for row in rows}
        return [found[id_] for id_ in ids if id_ in found]

    def chunks_of(self, files: Iterable[str]) -> Iterator[Chunk]:
        """The chunks of these articles, article by article, in the order of their text."""
        for file in files:
            rows = self._all(
                f"""
                SELECT {_CHUNK_COLUMNS} FROM article JOIN chunk ON article.number = chunk.article
                WHERE file = ? ORDER BY start
                """,
                (file,),
            )
            with _translated(self._path):
                chunks = [_chunk(row) for row in rows]
            yield from chunks

    # ---- writing: by the one process that holds the index's lock

    def begin_stores(self) -> None:
        """Write down, before a store is touched, that the stores are about to change."""
        with self._transaction():
            self._set("dirty", 1)
            self._advance()

    def end_stores(self) -> None:
        """Write down that the stores hold what the manifest names and nothing else."""
        with self._transaction():
            self._set("dirty", 0)

    def put(
        self,
        articles: Sequence[tuple[Article, FileState, Sequence[Chunk]]],
        *,
        skipped: Sequence[SkippedState] = (),
        seen: Mapping[str, FileState] | None = None,
        removed: Iterable[str] = (),
        forgotten: Iterable[str] = (),
    ) -> None:
        """In one transaction: name these articles and their chunks in place of older ones.

        `skipped` are files that couldn't be read (an older article of that name goes), `seen`
        files whose content hasn't changed though their time has, `removed` and `forgotten`
        indexed and skipped files that are no longer there.
        """
        replaced = [article.file for article, _, _ in articles]
        gone = [*removed, *replaced, *(skip.file for skip in skipped)]
        with self._transaction():
            run = self._connection.executemany
            run(
                "DELETE FROM chunk WHERE article = (SELECT number FROM article WHERE file = ?)",
                [(file,) for file in gone],
            )
            run("DELETE FROM article WHERE file = ?", [(file,) for file in gone])
            run("DELETE FROM skipped WHERE file = ?", [(file,) for file in (*gone, *forgotten)])
            for article, state, chunks in articles:
                number = self._connection.execute(
                    "INSERT INTO article VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        article.file,
                        article.sha256,
                        state.size,
                        state.mtime_ns,
                        article.title,
                        article.published,
                        article.outlet,
                        article.language,
                    ),
                ).lastrowid
                run(
                    "INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (
                            chunk.id,
                            number,
                            chunk.start,
                            chunk.end,
                            chunk.line,
                            chunk.tokens,
                            _pack(chunk),
                            chunk.text,
                        )
                        for chunk in chunks
                    ],
                )
            run(
                "INSERT INTO skipped VALUES (?, ?, ?, ?, ?)",
                [(s.file, s.size, s.mtime_ns, s.max_bytes, s.reason) for s in skipped],
            )
            run(
                "UPDATE article SET size = ?, mtime_ns = ? WHERE file = ?",
                [(state.size, state.mtime_ns, file) for file, state in (seen or {}).items()],
            )
            self._advance()

    # ---- SQLite

    def _fact(self, name: str, *, default: str | None = None) -> str:
        rows = self._all("SELECT value FROM fact WHERE name = ?", (name,))
        if rows:
            return str(rows[0][0])
        if default is None:
            raise IndexCorrupt(
                f"The manifest {self._path} doesn't say its {name}.", hint=REBUILD_HINT
            )
        return default

    def _number_fact(self, name: str) -> int:
        value = self._fact(name)
        try:
            return int(value)
        except ValueError as error:
            raise IndexCorrupt(
                f"The manifest {self._path} says {value!r} for its {name}.", hint=REBUILD_HINT
            ) from error

    def _set(self, name: str, value: int) -> None:
        self._connection.execute("UPDATE fact SET value = ? WHERE name = ?", (str(value), name))

    def _advance(self) -> None:
        self._connection.execute(
            "UPDATE fact SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'"
        )

    def _all(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._lock, _translated(self._path):
            return self._connection.execute(sql, parameters).fetchall()

    def _one(self, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...]:
        return self._all(sql, parameters)[0]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, _translated(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise


def discard(path: Path) -> None:
    """Remove a folder with all that is in it, or whatever else stands in its place."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # A rollback journal, not a write-ahead log: a log needs a shared-memory file beside it,
    # which a read-only folder can't have.
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
    )


def _pack(chunk: Chunk) -> bytes:
    return b"".join(
        _SENTENCE.pack(span.start - chunk.start, span.end - chunk.start, span.heading)
        for span in chunk.sentences
    )


def _chunk(row: tuple[Any, ...]) -> Chunk:
    id_, file, start, end, line, text, tokens, packed, title, published, outlet, language = row
    return Chunk(
        id_,
        file,
        start,
        end,
        line,
        text,
        tokens,
        tuple(
            SentenceSpan(start + first, start + last, bool(heading))
            for first, last, heading in _SENTENCE.iter_unpack(packed)
        ),
        title,
        published,
        outlet,
        language,
    )


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours; by code, since its messages differ between versions."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexLocked(
                f"Another process is writing to {path}.", hint="Try again in a moment."
            ) from error
        if code == sqlite3.SQLITE_READONLY:
            raise IndexReadOnly(
                f"The manifest {path} can't be written.",
                hint="Make the folder writable, or choose another: --index DIR",
            ) from error
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise IndexFault(
                f"The manifest {path} can't be written or read: {error}.",
                hint="See whether the disk is full or failing.",
            ) from error
        raise IndexCorrupt(
            f"The manifest {path} can't be read: {error}.", hint=REBUILD_HINT
        ) from error
    except (struct.error, UnicodeDecodeError) as error:
        raise IndexCorrupt(
            f"The manifest {path} holds what was never written: {error}.", hint=REBUILD_HINT
        ) from error
