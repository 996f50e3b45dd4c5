"""Which of k designs is best: procedures that say what they promise.

`delta` is the indifference zone: the smallest difference worth acting on. Values are per replication; under common
random numbers row j of every design has the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Subset:
    """Designs (from 0) that cannot be told from the best, and the width of each comparison."""

    kept: tuple[int, ...]
    widths: Floats


def subset_independent(
    means: Sequence[float], variances: Sequence[float], n0: int, alpha: float = 0.05, larger_is_better: bool = False
) -> Subset:
    """Subset selection for independent arms (Nelson, Swann, Goldsman & Song 2001, Oper. Res. 49:950-963)."""
    t = _t_quantile((1 - alpha) ** (1 / (len(means) - 1)), n0 - 1)
    spread = np.asarray(variances, dtype=np.float64)
    widths = t * np.sqrt((spread[:, None] + spread[None, :]) / n0)
    return Subset(_kept(means, widths, larger_is_better), widths)


def subset_paired(values: ArrayLike, alpha: float = 0.05, larger_is_better: bool = False) -> Subset:
    """Subset selection under common random numbers; `values` is (n, k). Bonferroni over the k - 1 rivals."""
    found = _table(values)
    n, k = found.shape
    t = _t_quantile(1 - alpha / (k - 1), n - 1)
    widths = t * np.sqrt(variances_of_differences(found) / n)
    return Subset(_kept(found.mean(axis=0).tolist(), widths, larger_is_better), widths)


def _kept(means: Sequence[float], widths: Floats, larger_is_better: bool) -> tuple[int, ...]:
    cost = np.asarray(means, dtype=np.float64) * (-1 if larger_is_better else 1)
    k = len(cost)
    return tuple(i for i in range(k) if all(cost[i] <= cost[j] + widths[i, j] for j in range(k) if j != i))


def variances_of_differences(values: Floats) -> Floats:
    """S_il squared: the variance of design i less design l, (k, k)."""
    k = values.shape[1]
    found = np.zeros((k, k))
    for i in range(k):
        for j in range(i + 1, k):
            found[i, j] = found[j, i] = (values[:, i] - values[:, j]).var(ddof=1)
    return found


@dataclass(frozen=True, slots=True)
class KnState:
    """Where KN stands: who survives, who was dropped after how many replications, and whether it has ended.

    `best` is the survivor with the best mean so far; it is the answer once `done`.
    """

    n: int
    survivors: tuple[int, ...]
    dropped: dict[int, int]
    done: bool
    best: int
    most: int


def kn_constants(k: int, n0: int, alpha: float = 0.05) -> tuple[float, float]:
    """(eta, h squared) of KN."""
    eta = 0.5 * ((2 * alpha / (k - 1)) ** (-2 / (n0 - 1)) - 1)
    return eta, 2 * eta * (n0 - 1)


def kn(
    values: Sequence[Sequence[float]], delta: float, n0: int = 10, alpha: float = 0.05, larger_is_better: bool = True,
    of: int | None = None,
) -> KnState:  # fmt: skip
    """KN (Kim & Nelson 2001, ACM TOMACS 11:251-273), for common random numbers.

    `values[i]` are the replications of design i so far; a dropped design needs no further ones. Called again with one
    more replication of each survivor until `done`: then the best is chosen with probability at least 1 - alpha if it
    leads by `delta`. `of`: how many designs there were before a screening took some out.
    """
    k = len(values)
    if k < 2:
        raise ValueError("two designs or more are needed")
    if delta <= 0:
        raise ValueError(f"delta must be > 0, got {delta}")
    if any(len(row) < n0 for row in values):
        raise ValueError(f"every design needs n0 = {n0} replications first")
    _, h2 = kn_constants(max(k, of or k), n0, alpha)
    sign = 1.0 if larger_is_better else -1.0
    rows = [sign * np.asarray(row, dtype=np.float64) for row in values]
    s2 = variances_of_differences(np.stack([row[:n0] for row in rows], axis=1))
    most = max(int(h2 * s2[i, j] / delta**2) for i in range(k) for j in range(k) if i != j)
    survivors, dropped, r = list(range(k)), dict[int, int](), n0
    while True:
        means = {i: float(rows[i][:r].mean()) for i in survivors}
        if n0 > most:
            return KnState(r, tuple(survivors), dropped, True, max(means, key=lambda i: (means[i], -i)), most)
        gone = [
            i for i in survivors
            if any(j != i and means[i] < means[j] - _kn_width(s2[i, j], h2, delta, r) for j in survivors)
        ]  # fmt: skip
        for i in gone:
            dropped[i] = r
            survivors.remove(i)
        left = {i: means[i] for i in survivors}
        best = max(left, key=lambda i: (left[i], -i))
        if len(survivors) == 1 or r >= most + 1:
            return KnState(r, tuple(survivors), dropped, True, best, most)
        if any(len(rows[i]) <= r for i in survivors):
            return KnState(r, tuple(survivors), dropped, False, best, most)
        r += 1


def _kn_width(s2: float, h2: float, delta: float, r: int) -> float:
    return max(0.0, delta / (2 * r) * (h2 * s2 / delta**2 - r))


@cache
def rinott_h(k: int, n0: int, confidence: float = 0.95) -> float:
    """Rinott's constant (1978, Comm. Statist. A7:799-811): the root of its double integral, on a log scale."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, norm

    nu = n0 - 1
    grid = np.linspace(math.log(float(chi2.ppf(1e-12, nu))), math.log(float(chi2.ppf(1 - 1e-12, nu))), 801)
    x = np.exp(grid)
    weights = np.full(len(grid), grid[1] - grid[0])
    weights[[0, -1]] /= 2
    density = chi2.pdf(x, nu) * x * weights

    def chosen_right(h: float) -> float:
        inner = norm.cdf(h / np.sqrt(nu * (1 / x[:, None] + 1 / x[None, :]))) @ density
        return float((inner ** (k - 1)) @ density) - confidence

    return float(brentq(chosen_right, 0.01, 50.0, xtol=1e-6))


def rinott(variances: Sequence[float], delta: float, n0: int, confidence: float = 0.95) -> tuple[int, ...]:
    """How many replications each of k independent arms needs in all."""
    return _rinott_n(variances, rinott_h(len(variances), n0, confidence), delta, n0)


def _rinott_n(variances: Sequence[float], h: float, delta: float, n0: int) -> tuple[int, ...]:
    return tuple(max(n0, math.ceil(h**2 * v / delta**2)) for v in variances)


def nsgs(
    means: Sequence[float], variances: Sequence[float], delta: float, n0: int, alpha: float = 0.05,
    larger_is_better: bool = False,
) -> dict[int, int]:  # fmt: skip
    """NSGS: screen at alpha/2, then Rinott at 1 - alpha/2 with the original k. Independent arms: design -> all runs."""
    k = len(means)
    screened = subset_independent(means, variances, n0, alpha / 2, larger_is_better)
    kept = _kept(means, np.maximum(0.0, screened.widths - delta), larger_is_better)
    runs = _rinott_n([variances[i] for i in kept], rinott_h(k, n0, 1 - alpha / 2), delta, n0)
    return dict(zip(kept, runs, strict=True))


def ocba(
    means: Sequence[float], sds: Sequence[float], budget: int, larger_is_better: bool = False, floor: float = 1e-9
) -> tuple[Floats, tuple[int, ...]]:
    """Shares of a fixed budget (Chen, Lin, Yucesan & Chick 2000), exact and in whole runs; it promises nothing.

    Tied means get the distance `floor` times the spread of the means.
    """
    cost = np.asarray(means, dtype=np.float64) * (-1 if larger_is_better else 1)
    spread = np.asarray(sds, dtype=np.float64)
    best = int(np.argmin(cost))
    least = max(floor * float(np.ptp(cost)), floor)
    distance = np.maximum(cost - cost[best], least)
    share = (spread / distance) ** 2
    others = [i for i in range(len(cost)) if i != best]
    share[best] = spread[best] * math.sqrt(sum((share[i] / spread[i]) ** 2 for i in others if spread[i] > 0))
    exact: Floats = budget * share / share.sum()
    whole = np.floor(exact).astype(int)
    for i in np.argsort(-(exact - whole), kind="stable")[: budget - int(whole.sum())]:
        whole[i] += 1
    return exact, tuple(int(n) for n in whole)


def _table(values: ArrayLike) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] < 2 or found.shape[0] < 2:
        raise ValueError("a table of two replications or more (rows) by two designs or more (columns) is needed")
    if not np.isfinite(found).all():
        raise ValueError("a value is not a number")
    return found


def _t_quantile(p: float, nu: int) -> float:
    from scipy.stats import t

    return float(t.ppf(p, nu))
