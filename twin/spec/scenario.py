"""The scenario: everything that one run depends on, but the seed of a replication and the commands."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from twin.spec.goods import AssortmentSpec, DemandSpec, InboundSpec, OpeningStockSpec
from twin.spec.layout import LayoutSpec
from twin.spec.people import WorkforceSpec
from twin.spec.shape import Name, NotNegative, Positive, Spec
from twin.spec.work import CarrierSpec, CostsSpec, EquipmentSpec, FaultSpec, MethodsSpec

FAMILIES = (
    "promising", "allocation", "release", "batching", "routing", "putaway", "slotting", "replenishment", "dispatch",
    "dock_assignment", "cycle_counting", "pick_exceptions",
)  # fmt: skip


class PolicyEntry(Spec):
    """A policy by its registered name, with its rules; `zones` and `owners` limit it inside a chain."""

    name: str
    rules: dict[str, Any] = Field(default_factory=dict)
    zones: tuple[str, ...] = Field(default=(), strict=False)
    owners: tuple[str, ...] = Field(default=(), strict=False)
    caps: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


def _entry_of(written: object) -> object:
    """In a chain a name may stand alone."""
    return {"name": written} if isinstance(written, str) else written


ChainedPolicy = Annotated[PolicyEntry, BeforeValidator(_entry_of, json_schema_input_type=str | PolicyEntry)]
PolicyChoice = str | PolicyEntry | Annotated[tuple[ChainedPolicy, ...], Field(min_length=1, strict=False)]


class PoliciesSpec(Spec):
    """One choice per family of decisions."""

    promising: PolicyChoice = "on_hand_atp"
    allocation: PolicyChoice = "fifo"
    release: PolicyChoice = "waveless"
    batching: PolicyChoice = "seed"
    routing: PolicyChoice = "s_shape"
    putaway: PolicyChoice = "closest_open"
    slotting: PolicyChoice = "abc"
    replenishment: PolicyChoice = "min_max"
    dispatch: PolicyChoice = "earliest_start"
    dock_assignment: PolicyChoice = "first_come"
    cycle_counting: PolicyChoice = "exceptions_first"
    pick_exceptions: PolicyChoice = "same_tour"


class SiteSpec(Spec):
    """One building: its layout and people, and what differs from the scenario's own sections."""

    name: Name = "main"
    layout: LayoutSpec
    workforce: WorkforceSpec = WorkforceSpec()
    carriers: tuple[CarrierSpec, ...] = Field(default=(), strict=False)
    inbound: InboundSpec | None = None
    opening_stock: OpeningStockSpec | None = None


class ScenarioSpec(Spec):
    """A scenario file after `extends` and overrides."""

    name: Name
    description: str = ""
    start: str = "2026-03-02T06:00"
    horizon_h: Positive = 24.0
    warmup_h: NotNegative = 0.0
    seed: int = 1
    layout: LayoutSpec | None = None
    sites: tuple[SiteSpec, ...] = Field(default=(), strict=False)
    owners: tuple[Name, ...] = Field(default=("house",), min_length=1, strict=False)
    assortment: AssortmentSpec
    opening_stock: OpeningStockSpec = OpeningStockSpec()
    demand: DemandSpec
    inbound: InboundSpec = InboundSpec()
    workforce: WorkforceSpec = WorkforceSpec()
    equipment: EquipmentSpec = EquipmentSpec()
    methods: MethodsSpec = MethodsSpec()
    carriers: tuple[CarrierSpec, ...] = Field(default=(), strict=False)
    policies: PoliciesSpec = PoliciesSpec()
    faults: tuple[FaultSpec, ...] = Field(default=(), strict=False)
    costs: CostsSpec = CostsSpec()

    @model_validator(mode="after")
    def _consistent(self) -> ScenarioSpec:
        if (self.layout is None) == (not self.sites):
            raise ValueError("give either layout (one site) or sites (a list), not both and not neither")
        if self.warmup_h >= self.horizon_h:
            raise ValueError(f"warmup_h must be < horizon_h, got {self.warmup_h} and {self.horizon_h}")
        return self

    @property
    def site_specs(self) -> tuple[SiteSpec, ...]:
        """The sites, each with the scenario's own sections where it says nothing else; a flat one is named `main`."""
        if self.sites:
            return tuple(self._filled(site) for site in self.sites)
        assert self.layout is not None
        return (
            SiteSpec(
                layout=self.layout, workforce=self.workforce, carriers=self.carriers, inbound=self.inbound,
                opening_stock=self.opening_stock,
            ),
        )  # fmt: skip

    def _filled(self, site: SiteSpec) -> SiteSpec:
        shared: dict[str, Any] = {
            "workforce": self.workforce, "carriers": self.carriers, "inbound": self.inbound,
            "opening_stock": self.opening_stock,
        }  # fmt: skip
        unsaid = {k: v for k, v in shared.items() if k not in site.model_fields_set or getattr(site, k) is None}
        return site.model_copy(update=unsaid) if unsaid else site
