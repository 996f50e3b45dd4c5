"""How stock that passed the filters is sorted and taken; shared by all allocation strategies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin.domain.ids import LocationId, LotId, StockId
from twin.domain.orders import OrderLine
from twin.domain.records import builder
from twin.policies.shape import Rejection
from twin.policies.stock_filters import (
    Allocation,
    AllocationRules,
    AllocationSnapshot,
    Reservation,
    StockLine,
    available,
    governing_day,
    refusal,
)
from twin.policies.why import is_watched, seen

_rejection, _reservation, _allocation = builder(Rejection), builder(Reservation), builder(Allocation)

Picks = list[tuple[StockLine, int]]
Key = Callable[[StockLine], Any]
Pick = Callable[[list[StockLine], AllocationSnapshot, AllocationRules], Picks]
GroupPick = Callable[[list[StockLine], int, OrderLine, AllocationRules], Picks]


def tail(stock: StockLine, line: OrderLine) -> tuple[int, int, StockId]:
    """How ties end: stock that covers the whole line first, then pick order, then id."""
    return (0 if stock.units - stock.reserved >= line.units else 1, stock.pick_rank, stock.stock)


def greedy(rows: list[StockLine], snapshot: AllocationSnapshot, rules: AllocationRules) -> Picks:
    """Take min(available, need) of each row in turn; whole packs if the line wants them."""
    line = snapshot.line
    need = line.units
    picks: Picks = []
    for stock in rows:
        if need <= 0:
            break
        units = stock.units - stock.reserved
        if units > need:
            units = need
        if line.whole_packs_only:
            units -= units % stock.units_per_pack
        if units > 0:
            picks.append((stock, units))
            need -= units
    return picks


def in_order(
    rows: list[StockLine], snapshot: AllocationSnapshot, rules: AllocationRules, key: Key, tiers: bool
) -> list[StockLine]:
    """The rows by (expired last, if so ruled; tier, if used; the strategy's key)."""
    tiers = tiers and rules.use_tiers
    if len(rows) < 3 and not is_watched():
        if len(rows) < 2:
            return rows
        first, second = rows
        if tiers and rules.expired != "last" and first.tier != second.tier:
            return rows if first.tier < second.tier else [second, first]  # a face and its reserve: no key is asked for
    on_day = snapshot.on_day

    def by_tier(stock: StockLine) -> tuple[Any, ...]:
        return (stock.tier, *key(stock))

    def late_last(stock: StockLine) -> tuple[Any, ...]:
        return (governing_day(stock, rules) < on_day, stock.tier if tiers else 0, *key(stock))

    whole = late_last if rules.expired == "last" else by_tier if tiers else key
    return sorted(rows, key=seen(whole, lambda s: s.stock))


def take(
    snapshot: AllocationSnapshot, rules: AllocationRules, key: Key, *, tiers: bool = True, pick: Pick = greedy
) -> Allocation:
    """Filter, sort, pick: the work that all strategies share. `pick` chooses among the rows in order."""
    line = snapshot.line
    rows: list[StockLine] = []
    rejected: list[Rejection] = []
    for stock in snapshot.stock:
        code = refusal(stock, snapshot, rules)
        if code is None:
            rows.append(stock)
        else:
            rejected.append(_rejection(stock.stock, code, ""))
    rows = in_order(rows, snapshot, rules, key, tiers)
    picks = pick_one_lot(rows, snapshot, rules, pick) if line.single_lot else pick(rows, snapshot, rules)
    short = line.units
    for _, units in picks:
        short -= units
    if len(rejected) > 1:
        rejected.sort(key=lambda r: r.subject)
    if short and line.single_lot and len({s.lot for s in rows}) > 1:
        rejected.append(Rejection(subject=line.line, code="lot_mixing"))
    if short and line.ship_rule == "line_complete":
        picks, short = [], line.units
    name = line.line
    return _allocation(
        tuple([_reservation(name, stock.stock, units) for stock, units in picks]), short, tuple(rejected)
    )


def pick_one_lot(rows: list[StockLine], snapshot: AllocationSnapshot, rules: AllocationRules, pick: Pick) -> Picks:
    """The first lot in key order that covers the line alone; else the lot with most units, ties by key order."""
    lots: dict[LotId | None, list[StockLine]] = {}
    for stock in rows:
        lots.setdefault(stock.lot, []).append(stock)
    best: Picks = []
    most = 0
    for of_lot in lots.values():
        picks = pick(of_lot, snapshot, rules)
        units = sum([u for _, u in picks])
        if units == snapshot.line.units:
            return picks
        if units > most:
            best, most = picks, units
    return best


def merged(picks: Picks) -> Picks:
    """One entry per stock line, in the order of its first."""
    units_of: dict[StockId, int] = {}
    rows: dict[StockId, StockLine] = {}
    for stock, units in picks:
        rows.setdefault(stock.stock, stock)
        units_of[stock.stock] = units_of.get(stock.stock, 0) + units
    return [(rows[name], units) for name, units in units_of.items()]


def group_by_group(pick: GroupPick) -> Pick:
    """The rule within each group in turn: expired stock last, tier by tier."""

    def over_groups(rows: list[StockLine], snapshot: AllocationSnapshot, rules: AllocationRules) -> Picks:
        groups: dict[tuple[bool, int], list[StockLine]] = {}
        for stock in rows:
            late = rules.expired == "last" and governing_day(stock, rules) < snapshot.on_day
            groups.setdefault((late, stock.tier if rules.use_tiers else 0), []).append(stock)
        picks: Picks = []
        need = snapshot.line.units
        for group in groups.values():
            taken = merged([(s, units) for s, units in pick(group, need, snapshot.line, rules) if units > 0])
            need -= sum([units for _, units in taken])
            picks += taken
        return picks

    return over_groups


@group_by_group
def full_units_then_partials(rows: list[StockLine], need: int, line: OrderLine, rules: AllocationRules) -> Picks:
    """Whole packs first, then stock lines of less than a pack, then break one; a small need skips the first."""
    picks: Picks = []
    for stock in rows:
        units = min(available(stock), need)
        units -= units % stock.units_per_pack
        picks.append((stock, units))
        need -= units
    if not line.whole_packs_only:
        rest = [(stock, available(stock) - units) for stock, units in picks]
        rest.sort(key=lambda row: row[1] >= row[0].units_per_pack)
        for stock, free in rest:
            picks.append((stock, min(free, need)))
            need -= picks[-1][1]
    return picks


@group_by_group
def largest_packs(rows: list[StockLine], need: int, line: OrderLine, rules: AllocationRules) -> Picks:
    """Whole packs only, largest first; the rest only if `break_packs`."""
    picks: Picks = []
    for stock in sorted(rows, key=lambda s: -s.units_per_pack):
        units = min(available(stock), need)
        units -= units % stock.units_per_pack
        picks.append((stock, units))
        need -= units
    if rules.break_packs and not line.whole_packs_only:
        whole = {stock.stock: units for stock, units in picks}
        for stock in rows:
            picks.append((stock, min(available(stock) - whole[stock.stock], need)))
            need -= picks[-1][1]
    return picks


@group_by_group
def emptied_locations(rows: list[StockLine], need: int, line: OrderLine, rules: AllocationRules) -> Picks:
    """In the order given, only locations that the take empties; the rest stays short for the next rule of a chain."""
    at: dict[LocationId, list[StockLine]] = {}
    for stock in rows:
        at.setdefault(stock.location, []).append(stock)
    picks: Picks = []
    for there in at.values():
        broken = line.whole_packs_only and any(available(s) % s.units_per_pack for s in there)
        units = sum([available(s) for s in there])
        if units <= need and not broken:
            picks += [(s, available(s)) for s in there]
            need -= units
    return picks


@group_by_group
def fewest(rows: list[StockLine], need: int, line: OrderLine, rules: AllocationRules) -> Picks:
    """Largest first; the last taken is swapped for the smallest that covers the rest."""

    def units_of(stock: StockLine) -> int:
        return available(stock) - (available(stock) % stock.units_per_pack if line.whole_packs_only else 0)

    picks: Picks = []
    left = sorted(rows, key=lambda s: -units_of(s))
    while left and need > 0:
        covering = [s for s in left if units_of(s) >= need]
        stock = min(covering, key=units_of) if covering else left[0]
        left.remove(stock)
        units = min(units_of(stock), need)
        if line.whole_packs_only:
            units -= units % stock.units_per_pack
        picks.append((stock, units))
        need -= units
    return picks
