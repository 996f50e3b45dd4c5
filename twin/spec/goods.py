"""Assortment and opening stock: from CSV files or from a generator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.spec.distributions import DistributionSpec
from twin.spec.shape import ClockTime, Count, CountOrUnlimited, Name, NotNegative, Share, Spec, choose_one


class CsvSpec(Spec):
    """A delimited text file (gzip by its ending). `columns` maps our names to the file's."""

    csv: str
    columns: dict[str, str] = Field(default_factory=dict)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"


class StorageShareSpec(Spec):
    """Share of the SKUs in a storage class."""

    ambient: Share = 1.0
    chilled: Share = 0.0
    frozen: Share = 0.0


class AssortmentGeneratorSpec(Spec):
    """SKUs with a Zipf velocity: the k-th SKU is asked for in proportion to k ** -exponent."""

    skus: Annotated[int, Field(ge=1)]
    velocity_exponent: NotNegative = 0.8
    mass_kg: DistributionSpec = 0.5
    volume_l: DistributionSpec = 1.0
    units_per_pack: Annotated[int, Field(ge=1)] = 12
    units_per_pallet: Annotated[int, Field(ge=1)] = 240
    storage: StorageShareSpec = StorageShareSpec()
    secure_share: Share = 0.0
    perishable_share: Share = 0.0
    shelf_life_days: Annotated[int, Field(ge=1)] = 60


class AssortmentSpec(Spec):
    """Exactly one of `generate`, `csv` or `from_orders`.

    `from_orders`: SKUs derived from the order history, declared as assumptions.
    """

    generate: AssortmentGeneratorSpec | None = None
    csv: CsvSpec | None = None
    from_orders: AssortmentGeneratorSpec | bool | None = None

    @model_validator(mode="after")
    def _one(self) -> AssortmentSpec:
        choose_one(self, "generate", "csv", "from_orders")
        return self


class OpeningStockGeneratorSpec(Spec):
    """Faces by the slotting policy, and reserve behind them.

    `cover_days`: days of demand in faces and reserve together; `book_right`: share of locations where book and floor
    agree; `lots_per_sku`: lots of a perishable or lot-tracked SKU.
    """

    face_cover_days: NotNegative = 2.0
    reserve_cover_days: NotNegative = 8.0
    face_min_units: Count = 4
    faces_per_sku: Annotated[int, Field(ge=1)] = 1
    refill_below_share: Share = 0.3
    lots_per_sku: Annotated[int, Field(ge=1)] = 1
    book_right: Share = 0.98
    endless: bool = False


class OpeningStockSpec(Spec):
    """Exactly one of `generate` or `csv`."""

    generate: OpeningStockGeneratorSpec | None = None
    csv: CsvSpec | None = None

    @model_validator(mode="after")
    def _one(self) -> OpeningStockSpec:
        choose_one(self, "generate", "csv", least=0)
        return self


class KeepMatching(Spec):
    """Keep rows whose `column` matches the regular expression as a whole."""

    column: str
    pattern: str


class DropCodes(Spec):
    """Drop rows whose `column`, in upper case, is one of the codes or begins with one of the prefixes."""

    column: str
    codes: tuple[str, ...] = Field(default=(), strict=False)
    prefixes: tuple[str, ...] = Field(default=(), strict=False)


class DropBelow(Spec):
    """Drop rows whose number in `column` is below `least` (an empty field too), and, counted apart, what is no number.

    `only_if_empty`: and only where that column is empty.
    """

    column: str
    least: float
    only_if_empty: str | None = None


class MergeBy(Spec):
    """Add up `units` of rows that agree in these columns; the earliest row stays; SKUs compare in upper case."""

    columns: tuple[str, ...] = Field(min_length=1, strict=False)


class MaxUnitsPerLine(Spec):
    """Cap the units of a line, or drop such lines."""

    units: Annotated[int, Field(ge=1)]
    action: Literal["cap", "drop"] = "cap"


class CleaningStep(Spec):
    """One rule of `cleaning`; the first word names it."""

    keep_matching: KeepMatching | None = None
    drop_codes: DropCodes | None = None
    drop_below: DropBelow | None = None
    drop_empty: tuple[str, ...] | None = Field(default=None, strict=False)
    merge_by: MergeBy | None = None
    max_units_per_line: MaxUnitsPerLine | None = None

    @model_validator(mode="after")
    def _one(self) -> CleaningStep:
        choose_one(self, "keep_matching", "drop_codes", "drop_below", "drop_empty", "merge_by", "max_units_per_line")
        return self


class PrioritySpec(Spec):
    """A class of orders; lower `priority` is more urgent.

    `due_h` after receipt; absent: the carrier's next departure.
    """

    priority: int = 5
    share: NotNegative = 1.0
    urgent: bool = False
    due_h: NotNegative | None = None


class DemandGeneratorSpec(Spec):
    """Orders by rate. `hourly`: weights of the hours of the day from 0 to 23 (absent: the same all the time)."""

    orders_per_day: NotNegative | None = None
    interarrival_s: DistributionSpec | None = None
    max_orders: CountOrUnlimited | None = None
    backlog_orders: Count = 0
    lines_per_order: DistributionSpec = 5.0
    units_per_line: DistributionSpec = 2.0
    hourly: Annotated[tuple[NotNegative, ...], Field(min_length=24, max_length=24, strict=False)] | None = None
    priorities: tuple[PrioritySpec, ...] = Field(default=(PrioritySpec(),), strict=False)
    customers: Annotated[int, Field(ge=1)] = 200
    carrier_shares: dict[str, NotNegative] = Field(default_factory=dict)


class DemandSpec(Spec):
    """Exactly one of `generate` or `orders_csv`.

    `orders_csv` has the canonical columns order, line, sku, units, received_at, due_at, customer, priority, owner,
    batch (order, sku, units and received_at are needed), mapped by `columns`.
    """

    generate: DemandGeneratorSpec | None = None
    orders_csv: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    date_format: str | None = None
    cleaning: tuple[CleaningStep, ...] = Field(default=(), strict=False)
    from_date: str | None = None
    to_date: str | None = None
    ship_rule: Literal["partial", "line_complete", "order_complete"] = "partial"
    min_days_left: Count = 0

    @model_validator(mode="after")
    def _one(self) -> DemandSpec:
        choose_one(self, "generate", "orders_csv")
        return self


class InboundGeneratorSpec(Spec):
    """Trailers per day with pallets that restore what the demand takes, most needed SKUs first."""

    trailers_per_day: Annotated[float, Field(ge=0, le=10_000)]
    pallets_per_trailer: Annotated[int, Field(ge=1)] = 20
    first: ClockTime = "07:00"
    last: ClockTime = "15:00"
    announced_h_before: NotNegative = 24.0
    lateness_min: DistributionSpec = 0.0
    wrong_units: Share = 0.015
    wrong_sku: Share = 0.003
    damaged: Share = 0.005


class InboundSpec(Spec):
    """`generate` or `asns_csv`.

    Columns: trailer, supplier, expected_at, announced_at, lpn, sku, lot, units, expires_on, owner.
    """

    generate: InboundGeneratorSpec | None = None
    asns_csv: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    date_format: str | None = None
    wrong_units: Share = 0.0
    wrong_sku: Share = 0.0
    damaged: Share = 0.0

    @model_validator(mode="after")
    def _one(self) -> InboundSpec:
        choose_one(self, "generate", "asns_csv", least=0)
        return self


OwnerName = Name
