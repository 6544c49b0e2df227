"""The vectors: cosine neighbours by Chroma, in a folder or at a server, through the same code.

A Chroma folder is fragile in three ways (each was provoked with 1.5.9), and each has its
remedy here:

- A process that opens the folder while another writes to it can die of a segmentation fault.
  Hence the gate: a lock that the writer holds during each write and a reader while it opens.
- So can one that opens damaged HNSW files, for instance after a writer was killed while it
  saved them. Hence the seal: sizes, times and checksums of these files, written after each
  write; what doesn't match is never opened.
- A process keeps the vectors it has opened, whatever others write. Hence `close` and `open`
  always begin a fresh system instead of the one that Chroma keeps per path.

Chunks carry llama-index's node as metadata, so that its `ChromaVectorStore` reads the
collection as its own. They carry no Chroma "document": its trigram index, which nothing here
asks, takes four fifths of the time and two thirds of the disk (4,017 passages: 2.1 s and
24 MB with documents, 0.8 s and 15 MB with the text in the node).
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import IndexCorrupt, IndexFault, ModelUseless, SettingsError
from assistant.lexical import Hit
from assistant.storage import locking
from assistant.storage.manifest import REBUILD_HINT, discard
from assistant.types import Chunk

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DEFAULT_COLLECTION = "passages"

_HNSW = {
    "space": "cosine",
    # Recall@50 against exact search, 4,017 bag-of-words vectors: 0.96 with Chroma's 100, 16
    # and 100; 0.998 with these, at two thirds of the speed of building.
    "ef_construction": 200,
    "max_neighbors": 24,
    "ef_search": 200,
    # One thread: two gain 6 % here, and leave the graph to chance.
    "num_threads": 1,
    # Vectors not yet in the saved graph are put there again at each opening.
    "batch_size": 100,
    "sync_threshold": 256,
}
_MAX_BATCH = 5_000
"""Chroma takes at most 5,461 rows in one call."""
_PAGE = 10_000
"""Rows per page of a listing; an unpaged one fails from some 30,000 rows."""
_DATABASE = "chroma.sqlite3"
_SEAL = "seal.json"


class VectorStore:
    """One collection of unit vectors. Reading is safe from any thread; write from one only."""

    def __init__(
        self,
        *,
        dimensions: int,
        folder: Path | None = None,
        gate: Path | None = None,
        url: str | None = None,
        collection: str = DEFAULT_COLLECTION,
    ) -> None:
        """A store in `folder`, guarded by the lock file `gate`; or at the server `url`.

        Nothing is opened before `open`. Raises SettingsError for a URL without sense.
        """
        if (folder is None) == (url is None):
            raise ValueError("a folder or a URL, and not both")
        self._folder = folder
        self._gate = gate
        self._server = None if url is None else _server(url)
        self._dimensions = dimensions
        self._name = collection
        self._client: Any = None
        self._collection: Any = None
        self._lock = threading.RLock()

    @property
    def is_open(self) -> bool:
        """Whether `open` was called, and `close` wasn't since."""
        return self._collection is not None

    def open(self, *, create: bool = False) -> None:
        """Open the collection as it is now; `create` makes an empty one where there is none.

        Raises IndexCorrupt when it is missing or damaged, IndexFault when the server can't
        be reached.
        """
        with self._lock:
            self.close()
            with self._guarded(), self._translated():
                if self._folder is not None and not create and not self.exists():
                    raise self._corrupt("it isn't there")
                if not self.sealed():
                    raise self._corrupt("its files have changed, or were left half written")
                self._client = self._connect()
                try:
                    if create:
                        self._collection = self._client.get_or_create_collection(
                            self._name, embedding_function=None, configuration={"hnsw": _HNSW}
                        )
                    else:
                        self._collection = self._client.get_collection(
                            self._name, embedding_function=None
                        )
                    if self._folder is not None and self._collection.count():
                        # Chroma reads the graph at the first query: have it inside the gate.
                        self._query([1.0] + [0.0] * (self._dimensions - 1), 1)
                        # While there are few vectors, that is when the files are made.
                        if not self.sealed():
                            self.seal(checksums=True)
                except BaseException:
                    self.close()
                    raise

    def close(self) -> None:
        """Let go of the collection; a later `open` sees it afresh."""
        with self._lock:
            client, self._client, self._collection = self._client, None, None
            if client is not None:
                with suppress(KeyError):
                    client.close()

    def exists(self) -> bool:
        """Whether there is a collection to open (for a server: taken for granted)."""
        return self._folder is None or (self._folder / _DATABASE).is_file()

    def destroy(self) -> None:
        """Remove the collection, whatever state it is in."""
        with self._lock:
            self.close()
            if self._folder is not None:
                with self._guarded():
                    discard(self._folder)
                return
            from chromadb.errors import NotFoundError

            with self._translated():
                client = self._connect()
                with suppress(NotFoundError):
                    client.delete_collection(self._name)
                client.close()

    # ---- reading

    def __len__(self) -> int:
        """Vectors in the collection."""
        with self._translated():
            return int(self._opened().count())

    def ids(self) -> list[str]:
        """The id of every vector."""
        found: list[str] = []
        with self._translated():
            collection = self._opened()
            while True:
                page = collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]
                found.extend(page)
                if len(page) < _PAGE:
                    return found

    def search(self, vector: Sequence[float], k: int) -> list[Hit]:
        """The k nearest chunks, best first, by cosine in [-1, 1]; ties by id. Opens if need be."""
        if k < 1:
            return []
        with self._lock, self._translated():  # not while another thread opens it afresh
            if self._collection is None:
                self.open()
            hits = self._query(vector, k)
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those ids that are there."""
        found: dict[str, Vectors] = {}
        with self._translated():
            for some in _slices(ids, _MAX_BATCH):
                page = self._opened().get(ids=list(some), include=["embeddings"])
                found.update(zip(page["ids"], page["embeddings"], strict=True))
        return found

    # ---- writing

    def upsert(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Put chunks with their vectors, in the place of those with the same ids."""
        with self._guarded(), self._translated():
            for at in range(0, len(chunks), _MAX_BATCH):
                some = chunks[at : at + _MAX_BATCH]
                self._opened().upsert(
                    ids=[chunk.id for chunk in some],
                    embeddings=vectors[at : at + _MAX_BATCH],
                    metadatas=[_node(chunk) for chunk in some],
                )
            self.seal()

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors by id; ids that aren't there are passed over."""
        with self._guarded(), self._translated():
            for some in _slices(ids, _MAX_BATCH):
                self._opened().delete(ids=list(some))
            self.seal()

    # ---- the seal

    def seal(self, *, checksums: bool = False) -> None:
        """Write down what the HNSW files are now, so that damage is seen.

        With checksums the seal also holds for a copy of the folder, whose times differ.
        """
        if self._folder is None or not self._folder.is_dir():
            return
        state = {
            name: [size, mtime_ns, _checksum(self._folder / name) if checksums else None]
            for name, (size, mtime_ns) in self._files().items()
        }
        written = self._folder / f"{_SEAL}.new"
        written.write_text(json.dumps(state), encoding="utf-8")
        written.replace(self._folder / _SEAL)

    def sealed(self) -> bool:
        """Whether the HNSW files are those that were sealed."""
        if self._folder is None:
            return True
        files = self._files()
        try:
            state = json.loads((self._folder / _SEAL).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return not files
        except (OSError, ValueError):
            return False
        if not isinstance(state, dict) or state.keys() != files.keys():
            return False
        for name, (size, mtime_ns) in files.items():
            match state[name]:
                case [old_size, old_mtime, _] if (old_size, old_mtime) == (size, mtime_ns):
                    continue
                case [old_size, _, int(checksum)] if old_size == size:
                    if _checksum(self._folder / name) != checksum:
                        return False
                case _:
                    return False
        return True

    def _files(self) -> dict[str, tuple[int, int]]:
        """Size and time of every file of the HNSW graph (it has one folder of its own)."""
        if self._folder is None:
            return {}
        found = {}
        for path in self._folder.glob("*/*"):
            state = path.stat()
            found[path.relative_to(self._folder).as_posix()] = (state.st_size, state.st_mtime_ns)
        return found

    # ---- Chroma

    def _opened(self) -> Any:
        collection = self._collection
        if collection is None:
            raise RuntimeError("the vectors aren't open")
        return collection

    def _query(self, vector: Sequence[float], k: int) -> list[Hit]:
        import numpy as np

        query = np.asarray(vector, dtype=np.float32)
        if query.shape != (self._dimensions,) or not np.isfinite(query).all():
            raise _useless(f"a question's vector of shape {query.shape}", self._dimensions)
        found = self._opened().query(
            query_embeddings=query[None, :], n_results=k, include=["distances"]
        )
        return [
            # Cosine distance is 1 - cosine, give or take a rounding.
            Hit(id_, max(-1.0, min(1.0, 1.0 - float(distance))))
            for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings, System

        if self._server is not None:
            host, port, ssl = self._server
            return chromadb.HttpClient(
                host=host, port=port, ssl=ssl, settings=Settings(anonymized_telemetry=False)
            )
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        system = System(
            Settings(
                anonymized_telemetry=False,
                is_persistent=True,
                persist_directory=str(self._folder),
            )
        )
        from chromadb.api.client import Client

        try:
            system.start()
            return Client.from_system(system)
        except AttributeError as error:
            # Chroma's own clean-up trips over what never started; why it didn't is behind it.
            raise ValueError(str(error.__context__ or error)) from error

    def _guarded(self) -> AbstractContextManager[Any]:
        """The gate between opening and writing."""
        if self._gate is None:
            return nullcontext()
        return locking.gate(self._gate)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Chroma's errors as ours."""
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, ValueError, OSError, httpx.HTTPError) as error:
            if self._server is None:
                raise self._corrupt(_first_line(error)) from error
            host, port, _ = self._server
            if "connect" in str(error).lower() or isinstance(error, httpx.TransportError):
                raise IndexFault(
                    f"No Chroma server answers at {host}:{port}.",
                    hint="Start it (chroma run --path DIR), or leave out --store.",
                ) from error
            raise IndexFault(
                f"The Chroma server at {host}:{port} failed: {_first_line(error)}",
                hint=REBUILD_HINT,
            ) from error

    def _corrupt(self, why: str) -> IndexCorrupt:
        return IndexCorrupt(
            f"The vectors in {self._folder} can't be used: {why}.", hint=REBUILD_HINT
        )


def as_vectors(found: Sequence[Sequence[float]], *, rows: int, dimensions: int) -> Vectors:
    """An embedder's vectors as one array, float32, shape (rows, dimensions).

    Raises ModelUseless when it isn't that, or holds what isn't a number.
    """
    import numpy as np

    try:
        array = np.asarray(found, dtype=np.float32)
    except ValueError as error:
        raise _useless("vectors of unequal length", dimensions) from error
    if array.shape != (rows, dimensions):
        raise _useless(f"vectors of shape {array.shape} for {rows} passages", dimensions)
    if not np.isfinite(array).all():
        raise _useless("vectors with values that aren't numbers", dimensions)
    return array


def _useless(what: str, dimensions: int) -> ModelUseless:
    return ModelUseless(
        f"The embedder gave {what}; it promises {dimensions} numbers for each.",
        hint="Try again, or choose another embedder: --embedder SPEC",
    )


def _node(chunk: Chunk) -> dict[str, str]:
    """A chunk as llama-index writes a TextNode into Chroma."""
    node = {
        "class_name": "TextNode",
        "id_": chunk.id,
        "text": chunk.text,
        "start_char_idx": chunk.start,
        "end_char_idx": chunk.end,
        "metadata": {"file": chunk.file, "title": chunk.title, "published": chunk.published},
    }
    return {"_node_content": json.dumps(node, ensure_ascii=False), "file": chunk.file}


def _server(url: str) -> tuple[str, int, bool]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            f"The store {url!r} isn't the URL of a Chroma server.",
            hint="Write it as http://HOST:PORT, or leave it out to keep the vectors in the index.",
        )
    ssl = parts.scheme == "https"
    return parts.hostname, port or (443 if ssl else 8000), ssl


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum


def _slices(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
