"""Quantiles: of one run by linear interpolation; over runs as values per replication, never of pooled times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from experiments.statistics.intervals import Interval, mean_interval, numbers


def quantile(values: ArrayLike, p: float) -> float:
    """Type 7 of Hyndman & Fan (1996)."""
    return float(np.quantile(numbers(values), p, method="linear"))


def quantile_over_replications(replications: Sequence[ArrayLike], p: float, level: float = 0.95) -> Interval:
    """The mean of each replication's quantile, with its interval."""
    return mean_interval([quantile(values, p) for values in replications], level)


def order_statistic_ranks(n: int, p: float, level: float = 0.95) -> tuple[int, int] | None:
    """Ranks (from 1) of the order statistics that enclose the p-quantile of n independent values; None: too few."""
    from scipy.stats import binom

    tail = (1 - level) / 2
    low, high = int(binom.ppf(tail, n, p)), int(binom.ppf(1 - tail, n, p)) + 1
    if low < 1 or high > n or float(binom.cdf(high - 1, n, p) - binom.cdf(low - 1, n, p)) < level:
        return None
    return low, high
