"""One long steady-state run: the means of equal batches as values, checked for independence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from experiments.statistics.intervals import Interval, mean_interval, numbers

INDEPENDENT_BELOW = 1.645


@dataclass(frozen=True, slots=True)
class BatchMeans:
    """The interval of the mean; `z` above 1.645: the batches hang together and must be longer."""

    interval: Interval
    c: float
    z: float

    @property
    def independent(self) -> bool:
        """Whether the batches pass for independent."""
        return self.z <= INDEPENDENT_BELOW


def of_batches(means: ArrayLike, level: float = 0.95) -> BatchMeans:
    """Of batch means at hand (Schmeiser 1982; Fishman 1978)."""
    y = numbers(means)
    b = len(y)
    if b < 3:
        raise ValueError(f"three batches or more are needed, got {b}")
    around = float(((y - y.mean()) ** 2).sum())
    c = 0.0 if around == 0 else 1 - float((np.diff(y) ** 2).sum()) / (2 * around)
    return BatchMeans(mean_interval(y, level), c, c / math.sqrt((b - 2) / (b**2 - 1)))


def batch_means(values: ArrayLike, batches: int = 20, level: float = 0.95) -> BatchMeans:
    """Cut a run, its warm-up left out, into equal batches; the incomplete rest at the start is dropped."""
    found = numbers(values)
    size = len(found) // batches
    if size < 1:
        raise ValueError(f"{len(found)} values give no {batches} batches")
    return of_batches(found[len(found) - size * batches :].reshape(batches, size).mean(axis=1), level)
