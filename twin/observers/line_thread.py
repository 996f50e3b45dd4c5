"""The thread of a line from some moment back to the receipt of its order: what it waited for, and what was done.

Followed backwards, because only what came of a part of a line says which of its facts were its own: some units may wait
for stock while others are picked.
"""

from __future__ import annotations

from twin.events.columns import MISSING
from twin.observers.order_facts import Fact, Line, OrderFacts, last
from twin.observers.time_parts import CODE, DEED, Leg

TOUR = -1
"""Stands for the parts of a tour."""


class LineThread:
    """Legs of one line, gathered from the last to the first; each ends where the one after it begins."""

    def __init__(self, facts: OrderFacts, tour_rows: dict[int, int], line: Line, received: Fact, until_ms: int) -> None:
        self.f = facts
        self.rows = tour_rows
        self.line = line
        self.order = line[0]
        self.received = received
        self.until_ms = until_ms
        self.legs: list[Leg] = []
        self.broken = False

    def ended(self) -> list[Leg]:
        """The legs in the order of time; what no fact explains is `other`."""
        if self.until_ms > self.received.at_ms:
            self._leg(self.received.at_ms, "other")
        self.legs.reverse()
        return self.legs

    def _leg(
        self, from_ms: int, part: str | None, deed: str = "", cause: int = MISSING, worker: int = MISSING,
        place: int = MISSING, tour: int = -1,
    ) -> bool:  # fmt: skip
        """What went on from `from_ms` to where the thread has come; False when the facts are not in order."""
        if from_ms > self.until_ms or from_ms < self.received.at_ms:
            self.broken = True
            return False
        if from_ms < self.until_ms:
            code = TOUR if part is None else CODE[part]
            self.legs.append(Leg(code, DEED[deed], from_ms, self.until_ms, cause, worker, place, tour))
        self.until_ms = from_ms
        return True

    def waits(self, since: Fact, part: str, deed: str = "") -> None:
        """What the line still waits for."""
        self._leg(since.at_ms, part, deed, since.cause)

    # --- before a tour ---------------------------------------------------------------------------------------

    def worked_on(self, batched: Fact, tour: int) -> None:
        """The picker set out: before that the task waited for him."""
        started, assigned = self.f.started.get(tour), self.f.assigned.get(tour)
        if started is None:
            self._leg(batched.at_ms, "worker", cause=batched.cause)
        else:
            cause = assigned.cause if assigned is not None else started.cause
            self._leg(batched.at_ms, "worker", cause=cause, worker=started.about)
        self.in_pool(batched.seq, batched.cause)

    def in_pool(self, before_seq: int, cause: int) -> None:
        """The line was batched: since it was offered to batching it waited in the pool."""
        allocation = last(self.f.allocations.get(self.line, []), before_seq)
        sent = self._wait(before_seq, self.f.for_worker)
        if sent is not None and (allocation is None or sent.seq > allocation.seq):
            if self._leg(sent.at_ms, "worker", cause=sent.cause):
                self._before_fault(sent.seq)
        elif allocation is not None and self._leg(allocation.at_ms, "batch", cause=cause):
            self.allocated(allocation.seq, allocation.at_ms, cause)

    def allocated(self, seq: int, at_ms: int, batch_cause: int) -> None:
        """A decision reserved stock for the line: at its release, or when a move brought it, or again in the pool."""
        release = last(self.f.released.get(self.order, []), seq)
        parked = self._wait(seq, self.f.replenishment)
        if parked is not None and (release is None or parked.seq > release.seq):
            if self._leg(parked.at_ms, "stock", "move", parked.cause):
                self.parked(parked)
        elif release is not None and release.at_ms == at_ms:
            self.before_release(release)
        else:
            earlier = last(self.f.allocations.get(self.line, []), seq)
            if earlier is not None and release is not None and earlier.seq > release.seq:
                if self._leg(earlier.at_ms, "batch", cause=batch_cause):
                    self.allocated(earlier.seq, earlier.at_ms, batch_cause)
            elif release is not None and self._leg(release.at_ms, "batch", cause=batch_cause):
                self.before_release(release)

    def parked(self, wait: Fact) -> None:
        """The line began to wait for a move: found short when it was allocated, or at the face."""
        if self.f.family(wait.cause) == "allocation":
            self.allocated(wait.cause, wait.at_ms, MISSING)
        else:
            self._before_fault(wait.seq)

    def before_release(self, release: Fact) -> None:
        """The order was released: the line waited since stock covered it, or since the order was allocated."""
        f = self.f
        earlier = last(f.released.get(self.order, []), release.seq)
        covered = self._wait(release.seq, f.for_release)
        back = self._wait(release.seq, f.taken_back)
        if back is not None and all(x is None or x.seq < back.seq for x in (earlier, covered)):
            if self._leg(back.at_ms, "release", cause=release.cause, place=release.about):
                self.taken_back(back)
            return
        if covered is not None and (earlier is None or covered.seq > earlier.seq):
            if self._leg(covered.at_ms, "release", cause=release.cause, place=release.about):
                self.covered(covered)
            return
        allocated = last(f.allocated.get(self.order, []), release.seq)
        if allocated is not None and self._leg(allocated.at_ms, "release", cause=release.cause, place=release.about):
            self.at_entry(allocated.cause)

    def taken_back(self, wait: Fact) -> None:
        """A supervisor took a released order back: before, its task waited, or it stood in the pool."""
        f = self.f
        batched = last(f.batched.get(self.order, []), wait.seq)
        allocation = last(f.allocations.get(self.line, []), wait.seq)
        parked = self._wait(wait.seq, f.replenishment)
        sent = self._wait(wait.seq, f.for_worker)
        latest = max((x for x in (batched, allocation, parked, sent) if x is not None), default=None)
        if latest is None:
            return
        if latest is parked and self._leg(latest.at_ms, "stock", "move", latest.cause):
            self.parked(latest)
        elif latest is allocation and self._leg(latest.at_ms, "batch", cause=latest.seq):
            self.allocated(latest.seq, latest.at_ms, latest.seq)
        elif latest is sent and self._leg(latest.at_ms, "worker", cause=latest.cause):
            self._before_fault(latest.seq)
        elif latest is batched and self._leg(latest.at_ms, "worker", cause=latest.cause):
            self.in_pool(latest.seq, latest.cause)

    def covered(self, wait: Fact) -> None:
        """Stock came for a backordered line."""
        short = last(self.f.backordered.get(self.line, []), wait.seq)
        if short is not None and self._leg(short.at_ms, "stock", "goods", short.cause):
            self.fell_short(short)

    def fell_short(self, short: Fact) -> None:
        """Units could not be had: when the order came, when it was allocated, at the face, or at the bench."""
        family = self.f.family(short.cause)
        if family == "allocation":
            self.allocated(short.cause, short.at_ms, MISSING)
        elif family == "promising":
            self.at_entry(short.cause)
        else:
            self._before_fault(short.seq)

    def at_entry(self, cause: int) -> None:
        """Promised, and held back until stock covered the whole order if that was asked."""
        promised = self.f.promised.get(self.order)
        if promised is not None:
            if promised.at_ms <= self.until_ms and self._leg(promised.at_ms, "stock", "hold", cause):
                self._leg(self.received.at_ms, "promise", cause=promised.cause)
        elif self.until_ms == self.received.at_ms:
            self._leg(self.received.at_ms, "promise")

    # --- faults ----------------------------------------------------------------------------------------------

    def _before_fault(self, before_seq: int) -> None:
        fault = last(self.f.faults.get(self.line, []), before_seq)
        if fault is None or fault.at_ms != self.until_ms:
            return
        if fault.about != MISSING:
            self._fault_at_face(fault)
        else:
            self._fault_at_bench(fault)

    def _fault_at_face(self, fault: Fact) -> None:
        tour = fault.about
        batched, started = self._batched(tour, fault.seq), self.f.started.get(tour)
        if batched is None or started is None:
            return
        self.toured(tour, started, "report")
        self.worked_on(batched, tour)

    def toured(self, tour: int, started: Fact, deed: str) -> None:
        """A tour up to here; what the book heard of it after its end, it heard from the clerk, or after an outage."""
        over, clerk = self.f.handed_over_ms(tour), self.f.keyed.get(tour)
        if over is not None and over < self.until_ms:
            if clerk is not None and over <= clerk.at_ms <= self.until_ms:
                self._leg(clerk.at_ms, "keying", "sheet", worker=clerk.about)
                deed = "tray"
            if not self._leg(over, "keying", deed):
                return
        row = self.rows.get(tour, -1)
        self._leg(started.at_ms, None, cause=started.cause, worker=started.about, tour=row)

    def _fault_at_bench(self, fault: Fact) -> None:
        f = self.f
        tote = f.at_bench(fault.more, self.order, fault.seq)
        batched = None if tote is None else next((b for b in f.batched.get(self.order, []) if b.more == tote), None)
        if tote is None or batched is None:
            return
        served = f.served.get(tote)
        if served is not None and served.at_ms < self.until_ms and not self._leg(served.at_ms, "keying", "report"):
            return
        self.packed(tote, batched)

    # --- after a tour ----------------------------------------------------------------------------------------

    def packed(self, tote: int, batched: Fact) -> None:
        """From a tote as far as it has come back to its tour, and on."""
        f = self.f
        arrived, serving, tour = f.arrived.get(tote), f.serving.get(tote), batched.about
        if serving is not None:
            self._leg(serving.at_ms, "packing", "bench", worker=serving.more, place=serving.about)
        if arrived is not None:
            self._leg(arrived.at_ms, "packing", "queue", place=arrived.about)
        over, started = f.handed_over_ms(tour), f.started.get(tour)
        if over is not None:
            belt = f.entered.get(tote)
            if belt is not None:
                self._leg(over, "conveyor", place=belt.about)
            elif self.rides(tour):
                self._leg(over, "conveyor", "queue")
            else:
                self._leg(over, "packing", "place")
        if started is not None:
            self._leg(started.at_ms, None, cause=started.cause, worker=started.about, tour=self.rows.get(tour, -1))
        if not self.broken:
            self.worked_on(batched, tour)

    def rides(self, tour: int) -> bool:
        """Another tote of the tour has gone onto a belt: so will this one."""
        return any(tote in self.f.entered for tote in self.f.totes.get(tour, []))

    def shipped(self, tote: int, carton: int, batched: Fact) -> None:
        """From a carton as far as it has come back to its tote, and on."""
        f = self.f
        loaded, staged, served = f.loaded.get(carton), f.staged.get(carton), f.served.get(tote)
        if staged is not None:
            docked = f.docked.get(loaded.about) if loaded is not None else None
            trailer = loaded.about if loaded is not None else MISSING
            cause = docked.cause if docked is not None else MISSING
            if loaded is not None:
                self._leg(loaded.at_ms, "truck", "departure", cause, loaded.more, trailer)
            if docked is not None and docked.at_ms > staged.at_ms:
                self._leg(docked.at_ms, "truck", "loading", cause, place=trailer)
                self._leg(staged.at_ms, "truck", "trailer", cause, place=trailer)
            else:
                deed = "loading" if loaded is not None else "trailer"
                self._leg(staged.at_ms, "truck", deed, cause, place=trailer)
        if served is not None:
            belt = f.entered.get(carton)
            lane = staged.about if staged is not None else MISSING
            if belt is not None:
                self._leg(served.at_ms, "conveyor", place=belt.about)
            else:
                full = f.turned_away.get(carton)
                if full is not None:
                    self._leg(full.at_ms, "lane", place=full.about)
                self._leg(served.at_ms, "staging", place=lane)
        if not self.broken:
            self.packed(tote, batched)

    # --- looking things up -----------------------------------------------------------------------------------

    def _wait(self, before_seq: int, reason: int) -> Fact | None:
        rows = [w for w in self.f.waits.get(self.line, []) if w.about == reason]
        return last(rows, before_seq)

    def _batched(self, tour: int, before_seq: int) -> Fact | None:
        rows = [b for b in self.f.batched.get(self.order, []) if b.about == tour]
        return last(rows, before_seq)
