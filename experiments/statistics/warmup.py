"""How much of the start of a steady-state run to leave out: MSER-5, and Welch's plot for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BATCH = 5
FEWEST_BATCHES = 10
TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Mser:
    """`deleted` values are left out (whole batches of five); `too_short`: the least error was at half of the run."""

    deleted: int
    batches: int
    statistic: float
    too_short: bool


def averaged(series: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """The mean over replications, period by period, as far as all of them go."""
    rows = [np.asarray(row, dtype=np.float64) for row in series]
    length = min(len(row) for row in rows)
    return np.asarray(np.mean([row[:length] for row in rows], axis=0), dtype=np.float64)


def mser5(values: ArrayLike, fewest: int = FEWEST_BATCHES) -> Mser:
    """MSER-5 (White 1997; White, Cobb & Spratt 2000); ValueError under `fewest` batches, or for what is no number."""
    found = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(found).all():
        raise ValueError("a value is not a number")
    m = len(found) // BATCH
    if m < fewest:
        raise ValueError(f"MSER-5 needs at least {BATCH * fewest} values, got {len(found)}")
    z = found[: m * BATCH].reshape(m, BATCH).mean(axis=1)
    z = z - z.mean()
    left = m - np.arange(m // 2 + 1)
    total, squares = np.cumsum(z[::-1])[::-1], np.cumsum((z**2)[::-1])[::-1]
    at = np.arange(m // 2 + 1)
    g = np.maximum(0.0, squares[at] - total[at] ** 2 / left) / left**2
    d = int(np.flatnonzero(g <= g.min() + TIE * max(1e-300, float(g.max())))[0])
    if np.allclose(z, 0.0, atol=1e-12 * max(1.0, float(np.abs(found).max()))):
        d = 0
    return Mser(deleted=BATCH * d, batches=m, statistic=float(g[d]), too_short=d == m // 2)


def welch(values: ArrayLike, window: int) -> NDArray[np.float64]:
    """The centred moving average of Welch (1983), narrower near the start and undefined for the last `window`."""
    found = np.asarray(values, dtype=np.float64)
    if not 0 < window <= len(found) / 4 + 1e-9:
        raise ValueError(f"window must be from 1 to a quarter of the {len(found)} values, got {window}")
    n = len(found) - window
    return np.array([found[i - min(i, window) : i + min(i, window) + 1].mean() for i in range(n)])
