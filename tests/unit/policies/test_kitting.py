"""How kits come about."""

from __future__ import annotations

from typing import Any

import pytest

from twin.domain.errors import PolicyError
from twin.policies.kitting import KITTING, KitPlan, KittingSnapshot

RECIPE = (("cup", 2), ("tea", 1))


def plan(name: str, kits: int = 5, prebuilt: int = 2, **more: Any) -> KitPlan:
    given: dict[str, Any] = {"recipe": RECIPE, "available": (("cup", 5), ("tea", 9))} | more
    return KITTING[name]()(
        KittingSnapshot(now_ms=0, book_version=0, owner="us", kit="set", kits=kits, prebuilt=prebuilt, **given)  # type: ignore[arg-type]
    )


def test_prebuilt_kits_first_then_as_many_as_the_scarcest_component_allows() -> None:
    assert plan("prebuilt_first") == KitPlan(take_prebuilt=2, build=2, components=(("cup", 4), ("tea", 2)), short=1)


def test_a_phantom_is_exploded_and_leaves_kits_alone() -> None:
    assert plan("phantom") == KitPlan(take_prebuilt=0, build=2, components=(("cup", 4), ("tea", 2)), short=3)


def test_build_to_order_takes_kits_only_for_what_cannot_be_built() -> None:
    assert plan("build_to_order") == KitPlan(take_prebuilt=2, build=2, components=(("cup", 4), ("tea", 2)), short=1)
    assert plan("build_to_order", kits=2) == KitPlan(
        take_prebuilt=0, build=2, components=(("cup", 4), ("tea", 2)), short=0
    )


@pytest.mark.parametrize("name", list(KITTING))
def test_a_kit_is_complete_or_not_built(name: str) -> None:
    missing = plan(name, prebuilt=0, available=(("cup", 100),))
    assert (missing.build, missing.components, missing.short) == (0, (), 5)
    split = plan(name, kits=1, prebuilt=0, recipe=(("cup", 1), ("cup", 1)), available=(("cup", 1), ("cup", 1)))
    assert (split.build, split.components) == (1, (("cup", 2),))
    with pytest.raises(PolicyError, match="0 or more"):
        plan(name, recipe=(("cup", -1),))
