"""Orders from a few numbers, block by block; every number of an order is a keyed draw of that order or line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.domain import draws
from twin.domain.calendar import DAY_MS, Calendar
from twin.domain.goods import Sku
from twin.domain.ids import CarrierId, CustomerId, LineId, OrderId, OwnerId, Site, SkuId
from twin.domain.orders import Order, OrderLine
from twin.domain.records import builder
from twin.spec.distributions import DistributionSpec, variate
from twin.spec.goods import DemandGeneratorSpec, DemandSpec

BLOCK = 512
RUSH_PRIORITY = 1
_order = builder(Order)
_line = builder(OrderLine)
Floats = NDArray[np.float64]


def counts(spec: DistributionSpec, u: Floats) -> NDArray[np.int64]:
    """Whole numbers from 1: a plain mean m gives a geometric one, any other shape is rounded."""
    if isinstance(spec, int | float):
        if spec <= 1:
            return np.ones(len(u), dtype=np.int64)
        whole = 1 + np.floor(np.log1p(-u) / np.log1p(-1 / spec))
    else:
        whole = np.maximum(1, np.rint(variate(spec, 0.0).sample(u)))
    found: NDArray[np.int64] = whole.astype(np.int64)
    return found


class Arrivals:
    """Order times: exponential gaps in the time that the hourly profile lets pass, or gaps of a distribution."""

    def __init__(self, spec: DemandGeneratorSpec, seed: int, calendar: Calendar, horizon_ms: int) -> None:
        self.word = draws.stream(seed, "arrival")
        self.spec = spec
        self.passed = 0.0
        self.gap = variate(spec.interarrival_s, 1.0) if spec.interarrival_s is not None else None
        per_day = spec.orders_per_day or 0.0
        if self.gap is None:
            hours = spec.hourly or (1.0,) * 24
            total = sum(hours)
            edges, heights = [0], [0.0]
            at = 0
            while at <= horizon_ms:
                into_day = (at + calendar.start_of_day_ms) % DAY_MS
                hour = into_day // 3_600_000
                step = 3_600_000 - into_day % 3_600_000
                at += step
                edges.append(at)
                share = hours[hour] / total if total else 0.0
                heights.append(heights[-1] + per_day * share * step / 3_600_000)
            self.edges = np.array(edges, dtype=np.float64)
            self.heights = np.array(heights)

    def times(self, words: draws.Words) -> list[int]:
        """Times of the next orders, in ms; beyond the horizon they are only known to be late."""
        u = draws.uniforms(self.word, words)
        if self.gap is not None:
            gaps = self.gap.sample(u) * 1000.0
            sums = self.passed + np.cumsum(gaps)
            self.passed = float(sums[-1])
            return [int(t) for t in np.rint(sums)]
        sums = self.passed + np.cumsum(-np.log1p(-u))
        self.passed = float(sums[-1])
        times = np.interp(sums, self.heights, self.edges, right=np.inf)
        return [int(t) if np.isfinite(t) else 1 << 50 for t in np.rint(times)]


def generated_orders(
    spec: DemandGeneratorSpec, demand: DemandSpec, skus: Mapping[tuple[OwnerId, SkuId], Sku], *, seed: int,
    calendar: Calendar, horizon_ms: int, site: str, carriers: tuple[str, ...],
) -> Iterator[Order]:  # fmt: skip
    """Backlog first (received at 0), then by the clock up to the horizon, at most `max_orders` in all."""
    arrivals = Arrivals(spec, seed, calendar, horizon_ms)
    maker = _Maker(spec, demand, skus, seed, site, carriers)
    number = 0
    most = spec.max_orders if isinstance(spec.max_orders, int) else None
    endless = spec.interarrival_s is not None or bool(spec.orders_per_day)
    while most is None or number < most:
        size = BLOCK if most is None else min(BLOCK, most - number)
        if number < spec.backlog_orders:
            size = min(size, spec.backlog_orders - number)
        elif not endless:
            return
        names = [f"O{n:06d}" for n in range(number + 1, number + size + 1)]
        words = draws.entities(names)
        times = [0] * size if number < spec.backlog_orders else arrivals.times(words)
        if times[0] >= horizon_ms:
            return
        yield from maker.make(names, words, times)
        number += size


def rush_orders(
    spec: DemandGeneratorSpec, demand: DemandSpec, skus: Mapping[tuple[OwnerId, SkuId], Sku], *, seed: int, site: str,
    carriers: tuple[str, ...], names: Sequence[str], at_ms: int, due_at_ms: int,
) -> list[Order]:  # fmt: skip
    """Urgent orders beside the day's own, drawn as these are by their names."""
    orders = _Maker(spec, demand, skus, seed, site, carriers).make(
        list(names), draws.entities(names), [at_ms] * len(names)
    )
    return [replace(o, priority=RUSH_PRIORITY, urgent=True, due_at_ms=due_at_ms) for o in orders]


class _Maker:
    def __init__(
        self, spec: DemandGeneratorSpec, demand: DemandSpec, skus: Mapping[tuple[OwnerId, SkuId], Sku], seed: int,
        site: str, carriers: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.spec = spec
        self.demand = demand
        self.seed = seed
        self.site = Site(site)
        self.by_owner: dict[OwnerId, tuple[list[Sku], Floats]] = {}
        for owner in sorted({k[0] for k in skus}):
            mine = [s for k, s in skus.items() if k[0] == owner and s.lines_per_day > 0] or [
                s for k, s in skus.items() if k[0] == owner
            ]
            weights = np.array([s.lines_per_day or 1.0 for s in mine])
            self.by_owner[owner] = (mine, np.cumsum(weights) / weights.sum())
        self.owners = list(self.by_owner)
        self.customers: dict[int, CustomerId] = {}
        shares = {c: spec.carrier_shares.get(c, 0.0) for c in carriers} if spec.carrier_shares else {}
        self.carriers = list(shares) or list(carriers[:1]) or [""]
        weights = np.array([shares.get(c, 1.0) for c in self.carriers])
        self.carrier_cum = np.cumsum(weights) / max(weights.sum(), 1e-12)
        weights = np.array([p.share for p in spec.priorities])
        self.priority_cum = np.cumsum(weights) / max(weights.sum(), 1e-12)

    def _u(self, purpose: str, words: draws.Words) -> Floats:
        return draws.uniforms(draws.stream(self.seed, purpose), words)

    def make(self, names: list[str], words: draws.Words, times: list[int]) -> list[Order]:
        spec = self.spec
        lines_of = counts(spec.lines_per_order, self._u("lines_per_order", words)).tolist()
        carrier = np.searchsorted(self.carrier_cum, self._u("carrier", words)).tolist()
        priority = np.searchsorted(self.priority_cum, self._u("priority", words)).tolist()
        customer = (self._u("customer", words) * spec.customers).astype(np.int64).tolist()
        owner = (self._u("owner", words) * len(self.owners)).astype(np.int64)
        line_names = [f"{name}-{i}" for name, n in zip(names, lines_of, strict=True) for i in range(1, n + 1)]
        line_words = draws.entities(line_names)
        units = counts(spec.units_per_line, self._u("units_per_line", line_words)).tolist()
        found = self._skus(np.repeat(owner, lines_of), line_words)
        orders = []
        at = 0
        owners = [self.owners[k] for k in owner.tolist()]
        for i, name in enumerate(names):
            end = at + lines_of[i]
            lines = self._lines(name, owners[i], line_names[at:end], units[at:end], found[at:end])
            at = end
            kind = spec.priorities[min(priority[i], len(spec.priorities) - 1)]
            due = None if kind.due_h is None else times[i] + round(kind.due_h * 3_600_000)
            orders.append(
                _order(
                    OrderId(name),
                    self.site,
                    owners[i],
                    self._customer(customer[i] + 1),
                    kind.priority,
                    kind.urgent,
                    times[i],
                    due,
                    CarrierId(self.carriers[min(carrier[i], len(self.carriers) - 1)]),
                    None,
                    lines,
                )
            )
        return orders

    def _customer(self, number: int) -> CustomerId:
        """One text for all orders of a customer."""
        name = self.customers.get(number)
        if name is None:
            name = self.customers[number] = CustomerId(f"customer-{number:04d}")
        return name

    def _skus(self, owner: NDArray[np.int64], line_words: draws.Words) -> list[int]:
        """Which of its owner's SKUs each line asks for."""
        u = self._u("sku", line_words)
        found = np.zeros(len(u), dtype=np.int64)
        for k, name in enumerate(self.owners):
            mine = owner == k
            found[mine] = np.searchsorted(self.by_owner[name][1], u[mine])
        return found.tolist()

    def _lines(
        self, order: str, owner: OwnerId, names: list[str], units: list[int], found: list[int]
    ) -> tuple[Any, ...]:
        """Lines of distinct SKUs: one met twice is drawn again, as the line's next occurrence."""
        mine, cum = self.by_owner[owner]
        taken: set[int] = set()
        lines = []
        rule, days = self.demand.ship_rule, self.demand.min_days_left
        for i, k in enumerate(found):
            occurrence = 0
            while k in taken and occurrence < 30:
                occurrence += 1
                k = int(np.searchsorted(cum, draws.draw(self.seed, "sku", names[i], occurrence)))
            if k in taken:
                continue
            taken.add(k)
            sku = mine[k]
            lines.append(
                _line(
                    LineId(names[i]),
                    OrderId(order),
                    sku.sku,
                    units[i],
                    owner,
                    rule,
                    None,
                    None,
                    False,
                    False,
                    days,
                    sku.storage,
                    sku.secure,
                )
            )
        return tuple(lines)
