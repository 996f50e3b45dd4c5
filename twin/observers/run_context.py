"""What figures need to know of a run that no event says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """Times in ms from the scenario's start; figures count from warm-up to horizon.

    `servers`: benches of a station, None for unlimited. `cost_per_h`: by role. `start`: the scenario's, as text.
    """

    horizon_ms: int
    warmup_ms: int = 0
    start: str = ""
    floor_m2: float | None = None
    location_count: int = 0
    servers: Mapping[str, int | None] = field(default_factory=dict)
    cost_per_h: Mapping[str, float] = field(default_factory=dict)

    @property
    def window_h(self) -> float:
        """Hours between warm-up and horizon; 0 where a run is looked at before its warm-up is over."""
        return max(0, self.horizon_ms - self.warmup_ms) / 3_600_000


Figure = float | int | None | dict[str, "Figure"]
Figures = dict[str, Figure]


def share(part: float, whole: float) -> float | None:
    """A share or rate; undefined over nothing."""
    return float(part) / float(whole) if whole else None
