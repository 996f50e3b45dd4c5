"""The parts of an order's time: each moment between its receipt and its end belongs to just one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.events.chunk import Ints


@dataclass(frozen=True, slots=True)
class Part:
    """`kind`: the order waits, or something is done with it. `behind`: what to look at when the part is long."""

    name: str
    kind: Literal["wait", "deed"]
    means: str
    behind: str


_ALL = (
    Part("promise", "wait", "from receipt to the promise", "promising"),
    Part(
        "stock",
        "wait",
        "for goods: an order that ships whole and is not covered (hold), backordered units (goods), a move to the pick "
        "face under way (move)",
        "goods in, replenishment",
    ),
    Part(
        "release",
        "wait",
        "covered by stock, until its release; again from when a supervisor takes a released order back",
        "release policy",
    ),
    Part(
        "batch",
        "wait",
        "released, in the pool, until a batch takes it; orders are batched when a picker asks for work, so a lack of "
        "pickers shows here",
        "pickers, batching",
    ),
    Part("worker", "wait", "in a pick task that nobody has begun", "pickers, dispatch"),
    Part("aisle", "wait", "of the picker at the entrance of a full or closed aisle", "aisle capacity"),
    Part("walking", "deed", "the whole way of the tour, for all its orders", "routing, batching, homes"),
    Part(
        "search_and_pick",
        "deed",
        "at the stops of the tour, for all its orders: look, turn, grasp, put, report a fault",
        "handling times",
    ),
    Part(
        "scan_and_retry",
        "deed",
        "at the stops of the tour: scans and further tries, the tick on paper, the replies of the WMS, a device that "
        "failed until another is at hand",
        "scanners, WMS",
    ),
    Part("cart", "deed", "set up the cart before the tour, put the totes down after it", "set-up of tours"),
    Part(
        "keying",
        "wait",
        "for the book to hear of a pick: the sheet lies in the tray (tray) and is keyed (sheet), or the WMS is down "
        "(report); most orders on paper are packed meanwhile, so only a line that the book sends anew waits for it",
        "clerks",
    ),
    Part(
        "conveyor",
        "deed",
        "before and on a belt, from the cart to the station or from the station to the lane",
        "belts",
    ),
    Part(
        "consolidation",
        "wait",
        "for other handling units of the order before packing; this floor packs each tote by itself, so it is 0",
        "sortation",
    ),
    Part(
        "packing",
        "deed",
        "for a place at the station (place), in its queue (queue), on the bench (bench)",
        "packers",
    ),
    Part("staging", "deed", "carried from the bench to the lane", "way to the lanes"),
    Part(
        "lane",
        "wait",
        "before its lane, which is full, until there is a place; 0 where lanes have no number of places",
        "places of the lanes, departures, loaders",
    ),
    Part(
        "truck",
        "wait",
        "in the lane until a trailer stands at the door (trailer), until it is loaded (loading), until the trailer "
        "leaves (departure)",
        "departures, loaders",
    ),
    Part("other", "deed", "what the facts of the run do not explain", "nothing known"),
)

PARTS: dict[str, Part] = {part.name: part for part in _ALL}
"""In the order in which an order usually meets them."""

NAMES: tuple[str, ...] = tuple(PARTS)
CODE: dict[str, int] = {name: code for code, name in enumerate(NAMES)}

DEEDS: tuple[str, ...] = (
    "", "hold", "goods", "move", "reply", "scan", "device", "set_up", "put_down", "tray", "sheet", "report", "place",
    "queue",
    "bench", "trailer", "loading", "departure",
)  # fmt: skip
"""What distinguishes steps of one part."""

DEED: dict[str, int] = {name: code for code, name in enumerate(DEEDS)}

STATES = ("shipped", "cancelled", "closed_short", "open")


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of an order's time. `cause`: the seq of the decision that ended a wait, or, while it lasts, began it.

    A leg with a `tour` (its number in TourTimes) holds several parts; `worker` and `place` are codes of names.
    """

    part: int
    deed: int
    from_ms: int
    to_ms: int
    cause: int
    worker: int
    place: int
    tour: int = -1


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of an order's time in words. Times in ms from the scenario's start; what does not apply is None."""

    part: str
    deed: str
    from_ms: int
    to_ms: int
    cause: int | None
    worker: str | None
    place: str | None

    @property
    def duration_ms(self) -> int:
        """How long it took."""
        return self.to_ms - self.from_ms


@dataclass(frozen=True, slots=True)
class Legs:
    """Legs of many orders as columns; `order` is the row of the order."""

    order: Ints
    part: Ints
    deed: Ints
    from_ms: Ints
    to_ms: Ints
    cause: Ints
    worker: Ints
    place: Ints
    tour: Ints
