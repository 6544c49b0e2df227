"""Answers and search may not get worse than `gate.json` says, beyond chance."""

from __future__ import annotations

import pytest

from assistant.evaluation.gate import Bar, committed, datasets, falls, measure

pytest.importorskip("ir_measures", reason="needs the eval extra")
SETS = {dataset.name: dataset for dataset in datasets()}


@pytest.mark.parametrize("name", sorted(committed()))
def test_no_key_figure_has_fallen(tmp_path, name):
    if name not in SETS:
        pytest.skip(f"{name} needs the data folder (ASSISTANT_DATA)")
    assert falls(committed()[name], measure(SETS[name], tmp_path)) == []


def test_a_fall_beyond_the_margin_is_seen_and_one_within_it_is_not():
    before = {"answers right": Bar(0.9, 0.05), "false refusals": Bar(0.1, 0.05)}
    assert falls(before, {"answers right": Bar(0.86, 0), "false refusals": Bar(0.14, 0)}) == []
    assert falls(before, {"answers right": Bar(0.99, 0), "false refusals": Bar(0.0, 0)}) == []
    fallen = falls(before, {"answers right": Bar(0.84, 0), "false refusals": Bar(0.16, 0)})
    assert len(fallen) == 2


def test_a_figure_that_is_no_longer_measured_counts_as_fallen():
    assert falls({"answers right": Bar(0.9, 0.05)}, {})
