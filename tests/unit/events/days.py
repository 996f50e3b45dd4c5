"""Small made-up days of facts for the tests of stream and journal."""

from __future__ import annotations

from twin.events.catalogue import Fact, LinePicked, OrderReceived, PolicyDecided, UnitsTaken, WorkerDeparted


def facts(orders: int) -> list[Fact]:
    """Five facts per order, with nulls, scores, details and a first one before the start."""
    day: list[Fact] = []
    for n in range(orders):
        at, order, line = 1000 * n - 500, f"O{n}", f"O{n}/1"
        due = None if n % 3 == 0 else at + 7000
        day.append(OrderReceived(at, "main", order, "own", f"C{n % 5}", 2, due, n % 4, "priority", "", "dhl"))
        day.append(
            PolicyDecided(at, "main", "allocation", "fefo", 3, f"s{n}", 0.25 * n, order, detail='{"é": 1}')
            if n % 2
            else PolicyDecided(at, "main", "allocation", "fefo", 3, f"s{n}")
        )
        day.append(WorkerDeparted(at + 1, "main", "main/p1", "main/a", f"main/b{n % 7}", 900, 1000 + n, "mm"))
        lot = None if n % 2 else "L1"
        taken = UnitsTaken(at + 900, "main", "main/p1", "own", "A", lot, f"main/b{n % 7}", f"T{n}", 2, order, line)
        day.append(taken)
        cause = len(day) - 1
        booked = LinePicked(at + 900, "main", "main/p1", order, line, "own", "A", lot, "main/b", f"T{n}", "t", 2, 2)
        day.append(booked._replace(reason=None if cause % 3 else "late"))
    return day
