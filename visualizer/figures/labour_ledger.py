"""What people did with their time, kept up to date fact by fact: at any instant a straight line for each role.

The same rules as `twin.observers.utilisation` and `waiting`, which put whole runs together: time from warm-up on,
overlaps of one person once, a spell under way counts up to now, and belongs to the role in which it began.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, Literal

from visualizer.stored.steps import NEVER, Steps

PARTS: Final = ("work", "work_rate", "shift", "shift_rate", "pause", "pause_rate", "blocked", "blocked_rate")
"""At time t a role has worked `work + work_rate * t` ms since the warm-up, and so on; waits for aisles just add up."""
Sort = Literal["task", "service", "shift", "pause"]
_PLACE: Final[dict[Sort, int]] = {"task": 0, "service": 0, "shift": 1, "pause": 2}
Straight = tuple[int, int]
"""What there is at time 0 and the change per ms."""


class Coverage:
    """Time covered by spells, each ms once. Spells end in order."""

    __slots__ = ("_ends", "_starts", "_total")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._total = 0

    def add(self, start_ms: int, end_ms: int) -> None:
        """A spell that ends no earlier than any before."""
        if end_ms <= start_ms:
            return
        starts, ends = self._starts, self._ends
        while ends and ends[-1] >= start_ms:
            begun, ended = starts.pop(), ends.pop()
            self._total -= ended - begun
            start_ms = min(start_ms, begun)
        starts.append(start_ms)
        ends.append(end_ms)
        self._total += end_ms - start_ms

    def straight(self, since_ms: int | None = None) -> Straight:
        """What is covered from now on, as a straight line; `since_ms`: when a spell began that is under way."""
        if since_ms is None:
            return self._total, 0
        covered, i = self._total, len(self._ends) - 1
        while i >= 0 and self._ends[i] > since_ms:
            covered -= self._ends[i] - max(self._starts[i], since_ms)
            i -= 1
        return covered - since_ms, 1


class Person:
    """What one did so far, in each role: a spell belongs to the role in which it began."""

    __slots__ = ("blocked_ms", "came", "counted", "done", "stands_since", "under_way")

    def __init__(self) -> None:
        self.came: list[tuple[int, str]] = []
        self.under_way: dict[Sort, list[int]] = {}
        self.done: dict[str | None, tuple[Coverage, Coverage, Coverage]] = {}
        self.blocked_ms: dict[str | None, int] = {}
        self.stands_since: list[int] = []
        """Since when one stands before a full aisle."""
        self.counted: dict[str, tuple[int, ...]] = {}
        """What of each role's sums is this person's."""

    def role_at(self, at_ms: int) -> str | None:
        """The role of the last check-in until then, else the first; None for one who never came."""
        until = [role for since, role in self.came if since <= at_ms]
        return until[-1] if until else self.came[0][1] if self.came else None

    def come(self, at_ms: int, role: str) -> None:
        """A check-in."""
        if not self.came and None in self.done:
            self.done[role] = self.done.pop(None)
        if not self.came and None in self.blocked_ms:
            self.blocked_ms[role] = self.blocked_ms.pop(None)
        self.came.append((at_ms, role))

    def add(self, sort: Sort, start_ms: int, end_ms: int, warmup_ms: int) -> None:
        """A spell that is over."""
        role = self.role_at(start_ms)
        if role not in self.done:
            self.done[role] = (Coverage(), Coverage(), Coverage())
        self.done[role][_PLACE[sort]].add(max(start_ms, warmup_ms), end_ms)

    def parts(self, warmup_ms: int) -> dict[str, tuple[int, ...]]:
        """Of each role PARTS, from now on."""
        since: dict[tuple[str | None, int], int] = {}
        for sort, starts in self.under_way.items():
            for start_ms in starts:
                key = (self.role_at(start_ms), _PLACE[sort])
                since[key] = min(max(start_ms, warmup_ms), since.get(key, max(start_ms, warmup_ms)))
        blocked = {role: (ms, 0) for role, ms in self.blocked_ms.items()}
        for start_ms in self.stands_since:
            role = self.role_at(start_ms)
            ms, rate = blocked.get(role, (0, 0))
            blocked[role] = (ms - max(start_ms, warmup_ms), rate + 1)
        found: dict[str, tuple[int, ...]] = {}
        for role in {*self.done, *(role for role, _ in since), *blocked, self.role_at(NEVER)}:
            if role is not None:
                spells = self.done.get(role) or (Coverage(), Coverage(), Coverage())
                lines = [spells[place].straight(since.get((role, place))) for place in range(3)]
                found[role] = (*lines[0], *lines[1], *lines[2], *blocked.get(role, (0, 0)))
        return found


class LabourLedger:
    """Facts in, with their time; `close` ends an instant and writes what changed as steps, by role."""

    def __init__(self, warmup_ms: int) -> None:
        self.warmup_ms = warmup_ms
        self.roles: dict[str, Steps] = {}
        self._sums: dict[str, list[int]] = {}
        self._people: dict[str, Person] = defaultdict(Person)
        self._dirty: dict[str, None] = {}
        self._warm = False

    def _person(self, worker: str) -> Person:
        self._dirty[worker] = None
        return self._people[worker]

    def came(self, at_ms: int, worker: str, role: str) -> None:
        """A worker came on shift; one who has not gone since the last time begins another then."""
        self.ended(at_ms, worker, "shift")
        self._person(worker).come(at_ms, role)
        self.began(at_ms, worker, "shift")

    def began(self, at_ms: int, worker: str, sort: Sort) -> None:
        """A spell of some sort is under way."""
        self._person(worker).under_way.setdefault(sort, []).append(at_ms)

    def ended(self, at_ms: int, worker: str, sort: Sort) -> None:
        """All spells of a sort that are under way are over."""
        person = self._person(worker)
        for start_ms in person.under_way.pop(sort, ()):
            person.add(sort, start_ms, at_ms, self.warmup_ms)

    def worked(self, at_ms: int, worker: str, sort: Sort, duration_ms: int) -> None:
        """Work or service ended after `duration_ms`; what of that sort was under way has ended."""
        person = self._person(worker)
        person.under_way.pop(sort, None)
        person.add(sort, at_ms - duration_ms, at_ms, self.warmup_ms)

    def stands(self, at_ms: int, worker: str) -> None:
        """A worker stands before a full aisle."""
        self._person(worker).stands_since.append(at_ms)

    def waited(self, at_ms: int, worker: str, duration_ms: int) -> None:
        """A worker stood before a full aisle."""
        person, role = self._person(worker), self._people[worker].role_at(at_ms - duration_ms)
        person.stands_since.clear()
        start_ms, end_ms = max(at_ms - duration_ms, self.warmup_ms), max(at_ms, self.warmup_ms)
        person.blocked_ms[role] = person.blocked_ms.get(role, 0) + end_ms - start_ms

    def next_ms(self) -> int:
        """When something changes without a fact: at the warm-up's end time begins to count."""
        return NEVER if self._warm else self.warmup_ms

    def close(self, now_ms: int) -> None:
        """All facts up to `now_ms` are in: write what figures are from then on."""
        if now_ms < self.warmup_ms:
            return
        if not self._warm:
            self._warm = True
            self._dirty = dict.fromkeys(self._people)
        if not self._dirty:
            return
        roles: dict[str, None] = {}
        for worker in self._dirty:
            person = self._people[worker]
            before, person.counted = person.counted, person.parts(self.warmup_ms)
            for counted, sign in ((before, -1), (person.counted, 1)):
                for role, parts in counted.items():
                    sums = self._sums.setdefault(role, [0] * len(PARTS))
                    for i, value in enumerate(parts):
                        sums[i] += sign * value
                    roles[role] = None
        self._dirty.clear()
        for role in roles:
            if role not in self.roles:
                self.roles[role] = Steps(*PARTS)
            self.roles[role].put(now_ms, tuple(self._sums[role]))
