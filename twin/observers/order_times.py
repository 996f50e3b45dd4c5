"""Where an order's time went: from its receipt to its end, parted among waits and deeds in whole milliseconds.

The parts of an order add up to its time: its steps follow one another without a gap, from OrderReceived to the
departure of the trailer with its last handling unit, to its cancellation, to the moment when the last of it fell short,
or, while it is open, to the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.critical_line import Pick, Standing, last_picks, open_lines, standing
from twin.observers.line_thread import TOUR, LineThread
from twin.observers.order_facts import Fact, GatheredTimes, Line, OrderFacts
from twin.observers.order_lives import Lives
from twin.observers.time_parts import CODE, DEEDS, NAMES, PARTS, STATES, Leg, Legs, Step
from twin.observers.tour_times import TOUR_PARTS, Tours

_FAR_SEQ = 2**61


@dataclass(frozen=True, slots=True)
class Times:
    """One row per order received, in the order of receipt. Codes of names and ms; what is not known is MISSING.

    `line`: the critical line. `state`: its place in STATES. `processed_ms`: when the critical line's handling unit was
    staged. `parts`: by name, a column each; they add up to `end_ms` less `received_ms`.
    """

    names: Names
    order: Ints
    line: Ints
    state: Ints
    received_ms: Ints
    processed_ms: Ints
    end_ms: Ints
    parts: dict[str, Ints]
    legs: Legs
    tours: Tours

    @property
    def whole_ms(self) -> Ints:
        """The time of each order."""
        return self.end_ms - self.received_ms

    def find(self, order: str) -> int | None:
        """The row of an order; None if it was not received."""
        at = np.flatnonzero(self.order == self.names.find(order))
        return int(at[0]) if len(at) else None

    def processing(self) -> dict[str, Ints]:
        """The parts up to the staging of the critical line: all but the truck."""
        return {name: column for name, column in self.parts.items() if name != "truck"}

    def steps(self, row: int) -> list[Step]:
        """What happened to an order, one after the other."""
        found: list[Step] = []
        legs, name = self.legs, self.names.name
        first, end = np.searchsorted(legs.order, [row, row + 1]).tolist()
        for i in range(first, end):
            cause = int(legs.cause[i])
            worker, place = name(int(legs.worker[i])), int(legs.place[i])
            pieces = [(int(legs.part[i]), int(legs.deed[i]), int(legs.from_ms[i]), int(legs.to_ms[i]), place)]
            if legs.part[i] == TOUR:
                pieces = self.tours.pieces(int(legs.tour[i]), int(legs.from_ms[i]), int(legs.to_ms[i]))
            for part, deed, start, stop, where in pieces:
                known = None if cause == MISSING else cause
                found.append(Step(NAMES[part], DEEDS[deed], start, stop, known, worker, name(where)))
        return found

    def last_part(self, row: int) -> str | None:
        """The part of an order's last step; None if no time passed."""
        first, end = np.searchsorted(self.legs.order, [row, row + 1]).tolist()
        if first == end:
            return None
        part = int(self.legs.part[end - 1])
        if part == TOUR:
            tour, to_ms = int(self.legs.tour[end - 1]), int(self.legs.to_ms[end - 1])
            part = self.tours.pieces(tour, to_ms - 1, to_ms)[-1][0]
        return NAMES[part]


class OrderTimes:
    """A sink that puts the times of all orders together when asked."""

    def __init__(self) -> None:
        self.gathered = GatheredTimes()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.gathered.fold(chunk)

    def times(self, horizon_ms: int) -> Times:
        """All orders received; what is open counts up to the horizon."""
        lives = self.gathered.lives.lives()
        tours = self.gathered.pickers.tours(horizon_ms)
        rows = {tour: row for row, tour in enumerate(tours.tour.tolist())}
        told = _Told(self.gathered, lives, rows, horizon_ms)
        legs: list[Leg] = []
        count: list[int] = []
        line: list[int] = []
        for row in range(len(lives.order)):
            critical, own = told.order(row)
            legs += own
            count.append(len(own))
            line.append(critical)
        columns = _columns(legs, count)
        staged = np.full(len(count), MISSING, dtype=np.int64)
        staged[list(told.staged_ms)] = list(told.staged_ms.values())
        end_ms = np.array(told.end_ms, dtype=np.int64)
        parts = _parts(columns, tours, len(count))
        return Times(
            self.gathered.names, lives.order, np.array(line, dtype=np.int64), np.array(told.state, dtype=np.int64),
            lives.received_ms, staged, end_ms, parts, columns, tours,
        )  # fmt: skip


class _Told:
    """Goes from order to order and follows its critical line."""

    def __init__(self, gathered: GatheredTimes, lives: Lives, tour_rows: dict[int, int], horizon_ms: int) -> None:
        self.lives, self.rows, self.horizon_ms = lives, tour_rows, horizon_ms
        cancelled = gathered.cancelled.columns()
        self.cancelled = dict(
            zip(
                cancelled["order"].tolist(),
                zip(cancelled["seq"].tolist(), cancelled["at_ms"].tolist(), strict=True),
                strict=True,
            )
        )
        self.state = np.select(
            [lives.shipped_ms != MISSING, lives.cancelled, lives.closed_short],
            [STATES.index("shipped"), STATES.index("cancelled"), STATES.index("closed_short")],
            STATES.index("open"),
        ).tolist()
        self.picks = last_picks(gathered, lives)
        undone = {int(o) for o, s in zip(lives.order.tolist(), self.state, strict=True) if STATES[s] != "shipped"}
        self.open = open_lines(gathered, lives, undone)
        shorted = gathered.shorted.columns()
        mine = np.isin(shorted["order"], np.array(sorted(undone), dtype=np.int64))
        self.short_lines: dict[int, set[Line]] = {}
        for order, line in zip(shorted["order"][mine].tolist(), shorted["line"][mine].tolist(), strict=True):
            self.short_lines.setdefault(order, set()).add((order, line))
        critical = {p.line for p in self.picks.values()} | {x for rows in self.open.values() for x, _ in rows}
        critical |= {x for lines in self.short_lines.values() for x in lines}
        self.f = OrderFacts(gathered, critical)
        received = gathered.lives.received.columns()
        self.received_seq: dict[int, int] = {}
        for order, seq in zip(received["order"].tolist(), received["seq"].tolist(), strict=True):
            self.received_seq.setdefault(order, seq)
        self.by_line = _picks_by_line(gathered, critical)
        self.end_ms: list[int] = []
        self.staged_ms: dict[int, int] = {}
        """By row, when the critical line's handling unit was staged."""

    def order(self, row: int) -> tuple[int, list[Leg]]:
        """The critical line and the legs of an order."""
        order, state = int(self.lives.order[row]), STATES[self.state[row]]
        received = Fact(self.received_seq[order], int(self.lives.received_ms[row]))
        if state == "shipped":
            self.end_ms.append(int(self.lives.shipped_ms[row]))
            return self._picked(row, received, self.picks[order])
        if state == "closed_short":
            return self._closed_short(order, received)
        seq, end_ms = self.cancelled.get(order, (_FAR_SEQ, self.horizon_ms))
        self.end_ms.append(end_ms)
        return self._open(row, received, seq)

    def _thread(self, line: Line, received: Fact) -> LineThread:
        return LineThread(self.f, self.rows, line, received, self.end_ms[-1])

    def _picked(self, row: int, received: Fact, pick: Pick) -> tuple[int, list[Leg]]:
        thread = self._thread(pick.line, received)
        batched = next((b for b in self.f.batched.get(pick.line[0], []) if b.more == pick.tote), None)
        if batched is not None:
            carton = self.f.closed.get(pick.tote)
            if carton is not None:
                staged = self.f.staged.get(carton.about)
                if staged is not None:
                    self.staged_ms[row] = staged.at_ms
                thread.shipped(pick.tote, carton.about, batched)
            else:
                thread.packed(pick.tote, batched)
        return pick.line[1], thread.ended()

    def _closed_short(self, order: int, received: Fact) -> tuple[int, list[Leg]]:
        found = [(facts[-1], line) for line in self.short_lines.get(order, ()) if (facts := self.f.shorted.get(line))]
        if not found:
            self.end_ms.append(received.at_ms)
            return MISSING, []
        latest_ms = max(fact.at_ms for fact, _ in found)
        fact, line = min(
            ((f, x) for f, x in found if f.at_ms == latest_ms), key=lambda row: self.f.names.table[row[1][1]]
        )
        self.end_ms.append(latest_ms)
        thread = self._thread(line, received)
        thread.fell_short(fact)
        return line[1], thread.ended()

    def _open(self, row: int, received: Fact, before_seq: int) -> tuple[int, list[Leg]]:
        """The least advanced line; of those alike the one that came there last, then by id."""
        name = self.f.names.table
        lines = self.open.get(int(self.lives.order[row]), [])
        waiting: list[tuple[int, int, str, Line, Standing]] = []
        for line, unpicked in lines:
            where = standing(self.f, line, before_seq) if unpicked or before_seq != _FAR_SEQ else None
            if where is not None:
                waiting.append((where.rank, -where.since.at_ms, name[line[1]], line, where))
        if waiting:
            *_, line, where = min(waiting)
            thread = self._thread(line, received)
            _follow(thread, where)
            return line[1], thread.ended()
        picked = [p for line, _ in lines for p in self.by_line.get(line, [])]
        if picked:
            pick = min(picked, key=lambda p: (*self._advanced(p), name[p.line[1]]))
            return self._picked(row, received, pick)
        line = min((x for x, _ in lines), key=lambda x: name[x[1]], default=(MISSING, MISSING))
        return line[1], self._thread(line, received).ended()

    def _advanced(self, pick: Pick) -> tuple[int, int]:
        """How far a picked unit has come, and since when, the latest first."""
        f = self.f
        carton = f.closed.get(pick.tote)
        marks = [f.arrived.get(pick.tote), f.serving.get(pick.tote), carton]
        if carton is not None:
            marks += [f.staged.get(carton.about), f.loaded.get(carton.about)]
        known = [m.at_ms for m in marks if m is not None]
        return len(known), -max(known, default=0)


def _follow(thread: LineThread, where: Standing) -> None:
    """From the end back to where the line stands, and on from there."""
    since = where.since
    if where.stage == "goods":
        thread.waits(since, "stock", "goods")
        thread.fell_short(since)
    elif where.stage == "move":
        thread.waits(since, "stock", "move")
        thread.parked(since)
    elif where.stage == "release":
        thread.waits(since, "release")
        if since.about == thread.f.for_release:
            thread.covered(since)
        elif since.about == thread.f.taken_back != MISSING:
            thread.taken_back(since)
        else:
            thread.at_entry(since.cause)
    elif where.stage == "batch":
        thread.waits(Fact(since.seq, since.at_ms, since.seq), "batch")
        thread.allocated(since.seq, since.at_ms, since.seq)
    elif where.stage == "hold":
        thread.at_entry(since.cause)
    elif where.stage == "tour":
        started = thread.f.started[since.about]
        thread.toured(since.about, started, "tray")
        thread.worked_on(since, since.about)
    else:
        thread.worked_on(since, since.about)


def _picks_by_line(gathered: GatheredTimes, critical: set[Line]) -> dict[Line, list[Pick]]:
    picked = gathered.picked.columns()
    found: dict[Line, list[Pick]] = {}
    some = picked["units"] > 0
    columns = [picked[name][some].tolist() for name in ("order", "line", "tour", "handling_unit", "seq")]
    for order, line, tour, tote, seq in zip(*columns, strict=True):
        if (order, line) in critical:
            found.setdefault((order, line), []).append(Pick((order, line), tour, tote, seq))
    return found


def _columns(legs: list[Leg], count: list[int]) -> Legs:
    rows = np.repeat(np.arange(len(count), dtype=np.int64), np.array(count, dtype=np.int64))
    fields = ("part", "deed", "from_ms", "to_ms", "cause", "worker", "place", "tour")
    return Legs(rows, *(np.array([getattr(leg, f) for leg in legs], dtype=np.int64) for f in fields))


def _parts(legs: Legs, tours: Tours, orders: int) -> dict[str, Ints]:
    """Times by order and part, added up."""
    total = {name: np.zeros(orders, dtype=np.int64) for name in PARTS}
    took = legs.to_ms - legs.from_ms
    for name, code in CODE.items():
        mine = legs.part == code
        np.add.at(total[name], legs.order[mine], took[mine])
    on_tour = legs.part == TOUR
    spent = tours.spent(legs.tour[on_tour], legs.from_ms[on_tour], legs.to_ms[on_tour])
    for name in TOUR_PARTS:
        np.add.at(total[name], legs.order[on_tour], spent[name])
    return total
