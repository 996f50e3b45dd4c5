"""The fixed vocabulary of columns; every field of every event is one of these."""

from __future__ import annotations

NUMBERS = ("at_ms", "seq", "units", "expected_units", "duration_ms", "due_ms", "cause", "candidates", "value")
"""Whole numbers, int64."""

FLOATS = ("score",)

TEXTS = ("detail",)
"""Free text (JSON) of rare kinds; never an id, never in the digest."""

NAMES = (
    "kind", "side", "site", "worker", "order", "line", "customer", "owner", "sku", "lot", "serial", "location",
    "origin", "destination", "handling_unit", "shipment", "trailer", "door", "carrier", "supplier", "station",
    "equipment", "task", "tour", "wave", "status", "reason", "family", "policy", "choice", "actor", "action",
    "value_unit",
)  # fmt: skip
"""Ids and words; in memory small integers with their names in one table."""

COLUMNS = (
    "at_ms", "seq", "kind", "side", "site", "worker", "order", "line", "customer", "owner", "sku", "lot", "serial",
    "location", "origin", "destination", "handling_unit", "shipment", "trailer", "door", "carrier", "supplier",
    "station", "equipment", "task", "tour", "wave", "units", "expected_units", "duration_ms", "due_ms", "status",
    "reason", "cause", "family", "policy", "choice", "candidates", "score", "actor", "action", "value", "value_unit",
    "detail",
)  # fmt: skip

MISSING = -(2**63)
"""Stands for null in columns of whole numbers and of names."""

NOT_IN_DIGEST = frozenset({"seq", "candidates", "score", "detail"})

assert set(COLUMNS) == {*NUMBERS, *FLOATS, *TEXTS, *NAMES}
