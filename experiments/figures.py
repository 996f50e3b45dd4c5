"""Key figures as experiments see them: by name, with a unit, a good side and words for a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from experiments.replication import Replication
from twin.domain.errors import SpecError
from twin.observers.kpis import KPIS
from twin.spec.mistakes import unknown

Better = Literal["higher", "lower"]

DEFAULT_PRIMARY = (
    "throughput_lines_per_h", "order_processing_time_mean_s", "order_processing_time_p95_s", "on_time_shipment",
    "order_picking_accuracy", "lines_per_labour_h", "travel_m_per_line", "labour_cost_per_order",
)  # fmt: skip
"""What a comparison rests on where nothing was declared: fast, in time, right, and at what cost."""

INNER_UNITS = {
    "utilisation": "share", "wait_mean_s": "s", "p_wait": "share", "mean_s": "s", "p50_s": "s", "p95_s": "s",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A figure that is asked for. Margins as in `experiments.study_file.PrimaryFigure`."""

    name: str
    unit: str
    better: Better | None
    margin: float | None = None
    margin_absolute: float | None = None


def asked(
    name: str, better: Better | None = None, margin: float | None = None, margin_absolute: float | None = None,
    currency: str = "money",
) -> Asked:  # fmt: skip
    """A figure by name or dotted name; SpecError with near names if there is none."""
    first, dot, rest = name.partition(".")
    kpi = KPIS.get(first)
    if kpi is None:
        raise SpecError(f"figure {name}: {unknown(first, list(KPIS), 'no such figure')}")
    unit = INNER_UNITS.get(rest.rpartition(".")[2], INNER_UNITS.get(first, "")) if dot else kpi.unit
    unit = currency if unit == "money" else unit
    return Asked(name=name, unit=unit, better=better or kpi.better, margin=margin, margin_absolute=margin_absolute)


def values(replications: Sequence[Replication], name: str) -> NDArray[np.float64]:
    """The figure of each replication in turn; NaN where it is undefined."""
    found = [r.figure(name) for r in replications]
    return np.array([np.nan if x is None else x for x in found], dtype=np.float64)


def scalar_figures() -> list[str]:
    """All key figures that are one number."""
    nested = {"utilisation", "stations", "order_processing_time_by_priority"}
    return [name for name in KPIS if name not in nested]


def margin_of(text: str) -> tuple[str, tuple[float | None, float | None]]:
    """`FIGURE=2%` or `FIGURE=5` as name and (relative, absolute) margin."""
    name, _, written = text.partition("=")
    share = written.strip().endswith("%")
    try:
        value = float(written.strip().removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise SpecError(f"--margin {text}: write FIGURE=2% or FIGURE=5, in the figure's unit")
    return name, ((value / 100, None) if share else (None, value))
