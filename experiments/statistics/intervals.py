"""The interval of a mean over replications. Values of one run are correlated and never a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval; `low` and `high` are None where one value gives none.

    `exact`: all n values were the same, so the interval has no width.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float
    n: int
    exact: bool = False

    @property
    def half_width(self) -> float | None:
        """Half the distance between the ends."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def numbers(values: ArrayLike | Sequence[float]) -> NDArray[np.float64]:
    """A flat array of finite numbers; ValueError otherwise."""
    found = np.asarray(values, dtype=np.float64).ravel()
    if not len(found):
        raise ValueError("at least one value is needed")
    if not np.isfinite(found).all():
        raise ValueError(f"a value is not a number: {found[~np.isfinite(found)][0]}")
    return found


def mean_interval(values: ArrayLike | Sequence[float], level: float = 0.95) -> Interval:
    """Mean +- t S / sqrt(n) (Law, Simulation Modeling and Analysis, 5th ed., ch. 9)."""
    found = numbers(values)
    n, mean = len(found), float(found.mean())
    if n == 1:
        return Interval(mean, None, None, level, 1)
    if (found == found[0]).all():
        same = float(found[0])
        return Interval(same, same, same, level, n, exact=True)
    from scipy.stats import ttest_1samp

    interval = ttest_1samp(found, 0.0).confidence_interval(level)
    return Interval(mean, float(interval.low), float(interval.high), level, n)


def needed(sd: float, half_width: float, level: float = 0.95) -> int:
    """The smallest n with t S / sqrt(n) <= half_width."""
    if half_width <= 0:
        raise ValueError(f"half_width must be > 0, got {half_width}")
    from scipy.stats import norm, t

    upper = 0.5 + level / 2
    n = max(2, math.ceil((float(norm.ppf(upper)) * sd / half_width) ** 2))
    while float(t.ppf(upper, n - 1)) * sd / math.sqrt(n) > half_width:
        n += 1
    return n
