from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from bags import BagOfWords
from chroma_server import server  # noqa: F401 - a fixture

from assistant.errors import IndexCorrupt, IndexFault, ModelUseless, SettingsError
from assistant.types import Chunk
from assistant.vectors import VectorStore, as_vectors

BAG = BagOfWords()
TEXTS = {
    "a": "perdagangan rusia dan korea utara naik",
    "b": "kim jong un bertemu putin",
    "c": "beras kopi kakao",
}


def chunk(id_: str, text: str, *, start: int = 0) -> Chunk:
    return Chunk(
        id_, f"{id_}.txt", start, start + len(text), 1, text, 9, (), "Judul", None, None, "id"
    )


def put(store: VectorStore, texts: dict[str, str]) -> None:
    chunks = [chunk(id_, text) for id_, text in texts.items()]
    store.upsert(chunks, np.array(BAG.embed_passages(list(texts.values())), dtype=np.float32))


def in_folder(tmp_path: Path) -> VectorStore:
    return VectorStore(
        dimensions=BAG.dimensions, folder=tmp_path / "chroma", gate=tmp_path / ".gate"
    )


@pytest.fixture(params=["folder", "server"])
def store(request, tmp_path: Path):
    """The same laws for both places."""
    if request.param == "folder":
        store = in_folder(tmp_path)
    else:
        request.getfixturevalue("socket_enabled")
        url = request.getfixturevalue("server")
        store = VectorStore(dimensions=BAG.dimensions, url=url, collection="laws")
    store.open(create=True)
    yield store
    store.destroy()


def test_the_nearest_come_first_with_their_cosine(store: VectorStore) -> None:
    put(store, TEXTS)
    query = BAG.embed_query("putin bertemu kim")
    hits = store.search(query, 3)
    assert hits[0].id == "b"
    for hit in hits:
        wanted = float(np.dot(query, BAG.embed_query(TEXTS[hit.id])))
        assert hit.score == pytest.approx(wanted, abs=1e-5)
        assert -1.0 <= hit.score <= 1.0


def test_fewer_vectors_than_asked_for_are_all_there_are(store: VectorStore) -> None:
    assert store.search(BAG.embed_query("kim"), 5) == []
    put(store, TEXTS)
    assert len(store.search(BAG.embed_query("kim"), 50)) == 3
    assert store.search(BAG.embed_query("kim"), 0) == []


def test_upserting_again_replaces(store: VectorStore) -> None:
    put(store, TEXTS)
    put(store, {"a": "beras kopi kakao gandum"})
    assert len(store) == 3
    assert store.search(BAG.embed_query("perdagangan rusia"), 1)[0].score < 0.5
    assert store.search(BAG.embed_query("gandum"), 1)[0].id == "a"


def test_what_is_deleted_is_not_found(store: VectorStore) -> None:
    put(store, TEXTS)
    store.delete(["b", "never there"])
    store.delete([])
    assert sorted(store.ids()) == ["a", "c"]
    assert "b" not in {hit.id for hit in store.search(BAG.embed_query("kim putin"), 5)}


def test_vectors_can_be_read_back(store: VectorStore) -> None:
    put(store, TEXTS)
    found = store.vectors(["c", "never there"])
    assert list(found) == ["c"]
    assert found["c"] == pytest.approx(BAG.embed_query(TEXTS["c"]), abs=1e-6)


def test_a_batch_may_exceed_what_chroma_takes(tmp_path: Path) -> None:
    store = VectorStore(dimensions=2, folder=tmp_path / "chroma", gate=tmp_path / ".gate")
    store.open(create=True)
    many = [chunk(f"{n:05}", "x") for n in range(5_600)]
    angles = np.linspace(0, 1, len(many), dtype=np.float32)
    store.upsert(many, np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert len(store) == len(many)
    assert len(set(store.ids())) == len(many)
    store.delete([each.id for each in many])
    assert len(store) == 0
    store.close()


def test_a_reader_sees_what_was_written_since_when_it_opens_again(tmp_path: Path) -> None:
    writer, reader = in_folder(tmp_path), in_folder(tmp_path)
    writer.open(create=True)
    put(writer, {"a": TEXTS["a"]})
    reader.open()
    put(writer, {"b": TEXTS["b"]})
    reader.open()
    assert reader.search(BAG.embed_query(TEXTS["b"]), 1)[0].id == "b"
    reader.close()
    assert len(writer) == 2, "closing one leaves the other open"
    writer.close()


def test_llama_index_reads_the_collection_as_its_own(tmp_path: Path) -> None:
    adapter = pytest.importorskip("llama_index.vector_stores.chroma")
    from llama_index.core.vector_stores.types import VectorStoreQuery

    store = in_folder(tmp_path)
    store.open(create=True)
    put(store, TEXTS)
    found = adapter.ChromaVectorStore(chroma_collection=store._collection).query(
        VectorStoreQuery(query_embedding=BAG.embed_query("kim putin"), similarity_top_k=1)
    )
    (node,) = found.nodes
    assert (node.node_id, node.text) == ("b", TEXTS["b"])
    assert (node.start_char_idx, node.end_char_idx) == (0, len(TEXTS["b"]))
    assert node.metadata["file"] == "b.txt"
    store.close()


# ---- damage


def filled(tmp_path: Path) -> Path:
    store = in_folder(tmp_path)
    store.open(create=True)
    put(store, {f"{n}": f"kata{n} isi{n % 7}" for n in range(400)})
    store.seal(checksums=True)
    store.close()
    return tmp_path / "chroma"


HNSW = ["data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle"]


@pytest.mark.parametrize("damage", ["cut", "scrambled", "removed"])
@pytest.mark.parametrize("name", [*HNSW, "chroma.sqlite3"])
def test_damaged_files_are_refused_before_chroma_dies_of_them(
    tmp_path: Path, name: str, damage: str
) -> None:
    (path,) = filled(tmp_path).rglob(name)
    whole = path.read_bytes()
    time.sleep(0.01)
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else whole[::-1])
    store = in_folder(tmp_path)
    with pytest.raises(IndexCorrupt) as caught:
        store.open()
    assert "--rebuild" in caught.value.hint
    store.destroy()
    store.open(create=True)
    assert len(store) == 0
    store.close()


def test_a_copy_of_the_folder_is_as_good_though_its_times_differ(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    shutil.copytree(folder, tmp_path / "copy" / "chroma", copy_function=shutil.copyfile)
    store = in_folder(tmp_path / "copy")
    store.open()
    assert len(store) == 400
    store.close()


@pytest.mark.parametrize("seal", ["", "[]", "{}", json.dumps({"a/b": 3})])
def test_a_damaged_seal_is_no_seal(tmp_path: Path, seal: str) -> None:
    (filled(tmp_path) / "seal.json").write_text(seal)
    with pytest.raises(IndexCorrupt):
        in_folder(tmp_path).open()


def test_a_folder_without_vectors_is_corrupt_unless_it_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt):
        in_folder(tmp_path).open()


_WRITER = """
import sys, numpy as np
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_vectors import in_folder, put
store = in_folder(Path(sys.argv[1]))
store.open(create=True)
for batch in range(40):
    put(store, {f"{batch}-{n}": f"kata{n} batch{batch}" for n in range(300)})
"""


def test_a_reader_that_opens_beside_a_writer_neither_dies_nor_errs(tmp_path: Path) -> None:
    put_some = in_folder(tmp_path)
    put_some.open(create=True)
    put(put_some, TEXTS)
    put_some.close()
    here = str(Path(__file__).parent)
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), here])
    opened = 0
    while writer.poll() is None:
        reader = in_folder(tmp_path)
        reader.open()
        assert reader.search(BAG.embed_query(TEXTS["b"]), 1)[0].id == "b"
        reader.close()
        opened += 1
    assert writer.returncode == 0
    assert opened > 3
    reader = in_folder(tmp_path)
    reader.open()
    assert len(reader) == 40 * 300 + 3
    assert reader.search(BAG.embed_query("kata7 batch33"), 1)[0].score > 0.99
    reader.close()


# ---- what is refused


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://", "http://h:port", ""])
def test_a_url_without_sense_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError, match="URL of a Chroma server"):
        VectorStore(dimensions=2, url=url)


@pytest.mark.usefixtures("socket_enabled")
def test_a_server_that_does_not_answer_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(IndexFault, match=f"127.0.0.1:{port}") as caught:
            VectorStore(dimensions=2, url=f"http://127.0.0.1:{port}").open(create=True)
    assert "chroma run" in caught.value.hint


@pytest.mark.parametrize(
    "found",
    [
        [[1.0, 0.0]],
        [[1.0], [0.0, 1.0]],
        [[1.0, 0.0, 0.0]] * 2,
        [[float("nan"), 0.0]] * 2,
        [1.0, 0.0],
    ],
)
def test_an_embedder_that_breaks_its_promise_is_named(found) -> None:
    with pytest.raises(ModelUseless, match="embedder"):
        as_vectors(found, rows=2, dimensions=2)


def test_a_question_of_another_length_is_refused(tmp_path: Path) -> None:
    store = in_folder(tmp_path)
    store.open(create=True)
    put(store, TEXTS)
    with pytest.raises(ModelUseless):
        store.search([1.0, 0.0], 3)
    store.close()


def test_no_environment_switches_telemetry_on(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    store = in_folder(tmp_path)
    store.open(create=True)
    assert store._client.get_settings().anonymized_telemetry is False
    store.close()
    assert os.environ["ANONYMIZED_TELEMETRY"] == "True"
