"""Figures at any time, each equal to what the run's observers say of the events up to then.

`twin.observers.watch.compute`, folded up to a time and asked with that time as the horizon, gives the same numbers; a
test holds the two against each other. Here they are kept up to date fact by fact, so that any time costs a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Final

import numpy as np

from twin.observers.run_context import RunContext
from visualizer.feed import Feed
from visualizer.figures.crowd import Crowd
from visualizer.figures.ledgers import COLUMNS, FOLDED, Facts, Ledgers
from visualizer.figures.spread import Spread
from visualizer.store import Store
from visualizer.stored.growing import Array

PICKER: Final = "picker"
HOUR_MS: Final = 3_600_000
SLICE_ROWS: Final = 8192
PIECE_FACTS: Final = 256
Read = Callable[[int, int], Facts | None]
UTILISATION: Final = "utilisation."
"""Before the name of a role."""


class Series:
    """`follow` a store; ask with `value` and `values`. A pure function of the facts and the time.

    Names are those of `twin.observers.kpis`, `utilisation.ROLE`, and METRICS that only the screen follows.
    """

    def __init__(self, context: RunContext) -> None:
        self.warmup_ms = context.warmup_ms
        self.ledgers = Ledgers(context.warmup_ms)
        self.crowd = Crowd()
        self._spread = {
            "processing": Spread(self.ledgers.orders.processing_times),
            "cycle": Spread(self.ledgers.orders.cycle_times),
        }
        self.rows = 0
        """Events looked at so far."""
        self.known_ms = -1
        """Up to this time figures are whole."""
        self._under_way: Iterator[None] | None = None
        """What is being taken or brought to its end, bit by bit."""
        self._after: tuple[int, int | None] = (0, None)
        """How far it is then: events looked at, and the time up to which figures are whole, if that changes."""
        self._read: list[Facts] = []
        self._read_to = 0

    def follow(self, feed: Feed, store: Store, budget_s: float | None = None, read: Read | None = None) -> bool:
        """Take what the store has and this has not, bit by bit, until the budget is spent; whether all is taken.

        One bit at least is taken, so that there is progress; what a truck does to hundreds of orders in one instant is
        many bits, and shows once all are done. `read` gives the facts from one row to another if they
        are at hand, else None: a recording is read aside.
        """
        self.crowd.follow(store)
        deadline = None if budget_s is None else perf_counter() + budget_s
        went_on = self._under_way is not None
        while self._work_on(deadline) and self.rows < len(store):
            if went_on and deadline is not None and perf_counter() > deadline:
                break
            went_on = False
            if not self._read:
                last = min(self.rows + SLICE_ROWS, len(store)) - 1
                facts = feed.facts(tuple(FOLDED), COLUMNS, self.rows, last) if read is None else read(self.rows, last)
                if facts is None:
                    break
                self._read_to = last + 1
                self._read = _pieces(facts)
            piece = self._read.pop() if self._read else None
            rows = int(self._read[-1]["row"][0]) if self._read else self._read_to
            if piece is None:
                self.rows = rows
            else:
                self._begin(self.ledgers.taking(piece), rows, None)
                if not self._work_on(deadline) or (deadline is not None and perf_counter() > deadline):
                    break
        if self._under_way is None:
            if self.rows < len(store):
                known_ms = int(store.at_ms[self.rows]) - 1
            else:
                known_ms = feed.head_ms if len(store) >= feed.events else store.head_ms - 1
            if known_ms > self.known_ms:
                self._begin(self.ledgers.advancing(known_ms), self.rows, known_ms)
                self._work_on(deadline)
        return self._under_way is None and self.rows == len(store)

    def _begin(self, work: Iterator[None], rows: int, known_ms: int | None) -> None:
        self._under_way, self._after = work, (rows, known_ms)

    def _work_on(self, deadline: float | None) -> bool:
        """Go on with what is under way, one bit at least; whether it is done."""
        if self._under_way is not None:
            for _ in self._under_way:
                if deadline is not None and perf_counter() > deadline:
                    return False
            self._under_way = None
            self.rows, known_ms = self._after
            if known_ms is not None:
                self.known_ms = max(self.known_ms, known_ms)
        return True

    @property
    def nbytes(self) -> int:
        """Memory held by what was found."""
        found = [*self.ledgers.steps().values(), self.crowd.workers, self.crowd.units]
        return sum(steps.nbytes for steps in found)

    def adopt(self, rows: int, known_ms: int, steps: Mapping[str, tuple[Array, Mapping[str, Array]]]) -> None:
        """What others have found of the events up to `rows`; the store has them."""
        for name, (at_ms, columns) in steps.items():
            self.ledgers.extend(name, at_ms, columns)
        self.rows, self.known_ms = rows, known_ms

    def value(self, name: str, at_ms: int) -> float | None:
        """A figure at a time; None where it is undefined."""
        found = float(self.values(name, np.array([at_ms]))[0])
        return None if np.isnan(found) else found

    def values(self, name: str, times_ms: Array) -> Array:
        """A figure at many times; NaN where it is undefined."""
        if name.startswith(UTILISATION):
            return self._utilisation(name.removeprefix(UTILISATION), times_ms)
        return METRICS[name](self, times_ms)

    def roles(self, at_ms: int) -> list[str]:
        """The roles that were on shift between warm-up and a time."""
        at = np.array([at_ms])
        return sorted(role for role in self.ledgers.labour.roles if self.worked(role, "shift", at)[0] > 0)

    def worked(self, role: str, part: str, times_ms: Array) -> Array:
        """Ms of `work`, `shift` or `pause` of a role from the warm-up up to each time."""
        steps = self.ledgers.labour.roles.get(role)
        if steps is None:
            return np.zeros(len(times_ms), dtype=np.int64)
        rows = steps.rows(times_ms)
        straight: Array = steps.take(part, rows) + steps.take(f"{part}_rate", rows) * times_ms
        return straight

    def busy(self, role: str, times_ms: Array, window_ms: int) -> Array:
        """The share of a role's time on shift less breaks that it worked in the window before each time."""
        since = np.maximum(times_ms - window_ms, self.warmup_ms)
        work, shift, pause = (
            self.worked(role, part, times_ms) - self.worked(role, part, since) for part in ("work", "shift", "pause")
        )
        return _share(work, shift - pause)

    def picked_per_h(self, times_ms: Array, window_ms: int, start_ms: int = 0) -> Array:
        """Different lines picked in the window before each time, per hour; no window begins before `start_ms`."""
        since = np.maximum(times_ms - window_ms, start_ms)
        lines = self.ledgers.orders.lines_picked
        return _share(lines.at("lines", times_ms) - lines.at("lines", since), (times_ms - since) / HOUR_MS)

    # --- figures ----------------------------------------------------------------------------------------------

    def _utilisation(self, role: str, times_ms: Array) -> Array:
        work, shift, pause = (self.worked(role, part, times_ms) for part in ("work", "shift", "pause"))
        return np.where(shift > 0, _share(work, shift - pause), np.nan)

    def _cohort(self, part: str, times_ms: Array) -> Array:
        return self.ledgers.orders.cohort.at(part, times_ms)

    def _left_per_h(self, part: str, times_ms: Array) -> Array:
        """Rates begin when the warm-up is over."""
        hours = np.maximum(times_ms - self.warmup_ms, 0) / HOUR_MS
        return _share(self.ledgers.orders.left.at(part, times_ms), hours)

    def _mean_s(self, total: str, count: str, times_ms: Array) -> Array:
        return _share(self._cohort(total, times_ms), self._cohort(count, times_ms)) / 1000

    def _quantile_s(self, of: str, share: float, times_ms: Array) -> Array:
        spread = self._spread[of]
        return np.array([spread.quantiles_s((share,), at_ms)[0] for at_ms in times_ms.tolist()], dtype=np.float64)

    def _ratio(self, part: str, whole: str, times_ms: Array) -> Array:
        return _share(self._cohort(part, times_ms), self._cohort(whole, times_ms))

    def _blocked(self, times_ms: Array) -> Array:
        return _share(self.worked(PICKER, "blocked", times_ms), self.worked(PICKER, "work", times_ms))

    def _labour_h(self, part: str, times_ms: Array) -> Array:
        total = np.zeros(len(times_ms), dtype=np.int64)
        for role in self.ledgers.labour.roles:
            total += self.worked(role, part, times_ms)
        return total / HOUR_MS

    def _labour_hours(self, times_ms: Array) -> Array:
        return np.where(self._labour_h("shift", times_ms) > 0, self._labour_h("work", times_ms), np.nan)

    def _lines_per_labour_h(self, times_ms: Array) -> Array:
        return _share(self.ledgers.orders.left.at("lines_left", times_ms), self._labour_h("shift", times_ms))


def _pieces(facts: Facts) -> list[Facts]:
    """A slice in short pieces, the last first."""
    starts = range(0, len(facts["row"]), PIECE_FACTS)
    return [{name: values[at : at + PIECE_FACTS] for name, values in facts.items()} for at in reversed(starts)]


def _share(part: Array, whole: Array) -> Array:
    """Part by whole; NaN over nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole != 0, part / np.where(whole != 0, whole, 1), np.nan)


def _counted(part: str) -> Callable[[Series, Array], Array]:
    return lambda series, times_ms: series._cohort(part, times_ms).astype(np.float64)


METRICS: Final[Mapping[str, Callable[[Series, Array], Array]]] = {
    "orders_received": _counted("received"),
    "orders_shipped": _counted("shipped"),
    "orders_unfinished": _counted("unfinished"),
    "lines_shipped": _counted("lines_shipped"),
    "units_shipped": _counted("units_shipped"),
    "throughput_lines_per_h": lambda series, t: series._left_per_h("lines_left", t),
    "throughput_orders_per_h": lambda series, t: series._left_per_h("orders_left", t),
    "order_processing_time_mean_s": lambda series, t: series._mean_s("processing_ms", "processed", t),
    "order_cycle_time_mean_s": lambda series, t: series._mean_s("cycle_ms", "shipped", t),
    "order_processing_time_p50_s": lambda series, t: series._quantile_s("processing", 0.5, t),
    "order_processing_time_p95_s": lambda series, t: series._quantile_s("processing", 0.95, t),
    "order_cycle_time_p50_s": lambda series, t: series._quantile_s("cycle", 0.5, t),
    "order_cycle_time_p95_s": lambda series, t: series._quantile_s("cycle", 0.95, t),
    "on_time_shipment": lambda series, t: series._ratio("on_time", "due", t),
    "orders_late": lambda series, t: series._cohort("due", t) - series._cohort("on_time", t),
    "order_picking_accuracy": lambda series, t: series._ratio("right", "shipped", t),
    "orders_wrong": lambda series, t: series._cohort("shipped", t) - series._cohort("right", t),
    "fill_rate": lambda series, t: series._ratio("judged_shipped", "judged_ordered", t),
    "lines_per_labour_h": lambda series, t: series._lines_per_labour_h(t),
    "labour_hours": lambda series, t: series._labour_hours(t),
    "aisle_blocked_share": lambda series, t: series._blocked(t),
    "orders_in_process": lambda series, t: series.ledgers.orders.open.at("in_process", t).astype(np.float64),
    "backlog_lines": lambda series, t: series.ledgers.orders.open.at("open_lines", t).astype(np.float64),
    "orders_overdue": lambda series, t: series.ledgers.orders.open.at("overdue", t).astype(np.float64),
    "waiting_workers": lambda series, t: series.crowd.workers.at("count", t).astype(np.float64),
    "waiting_units": lambda series, t: series.crowd.units.at("count", t).astype(np.float64),
}
"""By name, over many times."""
