"""Data sets: read by name or by path, written one file per passage, never downloaded."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.evaluation.datasets import CHECKOUT, Dataset, GoldQuestion, load
from assistant.evaluation.kinds import kind_of

DATA = Path(os.environ.get("ASSISTANT_DATA") or CHECKOUT.parent / "shared" / "data")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="no data folder (ASSISTANT_DATA)")

SQUAD = [
    {
        "context": "Monas selesai pada 1975.\r\nTingginya 132 meter.",
        "qas": [
            {
                "id": "1",
                "question": "Berapa tinggi Monas?",
                "is_impossible": False,
                "answers": [{"text": "132 meter", "answer_start": 0}],
            },
            {"id": "2", "question": "Siapa arsiteknya?", "is_impossible": True, "answers": []},
            {
                "id": "3",
                "question": "Kapan?",
                "is_impossible": False,
                "answers": [{"text": "bukan di sini", "answer_start": 3}],
            },
        ],
    }
]


@pytest.fixture
def squad(tmp_path):
    path = tmp_path / "mini.json"
    path.write_text(json.dumps(SQUAD), "utf-8")
    return load(f"squad-id:{path}")


def test_squads_json_is_read_and_an_answer_missing_from_its_passage_is_dropped(squad):
    assert [(q.id, q.answerable, q.answers) for q in squad.questions] == [
        ("1", True, ("132 meter",)),
        ("2", False, ()),
    ]
    assert set(squad.questions[0].files) == set(squad.documents) == set(squad.questions[1].context)


def test_the_wrapped_form_of_squad_is_the_same(tmp_path, squad):
    path = tmp_path / "wrapped" / "mini.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"data": [{"title": "Monas", "paragraphs": SQUAD}]}), "utf-8")
    assert load(f"squad-id:{path}").sha256 == squad.sha256


def test_a_folder_is_written_byte_for_byte_and_written_twice_touches_nothing(tmp_path, squad):
    folder = squad.write_folder(tmp_path / "out")
    (path,) = folder.iterdir()
    assert path.read_bytes().decode() == SQUAD[0]["context"]
    before = path.stat().st_mtime_ns
    squad.write_folder(folder)
    assert path.stat().st_mtime_ns == before


def test_a_folder_with_other_files_is_refused(tmp_path, squad):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "stray.txt").write_text("x")
    with pytest.raises(SettingsError, match=r"stray\.txt"):
        squad.write_folder(tmp_path / "out")


def test_file_names_do_not_depend_on_the_other_passages(tmp_path, squad):
    path = tmp_path / "more" / "mini.json"
    path.parent.mkdir()
    path.write_text(json.dumps([{"context": "Lain.", "qas": []}, *SQUAD]), "utf-8")
    again = load(f"squad-id:{path}")
    assert again.questions[0].files == squad.questions[0].files


def test_belebele_as_its_authors_publish_it(tmp_path):
    def row(passage, question):
        return json.dumps(
            {"link": "l", "question_number": 1, "flores_passage": passage, "question": question}
        )

    (tmp_path / "ind_Latn.jsonl").write_text(row("Burung terbang.", "Apa yang terbang?"))
    (tmp_path / "eng_Latn.jsonl").write_text(row("Birds fly.", "What flies?"))
    english = load(f"belebele-en:{tmp_path}")
    assert list(english.documents.values()) == ["Burung terbang."]
    assert english.questions[0].question == "What flies?"
    assert english.questions[0].files == tuple(english.documents)


def test_any_folder_with_questions_in_our_form(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# Rapat\nRapat pada Senin.\n", "utf-8")
    questions = tmp_path / "q.jsonl"
    row = {"id": "1", "question": "Kapan rapat?", "language": "id"}
    questions.write_text(json.dumps(row | {"files": ["a.md"], "answers": ["Senin"]}) + "\n")
    (question,) = load(f"{tmp_path / 'notes'}:{questions}").questions
    assert (question.kind, question.answerable, question.split) == ("when", True, "report")


@pytest.mark.parametrize("line", ["{", '{"id": "1"}', '"text"'])
def test_a_line_that_is_no_question_is_named(tmp_path, line):
    (tmp_path / "notes").mkdir()
    (tmp_path / "q.jsonl").write_text(line)
    with pytest.raises(SettingsError, match=r"q\.jsonl, line 1"):
        load(f"{tmp_path / 'notes'}:{tmp_path / 'q.jsonl'}")


@pytest.mark.parametrize("name", ["nobody-knows", "squad-id:/nowhere.json", "idk-mrc"])
def test_what_is_not_there_is_an_error_with_a_hint(tmp_path, name):
    with pytest.raises(SettingsError) as caught:
        load(name, data=tmp_path / "none")
    assert caught.value.hint


def test_taking_the_gold_away_leaves_only_questions_to_refuse(squad):
    removed = squad.gold_removed()
    assert not removed.documents
    assert [(q.id, q.answerable, q.files) for q in removed.questions] == [("1", False, ())]


def test_a_sample_is_the_same_each_time():
    dataset = load("seeds", seeds=CHECKOUT / "seeds")
    ids = [q.id for q in dataset.sample(20).questions]
    assert ids == [q.id for q in dataset.sample(20).questions] == sorted(ids)
    assert len(ids) == 20


def test_a_question_survives_the_way_through_json():
    from assistant.evaluation.datasets import question_from

    for question in load("seeds", seeds=CHECKOUT / "seeds").questions:
        row = json.loads(json.dumps(question.to_dict()))
        again = question_from(row, source="x", line=1)
        assert again == question


def test_the_hash_changes_with_a_document_or_a_question(squad):
    file = next(iter(squad.documents))
    assert Dataset("x", {file: "lain"}, squad.questions).sha256 != squad.sha256
    assert Dataset("x", squad.documents, squad.questions[:1]).sha256 != squad.sha256
    assert isinstance(squad.questions[0], GoldQuestion)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Tahun berapa Monas selesai?", "when"),
        ("Berapa tahun pembangunannya?", "how_many"),
        ("How long is it?", "how_many"),
        ("Bagaimana caranya?", "how"),
        ("Apakah Monas tinggi?", "polar"),
        ("Apa itu Monas?", "what"),
        ("Sebutkan tingginya.", "other"),
    ],
)
def test_question_words_tell_the_kind(question, kind):
    assert kind_of(question) == kind


@needs_data
@pytest.mark.parametrize(
    ("name", "documents", "questions", "answerable"),
    [
        ("idk-mrc", 4_017, 764, 382),
        ("belebele-id", 244, 445, 445),
        ("belebele-en", 244, 445, 445),
        ("squad2-en", 646, 6_078, 2_910),
    ],
)
def test_the_published_sets_have_the_sizes_their_readme_says(
    name, documents, questions, answerable
):
    dataset = load(name, data=DATA)
    assert len(dataset.documents) == documents
    assert len(dataset.questions) == questions
    assert sum(q.answerable for q in dataset.questions) == answerable
