"""Methods, equipment, carriers, faults, costs: how the work is done and what may go wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.spec.distributions import Cv, DistributionSpec
from twin.spec.shape import (
    ClockTime,
    Count,
    CountOrUnlimited,
    Money,
    Name,
    NotNegative,
    Positive,
    Rate,
    Share,
    SomeOrUnlimited,
    Spec,
    Speed,
)

Method = Literal["paper", "barcode"]
Check = Literal["scale", "every_unit", "label"]


class HandlingSpec(Spec):
    """Handling times; a plain number is the mean of a lognormal time with `cv`. Defaults: CALIBRATION section 1."""

    cv: Cv = 0.3
    tour_setup_s: DistributionSpec = 60.0
    tour_drop_s: DistributionSpec = 30.0
    aisle_turn_s: DistributionSpec = 1.5
    search_s: DistributionSpec = 4.0
    grasp_first_s: DistributionSpec = 4.0
    grasp_further_s: DistributionSpec = 1.5
    put_s: DistributionSpec = 2.0
    unload_pallet_s: DistributionSpec = 90.0
    check_pallet_s: DistributionSpec = 45.0
    check_line_s: DistributionSpec = 8.0
    label_s: DistributionSpec = 10.0
    pallet_handling_s: DistributionSpec = 25.0
    replenish_case_s: DistributionSpec = 6.0
    pack_fixed_s: DistributionSpec = 40.0
    pack_unit_s: DistributionSpec = 4.0
    carton_build_s: DistributionSpec = 12.0
    label_seal_s: DistributionSpec = 12.0
    scale_s: DistributionSpec = 3.0
    correct_s: DistributionSpec = 120.0
    stage_s: DistributionSpec = 20.0
    load_carton_s: DistributionSpec = 4.0
    count_location_s: DistributionSpec = 20.0
    count_unit_s: DistributionSpec = 1.0
    report_s: DistributionSpec = 12.0


class SlipsSpec(Spec):
    """How often a person slips, before any check. Defaults: CALIBRATION section 3."""

    wrong_sku: Share = 0.005
    wrong_units: Share = 0.0035
    wrong_units_single: Share = 0.0005
    left_out: Share = 0.0015
    wrong_cart_position: Share = 0.002
    wrong_label: Share = 0.001
    putaway_wrong_location: Share = 0.005
    putaway_wrong_units: Share = 0.003
    miscount: Share = 0.01
    damage: Share = 0.0005


class GuidanceSpec(Spec):
    """How a method prevents and catches slips. Factors multiply the slips; `skip`: scans left out."""

    confirm_s: NotNegative
    location_factor: NotNegative = 1.0
    units_factor: NotNegative = 1.0
    left_out_factor: NotNegative = 1.0
    skip: Share = 0.0
    catches_wrong_sku: Share = 0.0
    catches_wrong_units: Share = 0.0
    first_read: Share = 1.0
    retry_s: NotNegative = 1.5
    keyed_s: NotNegative = 12.0
    catches_wrong_position: Share = 0.0


class PaperSpec(GuidanceSpec):
    """A printed list: nothing is verified."""

    confirm_s: NotNegative = 2.0


class BarcodeSpec(GuidanceSpec):
    """A hand scanner: location and SKU are scanned, units are keyed."""

    confirm_s: NotNegative = 4.5
    units_factor: NotNegative = 0.7
    left_out_factor: NotNegative = 0.05
    skip: Share = 0.02
    catches_wrong_sku: Share = 0.999
    first_read: Share = 0.97
    catches_wrong_position: Share = 0.99


class CheckSpec(Spec):
    """A check at the pack bench."""

    skip: Share = 0.0
    catches_wrong_sku: Share = 0.0
    catches_wrong_units: Share = 0.0
    catches_wrong_label: Share = 0.0
    unit_s: NotNegative = 0.0


class ScaleSpec(CheckSpec):
    """The carton is weighed against what it should weigh."""

    catches_wrong_sku: Share = 0.8
    catches_wrong_units: Share = 0.8


class EveryUnitSpec(CheckSpec):
    """Every unit is scanned once more."""

    skip: Share = 0.02
    catches_wrong_sku: Share = 0.99
    catches_wrong_units: Share = 0.99
    unit_s: NotNegative = 1.5


class LabelSpec(CheckSpec):
    """The label is scanned against the carton."""

    skip: Share = 0.02
    catches_wrong_label: Share = 0.99


class ClerkSpec(Spec):
    """Keying of paper sheets."""

    key_line_s: DistributionSpec = 6.0
    wrong_units: Share = 0.003


PAPER = PaperSpec()
BARCODE = BarcodeSpec()


class MethodsSpec(Spec):
    """How each kind of work is done, and which checks follow."""

    picking: Method = "barcode"
    receiving: Method = "barcode"
    putaway: Method = "barcode"
    replenishing: Method = "barcode"
    counting: Method = "barcode"
    packing_checks: tuple[Check, ...] = Field(default=("scale", "label"), strict=False)
    handling: HandlingSpec = HandlingSpec()
    slips: SlipsSpec = SlipsSpec()
    paper: PaperSpec = PAPER
    barcode: BarcodeSpec = BARCODE
    scale: ScaleSpec = ScaleSpec()
    every_unit: EveryUnitSpec = EveryUnitSpec()
    label: LabelSpec = LabelSpec()
    clerk: ClerkSpec = ClerkSpec()
    short_lines: Literal["ship_short", "backorder"] = "ship_short"
    count_after_exception: bool = True
    count_tolerance_units: Count = 0


class EquipmentSpec(Spec):
    """Carts, devices, belts and the WMS's own answer time."""

    cart_positions: SomeOrUnlimited = 8
    cart_max_lines: SomeOrUnlimited = "unlimited"
    cart_max_kg: Positive | Literal["unlimited"] = "unlimited"
    cart_max_l: Positive | Literal["unlimited"] = "unlimited"
    walking_speed_m_per_s: Speed | Literal["unlimited"] = 1.2
    truck_speed_m_per_s: Speed | Literal["unlimited"] = 2.0
    wms_reply_s: NotNegative = 0.3
    scanner_mtbf_h: Positive | Literal["unlimited"] = 400.0
    scanner_swap_s: DistributionSpec = 300.0
    belt_jams_per_h: Annotated[float, Field(ge=0, le=3600)] = 0.0
    belt_clearing_s: DistributionSpec = 180.0


class CarrierSpec(Spec):
    """A carrier's daily departures; orders picked up to `cutoff_min` before leave with it."""

    name: Name
    departures: tuple[ClockTime, ...] = Field(min_length=1, strict=False)
    cutoff_min: NotNegative = 60.0
    arrives_min_before: NotNegative = 120.0
    door: Name | None = None
    capacity_handling_units: CountOrUnlimited = "unlimited"
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(default=(), strict=False)


class FaultSpec(Spec):
    """Something that goes wrong: once `at` a clock time (of `day`), or at a rate (0: never), for `duration_s`."""

    kind: Literal["device", "conveyor", "absent_worker", "wms_outage"]
    target: Annotated[str, Field(min_length=1)] | None = None
    at: ClockTime | None = None
    day: Count = 0
    per_h: Rate | None = None
    duration_s: DistributionSpec = 300.0

    @model_validator(mode="after")
    def _when(self) -> FaultSpec:
        if (self.at is None) == (self.per_h is None):
            raise ValueError("say when: either at (a clock time) or per_h (a rate)")
        if self.kind == "absent_worker" and self.target is None:
            raise ValueError("absent_worker needs target: a role or a worker")
        return self


class CostsSpec(Spec):
    """Prices, in `currency`.

    overtime_share: on top of the rate, for hours after a shift's end; per_late_order: an order due and not shipped in
    time; per_wrong_order: sent once more, and the talk about it; per_return: taken back and looked at; investment: what
    this design costs to have, spread evenly over its life.
    """

    currency: str = "EUR"
    labour_per_h: Money = 28.0
    labour_per_h_by_role: dict[str, Money] = Field(default_factory=dict)
    overtime_share: Money = 0.25
    per_late_order: Money = 4.0
    per_wrong_order: Money = 18.0
    per_return: Money = 8.0
    returns_per_wrong_order: Money = 1.0
    space_per_m2_year: Money = 90.0
    working_days_per_year: Annotated[int, Field(ge=1, le=366)] = 250
    investment: Money = 0.0
    investment_life_years: Positive = 7.0
