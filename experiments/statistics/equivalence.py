"""Not different by more than a margin that was chosen before the run: two one-sided tests, or one."""

from __future__ import annotations

from typing import Literal

from numpy.typing import ArrayLike

from experiments.statistics.intervals import numbers


def p_less(values: ArrayLike) -> float:
    """One-sided p of "the mean is below 0". Values that are all the same are an exact result: 0 or 1."""
    return _one_sided(values, "less")


def p_greater(values: ArrayLike) -> float:
    """One-sided p of "the mean is above 0". Values that are all the same are an exact result: 0 or 1."""
    return _one_sided(values, "greater")


def _one_sided(values: ArrayLike, way: Literal["less", "greater"]) -> float:
    found = numbers(values)
    if (found == found[0]).all():
        return 0.0 if (found[0] < 0 if way == "less" else found[0] > 0) else 1.0
    if len(found) < 2:
        return 1.0
    from scipy.stats import ttest_1samp

    return float(ttest_1samp(found, 0.0, alternative=way).pvalue)


def tost(differences: ArrayLike, low: float, high: float) -> float:
    """p of "the mean lies between low and high" (Schuirmann 1987); equivalent at alpha when it is at most alpha."""
    if low >= high:
        raise ValueError(f"low must be < high, got {low} and {high}")
    found = numbers(differences)
    return max(p_greater(found - low), p_less(found - high))
