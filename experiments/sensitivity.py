"""Which assumed inputs carry the result: each at the ends of its range, and how far the arms' difference moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.comparison import Arm, Comparison
from experiments.designs import Design
from experiments.figures import Asked, values
from experiments.gathering import Gathering
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.steady import changed
from twin.domain.errors import SpecError

SEEDS = 3
OTHERWISE = 0.2
"""Where no range is stated, an assumption is moved by this share each way, if that is asked for."""


@dataclass(frozen=True, slots=True)
class Swing:
    """One assumption: the difference between the arms with it at `low` and at `high`."""

    key: str
    low: float
    high: float
    at_low: float
    at_high: float
    stated: bool

    @property
    def width(self) -> float:
        """How far the difference moves."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Swings, the widest first. `as_is`: the difference on the same seeds with every assumption as it stands."""

    figure: Asked
    base: str
    arm: str
    seeds: tuple[int, ...]
    as_is: float
    swings: tuple[Swing, ...]
    assumptions: int
    left_out: tuple[str, ...] = ()

    def turns(self, swing: Swing) -> bool:
        """Whether the difference changes its sign within the range."""
        return bool(self.as_is) and (swing.at_low * self.as_is < 0 or swing.at_high * self.as_is < 0)


def sensitivity(
    comparison: Comparison, gathering: Gathering, *, most: int | None = None, seeds: int = SEEDS
) -> Sensitivity | None:
    """Vary the assumptions that both arms rest on; None where there is nothing to compare or to vary.

    The arms are the baseline and the first arm with a claim; the figure is the first claimed one of it that any
    assumption moves at all (throughput, for one, may only follow arrivals), else the first figure. `most`: so many
    assumptions at most, those with a stated range first.
    """
    if len(comparison.arms) < 2 or most == 0:
        return None
    told = [d for d in comparison.differences if d.verdict in ("better", "worse")]
    base = comparison.baseline
    arm = next(a for a in comparison.arms[1:] if not told or a.name == told[0].arm)
    claims = [d.figure for d in told if d.arm == arm.name] or [comparison.differences[0].figure]
    rows = _common(base, arm)
    stated = [row for row in rows if row["low"] is not None and row["high"] is not None]
    rest = [row for row in rows if row not in stated and row["value"]]
    tried = stated if most is None else (stated + rest)[:most]
    if not tried:
        return None
    used = comparison.seeds[:seeds]
    ends = [(row, *_range(row)) for row in tried]
    wanted: list[tuple[Design, int]] = []
    kept: list[tuple[dict[str, Any], float, float]] = []
    out: list[str] = []
    for row, low, high in ends:
        try:
            pairs = [with_value(d, row["key"], end) for end in (low, high) for d in (base.design, arm.design)]
        except SpecError:
            out.append(row["key"])
            continue
        kept.append((row, low, high))
        wanted += [(design, seed) for design in pairs for seed in used]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    k = len(used)
    for figure in claims:
        swings = _swings(kept, values(found, figure.name).reshape(len(kept), 2, 2, k))
        if any(s.width > 0 for s in swings):
            break
    gap = values(arm.replications[:k], figure.name) - values(base.replications[:k], figure.name)
    return Sensitivity(
        figure=figure, base=base.name, arm=arm.name, seeds=tuple(used), as_is=float(np.nanmean(gap)),
        swings=tuple(sorted(swings, key=lambda s: (-s.width, s.key))), assumptions=len(rows), left_out=tuple(out),
    )  # fmt: skip


def _swings(kept: Sequence[tuple[dict[str, Any], float, float]], table: NDArray[np.float64]) -> list[Swing]:
    """`table`: assumption, end, arm, seed."""
    gaps = np.array(
        [[np.nanmean(end[1] - end[0]) if np.isfinite(end).all() else np.nan for end in row] for row in table]
    )
    return [
        Swing(row["key"], low, high, float(gaps[i, 0]), float(gaps[i, 1]), row["low"] is not None)
        for i, (row, low, high) in enumerate(kept)
        if np.isfinite(gaps[i]).all()
    ]


def with_value(design: Design, key: str, value: float) -> Design:
    """The design with one assumption at another value."""
    from dataclasses import replace

    return replace(design, loaded=changed(design, {key: value}))


def _common(base: Arm, arm: Arm) -> list[dict[str, Any]]:
    """The assumptions that both arms left at their default."""
    theirs = {row["key"] for row in arm.replications[0].result.get("assumptions", ())}
    return [row for row in base.replications[0].result.get("assumptions", ()) if row["key"] in theirs]


def _range(row: dict[str, Any]) -> tuple[float, float]:
    if row["low"] is not None and row["high"] is not None:
        return float(row["low"]), float(row["high"])
    return (1 - OTHERWISE) * float(row["value"]), (1 + OTHERWISE) * float(row["value"])
