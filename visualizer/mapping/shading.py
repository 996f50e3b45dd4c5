"""What colour each location has: how full it is, book against floor, ABC class, storage class, how often picked from.

How full: the volume of the units in a location over its volume, where the layout says one. Two approximations: which
SKUs lie there at an instant is not folded, so a unit counts with the mean volume of those that lay there at the start
(of all stock, where nothing did); and where the layout says no volume, the units count against the most that was ever
seen there. Classes and pick heat count lines picked in the window of the view, up to a bucket of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from visualizer.palette import Colour, Theme, heat_table, mixed
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import Moment
from visualizer.stored.tracks import Peaks
from visualizer.view import Colouring, View

Reduce = Literal["mean", "most", "sum"]
STEPS = 5
"""Of what is there; a location without a unit, or without a pick, is fainter than the first."""
FILL_BOUNDS = (0.02, 0.06, 0.18, 0.45)
"""Where the next step of fill begins. Each is about three times the one before: in broken-case picking most faces hold
a few percent of their volume, and even steps would show them all alike."""
EMPTY_SHARE = 0.55
A_SHARE, B_SHARE = 0.8, 0.95
NONE, C, B, A = range(4)
"""Classes by number; `CLASS_NAMES` by the same."""
CLASS_NAMES = ("-", "C", "B", "A")
STORAGE = ("ambient", "chilled", "frozen")


@dataclass(frozen=True, slots=True)
class Shading:
    """One value of each location, how those of one block are taken together, and who is outlined."""

    colouring: Colouring | Literal["difference"]
    values: Array
    reduce: Reduce
    outlined: Array | None = None


def classes(lines: Array) -> Array:
    """Class of each by its lines: A, the first that make up 80 % of all; B the next 15 %; C the rest; none without.

    The most picked come first, ties by place; one belongs to a class if what comes before it falls short of its end.
    """
    found = np.zeros(len(lines), dtype=np.uint8)
    total = int(lines.sum()) if lines.dtype.kind in "iu" else float(lines.sum())
    if total <= 0:
        return found
    order = np.argsort(-lines, kind="stable")
    before = np.cumsum(lines[order]) - lines[order]
    found[order] = np.where(before < A_SHARE * total, A, np.where(before < B_SHARE * total, B, C))
    found[lines <= 0] = NONE
    return found


class Shader:
    """Shadings of a store's locations; what does not change with time is worked out once."""

    def __init__(self, store: Store, tables: object = None) -> None:
        self.store = store
        cells = store.ground.cells
        self._unit_ml, self.slotted = store.slotting.unit_ml, classes(store.slotting.lines_per_day)
        self._has_volume = np.isfinite(cells.volume_ml) & (cells.volume_ml > 0) & np.isfinite(self._unit_ml)
        self._per_unit = np.where(self._has_volume, self._unit_ml / np.where(self._has_volume, cells.volume_ml, 1), 0)
        self._floor_peak, self._book_peak = Peaks(store.floor_units), Peaks(store.book_units)
        codes = {name: i for i, name in enumerate(STORAGE)}
        self._storage = np.array([codes.get(s, len(STORAGE)) for s in cells.storage], dtype=np.uint8)
        self._secure = cells.secure if bool(cells.secure.any()) else None
        self._counted: tuple[int, int, Array] = (-1, -1, np.zeros(len(cells), dtype=np.int64))
        self._classed: tuple[int, int, Array] = (-1, -1, np.zeros(len(cells), dtype=np.uint8))

    def filled(self, moment: Moment, *, book: bool) -> Array:
        """How full each location is, from 0; above 1 where the approximation overshoots."""
        units = moment.book_units if book else moment.floor_units
        if self._has_volume.all():
            return units * self._per_unit
        peak = (self._book_peak if book else self._floor_peak).most()
        return np.where(self._has_volume, units * self._per_unit, units / np.maximum(peak, 1))

    def lines_picked(self, at_ms: int, window_ms: int) -> Array:
        """Lines picked from each location after `at_ms - window_ms` (0: since the start) and up to `at_ms`."""
        store = self.store
        last = store.row_at(at_ms)
        first = -1 if not window_ms else store.row_at(at_ms - window_ms)
        if self._counted[:2] != (first, last):
            if first < 0:
                counts = store.picks.at(last).astype(np.int64)
            else:
                counts = np.bincount(store.picks.over(first, last)[0], minlength=len(store.ground.cells))
            self._counted = (first, last, counts)
        return self._counted[2]

    def classes_picked(self, at_ms: int, window_ms: int) -> Array:
        """The class of each location by lines picked in the window."""
        lines = self.lines_picked(at_ms, window_ms)
        if self._classed[:2] != self._counted[:2]:
            self._classed = (*self._counted[:2], classes(lines))
        return self._classed[2]

    def shading(self, moment: Moment, view: View, at_ms: int) -> Shading:
        """What the view asks for; windows end at `at_ms`, the bucket of the moment."""
        colouring: Colouring = "abc" if "abc" in view.layers else view.colouring
        match colouring:
            case "abc":
                picked = self.classes_picked(at_ms, view.heat_window_ms)
                shown = picked if view.abc_by == "picks" else self.slotted
                apart = np.abs(picked.astype(np.int8) - self.slotted.astype(np.int8)) >= 2
                return Shading("abc", shown, "most", apart & (self.slotted > NONE) & (picked > NONE))
            case "storage":
                return Shading("storage", self._storage, "most", self._secure)
            case "picks":
                lines = self.lines_picked(at_ms, view.heat_window_ms)
                most = max(int(lines.max(initial=0)), 1)
                return Shading("picks", np.sqrt(lines / most), "mean")
        if view.stock_side == "difference" and view.sees_floor:
            return Shading("difference", moment.floor_units - moment.book_units, "sum")
        return Shading("fill", self.filled(moment, book=view.stock_side == "book" or not view.sees_floor), "mean")


def steps(shading: Shading, values: Array) -> Array:
    """The step of each block's value, as a place in `colours`."""
    match shading.colouring:
        case "abc" | "storage":
            return values.astype(np.uint8)
        case "difference":
            size = np.digitize(np.abs(values), (0.5, 5.5, 25.5))
            return np.where(values < 0, size, np.where(size > 0, size + 3, 0)).astype(np.uint8)
        case "picks":
            return np.where(values > 0, np.minimum(1 + (values * STEPS).astype(np.int64), STEPS), 0).astype(np.uint8)
    return np.where(values > 0, 1 + np.digitize(values, FILL_BOUNDS), 0).astype(np.uint8)


def colours(colouring: Colouring | Literal["difference"], theme: Theme) -> tuple[Colour, ...]:
    """The colour of each step."""
    match colouring:
        case "abc":
            return theme.abc_none, theme.abc_c, theme.abc_b, theme.abc_a
        case "storage":
            return (*theme.temperature, theme.fill[2])
        case "difference":
            shares = (0.45, 0.7, 1.0)
            less = tuple(mixed(theme.blocked, theme.background, s) for s in shares)
            more = tuple(mixed(theme.moving, theme.background, s) for s in shares)
            return (theme.fill[1], *less, *more)
        case "picks":
            table = heat_table(theme.name)
            at = np.linspace(40, 255, STEPS).astype(int).tolist()
            return (theme.fill[0], *((int(r), int(g), int(b)) for r, g, b in table[at].tolist()))
    return (mixed(theme.fill[0], theme.background, EMPTY_SHARE), *theme.fill)
