"""Open promises looked at again, when supply or demand has changed: who keeps what he has, and who gives way."""

from __future__ import annotations

from dataclasses import dataclass

from twin.domain.ids import LineId, SkuId
from twin.domain.orders import OrderLine
from twin.policies.free_over_time import FreeOverTime
from twin.policies.promising_over_time import Promising, Row, by_order
from twin.policies.promising_records import (
    DEFAULTS,
    Promise,
    PromiseClass,
    PromisingRules,
    PromisingSnapshot,
    in_turn,
)
from twin.policies.shape import Rejection

RANK: dict[PromiseClass, int] = {"protect": 0, "share": 1, "yield": 2}
NEVER_MS = 1 << 60

Rows = dict[LineId, list[Row]]


def standing_promises(snapshot: PromisingSnapshot) -> Rows:
    """What each open line was promised so far, by date; no more than it still asks for, and not before now."""
    by_line: dict[LineId, list[tuple[int, SkuId, int]]] = {}
    for row in snapshot.commitments:
        by_line.setdefault(row.line, []).append((max(row.due_ms, snapshot.now_ms), row.sku, row.units))
    rows: Rows = {}
    for line in snapshot.lines:
        need = line.units
        rows[line.line] = []
        for due_ms, sku, units in sorted(by_line.get(line.line, [])):
            kept = min(units, need)
            if kept > 0:
                rows[line.line].append((sku, kept, due_ms))
                need -= kept
    return rows


def groups_in_turn(snapshot: PromisingSnapshot, old: Rows) -> list[tuple[int, list[OrderLine]]]:
    """(class, lines) by class, promise date, order date, order id, line id; an order that ships complete is one group.

    A group is of its strongest class and of its earliest dates.
    """
    classes: dict[LineId, int] = {}
    ordered: dict[LineId, int] = {}
    for name, promise_class, at_ms in snapshot.standing:
        classes[name] = min(RANK[promise_class], classes.get(name, RANK[promise_class]))
        ordered[name] = min(at_ms, ordered.get(name, at_ms))
    groups: list[tuple[tuple[int, int, int, str, str], list[OrderLine]]] = []
    for of_order in by_order(in_turn(snapshot)):
        whole = any(line.ship_rule == "order_complete" for line in of_order)
        for lines in [of_order] if whole else [[line] for line in of_order]:
            key = (
                min([classes.get(line.line, RANK["share"]) for line in lines]),
                min([at_ms for line in lines for _, _, at_ms in old[line.line]], default=NEVER_MS),
                min([ordered.get(line.line, 0) for line in lines]),
                lines[0].order,
                lines[0].line,
            )
            groups.append((key, lines))
    return [(key[0], lines) for key, lines in sorted(groups, key=lambda group: group[0])]


def dates_kept(new: list[Row], old: list[Row], from_ms: int) -> list[Row]:
    """Units that are there at the first moment keep the earlier date that they were promised for."""
    left = [(at_ms, units) for _, units, at_ms in old if at_ms < from_ms]
    rows: list[Row] = []
    for sku, units, at_ms in new:
        while at_ms == from_ms and left and units > 0:
            due_ms, most = left[0]
            kept = min(units, most)
            rows.append((sku, kept, due_ms))
            left[0] = (due_ms, most - kept)
            if most == kept:
                left.pop(0)
            units -= kept
        if units > 0:
            rows.append((sku, units, at_ms))
    return rows


def missed(new: list[Row], old: list[Row]) -> int:
    """The most units by which the new promise is behind the old one at any of its dates."""

    def by(rows: list[Row], at_ms: int) -> int:
        return sum([units for _, units, ready_ms in rows if ready_ms <= at_ms])

    return max([by(old, at_ms) - by(new, at_ms) for _, _, at_ms in old], default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconfirm:
    """All open lines anew by (class, promise date, order date, order, line): protect, then share, then yield.

    `protect` never gets fewer units nor a later date, even without supply (told as `no_stock`); `share` may; `yield`
    gives up its hold and is served from what the others leave. Known from: SAP aATP (backorder processing).
    """

    rules: PromisingRules = DEFAULTS

    def __call__(self, snapshot: PromisingSnapshot, /) -> Promise:
        old = standing_promises(snapshot)
        free = FreeOverTime(snapshot, self.rules, [row for row in snapshot.commitments if row.line not in old])

        def promised_in(line: OrderLine) -> list[SkuId]:
            return [sku for sku in dict.fromkeys([row[0] for row in old[line.line]]) if sku != line.sku]

        asking = Promising(free, self.rules.partial, promised_in)
        groups = groups_in_turn(snapshot, old)
        for rank, lines in groups:
            for line in lines if rank == RANK["protect"] else ():
                asking.use(line, old[line.line])
        uncovered = self._uncovered(snapshot, groups, old)
        promised: list[tuple[LineId, SkuId, int, int]] = []
        rejected: list[Rejection] = []
        for rank, lines in groups:
            found = self._again(asking, lines, old, protected=rank == RANK["protect"])
            for line in lines:
                rows = found[line.line]
                promised += [(line.line, *row) for row in rows]
                units = sum([n for _, n, _ in rows])
                without = uncovered.get(line.line, 0)
                if units < line.units or without > 0:
                    code = asking.reason(line, units, line.units) if units < line.units else "no_stock"
                    detail = f"{units} of {line.units} units promised"
                    detail += f", {without} of them without supply in time" if without > 0 else ""
                    rejected.append(Rejection(subject=line.line, code=code, detail=detail))
        return Promise(promised=tuple(promised), rejected=tuple(rejected))

    def _uncovered(
        self, snapshot: PromisingSnapshot, groups: list[tuple[int, list[OrderLine]]], old: Rows
    ) -> dict[LineId, int]:
        """Units of protected promises for which no supply is there in time, the first in turn served first."""
        free = FreeOverTime(snapshot, self.rules, [row for row in snapshot.commitments if row.line not in old])
        uncovered: dict[LineId, int] = {}
        for line in [line for rank, lines in groups if rank == RANK["protect"] for line in lines]:
            for sku, units, due_ms in old[line.line]:
                at_ms = max(due_ms, free.from_ms)
                covered = min(units, free.free(line, sku, at_ms))
                free.use((line.owner, sku), covered, at_ms)
                uncovered[line.line] = uncovered.get(line.line, 0) + units - covered
        return uncovered

    def _again(self, asking: Promising, lines: list[OrderLine], old: Rows, *, protected: bool) -> Rows:
        """The new promises of a group; a protected one keeps the old if the new would be behind it."""
        if protected:
            for line in lines:
                asking.use(line, old[line.line], back=True)
        served = asking.serve_group(lines)
        found = {line.line: dates_kept(served[line.line], old[line.line], asking.free.from_ms) for line in lines}
        if not protected or all(missed(found[line.line], old[line.line]) <= 0 for line in lines):
            return found
        for line in lines:
            asking.use(line, served[line.line], back=True)
            asking.use(line, old[line.line])
            found[line.line] = list(old[line.line])
        if len(lines) == 1 and asking.may_part(lines[0]):
            (line,) = lines
            found[line.line] += asking.serve(line, line.units - sum([units for _, units, _ in old[line.line]]))
        return found
