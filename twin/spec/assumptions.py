"""The defaults a result rests on, in one table: value, range, mark and source (docs: CALIBRATION of the project)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from twin.spec.goods import OpeningStockGeneratorSpec, OpeningStockSpec
from twin.spec.scenario import ScenarioSpec

Mark = Literal["assumption", "sourced"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One default. `low`, `high`: the range for sensitivity runs, None where none is stated."""

    key: str
    value: float
    low: float | None
    high: float | None
    mark: Mark
    source: str


_H, _S = "methods.handling.", "methods.slips."
_ROWS: tuple[tuple[str, float, float | None, float | None, str], ...] = (
    ("equipment.walking_speed_m_per_s", 1.2, 0.9, 1.5, "brisk walk with a cart"),
    ("equipment.truck_speed_m_per_s", 2.0, 1.5, 2.8, "indoor speed with pedestrians"),
    ("equipment.wms_reply_s", 0.3, None, None, "reply time of the WMS"),
    ("equipment.scanner_mtbf_h", 400.0, None, None, "mean time between failures of a scanner"),
    ("equipment.scanner_swap_s", 300.0, None, None, "fetch another device"),
    ("equipment.belt_clearing_s", 180.0, None, None, "clearing a jam"),
    (_H + "cv", 0.3, None, None, "spread of handling times around their mean"),
    (_H + "tour_setup_s", 60.0, 30, 120, "fetch cart, list or device"),
    (_H + "tour_drop_s", 30.0, None, None, "hand over"),
    (_H + "aisle_turn_s", 1.5, 0, 3, "slow-down at each aisle change"),
    (_H + "search_s", 4.0, 2, 8, "find the location"),
    (_H + "grasp_first_s", 4.0, None, None, "golden zone"),
    (_H + "grasp_further_s", 1.5, None, None, "each further unit"),
    (_H + "put_s", 2.0, None, None, "to a cart position, cluster picking only"),
    (_H + "unload_pallet_s", 90.0, None, None, "per pallet"),
    (_H + "check_pallet_s", 45.0, None, None, "per pallet"),
    (_H + "check_line_s", 8.0, None, None, "per ASN line"),
    (_H + "label_s", 10.0, None, None, "label a pallet"),
    (_H + "pallet_handling_s", 25.0, 15, 40, "set or take a pallet at the rack"),
    (_H + "replenish_case_s", 6.0, None, None, "per case"),
    (_H + "pack_fixed_s", 40.0, None, None, "manual bench"),
    (_H + "pack_unit_s", 4.0, None, None, "manual bench"),
    (_H + "carton_build_s", 12.0, None, None, "manual bench"),
    (_H + "label_seal_s", 12.0, None, None, "manual bench"),
    (_H + "scale_s", 3.0, None, None, "put on the scale"),
    (_H + "correct_s", 120.0, None, None, "put right what a check found; our own value"),
    (_H + "stage_s", 20.0, None, None, "carry a carton to its lane; our own value"),
    (_H + "load_carton_s", 4.0, None, None, "per carton"),
    (_H + "count_location_s", 20.0, None, None, "per location"),
    (_H + "count_unit_s", 1.0, None, None, "up to 50 units"),
    (_H + "report_s", 12.0, None, None, "report an exception at the face; our own value"),
    (_S + "wrong_sku", 0.005, 0.0025, 0.01, "wrong location or SKU per line, before any check"),
    (_S + "wrong_units", 0.0035, 0.002, 0.007, "wrong number of units per line"),
    (_S + "wrong_units_single", 0.0005, None, None, "the same, lines of one unit"),
    (_S + "left_out", 0.0015, 0.001, 0.003, "line left out"),
    (_S + "wrong_cart_position", 0.002, None, None, "wrong place on the cart"),
    (_S + "wrong_label", 0.001, None, None, "wrong label per carton"),
    (_S + "putaway_wrong_location", 0.005, None, None, "pallet set into another place"),
    (_S + "putaway_wrong_units", 0.003, None, None, "wrong units booked on receipt"),
    (_S + "miscount", 0.01, None, None, "miscounted locations"),
    (_S + "damage", 0.0005, 0.0001, 0.002, "damage per handling step"),
    ("methods.paper.confirm_s", 2.0, None, None, "tick a row"),
    ("methods.barcode.confirm_s", 4.5, None, None, "two scans and keyed units"),
    ("methods.barcode.units_factor", 0.7, None, None, "guidance"),
    ("methods.barcode.left_out_factor", 0.05, None, None, "guidance"),
    ("methods.barcode.skip", 0.02, 0, 0.1, "analogue: hospital wards (Barakat & Franklin 2020)"),
    ("methods.barcode.catches_wrong_sku", 0.999, None, None, "SKU scan"),
    ("methods.barcode.first_read", 0.97, None, None, "first read of a label"),
    ("methods.scale.catches_wrong_sku", 0.8, None, None, "scale at packing"),
    ("methods.scale.catches_wrong_units", 0.8, None, None, "scale at packing"),
    ("methods.every_unit.catches_wrong_sku", 0.99, None, None, "every unit scanned at packing"),
    ("methods.every_unit.catches_wrong_units", 0.99, None, None, "every unit scanned at packing"),
    ("methods.every_unit.skip", 0.02, None, None, "scans left out"),
    ("methods.label.catches_wrong_label", 0.99, None, None, "label scanned"),
    ("methods.label.skip", 0.02, None, None, "scans left out"),
    ("methods.clerk.key_line_s", 6.0, 4, 10, "keying a row of a sheet"),
    ("methods.clerk.wrong_units", 0.003, 0.001, 0.01, "rows keyed wrong"),
    ("costs.labour_per_h", 28.0, None, None, "our own value"),
    ("costs.overtime_share", 0.25, None, None, "our own value"),
    ("costs.per_late_order", 4.0, None, None, "our own value"),
    ("costs.per_wrong_order", 18.0, None, None, "our own value"),
    ("costs.per_return", 8.0, None, None, "our own value"),
    ("costs.returns_per_wrong_order", 1.0, None, None, "our own value"),
    ("costs.space_per_m2_year", 90.0, None, None, "our own value"),
)
TABLE: tuple[Assumption, ...] = tuple(Assumption(k, v, lo, hi, "assumption", s) for k, v, lo, hi, s in _ROWS)
GENERATED: tuple[Assumption, ...] = (
    Assumption(
        "opening_stock.generate.book_right", 0.98, 0.85, 0.999, "assumption", "book right at start, by location"
    ),
    Assumption("inbound.generate.wrong_units", 0.015, None, None, "assumption", "ASN lines with wrong units"),
    Assumption("inbound.generate.wrong_sku", 0.003, None, None, "assumption", "ASN lines with a wrong SKU"),
    Assumption("inbound.generate.damaged", 0.005, None, None, "assumption", "ASN lines with damage"),
)


def value_at(spec: BaseModel, key: str) -> Any:
    """The value under a dotted key; None where a section is absent."""
    found: Any = spec
    for part in key.split("."):
        found = getattr(found, part, None)
        if found is None:
            return None
    return found


def rests_on(spec: ScenarioSpec) -> list[dict[str, Any]]:
    """The rows whose value a scenario left at its default, and so rests on."""
    rows = []
    made = [OpeningStockSpec(generate=s.opening_stock.generate or OpeningStockGeneratorSpec())
            for s in spec.site_specs if s.opening_stock is not None and s.opening_stock.csv is None]  # fmt: skip
    coming = [s.inbound for s in spec.site_specs if s.inbound is not None]
    for row in (*TABLE, *GENERATED):
        section, _, rest = row.key.partition(".")
        looked_at = made if section == "opening_stock" else coming if section == "inbound" else None
        values = [value_at(spec, row.key)] if looked_at is None else [value_at(one, rest) for one in looked_at]
        if row.value in values:
            rows.append(
                {
                    "key": row.key, "value": row.value, "low": row.low, "high": row.high, "mark": row.mark,
                    "source": row.source,
                }
            )  # fmt: skip
    return rows
