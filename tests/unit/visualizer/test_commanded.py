"""What commands did to places: refused ones did nothing, and each holds from its own row on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from twin.events.columns import MISSING
from twin.events.names import Names
from visualizer.stored.commanded import Commanded
from visualizer.stored.ground import Ground

MIN = 60_000
GROUND = cast(
    "Ground",
    SimpleNamespace(
        sites=("s",),
        aisle_of={"s/A01": 0, "s/A02": 1},
        station_of={"s/pack": 0},
        stations=(SimpleNamespace(benches=3),),
    ),
)


def told(*commands: dict[str, Any]) -> Commanded:
    """Commands a minute apart, the first at row 1."""
    names, made = Names(), Commanded(GROUND)
    given: dict[str, list[int]] = {
        column: [] for column in ("row", "action", "status", "location", "station", "value", "duration_ms")
    }
    for row, command in enumerate(commands, 1):
        values = {"status": "done", **command, "row": row}
        for column, some in given.items():
            value = values.get(column)
            some.append(names.codes[value] if isinstance(value, str) else MISSING if value is None else value)
    at_ms = np.arange(len(commands) + 1, dtype=np.int64) * MIN
    made.add({column: np.array(some, dtype=np.int64) for column, some in given.items()}, at_ms, names)
    return made


def test_an_aisle_is_closed_until_its_time_or_until_it_is_opened():
    made = told(
        {"action": "block_aisle", "location": "A02", "duration_ms": 10 * MIN},
        {"action": "block_aisle", "location": "s/A01", "duration_ms": 2 * MIN},
        {"action": "unblock_aisle", "location": "s/A02"},
    )
    assert made.closed_at(0, 0) == []
    assert made.closed_at(2 * MIN, 2) == [(0, 2), (1, 1)]
    assert made.closed_at(3 * MIN, 3) == [(0, 2)]
    assert made.closed_at(4 * MIN, 3) == []


def test_a_refused_command_closes_nothing_and_takes_no_bench():
    made = told(
        {"action": "block_aisle", "location": "s/A01", "duration_ms": 10 * MIN, "status": "refused"},
        {"action": "set_benches", "station": "pack", "value": 1, "status": "refused"},
    )
    assert made.closed_at(MIN, 2) == [] and made.benches(0, 2) == 3


def test_benches_are_those_of_the_last_command_up_to_a_row():
    made = told(
        {"action": "set_benches", "station": "pack", "value": 2},
        {"action": "close_station", "station": "s/pack"},
        {"action": "open_station", "station": "s/pack"},
        {"action": "set_benches", "station": "elsewhere", "value": 9},
    )
    assert [made.benches(0, row) for row in range(5)] == [3, 2, 0, 3, 3]
