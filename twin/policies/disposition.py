"""Disposition: what becomes of goods not known to be good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import LotId, OrderId, OwnerId, SkuId, StockStatus, Zone
from twin.policies.shape import Policy, Rules, Snapshot

Action = Literal["restock", "quarantine", "rework", "markdown", "return_to_vendor", "scrap"]
ZONES: dict[Action, Zone] = {
    "restock": Zone("storage"), "quarantine": Zone("quarantine"), "rework": Zone("rework"),
    "markdown": Zone("markdown"), "return_to_vendor": Zone("vendor_returns"), "scrap": Zone("scrap"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionSnapshot(Snapshot):
    """Units of one SKU and lot before a decision. days_left: until expiry, None if undated; excursion: was too warm."""

    source: Literal["return", "receipt", "pick", "pack", "expiry_sweep", "recall"]
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    reason: str
    grade: Literal["A", "B", "C", "unknown"]
    sealed: bool
    perishable: bool
    days_left: int | None
    excursion: bool
    order: OrderId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionRules(Rules):
    """alert_days: warn; removal_days: no longer sold; min_days: below it goods are marked down."""

    alert_days: int = 30
    removal_days: int = 7
    min_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What the units become and where they go; `row` names the row of the table that matched."""

    status: StockStatus
    action: Action
    zone: Zone
    row: str


Row = tuple[str, Callable[[DispositionSnapshot, DispositionRules], bool], StockStatus, Action]


def _days(s: DispositionSnapshot) -> int:
    return 1 << 30 if s.days_left is None else s.days_left


TABLE: tuple[Row, ...] = (
    ("recall", lambda s, r: s.source == "recall", "blocked", "quarantine"),
    ("excursion", lambda s, r: s.excursion, "blocked", "quarantine"),
    ("expired", lambda s, r: _days(s) < 0, "expired", "scrap"),
    ("return without order", lambda s, r: s.source == "return" and s.order is None, "qc_hold", "quarantine"),
    ("removal", lambda s, r: s.source == "expiry_sweep" and _days(s) <= r.removal_days, "blocked", "quarantine"),
    ("alert", lambda s, r: s.source == "expiry_sweep" and _days(s) <= r.alert_days, "available", "restock"),
    ("fresh", lambda s, r: s.source == "expiry_sweep", "available", "restock"),
    ("short shelf life", lambda s, r: _days(s) < r.min_days, "available", "markdown"),
    ("perishable unsealed", lambda s, r: s.perishable and not s.sealed, "damaged", "scrap"),
    ("as new", lambda s, r: s.grade == "A" and s.sealed, "available", "restock"),
    ("reworkable", lambda s, r: s.grade in ("A", "B"), "qc_hold", "rework"),
    ("worn", lambda s, r: s.grade == "C", "damaged", "scrap"),
    ("unknown", lambda s, r: True, "qc_hold", "quarantine"),
)
"""The first row that matches decides. Rows of the expiry sweep stand before those that judge a grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMatch:
    """The first matching row of the table, from recall to grade; what nothing matches is quarantined."""

    rules: DispositionRules = DispositionRules()

    def __call__(self, snapshot: DispositionSnapshot, /) -> Disposition:
        for name, matches, status, action in TABLE:
            if matches(snapshot, self.rules):
                return Disposition(status=status, action=action, zone=ZONES[action], row=name)
        raise AssertionError("the last row matches everything")


DISPOSITION: dict[str, type[Policy[DispositionSnapshot, Disposition]]] = {"first_match": FirstMatch}
