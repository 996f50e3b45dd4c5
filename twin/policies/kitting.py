"""Kitting: how kits come about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from twin.domain.ids import OwnerId, SkuId
from twin.policies.shape import Policy, PolicyError, Rules, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class KittingSnapshot(Snapshot):
    """Kits wanted. recipe: units of each component in one kit; available: free units; prebuilt: kits on stock."""

    owner: OwnerId
    kit: SkuId
    kits: int
    recipe: tuple[tuple[SkuId, int], ...]
    available: tuple[tuple[SkuId, int], ...]
    prebuilt: int


KittingRules = Rules
RULES = KittingRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPlan:
    """take_prebuilt + build + short = kits; components: units that the kits built consume, by SKU."""

    take_prebuilt: int
    build: int
    components: tuple[tuple[SkuId, int], ...]
    short: int


def planned(snapshot: KittingSnapshot, prebuilt: int) -> KitPlan:
    """Take so many prebuilt kits, build as many of the rest as the scarcest component allows."""
    per_kit: Counter[SkuId] = Counter()
    for sku, units in snapshot.recipe:
        if units < 0:
            raise PolicyError(f"kitting of {snapshot.kit}: {sku} has {units} units in the recipe; 0 or more are needed")
        per_kit[sku] += units
    free: Counter[SkuId] = Counter()
    for sku, units in snapshot.available:
        free[sku] += max(0, units)
    kits = max(0, snapshot.kits)
    taken = min(kits, max(0, prebuilt))
    needed = {sku: units for sku, units in per_kit.items() if units}
    possible = min([free[sku] // units for sku, units in needed.items()]) if needed else 0
    build = min(kits - taken, possible)
    return KitPlan(
        take_prebuilt=taken,
        build=build,
        components=tuple([(sku, units * build) for sku, units in sorted(needed.items())]) if build else (),
        short=kits - taken - build,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Phantom:
    """Exploded at order entry: the components are picked, prebuilt kits are left alone."""

    rules: KittingRules = RULES

    def __call__(self, snapshot: KittingSnapshot, /) -> KitPlan:
        return planned(snapshot, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrebuiltFirst:
    """Kits on stock first, the rest is built."""

    rules: KittingRules = RULES

    def __call__(self, snapshot: KittingSnapshot, /) -> KitPlan:
        return planned(snapshot, snapshot.prebuilt)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildToOrder:
    """A task consumes the components; kits on stock serve only what cannot be built."""

    rules: KittingRules = RULES

    def __call__(self, snapshot: KittingSnapshot, /) -> KitPlan:
        built = planned(snapshot, 0)
        taken = min(built.short, max(0, snapshot.prebuilt))
        return KitPlan(take_prebuilt=taken, build=built.build, components=built.components, short=built.short - taken)


KITTING: dict[str, type[Policy[KittingSnapshot, KitPlan]]] = {
    "phantom": Phantom,
    "prebuilt_first": PrebuiltFirst,
    "build_to_order": BuildToOrder,
}
