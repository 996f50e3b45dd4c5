"""Queues: arrivals, waits and service at each station, and Little's law by two ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import following, preceding
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.travel import in_window


class Little(NamedTuple):
    """The time integral of the number in a system, counted over time, and as the sum of what each stayed."""

    by_time_ms: int
    by_visit_ms: int


class Stations:
    """Folds arrivals, starts and ends of service."""

    def __init__(self) -> None:
        self.arrived = Gathered("StationArrived", "station", "handling_unit")
        self.started = Gathered("ServiceStarted", "station", "handling_unit", "duration_ms")
        self.ended = Gathered("ServiceEnded", "station", "handling_unit", "duration_ms")

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        fold_all((self.arrived, self.started, self.ended), chunk)

    def figures(self, context: RunContext) -> Figures:
        """By station: arrivals and services in the window; waits of those whose service began in it; utilisation."""
        arrived, started, ended = self._columns()
        names = self.arrived.names
        found: Figures = {}
        for station in sorted({*context.servers, *(names.table[code] for code in self._stations())}):
            code = names.find(station)
            waits = started["duration_ms"][in_window(started, context) & (started["station"] == code)]
            servers = context.servers.get(station)
            busy_ms = self._busy_ms(code, context)
            found[station] = {
                "arrivals": int((in_window(arrived, context) & (arrived["station"] == code)).sum()),
                "served": int((in_window(ended, context) & (ended["station"] == code)).sum()),
                "wait_mean_s": float(waits.mean()) / 1000 if len(waits) else None,
                "p_wait": share(int((waits > 0).sum()), len(waits)),
                "utilisation": share(busy_ms, servers * (context.horizon_ms - context.warmup_ms)) if servers else None,
            }
        return {"stations": found}

    def littles_law(self, horizon_ms: int) -> dict[str, Little]:
        """By station, from the first arrival to the horizon; whoever is still there counts up to it."""
        arrived, _, ended = self._columns()
        table = self.arrived.names.table
        law = {}
        for code in self._stations():
            mine = {name: column[arrived["station"] == code] for name, column in arrived.items()}
            gone = {name: column[ended["station"] == code] for name, column in ended.items()}
            end = following(mine["handling_unit"], mine["seq"], gone["handling_unit"], gone["seq"])
            left_ms = np.where(end >= 0, gone["at_ms"][end] if len(gone["seq"]) else MISSING, MISSING)
            by_time = in_system_ms(mine["at_ms"], gone["at_ms"], horizon_ms)
            law[table[code]] = Little(by_time, stayed_ms(mine["at_ms"], left_ms, horizon_ms))
        return law

    def _columns(self) -> tuple[Columns, Columns, Columns]:
        return self.arrived.columns(), self.started.columns(), self.ended.columns()

    def _stations(self) -> list[int]:
        table = self.arrived.names.table
        codes = np.unique(np.concatenate([self.arrived.columns()["station"], self.started.columns()["station"]]))
        return sorted(codes.tolist(), key=table.__getitem__)

    def _busy_ms(self, code: int, context: RunContext) -> int:
        _, started, ended = self._columns()
        low, high = context.warmup_ms, context.horizon_ms
        mine = {name: column[started["station"] == code] for name, column in started.items()}
        gone = {name: column[ended["station"] == code] for name, column in ended.items()}
        end = following(mine["handling_unit"], mine["seq"], gone["handling_unit"], gone["seq"])
        until = np.where(end >= 0, gone["at_ms"][end] if len(gone["seq"]) else high, high)
        orphan = preceding(gone["handling_unit"], gone["seq"], mine["handling_unit"], mine["seq"]) < 0
        first = (gone["at_ms"] - gone["duration_ms"])[orphan]
        begins, ends = np.concatenate([mine["at_ms"], first]), np.concatenate([until, gone["at_ms"][orphan]])
        return int((np.clip(ends, low, high) - np.clip(begins, low, high)).sum())


def in_system_ms(came_ms: Ints, left_ms: Ints, horizon_ms: int) -> int:
    """The integral over time of how many are there: a staircase of comings and goings."""
    times = np.concatenate([came_ms, left_ms])
    steps = np.concatenate([np.ones(len(came_ms), dtype=np.int64), -np.ones(len(left_ms), dtype=np.int64)])
    inside = times <= horizon_ms
    order = np.argsort(times[inside], kind="stable")
    times, steps = times[inside][order], steps[inside][order]
    return int((np.cumsum(steps) * np.diff(times, append=horizon_ms)).sum())


def stayed_ms(came_ms: Ints, left_ms: Ints, horizon_ms: int) -> int:
    """The sum over all who came of how long each stayed; MISSING: still there at the horizon."""
    until = np.where(left_ms == MISSING, horizon_ms, np.minimum(left_ms, horizon_ms))
    here = came_ms <= horizon_ms
    return int((until - came_ms)[here].sum())
