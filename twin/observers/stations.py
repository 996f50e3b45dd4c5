"""Queues: arrivals, waits and service at each station, and Little's law by two ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import following, preceding, shares
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
        self.ordered = Gathered("CommandGiven", "action", "site", "station", "value", "status")

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        fold_all((self.arrived, self.started, self.ended, self.ordered), chunk)

    def figures(self, context: RunContext) -> Figures:
        """By station: arrivals and services in the window; waits of those whose service began in it; utilisation."""
        names = self.arrived.names
        found: Figures = {}
        for station in sorted({*context.servers, *(names.table[code] for code in self._stations())}):
            code = names.find(station)
            waits = _of_those(self.started, "duration_ms", code, context)
            spells = self._in_service(code, context)
            bench_ms = self._bench_ms(station, spells, context)
            found[station] = {
                "arrivals": len(_of_those(self.arrived, "at_ms", code, context)),
                "served": len(_of_those(self.ended, "at_ms", code, context)),
                "wait_mean_s": float(waits.mean()) / 1000 if len(waits) else None,
                "p_wait": share(int((waits > 0).sum()), len(waits)),
                "utilisation": share(int((spells[1] - spells[0]).sum()), bench_ms) if bench_ms is not None else None,
            }
        return {"stations": found}

    def littles_law(self, horizon_ms: int) -> dict[str, Little]:
        """By station, from the first arrival to the horizon; whoever is still there counts up to it."""
        arrived, ended = self.arrived.columns(), self.ended.columns()
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

    def _stations(self) -> list[int]:
        table = self.arrived.names.table
        codes = {c for told in (self.arrived, self.started) for part in told.parts("station")
                 for c in np.unique(part["station"]).tolist()}  # fmt: skip
        return sorted(codes, key=table.__getitem__)

    def _in_service(self, code: int, context: RunContext) -> tuple[Ints, Ints]:
        """Starts and ends of the services at a station, cut to the window, in no order."""
        low, high = context.warmup_ms, context.horizon_ms
        spells = []
        for some in shares(len(self.started) + len(self.ended)):
            wanted = lambda station, unit, some=some: (station == code) & some(unit)  # noqa: E731
            mine, gone = (told.those(wanted, "station", "handling_unit") for told in (self.started, self.ended))
            spells.append(_services(mine, gone, high))
        begins, ends = (np.concatenate(times) for times in zip(*spells, strict=True))
        return np.clip(begins, low, high), np.clip(ends, low, high)

    def _bench_ms(self, station: str, in_service: tuple[Ints, Ints], context: RunContext) -> int | None:
        """What its benches could have worked in the window; None where they are unlimited or none.

        Commands change how many there are; a bench that is taken away in the middle of a service counts to its end.
        """
        low, high = context.warmup_ms, context.horizon_ms
        steps = [(0, context.servers.get(station)), *self._benches_ordered(station, context)]
        if any(benches is None for _, benches in steps):
            return None
        if len(steps) == 1:
            return (steps[0][1] or 0) * max(0, high - low) or None
        begins, ends = (np.sort(times) for times in in_service)
        at_ms = np.array([at for at, _ in steps], dtype=np.int64)
        benches = np.array([n for _, n in steps], dtype=np.int64)
        times = np.unique(np.clip(np.concatenate([[low, high], begins, ends, at_ms]), low, high))
        busy = np.searchsorted(begins, times[:-1], side="right") - np.searchsorted(ends, times[:-1], side="right")
        there = benches[np.searchsorted(at_ms, times[:-1], side="right") - 1]
        return int((np.maximum(there, busy) * np.diff(times)).sum()) or None

    def _benches_ordered(self, station: str, context: RunContext) -> list[tuple[int, int | None]]:
        """From when on a command let it work with how many benches."""
        names, columns = self.ordered.names, self.ordered.columns()
        done = columns["status"] == names.find("done")
        found: list[tuple[int, int | None]] = []
        for row in np.flatnonzero(done & (columns["station"] != MISSING)).tolist():
            action, site, named, value, at_ms = (
                int(columns[c][row]) for c in ("action", "site", "station", "value", "at_ms")
            )
            if station not in (names.name(named), f"{names.name(site)}/{names.name(named)}"):
                continue
            match names.name(action):
                case "open_station":
                    found.append((at_ms, context.servers.get(station)))
                case "close_station":
                    found.append((at_ms, 0))
                case "set_benches":
                    found.append((at_ms, value))
        return found


def _of_those(told: Gathered, column: str, station: int, context: RunContext) -> Ints:
    """A column of the facts about a station in the window."""
    names = dict.fromkeys(("at_ms", "station", column))
    parts = [part[column][in_window(part, context) & (part["station"] == station)] for part in told.parts(*names)]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _services(mine: Columns, gone: Columns, high: int) -> tuple[Ints, Ints]:
    """From each start of service to its end, or to the horizon; an end alone says when it began."""
    end = following(mine["handling_unit"], mine["seq"], gone["handling_unit"], gone["seq"])
    until = np.where(end >= 0, gone["at_ms"][end] if len(gone["seq"]) else high, high)
    orphan = preceding(gone["handling_unit"], gone["seq"], mine["handling_unit"], mine["seq"]) < 0
    first = (gone["at_ms"] - gone["duration_ms"])[orphan]
    return np.concatenate([mine["at_ms"], first]), np.concatenate([until, gone["at_ms"][orphan]])


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
