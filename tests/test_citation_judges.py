"""Citation recall and precision with either judge."""

from __future__ import annotations

import math

import pytest

from assistant.evaluation.citation_judges import language_model, score, verifier

TRADE = "Pada tahun 2023, perputaran perdagangan meningkat sembilan kali lipat."
CAMP = "Anak-anak berlibur di Kamp Songdowon."


def citation(number, quote):
    return {
        "number": number,
        "file": f"{number}.txt",
        "start": 0,
        "end": len(quote),
        "line": 1,
        "quote": quote,
        "title": "Berita",
        "published": None,
        "outlet": None,
        "score": 0.5,
    }


def answer(text, numbers, *quotes):
    return {
        "sentences": [{"text": text, "citations": numbers}],
        "citations": [citation(n, quote) for n, quote in enumerate(quotes, start=1)],
    }


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        (f"Menurut Berita: “{TRADE}” [1]", [1], (1, 1)),
        (f"“{TRADE}” [1][2]", [1, 2], (1, 1 / 2)),  # the second is needless
        ("Perdagangan turun lima kali lipat pada 2019. [1]", [1], (0, 0)),
        ("Perdagangan meningkat. ", [], (0, math.nan)),
    ],
)
def test_our_verifier_as_the_judge(text, numbers, expected):
    found = score(answer(text, numbers, TRADE, CAMP), verifier("id"))
    assert found == pytest.approx(expected, nan_ok=True)


class Parrot:
    """A model that says what it was told to say, and keeps what it was asked."""

    def __init__(self, reply):
        self.reply = reply
        self.asked = []

    def complete(self, messages, *, max_chars):
        self.asked.append(messages[0].text)
        return self.reply[:max_chars]


@pytest.mark.parametrize(
    ("reply", "held"), [("Yes.", 1), ("ya", 1), ("No", 0), ("Hmm, eyes", 0), ("", 0)]
)
def test_a_model_as_the_judge_is_asked_about_the_sentence_without_its_markers(reply, held):
    model = Parrot(reply)
    assert score(answer(f"{TRADE} [1]", [1], TRADE), language_model(model)) == (held, held)
    assert f"Sentence: {TRADE}\n" in model.asked[0]
    assert TRADE in model.asked[0].split("Sentence:")[0]
