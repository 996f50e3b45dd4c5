"""Small days for the honesty tests of the gate: as they are, with other luck, or with slower hands and feet.

Run in processes of their own; each gives the watched figures of one seed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from twin.domain import draws
from twin.run.running import Run
from twin.spec.loading import Loaded, load_scenario
from twin.spec.work import HandlingSpec

FIGURES = ("labour_hours", "order_processing_time_p95_s")
SMALL = (
    "horizon_h=5", "demand.generate.orders_per_day=150", "assortment.generate.skus=60",
    "inbound.generate.trailers_per_day=0", "workforce.pickers.count=3",
)  # fmt: skip
REKEYED = "handling"
_stream = draws.stream


@cache
def day(slower: float) -> Loaded:
    """The day with walking and all handling slower by a share."""
    said = list(SMALL)
    if slower:
        said.append(f"equipment.walking_speed_m_per_s={1.2 / (1 + slower)}")
        for name, field in HandlingSpec.model_fields.items():
            if name.endswith("_s") and isinstance(field.default, int | float):
                said.append(f"methods.handling.{name}={field.default * (1 + slower)}")
    return load_scenario("quickstart", said)


def trial(job: tuple[int, float, bool]) -> dict[str, Any]:
    """(seed, slower, other luck in handling times) -> figures and digest."""
    seed, slower, rekeyed = job
    draws.stream = _again if rekeyed else _stream  # type: ignore[assignment]
    try:
        run = Run(day(slower), seed=seed)
        run.advance(run.premises.horizon_ms)
        result = run.finish()
    finally:
        draws.stream = _stream
    return {"digest": result.digest, **{name: result.kpis[name] for name in FIGURES}}


def _again(seed: int, purpose: str) -> int:
    return _stream(seed, f"{purpose}/again" if purpose == REKEYED else purpose)
