"""Choosing the best of a study's designs: a first look takes out those that cannot be it, KN goes on with the rest.

Each step may err with half of alpha, so that both together keep the promise (as Nelson, Swann, Goldsman & Song 2001
combine theirs). All designs run the same seeds; KN is the procedure made for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.designs import Design
from experiments.figures import Asked, values
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.selection import kn, subset_paired
from twin.domain.errors import SpecError


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was chosen. `dropped`: design -> replications after which it was out, at n0 by the first look.

    `decided` is False where the budget ended first: then `survivors` are those still in, and nothing is promised.
    """

    figure: Asked
    delta: float
    alpha: float
    n0: int
    designs: tuple[str, ...]
    screened: tuple[str, ...]
    dropped: dict[str, int]
    survivors: tuple[str, ...]
    best: str
    decided: bool
    runs: int
    means: dict[str, Interval]

    def guarantee(self) -> str:
        """What the procedure promises, in words."""
        if not self.decided:
            return (
                f"not decided: {', '.join(self.survivors)} are still in after {self.runs} runs; nothing is promised; "
                "raise --most or the margin"
            )
        return (
            f"if the best design leads by the margin or more, it is the one chosen with probability at least "
            f"{100 * (1 - self.alpha):g} % (KN after subset selection, alpha/2 each, common random numbers; the values "
            "of replications are taken as normal)"
        )


def select(
    designs: Sequence[Design], figure: Asked, gathering: Gathering, *, first_seed: int = 1, n0: int = 10,
    alpha: float = 0.05, most: int = 200,
) -> Selection:  # fmt: skip
    """Run as many replications as it takes; SpecError where the figure has no margin or no good side."""
    if len(designs) < 2:
        raise SpecError("a selection needs two designs or more")
    if figure.better is None:
        raise SpecError(f"{figure.name} has no good side: say better: higher or lower")
    if n0 < 3 or most < n0:
        raise SpecError(f"n0 must be >= 3 and most >= n0, got {n0} and {most}")
    higher = figure.better == "higher"
    took = {d.name: list[Replication]() for d in designs}
    _more(designs, took, first_seed, n0, gathering)
    table = np.stack([_known(took[d.name], figure, d) for d in designs], axis=1)
    delta = _delta(figure, float(table[:, 0].mean()))
    kept = subset_paired(table, alpha / 2, larger_is_better=higher).kept
    left = [designs[i] for i in kept]
    dropped = {d.name: n0 for d in designs if d not in left}
    screened = tuple(dropped)
    while len(left) > 1:
        rows = [_known(took[d.name], figure, d).tolist() for d in left]
        state = kn(rows, delta, n0, alpha / 2, larger_is_better=higher, of=len(designs))
        if state.done or len(took[left[state.best].name]) >= most:
            for i, r in state.dropped.items():
                dropped[left[i].name] = r
            survivors = [left[i] for i in state.survivors]
            return _selection(
                designs, figure, delta, alpha, n0, screened, dropped, survivors, left[state.best], state.done, took
            )
        _more([left[i] for i in state.survivors], took, first_seed, 1, gathering)
    return _selection(designs, figure, delta, alpha, n0, screened, dropped, left, left[0], True, took)


def _selection(
    designs: Sequence[Design], figure: Asked, delta: float, alpha: float, n0: int, screened: tuple[str, ...],
    dropped: dict[str, int], survivors: Sequence[Design], best: Design, decided: bool,
    took: dict[str, list[Replication]],
) -> Selection:  # fmt: skip
    return Selection(
        figure=figure, delta=delta, alpha=alpha, n0=n0, designs=tuple(d.name for d in designs), screened=screened,
        dropped=dropped, survivors=tuple(d.name for d in survivors), best=best.name, decided=decided,
        runs=sum(map(len, took.values())),
        means={d.name: mean_interval(_known(took[d.name], figure, d)) for d in designs},
    )  # fmt: skip


def _more(
    designs: Sequence[Design], took: dict[str, list[Replication]], first_seed: int, count: int, gathering: Gathering
) -> None:
    wanted = [(d, first_seed + len(took[d.name]) + k) for k in range(count) for d in designs]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    for (design, _), replication in zip(wanted, found, strict=True):
        took[design.name].append(replication)


def _known(
    replications: Sequence[Replication], figure: Asked, design: Design
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    found = values(replications, figure.name)
    if np.isnan(found).any():
        raise SpecError(
            f"{design.name}: {figure.name} is undefined on {int(np.isnan(found).sum())} seeds: nothing to select by"
        )
    return found


def _delta(figure: Asked, mean: float) -> float:
    if figure.margin_absolute is not None:
        return figure.margin_absolute
    if figure.margin is None or not mean:
        raise SpecError(
            f"{figure.name}: a selection needs a margin, the smallest difference worth acting on: margin: 0.02"
        )
    return figure.margin * abs(mean)
