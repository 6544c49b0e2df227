from __future__ import annotations

import pytest

from assistant import Assistant, Turn
from assistant.conversation import standalone
from assistant.types import Language

TRADE = Turn("Berapa kali lipat perdagangan Rusia dan Korea Utara naik pada 2023?", "Sembilan. [1]")
ARRIVAL = Turn("Where did Putin arrive in Pyongyang?", "At the airport. [1]")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Berapa negara yang menentang penangguhan Rusia dari Dewan HAM?", "id"),
        ("Siapa Vedant Patel?", "id"),
        ("What did NATO's Stoltenberg say about Putin's visit to North Korea?", "en"),
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str, language: Language) -> None:
    assert standalone(question, [TRADE], language).searched == question


@pytest.mark.parametrize(
    ("question", "turn", "language", "gains"),
    [
        ("Lalu dalam lima bulan pertama?", TRADE, "id", "perdagangan"),
        ("Kapan?", TRADE, "id", "perdagangan"),
        ("Siapa yang mengatakannya?", TRADE, "id", "Rusia"),
        ("Bagaimana dengan Ukraina?", TRADE, "id", "perdagangan"),
        ("Who received him?", ARRIVAL, "en", "Putin"),
        ("And when?", ARRIVAL, "en", "Pyongyang"),
    ],
)
def test_a_follow_up_gains_what_it_leans_on(
    question: str, turn: Turn, language: Language, gains: str
) -> None:
    follow_up = standalone(question, [turn], language)
    assert follow_up.searched.startswith(question)
    assert gains in follow_up.searched
    assert follow_up.leans_on == turn.question


def test_a_chain_of_follow_ups_reaches_back_to_its_subject() -> None:
    chain = [TRADE, Turn("Lalu pada 2024?", "54 persen. [1]")]
    assert "perdagangan" in standalone("Kenapa?", chain, "id").searched


def test_without_history_nothing_is_added() -> None:
    assert standalone("Di mana?", [], "id").searched == "Di mana?"


def test_the_searched_query_is_on_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Lalu dalam lima bulan pertama?", history=[TRADE])
    assert "perdagangan" in answer.searched
    assert any("54" in citation.quote for citation in answer.citations)
