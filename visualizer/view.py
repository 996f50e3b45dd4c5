"""What a person has chosen to look at. Together with a store it makes a picture; nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["floor", "book", "difference"]
Colouring = Literal["fill", "abc", "storage", "picks"]
Heat = Literal["volume", "waiting", "backlog"]
Layer = Literal["locations", "heat", "trails", "queues", "labels", "abc"]
LAYERS: tuple[Layer, ...] = ("locations", "heat", "trails", "queues", "labels", "abc")
"""In the order of the keys 1 to 6."""
Thing = Literal["worker", "location", "station", "door", "lane", "aisle", "belt", "trailer", "order", "sku"]


@dataclass(frozen=True, slots=True)
class Selection:
    """One thing that can be inspected, by its id."""

    kind: Thing
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Which point of the floor (mm) is in the middle, and how many pixels a metre has; `px_per_m` 0: fit all."""

    x_mm: float = 0.0
    y_mm: float = 0.0
    px_per_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Time, camera, layers, selection. `sees_floor` False: the book only, as a trainee does.

    heat_role: of one role, None for all; heat_window_ms: the minutes before `at_ms`, 0: since the start.
    """

    at_ms: int = 0
    camera: Camera = Camera()
    layers: frozenset[Layer] = frozenset({"locations", "trails", "queues", "labels"})
    colouring: Colouring = "fill"
    abc_by: Literal["picks", "slotted"] = "picks"
    stock_side: Side = "floor"
    heat: Heat = "waiting"
    heat_role: str | None = None
    heat_window_ms: int = 1_800_000
    selection: Selection | None = None
    follow: bool = False
    sees_floor: bool = True
