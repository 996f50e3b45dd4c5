"""What becomes of goods not known to be good: the table, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from twin.policies.disposition import TABLE, DispositionSnapshot, FirstMatch

PLAIN: dict[str, Any] = {
    "source": "return", "owner": "us", "sku": "tea", "lot": "L", "units": 1, "reason": "", "grade": "A", "sealed": True,
    "perishable": False, "days_left": None, "excursion": False, "order": "o",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "row", "status", "action"),
    [
        ({"source": "recall", "days_left": -1}, "recall", "blocked", "quarantine"),
        ({"excursion": True, "days_left": -1}, "excursion", "blocked", "quarantine"),
        ({"days_left": -1}, "expired", "expired", "scrap"),
        ({"order": None}, "return without order", "qc_hold", "quarantine"),
        ({"source": "expiry_sweep", "days_left": 7}, "removal", "blocked", "quarantine"),
        ({"source": "expiry_sweep", "days_left": 30}, "alert", "available", "restock"),
        ({"source": "expiry_sweep", "days_left": 31}, "fresh", "available", "restock"),
        ({"days_left": 13}, "short shelf life", "available", "markdown"),
        ({"days_left": 14}, "as new", "available", "restock"),
        ({"perishable": True, "sealed": False}, "perishable unsealed", "damaged", "scrap"),
        ({}, "as new", "available", "restock"),
        ({"sealed": False}, "reworkable", "qc_hold", "rework"),
        ({"grade": "B"}, "reworkable", "qc_hold", "rework"),
        ({"grade": "C"}, "worn", "damaged", "scrap"),
        ({"grade": "unknown"}, "unknown", "qc_hold", "quarantine"),
    ],
)
def test_the_first_row_that_matches_decides(given: dict[str, Any], row: str, status: str, action: str) -> None:
    decided = FirstMatch()(DispositionSnapshot(now_ms=0, book_version=0, **(PLAIN | given)))
    assert (decided.row, decided.status, decided.action) == (row, status, action)


def test_every_row_of_the_table_is_reached_above() -> None:
    (mark,) = [m for m in test_the_first_row_that_matches_decides.pytestmark if m.name == "parametrize"]  # type: ignore[attr-defined]
    assert {case[1] for case in mark.args[1]} == {name for name, *_ in TABLE}
