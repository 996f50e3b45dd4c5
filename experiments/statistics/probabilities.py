"""Shares of replications on which something held: one replication is one trial."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.statistics.intervals import Interval


def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Wilson's interval (1927); defined at 0 and at all trials too."""
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"successes must be from 0 to trials, trials at least 1; got {successes} of {trials}")
    from scipy.stats import binomtest

    interval = binomtest(successes, trials).proportion_ci(level, method="wilson")
    return Interval(successes / trials, float(interval.low), float(interval.high), level, trials)


def mcnemar(base: Sequence[bool], cand: Sequence[bool]) -> tuple[int, int, float]:
    """(only base held, only candidate held, exact two-sided p) over paired trials."""
    lost = sum(b and not c for b, c in zip(base, cand, strict=True))
    won = sum(c and not b for b, c in zip(base, cand, strict=True))
    if lost + won == 0:
        return 0, 0, 1.0
    from scipy.stats import binomtest

    return lost, won, float(binomtest(lost, lost + won).pvalue)
