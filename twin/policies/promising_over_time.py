"""Promises against supply that is still to come: when is enough free, on this SKU or on another.

A line that may ship in part is promised in the steps of what is free; any other at the first moment that has it whole,
and the lines of an order that ships complete all at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twin.domain.ids import LineId, SkuId
from twin.domain.orders import OrderLine
from twin.policies.free_over_time import FreeOverTime
from twin.policies.promising_records import DAY_MS, DEFAULTS, Promise, PromisingRules, PromisingSnapshot, in_turn
from twin.policies.shape import Rejection, RejectionCode

Row = tuple[SkuId, int, int]
"""(SKU, units, ready_at_ms) promised to a line."""
Others = Callable[[OrderLine], list[SkuId]]
"""Which SKUs may stand in for a line's own, best first."""


def none_else(line: OrderLine) -> list[SkuId]:
    """Only the SKU that was ordered."""
    return []


@dataclass(slots=True)
class Promising:
    """One asking: what is free, the quota that is left, and which SKUs may stand in."""

    free: FreeOverTime
    partial: bool
    others: Others = none_else
    quota: dict[SkuId, int] | None = None

    def may_part(self, line: OrderLine) -> bool:
        """May the line be promised in part, or at several moments?"""
        return self.partial and line.ship_rule == "partial"

    def most(self, line: OrderLine) -> int:
        """Units that the quota leaves to the line."""
        return line.units if self.quota is None else min(line.units, max(0, self.quota.get(line.sku, line.units)))

    def use(self, line: OrderLine, rows: Iterable[Row], *, back: bool = False) -> None:
        """Commit what was promised, or give it back."""
        for sku, units, at_ms in rows:
            units = -units if back else units
            self.free.use((line.owner, sku), units, at_ms, at_ms // DAY_MS + line.min_days_left)
            if self.quota is not None and line.sku in self.quota:
                self.quota[line.sku] -= units

    def serve(self, line: OrderLine, need: int) -> list[Row]:
        """Own SKU in time, others in time, own SKU later, others later."""
        rows: list[Row] = []
        most = self.most(line)
        if min(need, most) <= 0 or (most < need and not self.may_part(line)):
            return rows
        need = min(need, most)
        skus = [line.sku, *self.others(line)]
        for sku, late in [(sku, late) for late in (False, True) for sku in skus]:
            moments = self.free.moments(line, sku)
            for at_ms in moments[1:] if late else moments[:1]:
                units = self.free.free(line, sku, at_ms)
                if units <= 0 or (units < need and not self.may_part(line)):
                    continue
                rows.append((sku, min(units, need), at_ms))
                self.use(line, rows[-1:])
                need -= rows[-1][1]
                if need == 0:
                    return rows
        return rows

    def serve_together(self, lines: list[OrderLine]) -> dict[LineId, list[Row]]:
        """All lines whole at the first moment that has them all; else nothing."""
        choices = {line.line: [line.sku, *self.others(line)] for line in lines}
        moments = {at for line in lines for sku in choices[line.line] for at in self.free.moments(line, sku)}
        for at_ms in sorted(moments):
            taken: dict[LineId, list[Row]] = {}
            for line in lines:
                fits = [s for s in choices[line.line] if self.free.free(line, s, at_ms) >= line.units]
                if not fits or self.most(line) < line.units:
                    break
                taken[line.line] = [(fits[0], line.units, at_ms)]
                self.use(line, taken[line.line])
            if len(taken) == len(lines):
                return taken
            for line in lines:
                self.use(line, taken.get(line.line, ()), back=True)
        return {line.line: [] for line in lines}

    def serve_group(self, lines: list[OrderLine]) -> dict[LineId, list[Row]]:
        """Lines that are served in one turn: an order that ships complete, or one line after the other."""
        if any(line.ship_rule == "order_complete" for line in lines):
            return self.serve_together(lines)
        return {line.line: self.serve(line, line.units) for line in lines}

    def reason(self, line: OrderLine, promised: int, most: int) -> RejectionCode:
        """Why not all was promised; `most`: what the quota left when the line's turn came."""
        if self.free.from_ms > self.free.until_ms:
            return "beyond_horizon"
        if most < line.units and (promised == most or not self.may_part(line)):
            return "quota"
        later = any(self.free.comes_later(line, sku) for sku in [line.sku, *self.others(line)])
        return "beyond_horizon" if later else "no_stock"


def by_order(lines: Iterable[OrderLine]) -> list[list[OrderLine]]:
    """The lines of each order together, in the order of the first."""
    orders: dict[str, list[OrderLine]] = {}
    for line in lines:
        orders.setdefault(line.order, []).append(line)
    return list(orders.values())


def promised_in_turn(snapshot: PromisingSnapshot, asking: Promising) -> Promise:
    """First ordered, first served."""
    promised: list[tuple[LineId, SkuId, int, int]] = []
    rejected: list[Rejection] = []
    for lines in by_order(in_turn(snapshot)):
        left = None if asking.quota is None else dict(asking.quota)
        found = asking.serve_group(lines)
        for line in lines:
            rows = found[line.line]
            promised += [(line.line, *row) for row in rows]
            units = sum([n for _, n, _ in rows])
            if units < line.units:
                most = line.units if left is None else min(line.units, max(0, left.get(line.sku, line.units)))
                code = asking.reason(line, units, most)
                rejected.append(
                    Rejection(subject=line.line, code=code, detail=f"{units} of {line.units} units promised")
                )
            if left is not None and line.sku in left:
                left[line.sku] -= units
    return Promise(promised=tuple(promised), rejected=tuple(rejected))


@dataclass(frozen=True, slots=True, kw_only=True)
class CumulativeAtp:
    """Free(t) = max(0, least of supply less commitments from t to the horizon): the first t at which enough is free.

    The look-ahead keeps a new promise from breaking a later one. Nothing is promised before now + lead, nor before it
    is wanted.
    """

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        asking = Promising(FreeOverTime(snapshot, self.rules), self.rules.partial)
        return promised_in_turn(snapshot, asking)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaAtp:
    """Cumulative, and at most the quota that is left of the SKU; a SKU without a quota has no limit.

    The caller names the quota of the customer's segment in the period. A kit counts as the kit. Known from: SAP aATP.
    """

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        quota: dict[SkuId, int] = {}
        for sku, units in snapshot.quota_left:
            quota[sku] = min(units, quota.get(sku, units))
        asking = Promising(FreeOverTime(snapshot, self.rules), self.rules.partial, quota=quota)
        return promised_in_turn(snapshot, asking)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteAtp:
    """Cumulative; what is not to be had in time is tried on substitutes by (rank, SKU), then later.

    In time: at the first moment that the line may be promised for. A line that names a lot or a handling unit gets no
    substitute. Known from: SAP aATP (alternatives).
    """

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        ranked: dict[SkuId, list[tuple[int, SkuId]]] = {}
        for sku, other, rank in snapshot.substitutes:
            if other != sku:
                ranked.setdefault(sku, []).append((rank, other))

        def others(line: OrderLine) -> list[SkuId]:
            if line.lot is not None or line.lpn is not None:
                return []
            return list(dict.fromkeys([other for _, other in sorted(ranked.get(line.sku, []))]))

        asking = Promising(FreeOverTime(snapshot, self.rules), self.rules.partial, others)
        return promised_in_turn(snapshot, asking)
