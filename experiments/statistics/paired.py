"""Two designs on the same seeds: the difference pair by pair, what pairing bought, and many claims at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.statistics.intervals import Interval, mean_interval, numbers


@dataclass(frozen=True, slots=True)
class Paired:
    """A paired comparison. `difference` is candidate less base, `relative` over the base's mean (None where that is 0).

    `p_value` is two-sided; where all differences are the same number it is 1 (for 0) or 0, and `exact` says so.
    `variance_ratio`: variance of the difference over that of unpaired runs; near 1 or above, pairing bought nothing.
    """

    n: int
    base_mean: float
    cand_mean: float
    difference: Interval
    relative: Interval | None
    p_value: float
    sd: float
    correlation: float | None
    variance_ratio: float | None
    exact: bool = False


def paired(base: ArrayLike, cand: ArrayLike, level: float = 0.95) -> Paired:
    """Compare two designs run on the same seeds, in the same order (Law, ch. 10 and 11)."""
    first, second = numbers(base), numbers(cand)
    if len(first) != len(second):
        raise ValueError(f"pairs are needed: {len(first)} values against {len(second)}")
    gap = second - first
    difference = mean_interval(gap, level)
    n, base_mean = len(gap), float(first.mean())
    exact = n > 1 and difference.exact
    p_value = 1.0
    if exact:
        p_value = 1.0 if difference.estimate == 0 else 0.0
    elif n > 1:
        from scipy.stats import ttest_1samp

        p_value = float(ttest_1samp(gap, 0.0).pvalue)
    return Paired(
        n=n, base_mean=base_mean, cand_mean=float(second.mean()), difference=difference,
        relative=_over(difference, base_mean), p_value=p_value, sd=float(gap.std(ddof=1)) if n > 1 else 0.0,
        correlation=_correlation(first, second), variance_ratio=_ratio(first, second, gap), exact=exact,
    )  # fmt: skip


def _over(x: Interval, mean: float) -> Interval | None:
    if mean == 0:
        return None
    ends = [None if end is None else end / mean for end in (x.low, x.high)]
    low, high = (ends[1], ends[0]) if mean < 0 else (ends[0], ends[1])
    return Interval(x.estimate / mean, low, high, x.level, x.n, x.exact)


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    if len(first) < 2 or first.std() == 0 or second.std() == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _ratio(first: NDArray[np.float64], second: NDArray[np.float64], gap: NDArray[np.float64]) -> float | None:
    if len(first) < 2:
        return None
    unpaired = float(first.var(ddof=1) + second.var(ddof=1))
    return None if unpaired == 0 else float(gap.var(ddof=1)) / unpaired


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values (1979): the chance of any false claim is held under any dependence."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted
