"""Mistakes that lie in totes and cartons, known to nobody yet."""

from __future__ import annotations

from twin.domain.ids import Lpn
from twin.floor.truth import Good
from twin.wms.messages import Pick


class Slip:
    """A mistake that lies in a tote until a check catches it."""

    __slots__ = ("good", "kind", "line", "other_tote", "pick", "units")

    def __init__(self, kind: str, pick: Pick, good: Good | None, units: int, other_tote: Lpn | None = None) -> None:
        self.kind = kind
        self.pick = pick
        self.line = pick.line
        self.good = good
        self.units = units
        self.other_tote = other_tote
