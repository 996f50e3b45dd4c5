"""Replications until a mean is known to a relative half-width, with look-ahead against a lucky start."""

from __future__ import annotations

import math

import numpy as np


class LookAhead:
    """Takes values one by one (Hoad, Robinson & Davies 2010, JORS 61(11):1632-1644).

    Accepts the first n with d_n <= target whose next floor(5 max(n, 100) / 100) values stay there too; d_n is the
    half-width over the mean. An error of at most g of the *true* mean is promised by the target g / (1 + g).
    """

    def __init__(self, target: float, level: float = 0.95, least: int = 3) -> None:
        self.target, self.level, self.least = target, level, max(3, least)
        self.values: list[float] = []
        self.precision: list[float] = []
        self.accepted_at: int | None = None

    @property
    def done(self) -> bool:
        """Whether the rule has accepted."""
        return self.accepted_at is not None

    @property
    def relative(self) -> float | None:
        """The latest d_n; None below three values or where it is infinite."""
        return self.precision[-1] if self.precision and math.isfinite(self.precision[-1]) else None

    def add(self, value: float) -> None:
        """The next replication's value; NaN never is precise."""
        self.values.append(value)
        self.precision.append(self._now())
        if self.accepted_at is not None:
            return
        n = len(self.values)
        for start in range(self.least, n + 1):
            ahead = 5 * max(start, 100) // 100
            if start + ahead == n and all(d <= self.target for d in self.precision[start - 1 : n]):
                self.accepted_at = start

    def _now(self) -> float:
        found = np.asarray(self.values)
        if len(found) < 3 or not np.isfinite(found).all():
            return math.inf
        spread, mean = float(found.std(ddof=1)), abs(float(found.mean()))
        if spread == 0:
            return 0.0
        if mean == 0:
            return math.inf
        from scipy.stats import t

        return float(t.ppf(0.5 + self.level / 2, len(found) - 1)) * spread / math.sqrt(len(found)) / mean
