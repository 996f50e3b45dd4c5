"""Recording a baseline: which figures, with which margins, and a warning where a figure cannot move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from experiments.designs import Design
from experiments.figures import asked, values
from experiments.gate.baseline import Baseline, Watched, checked_figure, definition_of
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.statistics.verdicts import Metric
from twin.domain.draws import DRAW_SCHEME

ALPHA = 0.05
DEFAULT_MARGINS: dict[str, tuple[float | None, float | None]] = {
    "labour_hours": (0.01, None),
    "order_processing_time_p95_s": (0.05, None),
    "throughput_lines_per_h": (0.01, None),
    "order_picking_accuracy": (None, 0.002),
}
"""Figure -> (relative, absolute) margin. Throughput is watched by default only where it can move."""
OTHER_MARGIN = 0.02
THROUGHPUT = ("throughput_lines_per_h", "throughput_orders_per_h", "orders_shipped", "lines_shipped", "units_shipped")
LEFT_OVER = 0.02
"""Where fewer orders than this share stay unfinished, what is shipped is what arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What to record. `figures` empty: the default ones; `margins` as in DEFAULT_MARGINS."""

    scenario: str
    design: Design
    overrides: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    margins: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)


def record(recipe: Recipe, seeds: Sequence[int], gathering: Gathering, reason: str) -> Baseline:
    """Run all seeds and keep what they yield."""
    for name in (*recipe.figures, *recipe.margins):
        checked_figure(name)
    wanted = [(recipe.design, seed) for seed in seeds]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    moves = throughput_can_move(found)
    names = list(recipe.figures) or [
        name for name in dict.fromkeys([*DEFAULT_MARGINS, *recipe.margins])
        if name in recipe.margins
        or ((moves or name not in THROUGHPUT) and any(r.figure(name) is not None for r in found))
    ]  # fmt: skip
    currency = recipe.design.loaded.spec.costs.currency
    metrics: dict[str, Watched] = {}
    for name in names:
        figure = asked(name, currency=currency)
        relative, absolute = recipe.margins.get(name) or DEFAULT_MARGINS.get(name) or (OTHER_MARGIN, None)
        metric = Metric(
            name=name, better=figure.better, margin_relative=relative, margin_absolute=absolute, unit=figure.unit
        )
        metrics[name] = Watched(
            metric=metric, alpha=ALPHA, definition=definition_of(name), values=tuple(r.figure(name) for r in found)
        )
    return Baseline(
        scenario=recipe.scenario, scenario_sha256=recipe.design.loaded.sha256, seeds=tuple(seeds),
        event_digest=tuple(r.digest for r in found), metrics=metrics, versions=dict(found[0].result["versions"]),
        draw_scheme=DRAW_SCHEME, reason=reason, overrides=recipe.overrides,
        policies={f: n for f, n in recipe.design.policies.items() if ":" not in n},
        warnings=tuple(cannot_move(metrics, found)),
    )  # fmt: skip


def throughput_can_move(found: Sequence[Replication]) -> bool:
    """Whether more work was asked than done: else throughput only follows arrivals."""
    left, came = values(found, "orders_unfinished"), values(found, "orders_received")
    return bool(came.sum() > 0 and left.sum() / came.sum() >= LEFT_OVER)


def cannot_move(metrics: Mapping[str, Watched], found: Sequence[Replication]) -> list[str]:
    """A sentence for each watched figure that would not notice a change."""
    told = []
    for name, watched in metrics.items():
        known = np.array([np.nan if v is None else v for v in watched.values], dtype=np.float64)
        if np.isnan(known).all():
            told.append(f"{name} is undefined on every seed: it watches nothing")
        elif name in THROUGHPUT and not throughput_can_move(found):
            told.append(
                f"{name} only follows the orders that arrive: nearly all of them are shipped, so slower work does not "
                "show; watch it on a saturated scenario, and labour_hours here"
            )
        elif len(known) > 1 and np.nanstd(known) <= 1e-9 * abs(float(np.nanmean(known))):
            told.append(f"{name} is {known[0]:g} on every seed: it may not be able to move")
    return told
