"""What holds orders up: the waits of their critical lines by what lies behind them, and how busy that was by hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Ints
from twin.events.columns import MISSING
from twin.observers.matching import Flags
from twin.observers.order_times import Times
from twin.observers.run_context import RunContext
from twin.observers.time_parts import CODE, DEED, DEEDS, PARTS, STATES
from twin.observers.utilisation import Utilisation

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Source:
    """Something that makes orders wait: steps of these parts (and deeds; none: all), and the role that serves them."""

    name: str
    waits: tuple[tuple[str, str], ...]
    role: str | None
    relief: str
    inside: bool = True
    families: tuple[str, ...] = ()


SOURCES = (
    Source("promising", (("promise", ""),), None, "a promising policy that answers at once", True, ("promising",)),
    Source(
        "stock", (("stock", ""),), "replenisher",
        "stock at the pick faces: earlier replenishment, earlier goods in, a truer book", True,
        ("replenishment", "allocation"),
    ),
    Source("release", (("release", ""),), None, "a release policy that lets orders go earlier", True, ("release",)),
    Source(
        "pickers", (("batch", ""), ("worker", "")), "picker",
        "another picker at that time, or shorter tours (batching, routing, homes of SKUs)", True,
        ("batching", "routing", "dispatch"),
    ),
    Source("aisles", (("aisle", ""),), None, "room in the aisles, or routes that spread the pickers"),
    Source("clerks", (("keying", "tray"), ("keying", "sheet")), "clerk", "another clerk, or scanners"),
    Source("WMS", (("keying", "report"),), None, "shorter outages of the WMS"),
    Source("packers", (("packing", "place"), ("packing", "queue")), "packer", "another packer or bench at that time"),
    Source("lanes", (("lane", ""),), None, "more places in the lanes, or trailers and loaders that empty them earlier"),
    Source("loaders", (("truck", "loading"),), "loader", "another loader at that time", False),
    Source(
        "departures", (("truck", "trailer"), ("truck", "departure")), None,
        "a departure soon after most orders are staged; people would not help", False,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: the mean number of orders that waited, by source, and how busy each role was (None: not there)."""

    from_ms: int
    waiting: dict[str, float]
    busy: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Wait:
    """The evidence on one source, over the orders looked at; times in ms, means per order of all of them."""

    source: Source
    total_ms: int
    mean_ms: float
    orders: int
    longest_ms: int
    peak: Hour | None
    place: str | None


def cohort(times: Times, warmup_ms: int) -> Flags:
    """Orders received after the warm-up that have left: those of the order cycle time."""
    found: Flags = (times.state == STATES.index("shipped")) & (times.received_ms >= warmup_ms)
    return found


def staged(times: Times, warmup_ms: int) -> Flags:
    """Orders received after the warm-up whose critical line was staged: where no trailer leaves, these are counted."""
    found: Flags = (times.processed_ms != MISSING) & (times.received_ms >= warmup_ms)
    return found


def waits(times: Times, among: Flags, hours: list[Hour]) -> list[Wait]:
    """What each source made these orders wait, the longest first."""
    legs, count = times.legs, max(1, int(among.sum()))
    mine = among[legs.order] if len(legs.order) else np.empty(0, dtype=np.bool_)
    took = legs.to_ms - legs.from_ms
    found = []
    for source in SOURCES:
        own = mine & steps_of(times, source)
        per_order = np.zeros(len(among), dtype=np.int64)
        np.add.at(per_order, legs.order[own], took[own])
        total = int(took[own].sum())
        if source.name == "aisles":
            per_order = np.where(among, times.parts["aisle"], 0)
            total = int(per_order.sum())
        peak = max(hours, key=lambda h: h.waiting[source.name], default=None)
        found.append(
            Wait(
                source, total, total / count, int((per_order > 0).sum()), int(per_order.max(initial=0)),
                peak if peak is not None and peak.waiting[source.name] > 0 else None,
                _place(times, own, took),
            )
        )  # fmt: skip
    return sorted(found, key=lambda wait: -wait.total_ms)


def steps_of(times: Times, source: Source) -> Flags:
    """The legs that are waits for a source; an aisle's lie within tours and are not among them."""
    found = np.zeros(len(times.legs.order), dtype=np.bool_)
    for part, deed in source.waits:
        found |= (times.legs.part == CODE[part]) & ((times.legs.deed == DEED[deed]) | (not deed))
    return found


def deeds_of(times: Times, part: str, among: Flags) -> dict[str, int]:
    """The time of a part by deed, over some orders; all deeds that occur in any."""
    legs = times.legs
    own = legs.part == CODE[part]
    took = np.where(among[legs.order], legs.to_ms - legs.from_ms, 0) if len(legs.order) else legs.order
    names = ("trailer", "loading", "departure") if part == "truck" else DEEDS
    return {deed: int(took[own & (legs.deed == DEED[deed])].sum()) for deed in names}


def work(times: Times, among: Flags) -> dict[str, int]:
    """The time of each part that is work, over some orders; of packing what passes at the bench."""
    found = {name: int(times.parts[name][among].sum()) for name, part in PARTS.items() if part.kind == "deed"}
    found["packing"] = deeds_of(times, "packing", among)["bench"]
    return found


def staged_by_hour(times: Times, among: Flags) -> dict[int, int]:
    """How many of some orders had their last handling unit staged, by the hour's beginning."""
    hours, orders = np.unique(times.processed_ms[among] // HOUR_MS * HOUR_MS, return_counts=True)
    return dict(zip(hours.tolist(), orders.tolist(), strict=True))


def _place(times: Times, own: Flags, took: Ints) -> str | None:
    """Where most of a wait was: a station, a trailer, a wave."""
    legs = times.legs
    known = own & (legs.place >= 0)
    if not known.any():
        return None
    places, at = np.unique(legs.place[known], return_inverse=True)
    total = np.bincount(at.reshape(-1), took[known])
    return times.names.name(int(places[int(total.argmax())]))


def by_hour(times: Times, people: Utilisation, context: RunContext) -> list[Hour]:
    """Each hour up to the horizon: how many orders waited for what, open ones too, and how busy roles were."""
    edges = np.arange(0, context.horizon_ms + HOUR_MS, HOUR_MS)
    edges[-1] = context.horizon_ms
    edges = np.unique(edges)
    legs, tours = times.legs, times.tours
    queues: dict[str, Ints] = {}
    for source in SOURCES:
        own = steps_of(times, source)
        queues[source.name] = _overlap(legs.from_ms[own], legs.to_ms[own], edges)
    blocked = tours.piece_part == CODE["aisle"]
    orders_on = np.bincount(legs.tour[legs.tour >= 0], minlength=len(tours.tour)) if len(tours.tour) else np.empty(0)
    queues["aisles"] = _overlap(
        tours.piece_from_ms[blocked], tours.piece_to_ms[blocked], edges,
        orders_on[tours.piece_tour[blocked]].astype(np.int64),
    )  # fmt: skip
    found = []
    for i in range(len(edges) - 1):
        low, high = int(edges[i]), int(edges[i + 1])
        labour = people.labour(RunContext(warmup_ms=low, horizon_ms=high))
        busy: dict[str, float | None] = {}
        for role, shift_ms in sorted(labour.on_shift_ms.items()):
            there = shift_ms - labour.on_break_ms.get(role, 0)
            busy[role] = labour.at_work_ms.get(role, 0) / there if there > 0 else None
        found.append(Hour(low, {k: float(v[i]) / (high - low) for k, v in queues.items()}, busy))
    return found


def _overlap(from_ms: Ints, to_ms: Ints, edges: Ints, weight: Ints | None = None) -> Ints:
    """By hour the time that intervals cover, each for itself."""
    weights = np.ones(len(from_ms), dtype=np.int64) if weight is None else weight
    covered = [
        int(((np.clip(to_ms, low, high) - np.clip(from_ms, low, high)) * weights).sum())
        for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    return np.array(covered, dtype=np.int64)
