from __future__ import annotations

from collections import Counter
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import pytest

from twin.domain.errors import PolicyError
from twin.policies.putaway import PUTAWAY, OpenLocation, PutawayChoice, PutawayRules, PutawaySnapshot


def place(name: str, **changed: Any) -> OpenLocation:
    plain: dict[str, Any] = {
        "location": name,
        "zone": "A",
        "kind": "shelf",
        "blocked": False,
        "storage": "ambient",
        "secure": False,
        "mix": "any",
        "holds": (),
        "free_kg": 100.0,
        "free_l": 100.0,
        "free_places": 2,
        "height_mm": 2000,
        "coming_handling_units": 0,
        "fixed_for": None,
        "velocity": 1,
    }
    return OpenLocation(**(plain | changed))


def asked(places: list[OpenLocation], **changed: Any) -> PutawaySnapshot:
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "lpn": "P1",
        "owner": "us",
        "sku": "tea",
        "lot": "L1",
        "units": 10,
        "mass_kg": 10.0,
        "volume_l": 10.0,
        "height_mm": 1000,
        "handling_unit_kind": "pallet",
        "storage": "ambient",
        "secure": False,
        "segregation": None,
        "velocity": 1,
        "last_used": None,
        "candidates": tuple(places),
        "distance_mm": tuple(range(len(places))),
        "face_distance_mm": tuple(range(len(places), 0, -1)),
    }
    return PutawaySnapshot(**(plain | changed))


def put(name: str, places: list[OpenLocation], rules: PutawayRules | None = None, **changed: Any) -> PutawayChoice:
    return PUTAWAY[name](rules=rules or PutawayRules())(asked(places, **changed))


OTHER = (("us", "cup", None, 1),)
FAILS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("location_blocked", {"blocked": True}, {}),
    ("temperature", {"storage": "frozen"}, {}),
    ("segregation", {"holds": OTHER}, {"segregation": "acid"}),
    ("secure_zone", {}, {"secure": True}),
    ("secure_zone", {"secure": True}, {}),
    ("mixing", {"mix": "same_owner", "holds": (("them", "tea", None, 1),)}, {}),
    ("mixing", {"mix": "same_sku", "holds": OTHER}, {}),
    ("mixing", {"mix": "same_lot", "holds": (("us", "tea", "L2", 1),)}, {}),
    ("mixing", {"mix": "empty_only", "holds": (("us", "tea", "L1", 1),)}, {}),
    ("mixing", {"mix": "empty_only", "coming_handling_units": 1}, {}),
    ("mixing", {"fixed_for": ("us", "cup")}, {}),
    ("height", {"height_mm": 999}, {}),
    ("mass", {"free_kg": 9.9}, {}),
    ("volume", {"free_l": 9.9}, {}),
    ("no_place", {"free_places": 0}, {}),
    ("no_place", {"free_places": 2, "coming_handling_units": 2}, {}),
]


@pytest.mark.parametrize(("code", "row", "goods"), FAILS)
def test_each_filter_gives_its_code_and_nothing_is_chosen(code, row, goods):
    choice = put("closest_open", [place("a", **row)], **goods)
    assert choice.location is None
    assert [(r.subject, r.code) for r in choice.rejected] == [("a", code), ("P1", "no_location")]


@pytest.mark.parametrize(
    "row",
    [
        {"holds": (("them", "tea", None, 1), *OTHER)},
        {"mix": "same_owner", "holds": OTHER},
        {"mix": "same_sku", "holds": (("us", "tea", "L2", 1),)},
        {"mix": "same_lot", "holds": (("us", "tea", "L1", 1),)},
        {"mix": "empty_only"},
        {"fixed_for": ("us", "tea")},
        {"height_mm": 1000, "free_kg": 10.0, "free_l": 10.0, "free_places": 1},
    ],
)
def test_a_place_that_just_fits_is_used(row):
    assert put("closest_open", [place("a", **row)]).location == "a"


def test_closest_open_goes_by_distance_then_id():
    places = [place("c"), place("b"), place("a")]
    assert put("closest_open", places, distance_mm=(5, 4, 9)).location == "b"
    assert put("closest_open", places, distance_mm=(5, 5, 5)).location == "a"


def test_class_based_goes_by_velocity_then_tightest_fit():
    places = [place("a", velocity=3), place("b", velocity=2), place("c", velocity=2, free_l=50.0)]
    assert put("class_based", places, velocity=1).location == "c"
    assert put("class_based", places, velocity=3).location == "a"


def test_fixed_location_takes_only_the_home_of_the_sku():
    places = [place("a"), place("b", fixed_for=("us", "tea"))]
    assert put("fixed_location", places).location == "b"
    assert put("fixed_location", places[:1]).location is None


def test_add_to_existing_fills_the_lowest_quantity_of_the_sku_first():
    places = [
        place("a", holds=(("us", "tea", None, 9),)),
        place("b", holds=(("us", "tea", None, 4), *OTHER)),
        place("c"),
    ]
    assert put("add_to_existing", places).location == "b"


def test_empty_location_takes_no_place_to_which_something_is_coming():
    places = [place("a", coming_handling_units=1), place("b", holds=OTHER), place("c")]
    assert put("empty_location", places).location == "c"
    assert put("empty_location", places[:2]).location is None


def test_near_face_by_kind_and_last_used():
    places = [place("a"), place("b", kind="pallet_rack"), place("c", kind="pallet_rack")]
    assert put("near_face", places).location == "c"
    rules = PutawayRules(kinds=(("pallet", ("pallet_rack", "shelf")),))
    assert put("by_kind", places, rules).location == "b"
    assert put("by_kind", places[:1], PutawayRules(kinds=(("pallet", ("pallet_rack",)),))).location is None
    assert put("last_used", places, last_used="c").location == "c"
    assert put("last_used", places).location is None


def test_scattered_depends_on_the_handling_unit_and_uses_all_places_alike():
    snapshot = asked([place(f"p{i}") for i in range(4)])
    decide = PUTAWAY["scattered"]()
    chosen = Counter(decide(replace(snapshot, lpn=f"P{i}")).location for i in range(400))
    assert set(chosen) == {"p0", "p1", "p2", "p3"} and min(chosen.values()) > 60


def test_scattered_takes_the_least_blake2b_of_both_ids():
    names = [f"p{i}" for i in range(9)]
    least = min(names, key=lambda name: blake2b(f"P1\0{name}".encode(), digest_size=8).hexdigest())
    assert put("scattered", [place(name) for name in names]).location == least


def test_distances_that_do_not_stand_beside_the_candidates_are_an_error():
    with pytest.raises(PolicyError, match="beside candidates"):
        put("closest_open", [place("a")], distance_mm=())
