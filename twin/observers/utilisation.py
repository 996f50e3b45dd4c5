"""What people did with their time: on shift, on breaks, at work; and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.observers.gathered import Columns, Gathered, fold_all
from twin.observers.matching import Flags, covered, following, preceding, shares
from twin.observers.run_context import Figures, RunContext, share


@dataclass(frozen=True, slots=True)
class Labour:
    """By role, in ms between warm-up and horizon. Overlapping work of one person counts once."""

    on_shift_ms: dict[str, int]
    overtime_ms: dict[str, int]
    on_break_ms: dict[str, int]
    at_work_ms: dict[str, int]

    @property
    def hours(self) -> float:
        """Hours on shift, breaks included, of all roles."""
        return sum(self.on_shift_ms.values()) / 3_600_000


class Utilisation:
    """Folds check-ins, breaks and work; a spell under way at the horizon counts up to it."""

    def __init__(self) -> None:
        self.came = Gathered("WorkerCheckedIn", "worker", "action", "due_ms")
        self.went = Gathered("WorkerCheckedOut", "worker")
        self.paused = Gathered("BreakStarted", "worker")
        self.resumed = Gathered("BreakEnded", "worker")
        self.began = Gathered("WorkStarted", "worker")
        self.ended = Gathered("WorkEnded", "worker", "duration_ms")
        self.served = Gathered("ServiceEnded", "worker", "duration_ms")
        self.serving = Gathered("ServiceStarted", "worker")
        self._all = [v for v in vars(self).values() if isinstance(v, Gathered)]

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        fold_all(self._all, chunk)

    def in_role(self, role: str) -> Callable[[Ints, Ints], Flags]:
        """Whether workers were of a role at a time: who changes role is of the one last checked in to."""
        came = self.came.columns()
        of_role = came["action"] == self.came.names.find(role)
        if len(np.unique(came["worker"])) == len(self._pairs(came)):
            people = np.unique(came["worker"][of_role])
            return lambda workers, at_ms: np.isin(workers, people)

        def flags(workers: Ints, at_ms: Ints) -> Flags:
            at = _checked_in(came, workers, at_ms)
            then: Flags = (at >= 0) & of_role[at]
            return then

        return flags

    @staticmethod
    def _pairs(came: Columns) -> set[tuple[int, int]]:
        return set(zip(came["worker"].tolist(), came["action"].tolist(), strict=True))

    def labour(self, context: RunContext) -> Labour:
        """Time by role."""
        low, high = context.warmup_ms, context.horizon_ms
        roles, who = _in_roles(self.came.columns(), self.came.names.table)
        times: tuple[dict[int, int], ...] = ({}, {}, {}, {})
        for mine in shares(sum([len(told) for told in self._all])):
            for ms, spells in zip(times, self._spells(mine, high), strict=True):
                ms.update(covered(who(spells), spells[1], spells[2], low, high))
        return Labour(*[_by_role(dict(sorted(ms.items())), roles) for ms in times])

    def _spells(self, mine: Callable[[Ints], Flags], high: int) -> tuple[Spells, ...]:
        """Shifts, what of them is overtime, breaks, and work, of some people."""
        came, went, paused, resumed, began, ended, served, serving = (told.those(mine, "worker") for told in self._all)
        shift = _spells(came, _either(went, came), high)
        work = (
            _finished(ended), _finished(served), open_spells(began, ended, high), open_spells(serving, served, high)
        )  # fmt: skip
        who, start, end = (np.concatenate(columns) for columns in zip(*work, strict=True))
        return shift, _beyond(shift, came["due_ms"]), _spells(paused, resumed, high), (who, start, end)

    def figures(self, context: RunContext) -> Figures:
        """The share of their time on shift, breaks left out, that people of each role worked."""
        labour = self.labour(context)
        found: Figures = {}
        for role, shift_ms in sorted(labour.on_shift_ms.items()):
            found[role] = share(labour.at_work_ms.get(role, 0), shift_ms - labour.on_break_ms.get(role, 0))
        return {"utilisation": found}


def labour_cost(labour: Labour, context: RunContext) -> float | None:
    """What the hours on shift cost; undefined if a role has no rate."""
    if not labour.on_shift_ms or any(role not in context.cost_per_h for role in labour.on_shift_ms):
        return None
    return sum(ms / 3_600_000 * context.cost_per_h[role] for role, ms in sorted(labour.on_shift_ms.items()))


def overtime_cost(labour: Labour, context: RunContext) -> float | None:
    """The hours after a shift's end at their plain rates; undefined if a role has no rate."""
    if not labour.on_shift_ms or any(role not in context.cost_per_h for role in labour.on_shift_ms):
        return None
    return sum(ms / 3_600_000 * context.cost_per_h[role] for role, ms in sorted(labour.overtime_ms.items()))


Spells = tuple[Ints, Ints, Ints]
"""Workers, starts, ends."""


def _in_roles(came: Columns, table: Sequence[str]) -> tuple[dict[int, str], Callable[[Spells], Ints]]:
    """The role by worker, and whose spells are; who changes role is one worker in each, by where a spell starts."""
    pairs = list(zip(came["worker"].tolist(), came["action"].tolist(), strict=True))
    roles = {w: table[a] for w, a in pairs}
    codes = {pair: code for code, pair in enumerate(dict.fromkeys(pairs))}
    if len(roles) == len(codes):
        return roles, lambda spells: spells[0]
    code_of = np.array([codes[pair] for pair in pairs], dtype=np.int64)

    def who(spells: Spells) -> Ints:
        at = _checked_in(came, spells[0], spells[1])
        return np.where(at >= 0, code_of[at], -1)

    return {code: table[a] for (_, a), code in codes.items()}, who


def _checked_in(came: Columns, workers: Ints, at_ms: Ints) -> Ints:
    """The place of the last check-in of each worker until a time, before the first that one; -1 if there is none."""
    at = preceding(workers, at_ms * 2 + 1, came["worker"], came["at_ms"] * 2)
    known, first = np.unique(came["worker"], return_index=True)
    place = np.minimum(np.searchsorted(known, workers), len(known) - 1)
    return np.where(at >= 0, at, np.where(known[place] == workers, first[place], -1))


def _spells(starts: Columns, ends: Columns, horizon_ms: int) -> Spells:
    until = following(starts["worker"], starts["seq"], ends["worker"], ends["seq"])
    end = np.where(until >= 0, ends["at_ms"][until] if len(ends["seq"]) else 0, horizon_ms)
    return starts["worker"], starts["at_ms"], end


def _either(ends: Columns, starts: Columns) -> Columns:
    """Where a spell can end: at its end, or where the same worker's next one begins (shifts back to back)."""
    return {name: np.concatenate([ends[name], starts[name]]) for name in ("worker", "seq", "at_ms")}


def _beyond(shift: Spells, due_ms: Ints) -> Spells:
    """What of each spell lies after its due end; nothing where it has none."""
    who, _, end = shift
    start = np.where(due_ms == MISSING, end, np.minimum(due_ms, end))
    return who, start, end


def _finished(ends: Columns) -> Spells:
    return ends["worker"], ends["at_ms"] - ends["duration_ms"], ends["at_ms"]


def open_spells(starts: Columns, ends: Columns, horizon_ms: int) -> Spells:
    """Spells that have begun and not ended."""
    still = following(starts["worker"], starts["seq"], ends["worker"], ends["seq"]) < 0
    begun = starts["at_ms"][still]
    return starts["worker"][still], begun, np.full(len(begun), horizon_ms, dtype=np.int64)


def _by_role(ms: dict[int, int], roles: dict[int, str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for worker, amount in ms.items():
        if worker in roles:
            total[roles[worker]] = total.get(roles[worker], 0) + amount
    return total
