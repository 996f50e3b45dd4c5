"""What the floor truly put under the label of each order: contents followed from tote to carton to the trailer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

Goods = tuple[str | None, str | None]
"""Owner and SKU."""
_DAMAGE = "damage"


class UnderLabels:
    """Takes the floor's facts in order; calls `left(order, goods, units)` for what leaves under an order's label.

    What broke on the way was picked right and still counts, as in `twin.observers.accuracy`. What has left is not
    packed again.
    """

    def __init__(self, left: Callable[[str, Goods, int], None]) -> None:
        self._left = left
        self._on: dict[str, dict[Goods, int]] = defaultdict(dict)

    def came(self, unit: str | None, goods: Goods, units: int) -> None:
        """Units came upon a handling unit; fewer than 0 went from it."""
        if unit is None:
            return
        contents = self._on[unit]
        contents[goods] = contents.get(goods, 0) + units
        if not contents[goods]:
            del contents[goods]
            if not contents:
                del self._on[unit]

    def lost(self, unit: str | None, goods: Goods, units: int, reason: str | None) -> None:
        """Units vanished from a handling unit."""
        if reason != _DAMAGE:
            self.came(unit, goods, -units)

    def packed(self, origin: str, unit: str) -> None:
        """All that a tote holds goes into a carton."""
        for goods, units in self._on.pop(origin, {}).items():
            self.came(unit, goods, units)

    def gone(self, unit: str, order: str | None) -> None:
        """A carton leaves with a trailer."""
        for goods, units in self._on.pop(unit, {}).items():
            if order is not None:
                self._left(order, goods, units)
