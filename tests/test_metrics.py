"""The measures, on cases worked by hand and on systems whose scores are known beforehand."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation import metrics
from assistant.evaluation.datasets import GoldQuestion

pytest.importorskip("ir_measures", reason="needs the eval extra")
pytest.importorskip("sklearn", reason="needs the eval extra")

GOLD = GoldQuestion(
    id="q",
    question="Berapa?",
    language="id",
    kind="how_many",
    answerable=True,
    files=("a.txt", "b.txt"),
    answers=("54%", "sebesar 54"),
)


# Retrieval


def test_retrieval_measures_match_a_case_worked_by_hand():
    scores = metrics.retrieval({"q": ["a", "d"]}, {"q": ["b", "a", "c", "d"]})["q"]
    assert scores["Success@1"] == 0
    assert scores["R@1"] == 0
    assert scores["R@5"] == 1
    assert scores["RR@10"] == pytest.approx(1 / 2)
    # gains at ranks 2 and 4; the ideal has them at 1 and 2
    ideal = 1 / math.log2(2) + 1 / math.log2(3)
    assert scores["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


def test_the_order_of_the_list_counts_and_not_the_names_of_the_files():
    for first, second in (("a", "z"), ("z", "a")):
        assert metrics.retrieval({"q": [first]}, {"q": [first, second]})["q"]["R@1"] == 1


def test_a_question_without_results_scores_zero_and_is_counted():
    scores = metrics.retrieval({"q": ["a"], "r": ["a"]}, {"q": ["a"]})
    assert set(scores) == {"q", "r"}
    assert set(scores["r"].values()) == {0.0}


def test_only_the_first_ten_count():
    files = [f"f{i}" for i in range(10)] + ["a"]
    assert metrics.retrieval({"q": ["a"]}, {"q": files})["q"]["RR@10"] == 0


def test_perfect_empty_and_random_retrieval_score_as_they_must():
    rng = random.Random(7)
    files = [f"f{i}" for i in range(20)]
    qrels = {str(i): [rng.choice(files)] for i in range(2_000)}

    def averages(run):
        scores = metrics.retrieval(qrels, run).values()
        return {m: metrics.mean(s[m] for s in scores) for m in metrics.RETRIEVAL_MEASURES}

    assert set(averages(qrels).values()) == {1.0}
    assert set(averages({}).values()) == {0.0}
    chance = averages({query: rng.sample(files, 20) for query in qrels})
    assert chance["R@1"] == pytest.approx(1 / 20, abs=0.02)
    assert chance["R@10"] == pytest.approx(10 / 20, abs=0.03)
    assert chance["RR@10"] == pytest.approx(sum(1 / r for r in range(1, 11)) / 20, abs=0.02)


# Answers


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The  Eiffel Tower!", "en", "eiffel tower"),
        ("a 9-fold, an rise", "en", "9fold rise"),
        ("A. Yani", "id", "a yani"),
        ("“sembilan kali lipat,”", "id", "sembilan kali lipat"),
    ],
)
def test_answers_are_normalised_as_squad_does(text, language, expected):
    assert metrics.normalise(text, language) == expected


def test_exact_match_and_f1_match_cases_worked_by_hand():
    assert metrics.exact_match("the Cat", ["cat"], "en") == 1
    assert metrics.exact_match("the cat", ["cat"], "id") == 0
    # precision 2/4, recall 2/3
    assert metrics.token_f1("pada 25 April 2020", ["25 April 2019"], "id") == pytest.approx(4 / 7)
    # repeated tokens count as often as both have them: shared 1 of 2 and 1 of 1
    assert metrics.token_f1("april april", ["april"], "id") == pytest.approx(2 / 3)
    assert metrics.token_f1("x", ["y", "x z"], "id") == pytest.approx(2 / 3)


def test_without_accepted_answers_only_silence_is_right():
    for measure in (metrics.exact_match, metrics.token_f1):
        assert measure("", [], "id") == 1
        assert measure("sesuatu", [], "id") == 0
        assert measure("", ["ada"], "id") == 0


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200)
def test_f1_lies_between_exact_match_and_one_and_is_symmetric(a, b):
    f1 = metrics.token_f1(a, [b], "id")
    assert metrics.exact_match(a, [b], "id") <= f1 <= 1
    assert f1 == pytest.approx(metrics.token_f1(b, [a], "id"))


@pytest.mark.parametrize(
    ("quote", "held"),
    [
        ("pertumbuhannya mencapai 54% lagi", True),
        ("meningkat sebesar 54.Rusia dan Korea", True),
        ("mencapai 154% lagi", False),
        ("mencapai 54 lagi", False),
        ("", False),
    ],
)
def test_an_answer_is_found_as_whole_words(quote, held):
    assert metrics.answer_in_citation(GOLD, [("a.txt", quote)]) is held


def test_only_gold_files_count():
    assert not metrics.answer_in_citation(GOLD, [("c.txt", "54%")])


def test_where_all_files_are_needed_each_has_to_be_cited_with_an_answer():
    both = replace(GOLD, needs="all")
    assert not metrics.answer_in_citation(both, [("a.txt", "54%"), ("b.txt", "lain")])
    assert metrics.answer_in_citation(both, [("a.txt", "54%"), ("b.txt", "sebesar 54")])


def test_evidence_has_to_lie_in_the_same_files_quotes():
    strict = replace(GOLD, answers=("Putin",), evidence=("sembilan kali lipat",))
    assert not metrics.answer_in_citation(strict, [("a.txt", "kata Putin")])
    assert not metrics.answer_in_citation(
        strict, [("a.txt", "kata Putin"), ("b.txt", "sembilan kali lipat")]
    )
    assert metrics.answer_in_citation(strict, [("a.txt", "sembilan kali lipat, kata Putin")])


# Refusals and risk


def test_the_refusal_curve_matches_a_case_worked_by_hand():
    points = metrics.refusal_curve([0.1, 0.4, 0.4, 0.9], [False, False, True, True])
    assert [(p.threshold, p.refused_unanswerable, p.refused_answerable) for p in points] == [
        (0.1, 0.0, 0.0),
        (0.4, 0.5, 0.0),
        (0.9, 1.0, 0.5),
        (math.inf, 1.0, 1.0),
    ]


def test_auc_of_a_perfect_a_reversed_and_an_indifferent_system():
    truth = [True, True, False, False]
    assert metrics.auc([0.9, 0.8, 0.2, 0.1], truth) == 1
    assert metrics.auc([0.1, 0.2, 0.8, 0.9], truth) == 0
    assert metrics.auc([0.5] * 4, truth) == 0.5
    assert metrics.auc([0.9, 0.3, 0.5, 0.1], truth) == 0.75
    assert math.isnan(metrics.auc([0.5], [True]))


def test_aurc_matches_a_case_worked_by_hand():
    # given one by one: right, wrong, right -> risks 0, 1/2, 1/3
    assert metrics.aurc([0.9, 0.5, 0.1], [True, False, True]) == pytest.approx(
        (0 + 1 / 2 + 1 / 3) / 3
    )


def test_aurc_of_perfect_hopeless_and_indifferent_systems():
    assert metrics.aurc([0.3, 0.9], [True, True]) == 0
    assert metrics.aurc([0.3, 0.9], [False, False]) == 1
    assert metrics.aurc([0.5] * 10, [True] * 7 + [False] * 3) == pytest.approx(0.3)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.booleans()), min_size=1))
@settings(max_examples=200)
def test_aurc_does_not_depend_on_the_order_of_equal_scores(pairs):
    def area(rows):
        return metrics.aurc([s for s, _ in rows], [c for _, c in rows])

    assert area(pairs) == pytest.approx(area(sorted(pairs)))
    assert area(pairs) == pytest.approx(area(pairs[::-1]))


def test_the_last_risk_is_the_error_rate():
    curve = metrics.risk_coverage([0.2, 0.7, 0.7, 0.4], [True, False, True, False])
    assert curve[-1] == (1.0, 0.5)
    assert [coverage for coverage, _ in curve] == [0.25, 0.5, 0.75, 1.0]


# Support and citations


def test_support_shares_add_up_to_one():
    shares = metrics.support_shares(["quoted", "quoted", "weak", "unsupported"])
    assert shares == {"quoted": 0.5, "supported": 0.0, "weak": 0.25, "unsupported": 0.25}
    assert metrics.support_shares([]) == {}


def entails(passages, sentence):
    """A judge for hand-made cases: every letter of the sentence stands in some passage."""
    return set(sentence) <= set("".join(passages))


@pytest.mark.parametrize(
    ("sentences", "recall", "precision"),
    [
        ([("ab", ["ab"])], 1, 1),
        ([("ab", ["a", "b"])], 1, 1),  # each is needed
        ([("ab", ["ab", "x"])], 1, 1 / 2),  # the second is needless
        ([("ab", ["ab", "ab"])], 1, 1),  # both suffice alone: neither is irrelevant
        ([("ab", ["x"])], 0, 0),
        ([("ab", ["ab"]), ("c", [])], 1 / 2, 1),
    ],
)
def test_citation_recall_and_precision_follow_alce(sentences, recall, precision):
    assert metrics.citation_scores(sentences, entails) == pytest.approx((recall, precision))


def test_citation_scores_of_an_empty_answer_are_not_a_number():
    assert all(math.isnan(score) for score in metrics.citation_scores([], entails))


# Reliability and latency


def test_calibration_error_matches_a_case_worked_by_hand():
    rows, error = metrics.reliability([0.05, 0.15, 0.15, 1.0], [False, True, False, True])
    assert rows == [(0.05, 0.0, 1), (0.15, 0.5, 2), (1.0, 1.0, 1)]
    assert error == pytest.approx((1 * 0.05 + 2 * 0.35 + 1 * 0.0) / 4)


def test_percentiles_interpolate():
    assert metrics.percentiles(list(range(101))) == {
        "p50": 50,
        "p90": 90,
        "p95": 95,
        "p99": 99,
        "max": 100,
    }
    assert metrics.percentiles([]) == {}
