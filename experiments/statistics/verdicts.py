"""The regression gate's judgement: paired, with margins, many figures at once, and honest about what it cannot tell.

worse = s x - s (1 + s m) b per seed, where s is 1 if lower is better and -1 if higher is better, m the relative margin,
x the new value and b the baseline's; better likewise with the margin on the other side. Scaling the baseline's values
keeps the test exact for a ratio of means: it does not pretend that the baseline's mean is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.equivalence import p_greater, p_less
from experiments.statistics.intervals import Interval, mean_interval, needed
from experiments.statistics.paired import holm

Outcome = Literal[
    "errored", "missing_baseline", "not_comparable", "regressed", "improved", "equivalent", "inconclusive"
]
Values = Sequence[float | None]
FAILED: frozenset[str] = frozenset({"regressed"})
NO_VERDICT: frozenset[str] = frozenset({"inconclusive", "missing_baseline", "not_comparable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure that is watched. Give one margin; `exact`: an invariant, of which any difference is a regression."""

    name: str
    better: Literal["higher", "lower"] | None
    margin_relative: float | None = None
    margin_absolute: float | None = None
    unit: str = ""
    exact: bool = False

    def __post_init__(self) -> None:
        given = [m for m in (self.margin_relative, self.margin_absolute) if m is not None]
        if len(given) > 1 or (not given and not self.exact):
            raise ValueError(f"{self.name}: give one of margin_relative and margin_absolute")
        if given and given[0] < 0:
            raise ValueError(f"{self.name}: a margin must be >= 0, got {given[0]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate says of one metric.

    `difference`: new less baseline at level 1 - 2 alpha, the interval of the two one-sided tests; `p_reg` and `p_imp`
    are adjusted by Holm. `pairs_needed`: about how many replications would decide, where inconclusive.
    """

    metric: Metric
    outcome: Outcome
    n: int = 0
    baseline_mean: float | None = None
    new_mean: float | None = None
    difference: Interval | None = None
    margin: float | None = None
    p_reg: float | None = None
    p_ok: float | None = None
    p_imp: float | None = None
    pairs_needed: int | None = None
    why: str = ""

    @property
    def relative(self) -> float | None:
        """The difference as a share of the baseline's mean."""
        if self.difference is None or not self.baseline_mean:
            return None
        return self.difference.estimate / abs(self.baseline_mean)

    @property
    def inside_margin(self) -> bool:
        """Equivalent, and yet the interval leaves out 0: worse or better by less than the margin."""
        gap = self.difference
        if self.outcome != "equivalent" or gap is None or gap.low is None or gap.high is None:
            return False
        return gap.low > 0 or gap.high < 0


@dataclass(frozen=True, slots=True)
class _Tested:
    metric: Metric
    new: NDArray[np.float64]
    base: NDArray[np.float64]
    p_reg: float
    p_ok: float
    p_imp: float


def evaluate(
    metrics: Sequence[Metric], baseline: Mapping[str, Values], new: Mapping[str, Values], *, alpha: float = 0.05,
    looks: int = 1, why_not: Mapping[str, str] | None = None,
) -> list[Verdict]:  # fmt: skip
    """A verdict on each metric, values in the order of the seeds; `why_not`: metrics that cannot be compared, and why.

    The new values may be fewer than the baseline's: the seeds run so far.
    """
    level = alpha / looks
    found: dict[str, Verdict | _Tested] = {}
    for metric in metrics:
        found[metric.name] = _looked_at(metric, baseline.get(metric.name), new.get(metric.name), why_not or {})
    tested = [t for t in found.values() if isinstance(t, _Tested)]
    regressions = dict(zip([t.metric.name for t in tested], holm([t.p_reg for t in tested]), strict=True))
    improvements = dict(zip([t.metric.name for t in tested], holm([t.p_imp for t in tested]), strict=True))
    return [
        v if isinstance(v, Verdict) else _judged(v, regressions[name], improvements[name], level, alpha)
        for name, v in found.items()
    ]


def _looked_at(
    metric: Metric, base: Values | None, new: Values | None, why_not: Mapping[str, str]
) -> Verdict | _Tested:
    if metric.name in why_not:
        return Verdict(metric=metric, outcome="not_comparable", why=why_not[metric.name])
    if base is None:
        return Verdict(metric=metric, outcome="missing_baseline", why="the baseline has no values of it")
    if new is None or not len(new):
        return Verdict(metric=metric, outcome="errored", why="no replication yielded it")
    if len(new) > len(base):
        why = f"{len(new)} seeds against {len(base)} in the baseline"
        return Verdict(metric=metric, outcome="not_comparable", why=why)
    x = np.array([math.nan if v is None else v for v in new], dtype=np.float64)
    b = np.array([math.nan if v is None else v for v in base[: len(new)]], dtype=np.float64)
    both_undefined = np.isnan(x) & np.isnan(b)
    if (np.isnan(x) & ~np.isnan(b)).any():
        seeds = int((np.isnan(x) & ~np.isnan(b)).sum())
        return Verdict(metric=metric, outcome="errored", n=len(x), why=f"undefined on {seeds} of {len(x)} seeds")
    if (np.isnan(b) & ~np.isnan(x)).any():
        return Verdict(metric=metric, outcome="not_comparable", n=len(x), why="undefined in the baseline")
    if both_undefined.all():
        return Verdict(metric=metric, outcome="equivalent", n=len(x), why="undefined on every seed, as in the baseline")
    x, b = x[~both_undefined], b[~both_undefined]
    if metric.exact:
        return _exact(metric, x, b)
    return _Tested(metric, x, b, *_p_values(metric, x, b))


def _exact(metric: Metric, x: NDArray[np.float64], b: NDArray[np.float64]) -> Verdict:
    same = bool((x == b).all())
    return Verdict(
        metric=metric, outcome="equivalent" if same else "regressed", n=len(x), baseline_mean=float(b.mean()),
        new_mean=float(x.mean()), difference=mean_interval(x - b),
        why="" if same else f"differs on {int((x != b).sum())} of {len(x)} seeds; an invariant may not differ",
    )  # fmt: skip


def shifted(metric: Metric, x: NDArray[np.float64], b: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Per seed: how much worse than the margin (`side` 1), or than the margin of an improvement (`side` -1)."""
    s = -1.0 if metric.better == "higher" else 1.0
    if metric.margin_absolute is not None:
        return s * (x - b) - side * metric.margin_absolute
    assert metric.margin_relative is not None
    return s * x - s * (1 + side * s * metric.margin_relative) * b


def _p_values(metric: Metric, x: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float, float]:
    """p of worse than the margin, of not worse, of better than the margin; without a good side by two sides."""
    worse, better = shifted(metric, x, b, 1), shifted(metric, x, b, -1)
    if metric.better is None:
        changed = min(1.0, 2 * min(p_greater(worse), p_less(better)))
        return changed, max(p_less(worse), p_greater(better)), 1.0
    return p_greater(worse), p_less(worse), p_less(better)


def _judged(t: _Tested, p_reg: float, p_imp: float, level: float, alpha: float) -> Verdict:
    gap = t.new - t.base
    base_mean = float(t.base.mean())
    margin = t.metric.margin_absolute
    if margin is None:
        assert t.metric.margin_relative is not None
        margin = t.metric.margin_relative * abs(base_mean)
    verdict = Verdict(
        metric=t.metric, outcome="inconclusive", n=len(gap), baseline_mean=base_mean, new_mean=float(t.new.mean()),
        difference=mean_interval(gap, 1 - 2 * alpha), margin=margin, p_reg=p_reg, p_ok=t.p_ok, p_imp=p_imp,
    )  # fmt: skip
    if p_reg <= level:
        return replace(verdict, outcome="regressed", why="changed" if t.metric.better is None else "")
    if p_imp <= level:
        return replace(verdict, outcome="improved")
    if bool((gap == 0).all()) or t.p_ok <= level:
        return replace(verdict, outcome="equivalent")
    return replace(verdict, pairs_needed=_would_decide(t, level))


def _would_decide(t: _Tested, level: float) -> int | None:
    """About how many pairs bring the interval clear of the margin, if the mean difference stays as it is."""
    worse = shifted(t.metric, t.new, t.base, 1)
    distance, spread = abs(float(worse.mean())), float(worse.std(ddof=1)) if len(worse) > 1 else math.nan
    if not distance or not math.isfinite(spread):
        return None
    if spread / distance > 1000:
        return None
    return max(len(worse) + 1, needed(spread, distance, 1 - 2 * level))


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """2 where a run failed, else 1 where something regressed, else 3 without a verdict, else 0."""
    if any(o == "errored" for o in outcomes):
        return 2
    if any(o in FAILED for o in outcomes):
        return 1
    return 3 if any(o in NO_VERDICT for o in outcomes) else 0


def replications_for_power(sd_share: float, beyond_margin: float, power: float = 0.9, alpha: float = 0.05) -> int:
    """How many pairs find a shift that lies `beyond_margin` past the margin; both as shares of the mean."""
    if sd_share <= 0 or beyond_margin <= 0:
        raise ValueError("sd_share and beyond_margin must be > 0")
    from scipy.stats import nct, t

    n = 3
    while nct.sf(t.ppf(1 - alpha, n - 1), n - 1, beyond_margin / sd_share * math.sqrt(n)) < power:
        n += 1
    return n
