"""A day of a tenth of a second, for tests that need real runs."""

from __future__ import annotations

from experiments.designs import Design, design_of

SMALL = (
    "horizon_h=5", "demand.generate.orders_per_day=100", "assortment.generate.skus=60",
    "inbound.generate.trailers_per_day=0", "workforce.pickers.count=2",
)  # fmt: skip


def small(name: str = "small", *more: str) -> Design:
    """The small day, with further settings."""
    return design_of(name, "quickstart", [*SMALL, *more])
