from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from bags import BagOfWords
from chroma_server import server  # noqa: F401 - a fixture
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import assistant.storage.indexing as indexing
from assistant.errors import (
    AssistantError,
    IndexCorrupt,
    IndexLocked,
    IndexMismatch,
    IndexReadOnly,
    ModelUseless,
    SeedsError,
)
from assistant.index import Index, PhraseTerm, QueryTerm
from assistant.language import stem
from assistant.vectors import VectorStore

HERE = Path(__file__).parent
LONG_AGO = 1_700_000_000
TEXTS = {
    "dagang.txt": "Perdagangan Rusia dan Korea Utara naik sembilan kali lipat pada 2023.",
    "temu.txt": "Kim Jong Un bertemu Vladimir Putin di Vladivostok pada April 2019.",
    "pangan/beras.md": "# Beras\n\nHarga beras di Surabaya turun menjelang panen raya.",
    "kopi.txt": "Petani kopi di Toraja menanam kembali kebun yang rusak karena badai.",
}


def write(seeds: Path, file: str, text: str | bytes, *, age: int = 0) -> None:
    path = seeds / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    stamp = (LONG_AGO + age) * 1_000_000_000 + 123
    os.utime(path, ns=(stamp, stamp))


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for file, text in TEXTS.items():
        write(tmp_path / "seeds", file, text)
    return tmp_path / "seeds"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "README.md").write_text("mine")
    return tmp_path / "index"


def opened(seeds: Path, folder: Path, embedder: BagOfWords | None = None, **options) -> Index:
    options = {"lock_wait_s": 0.0} | options
    return Index.open(seeds, folder, embedder=embedder or BagOfWords(), **options)


def built(seeds: Path, folder: Path) -> None:
    with opened(seeds, folder) as index:
        index.refresh()


def found(index: Index, words: str) -> list[str]:
    """Files that the postings find, best first."""
    terms = [QueryTerm(((stem(word.lower(), "id"), 1.0),)) for word in words.split()]
    return files(index, index.lexical_search(terms, 10))


def near(index: Index, text: str, k: int = 1) -> list[str]:
    """Files that the vectors find, best first."""
    return files(index, index.dense_search(BagOfWords().embed_query(text), k))


def files(index: Index, hits) -> list[str]:
    return [chunk.file for chunk in index.chunks([hit.id for hit in hits])]


def holdings(index: Index) -> tuple[set[str], set[str], set[str]]:
    """The ids in the manifest, the postings and the vectors."""
    index.dense_search(BagOfWords().embed_query("x"), 1)
    assert index._manifest is not None
    assert index._lexical is not None
    assert index._vectors is not None
    return index._manifest.chunk_ids(), set(index._lexical.ids()), set(index._vectors.ids())


def assert_as_new(index: Index, seeds: Path, tmp_path: Path) -> None:
    """The index is what a new one of the same folder would be, in all three parts."""
    fresh = tmp_path / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    with opened(seeds, fresh) as other:
        other.refresh()
        ids, postings, vectors = holdings(index)
        assert ids == postings == vectors
        assert ids == holdings(other)[0]
        assert [
            (article.file, article.sha256, article.chunks, article.chars)
            for article in index.articles()
        ] == [
            (article.file, article.sha256, article.chunks, article.chars)
            for article in other.articles()
        ]


def snapshot(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in without
    }


# ---- what it holds


def test_what_is_in_the_folder_is_found_by_either_arm(seeds: Path, folder: Path) -> None:
    with opened(seeds, folder) as index:
        done = index.refresh()
        assert sorted(done.added) == sorted(TEXTS)
        assert found(index, "perdagangan Rusia") == ["dagang.txt"]
        assert found(index, "Jakarta") == []
        assert near(index, "Harga beras di Surabaya") == ["pangan/beras.md"]
        assert files(index, index.lexical_search([PhraseTerm(("jong", "un"))], 5)) == ["temu.txt"]
        assert index.document_frequencies([stem("pada", "id"), "jakarta"]) == [2, 0]
        assert len(index) == sum(article.chunks for article in index.articles())


def test_a_chunk_is_the_verbatim_span_of_its_file(seeds: Path, folder: Path) -> None:
    write(seeds, "crlf.txt", "\ufeffSatu baris.\r\n\r\nDua 😀 baris: café.\r\n")
    with opened(seeds, folder) as index:
        index.refresh()
        for id_ in holdings(index)[0]:
            (chunk,) = index.chunks([id_])
            text = (seeds / chunk.file).read_bytes().decode()
            assert text[chunk.start : chunk.end] == chunk.text
            for span in chunk.sentences:
                assert chunk.start <= span.start < span.end <= chunk.end


def test_chunks_come_in_the_order_asked_for_and_unknown_ones_not_at_all(
    seeds: Path, folder: Path
) -> None:
    with opened(seeds, folder) as index:
        index.refresh()
        ids = sorted(holdings(index)[0], reverse=True)
        assert [chunk.id for chunk in index.chunks(["?", *ids, "??"])] == ids


def test_the_dense_score_is_the_cosine(seeds: Path, folder: Path) -> None:
    bag = BagOfWords()
    with opened(seeds, folder) as index:
        index.refresh()
        query = bag.embed_query("Kim Jong Un dan beras")
        for hit in index.dense_search(query, 10):
            (chunk,) = index.chunks([hit.id])
            cosine = sum(a * b for a, b in zip(query, bag.embed_query(chunk.text), strict=True))
            assert hit.score == pytest.approx(cosine, abs=1e-5)


# ---- law 5


def test_indexing_twice_changes_nothing(seeds: Path, folder: Path) -> None:
    built(seeds, folder)
    before = snapshot(folder)
    with opened(seeds, folder) as index:
        again = index.refresh()
    assert (again.added, again.changed, again.removed) == ((), (), ())
    assert sorted(again.unchanged) == sorted(TEXTS)
    assert snapshot(folder) == before


def test_ids_derive_from_path_and_content(seeds: Path, folder: Path, tmp_path: Path) -> None:
    built(seeds, folder)
    with opened(seeds, folder) as index:
        assert_as_new(index, seeds, tmp_path)


def test_a_rebuild_gives_the_same_ids(seeds: Path, folder: Path, tmp_path: Path) -> None:
    with opened(seeds, folder) as index:
        index.refresh()
        assert sorted(index.rebuild().added) == sorted(TEXTS)
        assert found(index, "Putin") == ["temu.txt"]
        assert_as_new(index, seeds, tmp_path)
    assert (folder / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("embedder", "options", "named"),
    [
        (BagOfWords(name="another"), {}, "embedder"),
        (BagOfWords(dimensions=64), {}, "vector length"),
        (None, {"chunk_tokens": 99}, "chunk size"),
        (None, {"store": "http://127.0.0.1:9"}, "vector store"),
    ],
)
def test_an_index_built_otherwise_is_refused_with_the_command_that_rebuilds_it(
    seeds: Path, folder: Path, embedder, options, named: str
) -> None:
    built(seeds, folder)
    before = snapshot(folder)
    with opened(seeds, folder, embedder, **options) as index:
        with pytest.raises(IndexMismatch, match=named) as caught:
            index.refresh()
        assert "assistant index --rebuild" in caught.value.hint
        assert snapshot(folder) == before
        if "store" not in options:
            index.rebuild()
            assert found(index, "Putin") == ["temu.txt"]


@pytest.mark.parametrize("fact", ["_analysis_fingerprint", "READING", "SCHEMA"])
def test_an_index_of_another_version_is_refused(
    seeds: Path, folder: Path, monkeypatch, fact: str
) -> None:
    built(seeds, folder)
    other = (lambda: "other") if fact.startswith("_") else 99
    monkeypatch.setattr(f"assistant.index.{fact}", other)
    with opened(seeds, folder) as index, pytest.raises(IndexMismatch):
        index.refresh()


# ---- keeping up


def test_edits_renames_and_deletions_are_followed(
    seeds: Path, folder: Path, tmp_path: Path
) -> None:
    built(seeds, folder)
    write(seeds, "dagang.txt", "Ekspor gandum Ukraina terhenti di pelabuhan Odesa.", age=5)
    (seeds / "temu.txt").rename(seeds / "pertemuan.txt")
    (seeds / "kopi.txt").unlink()
    write(seeds, "baru.txt", "Gempa mengguncang Palu pada malam hari.")
    with opened(seeds, folder) as index:
        done = index.refresh()
        assert done.added == ("baru.txt", "pertemuan.txt")
        assert done.changed == ("dagang.txt",)
        assert done.removed == ("kopi.txt", "temu.txt")
        assert done.unchanged == ("pangan/beras.md",)
        assert found(index, "perdagangan Rusia kopi") == []
        assert found(index, "gandum") == ["dagang.txt"]
        assert found(index, "Putin") == near(index, "bertemu Vladimir Putin") == ["pertemuan.txt"]
        assert_as_new(index, seeds, tmp_path)


def test_a_renamed_article_is_not_embedded_again(seeds: Path, folder: Path) -> None:
    built(seeds, folder)
    (seeds / "temu.txt").rename(seeds / "pertemuan.txt")
    bag = BagOfWords()
    with opened(seeds, folder, bag) as index:
        index.refresh()
        assert near(index, "bertemu Vladimir Putin") == ["pertemuan.txt"]
    assert bag.embedded == []


def test_a_new_time_alone_is_noted_and_nothing_else(seeds: Path, folder: Path) -> None:
    built(seeds, folder)
    write(seeds, "temu.txt", TEXTS["temu.txt"], age=60)
    bag = BagOfWords()
    with opened(seeds, folder, bag) as index:
        assert sorted(index.refresh().unchanged) == sorted(TEXTS)
        (record,) = [record for record in index.articles() if record.file == "temu.txt"]
        assert record.mtime_ns // 10**9 == LONG_AGO + 60
        before = snapshot(folder)
        index.refresh()
        assert snapshot(folder) == before
    assert bag.embedded == []


def test_an_edit_within_the_clocks_tick_is_seen(seeds: Path, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(indexing, "_CLOCK_TICK_NS", 60_000_000_000)  # machines can be busy
    path = seeds / "jam.txt"
    path.write_text("Pukul tujuh pagi.")
    with opened(seeds, folder) as index:
        index.refresh()
        stamp = path.stat().st_mtime_ns
        path.write_text("Pukul enam sore..")
        os.utime(path, ns=(stamp, stamp))
        assert index.refresh().changed == ("jam.txt",)
        assert found(index, "sore") == ["jam.txt"]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a.txt", "b.txt", "sub/c.md", "d.txt"]),
            st.sampled_from(
                ["satu dua tiga.", "empat lima.", "Enam.\n\nTujuh delapan.", None, b"\xff"]
            ),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_any_history_leads_to_the_index_of_the_folder_as_it_is(tmp_path_factory, history) -> None:
    tmp_path = tmp_path_factory.mktemp("history")
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write(seeds, "stays.txt", "Yang tetap tinggal.")
    with opened(seeds, folder) as index:
        for age, (file, text) in enumerate(history):
            if text is None:
                (seeds / file).unlink(missing_ok=True)
            else:
                write(seeds, file, text, age=age)
            index.refresh()
        assert_as_new(index, seeds, tmp_path)


# ---- files that can't be used, folders that hold none


def test_a_bad_file_is_skipped_named_and_not_read_again(
    seeds: Path, folder: Path, monkeypatch
) -> None:
    write(seeds, "gambar.txt", b"\x00\x01binary\xff")
    write(seeds, "besar.txt", "kata " * 3_000)
    with opened(seeds, folder, max_bytes=9_000) as index:
        done = index.refresh()
        assert sorted(done.added) == sorted(TEXTS)
        assert [skip.file for skip in done.skipped] == ["besar.txt", "gambar.txt"]

        read = []
        original = indexing.read_article
        monkeypatch.setattr(
            indexing,
            "read_article",
            lambda root, file, **options: (read.append(file), original(root, file, **options))[1],
        )
        assert index.refresh().skipped == done.skipped
        assert index.skipped() == list(done.skipped)
        assert read == []

        write(seeds, "gambar.txt", "Sekarang teks.", age=9)
        write(seeds, "temu.txt", b"\xff\xfe", age=9)
        then = index.refresh()
        assert then.added == ("gambar.txt",)
        assert then.removed == ("temu.txt",)
        assert [skip.file for skip in then.skipped] == ["besar.txt", "temu.txt"]
        assert found(index, "Putin") == []
    with opened(seeds, folder) as index:
        assert index.refresh().added == ("besar.txt",)


def test_no_folder_and_no_article_are_said(tmp_path: Path, folder: Path) -> None:
    with opened(tmp_path / "nowhere", folder) as index, pytest.raises(SeedsError):
        index.refresh()
    (tmp_path / "empty").mkdir()
    with opened(tmp_path / "empty", folder) as index:
        for attempt in (index.refresh, index.rebuild):
            with pytest.raises(SeedsError, match="no article"):
                attempt()
    write(tmp_path / "empty", "x.txt", b"\xff")
    with opened(tmp_path / "empty", folder) as index:
        for _ in range(2):
            with pytest.raises(SeedsError, match=r"x\.txt"):
                index.refresh()
    assert (folder / "README.md").exists()


def test_a_folder_that_was_emptied_shows_nothing_stale(seeds: Path, folder: Path) -> None:
    with opened(seeds, folder) as index:
        index.refresh()
        shutil.rmtree(seeds)
        seeds.mkdir()
        with pytest.raises(SeedsError):
            index.refresh()
        assert found(index, "Putin") == near(index, "Putin") == []
        write(seeds, "temu.txt", TEXTS["temu.txt"])
        assert index.refresh().added == ("temu.txt",)
        assert found(index, "Putin") == near(index, "Putin") == ["temu.txt"]


# ---- interruptions


@pytest.fixture
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)


_DYING = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import assistant.storage.indexing as indexing
indexing.BATCH = 2
from test_index import opened
left = int(sys.argv[4])
def progress(stage, done, total):
    global left
    left -= 1
    if not left:
        os._exit(9)
opened(Path(sys.argv[2]), Path(sys.argv[3])).refresh(progress)
"""


def disturb(seeds: Path) -> None:
    write(seeds, "dagang.txt", "Ekspor gandum Ukraina terhenti di pelabuhan Odesa.", age=5)
    write(seeds, "kopi.txt", "Kebun kopi di Toraja pulih.", age=5)
    (seeds / "temu.txt").unlink()
    for n in range(3):
        write(seeds, f"baru{n}.txt", f"Gempa nomor{n} mengguncang kota nomor{n}.")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.42, 0.54, 0.66, 0.8, 0.95])
def test_a_kill_at_any_point_loses_nothing_and_shows_nothing_stale(
    seeds: Path, folder: Path, tmp_path: Path, small_batches: None, share: float
) -> None:
    built(seeds, folder)
    disturb(seeds)
    shutil.copytree(folder, tmp_path / "dry")
    steps = 0

    def count(_stage: str, _done: int, _total: int) -> None:
        nonlocal steps
        steps += 1

    with opened(seeds, tmp_path / "dry") as index:
        index.refresh(count)
    dying = [sys.executable, "-c", _DYING, HERE, seeds, folder, str(max(1, round(share * steps)))]
    assert subprocess.run(dying, check=False).returncode == 9

    with opened(seeds, folder, read_only=True) as index:  # before anything is mended
        for word in ("kopi", "gandum", "Putin", "Gempa"):
            for file in found(index, word):
                assert (seeds / file).exists() or file == "temu.txt"
        named = holdings(index)[0]
        assert {hit.id for hit in index.dense_search(BagOfWords().embed_query("di"), 50)} <= named
    with opened(seeds, folder) as index:
        index.refresh()
        assert found(index, "Putin") == []
        assert found(index, "gandum") == near(index, "Ekspor gandum Ukraina") == ["dagang.txt"]
        assert_as_new(index, seeds, tmp_path)
        assert index.refresh().added == ()


def test_one_who_stops_goes_on_where_it_stopped(
    seeds: Path, folder: Path, tmp_path: Path, small_batches: None
) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if done > 2:
            raise KeyboardInterrupt

    with opened(seeds, folder) as index:
        with pytest.raises(KeyboardInterrupt):
            index.refresh(stop)
        assert len(index.articles()) == 2, "the first batch stays"
        first = {article.file for article in index.articles()}
        assert set(near(index, "x", 10)) == first
    bag = BagOfWords()
    with opened(seeds, folder, bag) as index:
        assert set(index.refresh().added) == set(TEXTS) - first
        assert len(bag.embedded) == 2
        assert_as_new(index, seeds, tmp_path)


def test_an_embedder_that_fails_costs_nothing_that_was_there(
    seeds: Path, folder: Path, tmp_path: Path
) -> None:
    class Failing(BagOfWords):
        def embed_passages(self, texts):
            return [[0.0]]

    built(seeds, folder)
    write(seeds, "baru.txt", "Gempa di Palu.")
    with opened(seeds, folder, Failing()) as index:
        with pytest.raises(ModelUseless):
            index.refresh()
        assert found(index, "Putin") == near(index, "Vladimir Putin") == ["temu.txt"]
    with opened(seeds, folder) as index:
        index.refresh()
        assert_as_new(index, seeds, tmp_path)


def test_files_left_half_saved_by_a_killed_writer_are_made_anew(
    seeds: Path, folder: Path, tmp_path: Path
) -> None:
    with opened(seeds, folder) as index:
        index.refresh()
        index._manifest.begin_stores()
    for path in (folder / "chroma").glob("*/*.bin"):
        path.write_bytes(path.read_bytes()[::2])
    (folder / "lexical" / "meta.json").write_bytes(b"{")
    with opened(seeds, folder) as index, pytest.raises(IndexCorrupt):
        near(index, "Putin")
    with opened(seeds, folder) as index:
        index.refresh()
        assert near(index, "bertemu Vladimir Putin") == ["temu.txt"]
        assert_as_new(index, seeds, tmp_path)


def test_what_the_manifest_does_not_name_is_never_shown_and_swept_out(
    seeds: Path, folder: Path, tmp_path: Path
) -> None:
    built(seeds, folder)
    with opened(seeds, folder) as index:
        (chunk,) = index.chunks([index.lexical_search([QueryTerm((("kopi", 1.0),))], 1)[0].id])
        strays = [f"stray{n}" for n in range(40)]
        store = index._open_vectors(index._manifest)
        from dataclasses import replace

        import numpy as np

        vector = np.array([BagOfWords().embed_query(chunk.text)] * 40, dtype=np.float32)
        store.upsert([replace(chunk, id=stray) for stray in strays], vector)
        index._lexical.add(indexing._posting(replace(chunk, id=stray)) for stray in strays)
        index._lexical.commit()
        index._lexical.finish_writing()
        assert files(index, index.lexical_search([QueryTerm((("kopi", 1.0),))], 1)) == ["kopi.txt"]
        assert near(index, chunk.text) == ["kopi.txt"]
    write(seeds, "baru.txt", "Gempa di Palu.")
    with opened(seeds, folder) as index:
        index.refresh()
        assert_as_new(index, seeds, tmp_path)


# ---- damage


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _fewer_vectors(folder: Path) -> None:
    store = VectorStore(dimensions=128, folder=folder / "chroma", gate=folder / ".gate")
    store.open()
    store.delete(store.ids()[:2])
    store.close()


WRECKS = {
    "manifest cut": lambda folder: _cut(folder / "manifest.sqlite"),
    "manifest emptied": lambda folder: (folder / "manifest.sqlite").write_bytes(b""),
    "manifest garbage": lambda folder: (folder / "manifest.sqlite").write_bytes(os.urandom(9000)),
    "manifest a folder": lambda folder: (
        (folder / "manifest.sqlite").unlink(),
        (folder / "manifest.sqlite").mkdir(),
    ),
    "postings missing": lambda folder: shutil.rmtree(folder / "lexical"),
    "postings garbage": lambda folder: (folder / "lexical" / "meta.json").write_bytes(b"\0"),
    "postings a file": lambda folder: (
        shutil.rmtree(folder / "lexical"),
        (folder / "lexical").write_bytes(b""),
    ),
    "vectors missing": lambda folder: shutil.rmtree(folder / "chroma"),
    "vectors fewer": _fewer_vectors,
    "vectors garbage": lambda folder: (folder / "chroma" / "chroma.sqlite3").write_bytes(b"x" * 99),
    "vectors' graph cut": lambda folder: [
        _cut(path) for path in (folder / "chroma").glob("*/data*")
    ],
}


def _refreshed_and_asked(index: Index) -> list[str]:
    index.refresh()
    return near(index, "Putin")


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_wreck_is_named_and_a_rebuild_works_over_it(
    seeds: Path, folder: Path, tmp_path: Path, wreck: str
) -> None:
    built(seeds, folder)
    WRECKS[wreck](folder)
    (folder / "notes").mkdir()
    (folder / "notes" / "mine.txt").write_text("mine")
    with opened(seeds, folder) as index:
        with pytest.raises(IndexCorrupt) as caught:
            _refreshed_and_asked(index)
        assert "assistant index --rebuild" in caught.value.hint
        assert "\n" not in str(caught.value)
        index.rebuild()
        assert found(index, "Putin") == near(index, "Vladimir Putin") == ["temu.txt"]
        assert_as_new(index, seeds, tmp_path)
    assert (folder / "README.md").read_text() == "mine"
    assert (folder / "notes" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_wreck_is_named_when_something_has_changed_too(
    seeds: Path, folder: Path, wreck: str
) -> None:
    built(seeds, folder)
    WRECKS[wreck](folder)
    write(seeds, "baru.txt", "Gempa di Palu.")
    with opened(seeds, folder) as index, pytest.raises(IndexCorrupt):
        index.refresh()


def test_stores_without_a_manifest_are_begun_anew(
    seeds: Path, folder: Path, tmp_path: Path
) -> None:
    built(seeds, folder)
    (folder / "manifest.sqlite").unlink()
    with opened(seeds, folder) as index:
        assert sorted(index.refresh().added) == sorted(TEXTS)
        assert_as_new(index, seeds, tmp_path)


# ---- several processes, several threads


_REFRESHING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from assistant.errors import IndexLocked
from test_index import opened
index = opened(Path(sys.argv[2]), Path(sys.argv[3]))
import chromadb
print("ready", flush=True)
sys.stdin.readline()
try:
    index.refresh()
except IndexLocked as error:
    print(error, flush=True)
    sys.exit(7)
"""


def test_of_two_processes_that_write_one_is_refused_and_nothing_is_lost(
    seeds: Path, folder: Path, tmp_path: Path
) -> None:
    for n in range(300):
        write(seeds, f"banyak/{n}.txt", f"Artikel nomor{n} tentang kota nomor{n}.")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _REFRESHING, HERE, seeds, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes == [0, 7], told
    assert "is writing to the index" in "".join(told)
    with opened(seeds, folder) as index:
        assert index.refresh().added == ()
        assert_as_new(index, seeds, tmp_path)


def test_a_locked_index_can_be_asked_while_nothing_changed(seeds: Path, folder: Path) -> None:
    built(seeds, folder)
    with FileLock(folder / ".lock"):
        (folder / ".lock").write_text("4711\n")
        with opened(seeds, folder) as index:
            index.refresh()
            assert found(index, "Putin") == near(index, "Vladimir Putin") == ["temu.txt"]
            write(seeds, "temu.txt", TEXTS["temu.txt"], age=7)
            index.refresh()  # only a time to note
            write(seeds, "baru.txt", "Gempa di Palu.")
            with pytest.raises(IndexLocked, match="4711") as caught:
                index.refresh()
            assert caught.value.hint


_EDITING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_index import opened
index = opened(Path(sys.argv[2]), Path(sys.argv[3]))
index.rebuild() if sys.argv[4] == "rebuild" else index.refresh()
"""


@pytest.mark.parametrize("how", ["refresh", "rebuild"])
def test_a_reader_that_stays_open_follows_another_process(
    seeds: Path, folder: Path, tmp_path: Path, how: str
) -> None:
    built(seeds, folder)
    with opened(seeds, folder) as index:
        index.refresh()
        assert near(index, "Vladimir Putin") == found(index, "Putin") == ["temu.txt"]
        (seeds / "temu.txt").unlink()
        write(seeds, "baru.txt", "Gempa mengguncang Palu.")
        editing = [sys.executable, "-c", _EDITING, HERE, seeds, folder, how]
        subprocess.run(editing, check=True)
        assert found(index, "Putin") == []
        assert found(index, "gempa") == near(index, "Gempa mengguncang Palu") == ["baru.txt"]
        assert "temu.txt" not in near(index, "Vladimir Putin", 10)
        write(seeds, "lagi.txt", "Banjir melanda Demak.")
        assert index.refresh().added == ("lagi.txt",)
        assert_as_new(index, seeds, tmp_path)


def test_threads_may_ask_while_one_refreshes(seeds: Path, folder: Path, tmp_path: Path) -> None:
    errors: list[BaseException] = []
    with opened(seeds, folder) as index:
        index.refresh()
        stop = threading.Event()

        def ask() -> None:
            try:
                while not stop.is_set():
                    assert near(index, "Vladimir Putin") == ["temu.txt"]
                    assert found(index, "Putin") == ["temu.txt"]
            except BaseException as error:  # noqa: BLE001 - told by the main thread
                errors.append(error)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(6):
            write(seeds, f"baru{n}.txt", f"Gempa nomor{n}.")
            write(seeds, "kopi.txt", f"Kebun kopi nomor{n}.", age=n + 1)
            index.refresh()
        stop.set()
        for thread in threads:
            thread.join()
        assert errors == []
        assert_as_new(index, seeds, tmp_path)


# ---- reading only


def test_opening_what_is_up_to_date_needs_no_chroma(seeds: Path, folder: Path) -> None:
    built(seeds, folder)
    before = snapshot(folder)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from test_index import *;"
        "i = opened(Path(sys.argv[2]), Path(sys.argv[3])); i.refresh();"
        "assert found(i, 'Putin') == ['temu.txt'];"
        "assert not {'chromadb', 'llama_index'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", code, HERE, seeds, folder], check=True)
    assert snapshot(folder) == before


def test_read_only_serves_what_is_there(seeds: Path, folder: Path) -> None:
    with pytest.raises(IndexReadOnly, match="no index"):
        opened(seeds, folder, read_only=True)
    built(seeds, folder)
    before = snapshot(folder, without=("chroma", ".gate"))
    write(seeds, "baru.txt", "Gempa di Palu.")
    with opened(seeds, folder, read_only=True) as index:
        assert sorted(index.refresh().unchanged) == sorted(TEXTS)
        assert found(index, "gempa") == []
        assert near(index, "Vladimir Putin") == ["temu.txt"]
        with pytest.raises(IndexReadOnly):
            index.rebuild()
    with pytest.raises(IndexMismatch):
        opened(seeds, folder, BagOfWords(name="another"), read_only=True)
    assert snapshot(folder, without=("chroma", ".gate")) == before


_UNPRIVILEGED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_index import *
seeds, folder = Path(sys.argv[2]), Path(sys.argv[3])
assert not os.access(folder, os.W_OK)
with opened(seeds, folder) as index:
    assert sorted(index.refresh().unchanged) == sorted(TEXTS)
    assert found(index, "Putin") == near(index, "Vladimir Putin") == ["temu.txt"]
    write(seeds, "temu.txt", TEXTS["temu.txt"], age=9)
    index.refresh()
    write(seeds, "baru.txt", "Gempa di Palu.")
    for attempt in (index.refresh, index.rebuild):
        try:
            attempt()
            raise SystemExit("it wrote")
        except IndexReadOnly as error:
            assert "can't be written" in str(error), error
with opened(seeds, folder, read_only=True) as index:
    assert near(index, "Vladimir Putin") == ["temu.txt"]
try:
    opened(seeds, folder / "below").refresh()
except IndexReadOnly as error:
    assert "no index" in str(error), error
"""


def test_a_folder_that_cannot_be_written_is_read_and_says_so_when_it_must_be(
    seeds: Path, folder: Path
) -> None:
    built(seeds, folder)
    before = snapshot(folder)
    command = [sys.executable, "-c", _UNPRIVILEGED, str(HERE), str(seeds), str(folder)]
    if os.geteuid() == 0:  # whom permissions don't stop
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("running as root, without setpriv to give that up")
        powers = "-dac_override,-dac_read_search"
        command = [setpriv, f"--inh-caps={powers}", f"--bounding-set={powers}", *command]
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        subprocess.run(command, check=True)
        assert snapshot(folder) == before
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)


# ---- a server


@pytest.mark.usefixtures("socket_enabled")
def test_the_vectors_may_be_at_a_server(
    seeds: Path,
    folder: Path,
    tmp_path: Path,
    server: str,  # noqa: F811
) -> None:
    with opened(seeds, folder, store=server) as index:
        index.refresh()
        assert not (folder / "chroma").exists()
        assert near(index, "Vladimir Putin") == ["temu.txt"]
    (seeds / "temu.txt").unlink()
    write(seeds, "baru.txt", "Gempa mengguncang Palu.")
    with opened(seeds, folder, store=server) as index:
        index.refresh()
        assert near(index, "Gempa mengguncang Palu") == ["baru.txt"]
        ids, postings, vectors = holdings(index)
        assert ids == postings == vectors
        with opened(seeds, tmp_path / "second", store=server) as other:
            other.refresh()
            assert holdings(other)[2] == ids
        index.rebuild()
        assert holdings(index)[2] == ids
        index._vectors.destroy()
    with opened(seeds, folder, store=server) as index:
        index.refresh()
        with pytest.raises(AssistantError) as caught:
            near(index, "Gempa")
        assert "--rebuild" in caught.value.hint
        index.rebuild()
        assert near(index, "Gempa mengguncang Palu") == ["baru.txt"]


@pytest.mark.usefixtures("socket_enabled")
def test_a_server_that_is_down_is_named(seeds: Path, folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        index = opened(seeds, folder, store=url)
        with pytest.raises(AssistantError, match="No Chroma server answers"):
            index.refresh()
        index.close()
