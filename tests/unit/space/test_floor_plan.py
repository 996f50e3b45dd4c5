"""A floor from a dozen numbers: where locations stand, what they are called, what is refused."""

from __future__ import annotations

import pytest

from twin.domain.aisles import Point, Stop
from twin.domain.ids import LocationId, Site, Zone
from twin.space.graph import OnWay, Way, graph
from twin.space.parallel_aisle import parallel_aisle
from twin.space.placing import Where
from twin.space.plan import Conveyor, DockDoor, FloorPlan, FloorZone, PackStation, StagingLane

SITE = Site("north")


def small(**more: object) -> FloorPlan:
    numbers: dict[str, object] = {
        "site": SITE,
        "aisles": 3,
        "blocks": 2,
        "aisle_pitch_mm": 5_000,
        "locations_per_subaisle": 4,
        "location_pitch_mm": 1_000,
        "entry_mm": 1_500,
    }
    return parallel_aisle(**(numbers | more))  # type: ignore[arg-type]


def test_the_middle_cross_aisle_lies_between_two_entries() -> None:
    plan = small()
    assert plan.aisle_plan is not None
    assert plan.aisle_plan.cross_y_mm == (0, 6_000, 12_000)
    assert plan.aisle_plan.x_mm == (0, 5_000, 10_000)
    ys = sorted({x.y_mm for x in plan.locations})
    assert ys == [1_500, 2_500, 3_500, 4_500, 7_500, 8_500, 9_500, 10_500]


def test_every_location_has_one_name_and_one_rank() -> None:
    plan = small(levels=2)
    assert len(plan.locations) == 3 * 2 * 4 * 2 * 2 == len(plan.by_name)
    assert sorted(x.pick_rank for x in plan.locations) == list(range(96))
    last = plan.locations[-1]
    assert last.location == "north/A03-2-004-2R"
    assert (last.aisle, last.block, last.level, last.side, last.subaisle) == (2, 1, 1, "right", "north/A03-2")


def test_ranks_run_up_one_aisle_and_down_the_next() -> None:
    plan = small(blocks=1, sides=1)
    walk = sorted(plan.locations, key=lambda x: x.pick_rank)
    assert [x.y_mm for x in walk[:8]] == [1_500, 2_500, 3_500, 4_500, 4_500, 3_500, 2_500, 1_500]
    assert len(walk) == 12


def test_a_place_is_named_with_its_site_and_known_to_routing() -> None:
    plan = small(
        depots=[("depot", Where(aisle=2, cross_aisle=1))],
        pack_stations=[(PackStation(name=LocationId("pack"), benches=3), Where(x_m=1.5, y_m=-2))],
        lanes=[(StagingLane(name=LocationId("L1")), Where(x_m=0, y_m=-5))],
        doors=[
            (DockDoor(name=LocationId("D1"), lane=LocationId("L1")), Where(x_m=0, y_m=-8)),
            (DockDoor(name=LocationId("D2")), Where(x_m=5, y_m=-8)),
        ],
        gate=Where(x_m=0, y_m=-20),
        conveyors=[Conveyor(name=LocationId("spine"), origin=LocationId("depot"), destination=LocationId("pack"))],
    )
    assert plan.depots == ("north/depot",)
    assert plan.lanes == ("north/L1",)
    assert plan.lane_of_door(LocationId("north/D1")) == "north/L1" == plan.lane_of_door(LocationId("north/D2"))
    assert plan.pack_stations[LocationId("north/pack")].benches == 3
    assert plan.conveyors[0].length_mm == round((8_500**2 + 8_000**2) ** 0.5)
    assert plan.routing_point(LocationId("north/depot")) == Point(
        location=LocationId("north/depot"), aisle=2, y_mm=6_000
    )
    pack = Point(location=LocationId("north/pack"), x_mm=1_500, y_mm=-2_000)
    assert plan.routing_point(LocationId("north/pack")) == pack
    assert plan.routing_stop(LocationId("north/A02-2-001-1L")) == Stop(
        location=LocationId("north/A02-2-001-1L"), aisle=1, block=1, y_mm=7_500
    )
    assert plan.floor_m2 == (10 + 5) * (12 + 20 + 5)


def test_zones_give_their_attributes_to_the_locations_of_their_aisles() -> None:
    plan = small(
        zones=[
            FloorZone(name=Zone("A"), aisles=(0, 1)),
            FloorZone(name=Zone("V"), aisles=(2, 2), storage="frozen", secure=True, kind="pallet_rack"),
        ]
    )
    vault = plan.by_name[LocationId("north/A03-1-001-1L")]
    assert (vault.zone, vault.storage, vault.secure, vault.kind) == ("V", "frozen", True, "pallet_rack")
    assert {x.zone for x in plan.locations if x.aisle < 2} == {"A"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"aisles": 0}, "aisles must be >= 1, got 0"),
        ({"zones": [FloorZone(name=Zone("A"), aisles=(0, 1))]}, "aisles in no zone: 2"),
        (
            {"zones": [FloorZone(name=Zone("A")), FloorZone(name=Zone("B"), aisles=(1, 1))]},
            "aisle 1 is in two zones, A and B",
        ),
        ({"zones": [FloorZone(name=Zone("A"), aisles=(0, 9))]}, "aisles 0 to 9 are not within 0 to 2"),
        ({"depots": [("depot", Where(aisle=3))]}, "depot depot: aisle 3"),
        ({"depots": [("x", Where(aisle=0)), ("x", Where(aisle=1))]}, "two places are named x"),
        ({"depots": [("x", Where())]}, "say where it is"),
        (
            {"doors": [(DockDoor(name=LocationId("D"), lane=LocationId("L")), Where(aisle=0))]},
            "lane north/L is none of no lanes",
        ),
        (
            {
                "conveyors": [
                    Conveyor(name=LocationId("c"), origin=LocationId("depot"), destination=LocationId("q"), length_mm=1)
                ]
            },
            "north/q is no place of this site",
        ),
    ],
)
def test_what_cannot_be_built_is_refused_with_a_sentence(more: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        small(**more)


@pytest.mark.parametrize(
    ("one_way", "directions"),
    [("no", ()), ("alternate", ("up", "down", "up")), ("down", ("down",) * 3)],
)
def test_one_way_traffic(one_way: str, directions: tuple[str, ...]) -> None:
    plan = small(one_way=one_way)
    assert plan.aisle_plan is not None
    assert plan.aisle_plan.one_way == directions


def test_a_graph_lists_all_its_faults_at_once() -> None:
    with pytest.raises(ValueError, match=r"unknown point z.*offset 9000 mm.*no way from a to q.*two locations.*zone X"):
        graph(
            site=SITE,
            points={"a": (0, 0), "b": (3_000, 4_000)},
            ways=[Way("a", "b"), Way("a", "z")],
            locations=[
                OnWay("one", ("a", "b"), 9_000),
                OnWay("two", ("a", "q"), 0),
                OnWay("two", ("a", "b"), 0, "X"),
            ],
            zones=[FloorZone(name=Zone("A"))],
            depots=[("depot", Where(point="a"))],
        )


def test_locations_of_a_graph_stand_on_their_way() -> None:
    plan = graph(
        site=SITE,
        points={"a": (0, 0), "b": (3_000, 4_000)},
        ways=[Way("a", "b", capacity=2)],
        locations=[OnWay("one", ("a", "b"), 2_500)],
        depots=[("depot", Where(point="a"))],
    )
    one = plan.by_name[LocationId("north/one")]
    assert (one.x_mm, one.y_mm, one.along_mm) == (1_500, 2_000, 2_500)
    assert plan.subaisles[0].capacity == 2
    assert plan.aisle_plan is None
    assert plan.routing_point(LocationId("north/depot")) == Point(location=LocationId("north/depot"))
