"""The score of an exercise: each part by what the trainee gained of what the reference gains over doing nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

WEIGHTS: dict[str, float] = {"service": 40.0, "cost": 30.0, "congestion": 20.0, "reaction": 10.0}

CostLike = Mapping[str, float | None]
"""By part a figure of which less is better; None where a run has none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its figures, its share of 100 after rescaling, and its points; `why`: why it is not scored."""

    part: str
    none: float | None
    reference: float | None
    trainee: float | None
    half_width: float
    most_points: float
    points: float
    why: str | None = None

    @property
    def scored(self) -> bool:
        """Whether it counts."""
        return self.why is None


def half_widths(none: Sequence[CostLike], reference: Sequence[CostLike], confidence: float = 0.95) -> dict[str, float]:
    """By part the half-width of the paired difference over seeds; infinite where a seed has no figure."""
    from scipy.stats import t

    found = {}
    for part in WEIGHTS:
        pairs = [(a[part], b[part]) for a, b in zip(none, reference, strict=True)]
        differences = [a - b for a, b in pairs if a is not None and b is not None]
        n = len(differences)
        if n < len(pairs) or n < 2:
            found[part] = float("inf")
            continue
        found[part] = float(t.ppf(0.5 + confidence / 2, n - 1)) * stdev(differences) / sqrt(n)
    return found


def share_gained(none: float, reference: float, trainee: float) -> float:
    """The trainee's gain as a share of the reference's, from 0 to 1."""
    return min(1.0, max(0.0, (none - trainee) / (none - reference)))


def score(none: CostLike, reference: CostLike, trainee: CostLike, noise: Mapping[str, float]) -> list[Part]:
    """All parts. One in which the reference does not clearly beat doing nothing is not scored; the others grow."""
    why = {part: _why_not(none[part], reference[part], trainee[part], noise[part]) for part in WEIGHTS}
    total = sum(weight for part, weight in WEIGHTS.items() if why[part] is None)
    parts = []
    for part, weight in WEIGHTS.items():
        a, b, c = none[part], reference[part], trainee[part]
        share = 0.0
        if why[part] is None and a is not None and b is not None and c is not None:
            share = share_gained(a, b, c)
        scaled = 100 * weight / total if why[part] is None else 0.0
        parts.append(Part(part, a, b, c, noise[part], scaled, scaled * share, why[part]))
    return parts


def _why_not(none: float | None, reference: float | None, trainee: float | None, half_width: float) -> str | None:
    if none is None or reference is None or trainee is None:
        return "no_figure"
    if none - reference <= half_width:
        return "no_clear_difference"
    return None


def total_of(parts: Sequence[Part]) -> float | None:
    """Points of 100; None where no part is scored."""
    scored = [p for p in parts if p.scored]
    return sum(p.points for p in scored) if scored else None


def mean_reaction_min(reactions: Sequence[float | None], within_min: float) -> float | None:
    """Mean minutes from an incident to its answer; none, or one that comes late, counts as the whole span."""
    if not reactions:
        return None
    return fmean(within_min if r is None else min(r, within_min) for r in reactions)
