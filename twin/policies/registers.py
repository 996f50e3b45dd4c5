"""The families, where their registers of classes stand, and what installed packages add: names, never import paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_type_hints

from twin.policies.shape import PolicyError, Rules
from twin.policies.snapshots import did_you_mean


@dataclass(frozen=True, slots=True)
class Register:
    """Where a family's register of classes stands, and the name that serves when none is given."""

    module: str
    attribute: str
    default: str

    @property
    def classes(self) -> dict[str, type[Any]]:
        """The strategies by name; loads the family's module when first asked."""
        classes: dict[str, type[Any]] = getattr(import_module(f"twin.policies.{self.module}"), self.attribute)
        return classes

    @property
    def installed(self) -> dict[str, EntryPoint]:
        """The policies of installed packages, by name: entry points `FAMILY.NAME` of the group twin.policies."""
        return {name: point for (family, name), point in installed().items() if FAMILIES.get(family) is self}

    def known(self, name: str) -> type[Any]:
        """The class of this name, our own or installed; KeyError if there is none."""
        if name in self.classes:
            return self.classes[name]
        if name not in LOADED.setdefault(self.module, {}):
            point = self.installed[name]
            try:
                LOADED[self.module][name] = point.load()
            except Exception as error:  # the package is somebody else's
                said = f"{type(error).__name__}: {error}"
                raise PolicyError(
                    f"{point.name} of {from_package(point)} ({point.value}) cannot be loaded: {said}"
                ) from None
        return LOADED[self.module][name]

    @property
    def rules(self) -> type[Rules]:
        """The Rules class that all strategies of the family share."""
        rules: type[Rules] = get_type_hints(self.classes[self.default])["rules"]
        return rules

    @property
    def snapshot(self) -> type[Any]:
        """What the family is asked."""
        return self._call_hints()[0]

    @property
    def decision(self) -> type[Any]:
        """What the family answers."""
        return self._call_hints()[1]

    def _call_hints(self) -> tuple[type[Any], type[Any]]:
        hints = get_type_hints(self.classes[self.default].__call__)
        decision = hints.pop("return")
        (snapshot,) = hints.values()
        return snapshot, decision


FAMILIES: dict[str, Register] = {
    "promising": Register("promising", "PROMISING", "on_hand_atp"),
    "allocation": Register("allocation", "ALLOCATION", "fefo"),
    "release": Register("release", "RELEASE", "waveless"),
    "batching": Register("batching", "BATCHING", "first_come"),
    "routing": Register("routing", "ROUTING", "s_shape"),
    "putaway": Register("putaway", "PUTAWAY", "closest_open"),
    "slotting": Register("slotting", "SLOTTING", "abc"),
    "replenishment": Register("replenishment", "REPLENISHMENT", "min_max"),
    "dispatch": Register("dispatch", "DISPATCH", "earliest_start"),
    "dock_assignment": Register("dock_assignment", "DOCK_ASSIGNMENT", "first_come"),
    "cycle_counting": Register("cycle_counting", "CYCLE_COUNTING", "exceptions_first"),
    "pick_exceptions": Register("pick_exceptions", "PICK_EXCEPTIONS", "same_tour"),
    "sourcing": Register("sourcing", "SOURCING", "by_rank"),
    "zoning": Register("zoning", "ZONING", "single"),
    "sortation": Register("sortation", "SORTATION", "fixed"),
    "disposition": Register("disposition", "DISPOSITION", "first_match"),
    "cartonization": Register("cartonization", "CARTONIZATION", "first_fit_decreasing"),
    "kitting": Register("kitting", "KITTING", "prebuilt_first"),
    "cross_docking": Register("cross_docking", "CROSS_DOCKING", "opportunistic"),
    "reordering": Register("reordering", "REORDERING", "s_S"),
}

GROUP = "twin.policies"


def from_package(point: EntryPoint) -> str:
    """The package that an entry point comes from, with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "a package without a name"


LOADED: dict[str, dict[str, type[Any]]] = {}


@cache
def installed() -> dict[tuple[str, str], EntryPoint]:
    """The entry points of the group, by family and name; ours are not among them."""
    found = {}
    for point in entry_points(group=GROUP):
        family, _, name = point.name.partition(".")
        found[family, name] = point
    return found


def entry_point_faults() -> list[str]:
    """The entry points of the group that give no policy a name, as sentences."""
    faults = []
    for (family, name), point in sorted(installed().items()):
        where = f"entry point {point.name} of {from_package(point)}"
        if family not in FAMILIES or not name:
            faults.append(f"{where}: is left out: write FAMILY.NAME; families: {', '.join(FAMILIES)}")
        elif name in FAMILIES[family].classes:
            faults.append(f"{where}: is left out: {family} has a {name} of its own")
    return faults


ASKED = (
    "promising", "allocation", "release", "batching", "routing", "putaway", "slotting", "replenishment", "dispatch",
    "dock_assignment", "cycle_counting", "pick_exceptions",
)  # fmt: skip
"""The families that the WMS asks today; the others are complete as decisions and wait for their flow."""

WITHOUT_FLOW = {
    ("batching", "by_sku"): "it needs a put wall behind picking, which the floor does not have yet",
    ("promising", "quota_atp"): "it reads quotas and announced goods, which scenarios do not have yet",
    ("promising", "substitute_atp"): "it promises another SKU, which an order line of the WMS does not have yet",
    ("promising", "reconfirm"): "it is asked periodically, which the WMS does not have yet",
    ("slotting", "from_orders"): "it reads ordered lines; slotting at opening does not have them yet",
    ("replenishment", "demand"): "it closes gaps of released work, which picking from reserve does not have yet",
    ("dock_assignment", "appointment"): "it books windows in advance, which the yard does not have yet",
    ("dock_assignment", "least_walk"): "it weighs loads by zone, which trailers of the twin do not have yet",
}
"""Strategies of asked families that are complete as decisions only, and what the floor lacks for them."""


def register(family: str) -> Register:
    """The family's register; PolicyError if there is no such family."""
    if family not in FAMILIES:
        raise PolicyError(f"policies.{family}: unknown family; {did_you_mean(family, list(FAMILIES))}")
    return FAMILIES[family]


def rules_class(family: str) -> type[Rules]:
    """The Rules class of a family."""
    return register(family).rules
