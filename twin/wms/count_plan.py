"""What is to be counted besides exceptions: what a pick left low or empty, what the plan has due, spot counts.

Only the counting policy in use brings its own requests; under `exceptions_first` there are none of these.
"""

from __future__ import annotations

from heapq import heapify, heappush, nsmallest
from typing import Any

from twin.domain.ids import LocationId
from twin.policies.cycle_counting import CYCLE_COUNTING, CountCandidate, Reason
from twin.policies.stable import stable_hash
from twin.wms.book import Stock
from twin.wms.records import Records

DAY_MS = 86_400_000
AT_ONCE = 64


class CountPlan:
    """Locations that the policy's own reason brings up, each with when it fell due. `after_picks`: picks may be one."""

    def __init__(self, records: Records) -> None:
        self.r = records
        self._due: list[tuple[int, LocationId]] | None = None
        self._counted_on: dict[LocationId, int] = {}
        self.learn_policy()

    def learn_policy(self) -> None:
        """Read what it needs of the policy in use; again when it is changed, and the plan is laid anew."""
        policy = self.r.decisions.policies["cycle_counting"]
        rules: Any = getattr(policy.decide, "rules", None)
        self.name = policy.ref.name
        self.after_picks = self.name in ("threshold", "zero_confirm")
        self.most = policy.candidates_max or 1 << 30
        self.intervals: tuple[int, ...] = tuple(getattr(rules, "interval_days", ())) or (30, 90, 180)
        self.least: int = getattr(rules, "threshold_units", 0)
        self._due = None

    def left_by_a_pick(self, location: LocationId) -> Reason | None:
        """Why a location is to be counted after a pick; asked under a policy that counts `after_picks`."""
        units = sum([s.units for s in self.r.book.by_location.get(location, ())])
        if self.name == "zero_confirm":
            return "zero" if units == 0 else None
        return "threshold" if units < self.least else None

    def candidates(self, now: int) -> list[CountCandidate]:
        """Rows of the plan that are due, or all locations in the order of the day's spot counts."""
        if self.name == "abc_plan" or self.name not in CYCLE_COUNTING:  # a user's own rule sees the plan too
            rows = nsmallest(self.most, [row for row in self._plan(now) if row[0] <= now])
            return [self._row(location, due, "plan") for due, location in rows]
        if self.name == "spot":
            day = now // DAY_MS
            open_ = [x for x in self.r.book.by_location if self._counted_on.get(x) != day]
            first = nsmallest(min(self.most, AT_ONCE), open_, key=lambda x: (stable_hash(x, str(day)), x))
            return [self._row(location, now, "spot") for location in first]
        return []

    def counted(self, location: LocationId, reason: str, now: int) -> None:
        """A count of the plan is under way: its next is an interval later."""
        if reason == "spot":
            self._counted_on[location] = now // DAY_MS
        elif reason == "plan" and self._due is not None:
            self._due = [row for row in self._due if row[1] != location]
            heapify(self._due)
            heappush(self._due, (now + self._interval_ms(location), location))

    def _plan(self, now: int) -> list[tuple[int, LocationId]]:
        """When each location is due; before the start they were counted evenly over their interval, by stable hash.

        A location that got its first goods since is due as if it had been counted evenly before then.
        """
        due = self._due
        begins_ms = 0
        if due is None:
            due = self._due = []
        elif len(due) < len(self.r.book.by_location):
            begins_ms = now // DAY_MS * DAY_MS
        if len(due) < len(self.r.book.by_location):
            planned = {location for _, location in due}
            for location in sorted(self.r.book.by_location.keys() - planned):
                interval = self._interval_ms(location)
                share = stable_hash(location, "counted before the start") / (1 << 64)
                due.append((begins_ms + int(share * interval / DAY_MS) * DAY_MS, location))
            heapify(due)
        return due

    def _interval_ms(self, location: LocationId) -> int:
        return self.intervals[min(self._velocity(location), len(self.intervals)) - 1] * DAY_MS

    def _velocity(self, location: LocationId) -> int:
        """The class of the fastest SKU there, 1 for A; an empty location is of the slowest."""
        here: list[Stock] = self.r.book.by_location.get(location, [])
        return min([s.sku.velocity for s in here], default=len(self.intervals))

    def _row(self, location: LocationId, due_at_ms: int, reason: Reason) -> CountCandidate:
        return CountCandidate(
            location=location, velocity=self._velocity(location), due_at_ms=due_at_ms,
            book_units=sum([s.units for s in self.r.book.by_location.get(location, ())]), reason=reason, value_cents=0,
        )  # fmt: skip
