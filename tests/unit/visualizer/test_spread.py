"""Percentiles at any instant: against all that is counted then, sorted."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from visualizer.figures import spread
from visualizer.figures.spread import COLUMNS, Spread
from visualizer.stored.steps import Steps

SHARES = (0.0, 0.5, 0.95, 1.0)


def told(rows: int, values: int, seed: int) -> list[tuple[int, int, int]]:
    """Times that come, and some that go again: (at_ms, ms, by)."""
    draw, there, found, at_ms = random.Random(seed), Counter[int](), [], 0
    for _ in range(rows):
        at_ms += draw.choice((0, 0, 1, 7))
        gone = [ms for ms, count in there.items() if count] if draw.random() < 0.3 else []
        ms, by = (draw.choice(gone), -1) if gone else (draw.randrange(-values, values), 1)
        there[ms] += by
        found.append((at_ms, ms, by))
    return found


@pytest.mark.parametrize(("rows", "values"), [(5, 2), (400, 3), (400, 10**7)])
@pytest.mark.parametrize("near", [1, 7, 1024])
def test_it_is_the_quantile_of_what_is_counted_at_any_instant_in_any_order(rows, values, near, monkeypatch):
    monkeypatch.setattr(spread, "NEAR_ROWS", near)
    monkeypatch.setattr(spread, "KEYFRAME_ROWS", near * 8)
    steps, rows_ = Steps(*COLUMNS), told(rows, values, rows + values)
    asked, draw = Spread(steps), random.Random(2)
    for half in (rows_[: rows // 2], rows_[rows // 2 :]):  # it grows meanwhile
        for n, (at_ms, ms, by) in enumerate(half, len(steps) + 1):
            steps.put(at_ms, (n, ms, by))
        last = half[-1][0]
        for at_ms in [-1, last, *(draw.randrange(last + 1) for _ in range(60))]:
            there = Counter[int]()
            for then, ms, by in rows_[: len(steps)]:
                if then <= at_ms:
                    there[ms] += by
            counted = sorted(there.elements())
            found = asked.quantiles_s(SHARES, at_ms)
            wanted = np.quantile(counted, SHARES) / 1000 if counted else [float("nan")] * len(SHARES)
            assert found == pytest.approx(list(wanted), rel=1e-12, nan_ok=True)
