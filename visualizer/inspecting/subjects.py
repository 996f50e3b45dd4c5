"""In which columns of the stream a thing that can be inspected is named."""

from __future__ import annotations

from typing import Final

from visualizer.view import Thing

COLUMNS_OF: Final[dict[Thing, tuple[str, ...]]] = {
    "worker": ("worker",), "order": ("order",), "location": ("location", "origin"), "sku": ("sku",),
    "station": ("station",), "aisle": ("location",), "belt": ("equipment",), "door": ("door",), "lane": ("location",),
    "trailer": ("trailer",),
}  # fmt: skip
