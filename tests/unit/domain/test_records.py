"""Records built quickly are the records that the class itself builds."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, replace
from typing import NamedTuple

import pytest

from twin.domain.records import builder, new_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    now_ms: int
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStock(Seen):
    units: int
    lot: str | None = None
    zones: tuple[str, ...] = ()


build = builder(SeenStock)
RECORD = SeenStock(now_ms=1, left_out=2, units=3, lot="L")


def test_is_equal_to_what_the_class_builds_and_of_that_class() -> None:
    record = build(1, 2, 3, "L", ())
    assert type(record) is SeenStock
    assert record == RECORD
    assert hash(record) == hash(RECORD)
    assert repr(record) == repr(RECORD)
    assert replace(record, units=4) == replace(RECORD, units=4)
    assert copy.copy(record) == pickle.loads(pickle.dumps(record)) == RECORD


def test_takes_names_and_the_defaults_of_the_last_fields() -> None:
    assert build(units=3, now_ms=1, left_out=2, lot="L") == RECORD
    with pytest.raises(TypeError):
        build(1, units=3)  # left_out is not one of the last


@pytest.mark.parametrize("name", ["now_ms", "left_out", "units", "lot", "zones"])
def test_is_as_frozen(name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(build(1, 2, 3), name, 0)
    with pytest.raises(FrozenInstanceError):
        delattr(build(1, 2, 3), name)


def test_a_row_made_of_a_tuple_is_the_named_tuple() -> None:
    class Spot(NamedTuple):
        """A place."""

        aisle: int
        side: str = "left"

    made = new_row(Spot, (3, "right"))
    assert (made, type(made)) == (Spot(3, "right"), Spot)
