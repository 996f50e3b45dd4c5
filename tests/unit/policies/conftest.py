"""Rows that the tests of several families build on: one factory each, with the plainest values as defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from twin.domain.orders import OrderLine
from twin.policies.allocation import StockLine


@pytest.fixture
def stock() -> Callable[..., StockLine]:
    def build(name: str, units: int = 10, **changed: Any) -> StockLine:
        plain: dict[str, Any] = {
            "stock": name,
            "location": f"at-{name}",
            "zone": "A",
            "tier": 0,
            "pick_rank": 0,
            "distance_mm": 0,
            "lot": None,
            "lpn": None,
            "owner": "us",
            "status": "available",
            "location_blocked": False,
            "units": units,
            "reserved": 0,
            "units_per_pack": 1,
            "fixed_face": False,
            "received_at_ms": 0,
            "expires_on_day": None,
            "remove_on_day": None,
            "storage": "ambient",
            "excursion": False,
            "segregation": None,
            "secure": False,
        }
        return StockLine(**(plain | changed))

    return build


@pytest.fixture
def order_line() -> Callable[..., OrderLine]:
    def build(units: int = 5, **changed: Any) -> OrderLine:
        plain: dict[str, Any] = {"line": "line", "order": "order", "sku": "tea", "units": units, "owner": "us"}
        return OrderLine(**(plain | changed))

    return build
