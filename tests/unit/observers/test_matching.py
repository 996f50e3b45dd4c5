from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.observers.matching import covered, following, grouped, latest, positions, preceding, sums

facts = st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 9)), max_size=8)
columns = st.lists(st.tuples(st.integers(0, 2), st.integers(-2, 1), st.integers(0, 1)), max_size=9)


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(facts, facts)
def test_neighbours_in_time_are_those_of_a_plain_search(
    asked: list[tuple[int, int]], told: list[tuple[int, int]]
) -> None:
    told = sorted(dict.fromkeys(told), key=lambda f: f[1])
    args = (
        ints([k for k, _ in asked]),
        ints([s for _, s in asked]),
        ints([k for k, _ in told]),
        ints([s for _, s in told]),
    )
    after = [
        min((s, i) for i, (k, s) in enumerate(told) if (k == key and s > seq))[1]
        if any(k == key and s > seq for k, s in told)
        else -1
        for key, seq in asked
    ]
    before = [
        max((s, i) for i, (k, s) in enumerate(told) if (k == key and s < seq))[1]
        if any(k == key and s < seq for k, s in told)
        else -1
        for key, seq in asked
    ]
    assert following(*args).tolist() == after
    assert preceding(*args).tolist() == before


@given(st.lists(st.integers(-2, 3), max_size=6), st.lists(st.integers(-2, 3), max_size=6))
def test_positions_are_first_places(values: list[int], among: list[int]) -> None:
    assert positions(ints(values), ints(among)).tolist() == [among.index(v) if v in among else -1 for v in values]


@given(columns)
def test_grouped_numbers_distinct_rows(rows: list[tuple[int, int, int]]) -> None:
    number, shown = grouped(*(ints([row[i] for row in rows]) for i in range(3)))
    assert len(shown) == len(set(rows))
    assert [rows[shown[n]] for n in number.tolist()] == rows


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-5, 5)), max_size=9))
def test_sums_and_latest(pairs: list[tuple[int, int]]) -> None:
    index, amount = ints([i for i, _ in pairs]), ints([a for _, a in pairs])
    assert sums(index, amount, 3).tolist() == [sum(a for i, a in pairs if i == n) for n in range(3)]
    assert latest(index, amount, 3, -9).tolist() == [max([-9, *(a for i, a in pairs if i == n)]) for n in range(3)]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-3, 12), st.integers(0, 6)), max_size=8))
def test_covered_counts_each_moment_once(spells: list[tuple[int, int, int]]) -> None:
    got = covered(
        ints([w for w, _, _ in spells]), ints([s for _, s, _ in spells]), ints([s + d for _, s, d in spells]), 2, 9
    )
    for who in range(3):
        moments = {t for w, s, d in spells if w == who for t in range(s, s + d)} & set(range(2, 9))
        assert got.get(who, 0) == len(moments)
