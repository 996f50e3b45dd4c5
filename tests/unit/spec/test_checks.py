"""Sections that contradict each other are refused with the name that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.domain.errors import SpecError
from twin.spec.loading import load_scenario

Put = Callable[[str, str], Path]
GRAPH = """\
type: graph
points: [{name: P, x_m: 0, y_m: 0}, {name: Q, x_m: 3, y_m: 4}]
edges: [{origin: P, destination: Q}]
locations: [{name: L1, edge: [P, Q], offset_m: 5}]
depots: [{name: depot, point: P}]
doors: [{name: d1, point: Q}]
"""


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (["warmup_h=24"], "warmup_h   warm-up must end before the horizon: 24 h and 24 h"),
        (["start=tomorrow"], "a date and time such as 2026-03-02T06:00 is needed, got 'tomorrow'"),
        (["start=2026-03-02T06:00+01:00"], "local wall time without a zone is needed"),
        (["layout=null"], "layout   missing: give layout (one site) or sites (a list)"),
        (["sites=[{name: n, layout: hall}]"], "sites   give either layout (one site) or sites (a list), not both"),
        (["layout.doors=[]"], "a layout without doors to run on: the carriers need a door with direction out"),
        (["layout.doors.d1.directions=[out]", "inbound.generate={trailers_per_day: 1}"],
         "a layout without doors to run on: inbound trailers need a door with direction in"),
        (["carriers.dhl.door=d2"], "carriers.0.door   no door with direction out named d2; known here: d1"),
        (["carriers=[{name: a, departures: ['18:00']}, {name: a, departures: ['18:00']}]"], "a second carrier named a"),
        (["layout.doors.d1.lane=lan"], "layout.doors.0.lane   no lane named lan; did you mean lane?"),
        (["layout.doors.d1.name=lane", "carriers=[]"], "a second place named lane; the first is lanes.0"),
        (["layout.doors.d1.directions=[]", "carriers=[]"], "name at least one of in and out"),
        (["layout.conveyors.spine.destination=pac"],
         "layout.conveyors.0.destination   no place named pac; did you mean pack?"),
        (["layout.conveyors.spine.destination=depot"], "goes from depot to itself"),
        (["layout.conveyors.spine.destination=lane"], "totes from depot would end at lane: they must come to a pack"),
        (["layout.conveyors=[{name: a, origin: depot, destination: lane}, "
          "{name: b, origin: lane, destination: depot}]"],
         "layout.conveyors.0.destination   leads back to depot, where it begins"),
        (["layout.conveyors=[{name: a, origin: depot, destination: pack}, "
          "{name: b, origin: depot, destination: pack}]"],
         "layout.conveyors.1.origin   conveyor a begins at depot already"),
        (["layout.conveyors.spine.speed_m_per_s=1e-9"], "must be >= 0.001 (a millimetre a second), got 1e-09"),
        (["demand.generate={interarrival_s: 0}"], "orders without a pause have no end: say how many (max_orders)"),
        (["demand.generate={interarrival_s: {uniform: {low: 0, high: 0}}, max_orders: unlimited}"],
         "orders without a pause have no end"),
        (["equipment.cart_positions=0"], "equipment.cart_positions   must be >= 1, got 0"),
        (["workforce.pickers.cart_positions=0"], "workforce.pickers.cart_positions   must be >= 1, got 0"),
        (["start=9999-12-31"], "start   a year from 1900 to 8999 is needed, got '9999-12-31'"),
        (["horizon_h=100000000"], "horizon_h   the run would go on beyond the year 8999"),
        (["layout.aisle_pitch_m=1e300"], "layout.aisle_pitch_m   must be <= 1e+09, got 1e+300"),
        (["methods.handling.search_s=1e300"], "methods.handling.search_s   must be <= 1e+09, got 1e+300"),
        (["methods.handling.cv=1e300"], "methods.handling.cv   must be <= 100, got 1e+300"),
        (["faults=[{kind: device, per_h: 1e300}]"], "faults.0.per_h   must be <= 3600, got 1e+300"),
        (["workforce.pickers.shifts=[{starts: '08:00', ends: '12:00', breaks: [{at: '12:00', minutes: 9}]}]"],
         "workforce.pickers.shifts.0.breaks.0.at   12:00 is outside the shift from 08:00 to 12:00"),
        (["demand.generate.lines_per_order=1000000"], "orders of 1,000,000 lines are not made; at most 10,000 on av"),
        (["inbound.generate={trailers_per_day: 10000000}"], "trailers_per_day   must be <= 10000, got 10000000"),
        (["faults=[{kind: device, per_h: 1, target: pickers}]"], "named as picker-001); did you mean picker?"),
        (["faults=[{kind: device, per_h: 1, target: picker-2}]"], "no role or worker named picker-2 (workers are"),
        (["layout.pack_stations.pack.aisle=4"], "aisles are 0 to 3, got 4"),
        (["layout.pack_stations.pack.cross_aisle=2"], "cross-aisles are 0 to 1, got 2"),
        (["layout.depots=[]", "layout.conveyors=[]"], "at least one depot is needed"),
        (["layout.zones.A.aisles=[0, 3]"], "layout.zones.1.aisles   aisle 3 is already in zone A"),
        (["layout.zones.A.aisles=[2, 0]"], "[first, last] from 0 to 3 is needed, got [2, 0]"),
        (["layout.zones.A.aisles=[2, 2]"], "layout.zones   aisles 0 to 1 in no zone"),
        (["layout.locations_per_subaisle=1000000000"],
         "makes 8,000,000,000 locations; more than 5,000,000 are not built"),
        (["layout.pack_stations=[{name: p, point: x}]", "layout.conveyors=[]"], "points are for graph layouts"),
        (["workforce.pickers.starts_at=depo"],
         "workforce.pickers.starts_at   no place named depo; did you mean depot?"),
        (["workforce.pickers.shifts=[{starts: '06:00', ends: '06:00'}]"], "has no length"),
        (["policies.release.caps.C=3"], "policies.release.caps.C   no zone named C; known here: A, B"),
        (["policies.allocation={name: fefo, caps: {A: 3}}"], "policies.allocation.caps   caps are for release"),
        (["policies.allocation=[{name: fefo, zones: [X]}]"], "policies.allocation.0.zones.0   no zone named X"),
        (["policies.allocation=[{name: fefo, owners: [x]}, {name: fifo}]"],
         "policies.allocation.0.owners.0   no owner named x"),
        (["policies.allocation=[fefo, {name: nope}]"], "policies.allocation.1   unknown policy 'nope'"),
        (["policies.release={name: wave}"], "policies.release   wave without rules.waves"),
        (["policies.release.rules.waves=[[noon, '12:00', 5]]"],
         "contradicts urgent_first, which knows no waves; name wave"),
        (["policies.routing=[{name: s_shape}, {name: return}]"], "policies.routing   "),
        (["faults=[{kind: conveyor, per_h: 1, target: spne}]"],
         "faults.0.target   no conveyor named spne; did you mean spine?"),
        (["faults=[{kind: conveyor, per_h: 1}]", "layout.conveyors=[]"], "the layout has no conveyor that could fail"),
        (["faults=[{kind: absent_worker, per_h: 1, target: pikker}]"],
         "no role or worker named pikker (workers are named as picker-001); did you mean picker?"),
        (["faults=[{kind: wms_outage, per_h: 1, target: main}]"], "leave target out"),
        (["faults=[{kind: wms_outage, at: '05:00'}]"], "day 0 at 05:00 is outside the run"),
        (["faults=[{kind: wms_outage, at: '05:00', day: 9}]"], "day 9 at 05:00 is outside the run"),
        (["owners=[a, b, a]"], "owners.2   a second owner named a"),
        (["demand.generate.carrier_shares={dlh: 1}"], "no carrier named dlh; did you mean dhl?"),
        (["costs.labour_per_h_by_role={piker: 3}"], "no role named piker; did you mean picker?"),
        (["demand.from_date=2026-03-02", "demand.to_date=2026-03-01"], "must not be before from_date, 2026-03-02"),
        (["assortment={}"], "assortment   give one of generate, csv, from_orders"),
        (["assortment.from_orders=true"], "got generate and from_orders; generate: null takes one away"),
        (["demand.orders_csv=hall.yaml"], "demand   give one of generate, orders_csv, got generate and orders_csv"),
        (["demand.cleaning=[{}]"], "demand.cleaning.0   give one of keep_matching"),
        (["inbound.generate={trailers_per_day: 1, first: 7}"], "inbound.generate.first   text is needed, got 7"),
        (["demand.from_date=2026-03-02T00:00+01:00"], "a date such as 2026-03-02 is needed, got '2026-03-02T00"),
        (["demand.to_date=9999-12-31"], "a date such as 2026-03-02 is needed, got '9999-12-31'"),
        (["demand.to_date=2026-03-02T18:00"], "a date without a time is needed"),
        (["carriers.dhl.departures=['24:00', '18:00', '00:00']"], "departures.2   a second departure at 00:00"),
        (["workforce.pickers.shifts=[{starts: '06:00', ends: '14:00'}, {starts: '13:30', ends: '21:30'}]"],
         "workforce.pickers.shifts.1   overlaps shift 0"),
        (["workforce.pickers.shifts=[{starts: '22:00', ends: '06:00', days: [6]}, "
          "{starts: '05:00', ends: '09:00', days: [0]}]"],
         "workforce.pickers.shifts.1   overlaps shift 0"),
        (["demand.from_date=yesterday"], "a date such as 2026-03-02 is needed, got 'yesterday'"),
    ],
)  # fmt: skip
def test_a_contradiction_is_one_sentence(folder: Path, overrides: list[str], sentence: str) -> None:
    with pytest.raises(SpecError) as error:
        load_scenario("sound", overrides)
    assert sentence in str(error.value)
    assert str(error.value).count("\n") == 1, str(error.value)


@pytest.mark.parametrize(
    "overrides",
    [
        ["faults=[{kind: absent_worker, per_h: 1, target: picker}, {kind: device, per_h: 1, target: main/picker-002}]"],
        ["faults=[{kind: conveyor, per_h: 1, target: main/spine}, {kind: wms_outage, at: '05:00', day: 1}]"],
        ["policies.allocation=[{name: fefo, zones: [A], owners: [house]}, {name: fifo}]"],
        ["policies.release={name: wave, rules: {waves: [[noon, '12:00', 500]]}}"],
        ["layout.doors=[]", "carriers=[]"],
        ["workforce.pickers.shifts=[{starts: '22:00', ends: '06:00', breaks: [{at: '02:00', minutes: 900}]}]"],
        ["workforce.pickers.shifts=[{starts: '00:00', ends: '24:00', breaks: [{at: '12:00', minutes: 9}]}]"],
        ["demand.from_date=2026-03-02", "demand.to_date=2026-03-02"],
        ["start=2026-03-02"],
        ["workforce.pickers.shifts=[{starts: '22:00', ends: '06:00'}, {starts: '06:00', ends: '22:00'}]"],
        [
            "workforce.pickers.shifts=[{starts: '22:00', ends: '06:00', days: [5]}, "
            "{starts: '05:00', ends: '09:00', days: [5]}]"
        ],
        ["layout.conveyors.spine.length_m=0", "layout.conveyors.spine.pitch_m=0"],
        ["layout.conveyors=[{name: a, origin: pack, destination: lane}]"],
        ["demand.generate={interarrival_s: 0, max_orders: 3}"],
        ["workforce.pickers.cart_positions=unlimited", "equipment.cart_max_lines=unlimited"],
        ["demand.generate={orders_per_day: 9, max_orders: unlimited, priorities: [{due_h: 0}]}"],
    ],
)
def test_what_agrees_is_accepted(folder: Path, overrides: list[str]) -> None:
    assert load_scenario("sound", overrides).spec.name == "sound"


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("destination: Q}]", "destination: R}]", "layout.edges.0.destination   no point named R"),
        ("[P, Q], offset", "[Q, P], offset", "there is [P, Q]: offset_m counts from P"),
        ("[P, Q], offset", "[P, R], offset", "layout.locations.0.edge   no edge from P to R"),
        ("offset_m: 5", "offset_m: 5.01", "must be <= 5 (the length of the edge), got 5.01"),
        ("name: Q,", "name: P,", "a second point named P; the first is points.0"),
        ("depot, point: P", "depot, point: Z", "layout.depots.0.point   no point named Z"),
        ("depot, point: P", "depot, aisle: 0", "say at which point it stands"),
        ("type: graph", "type: graph\nzones: [{name: cold}]", "layout.locations.0.zone   no zone named A"),
        ("Q}]\n", "Q}, {origin: P, destination: Q}]\n", "a second edge from P to Q"),
        ("Q}]\n", "Q}, {origin: P, destination: P}]\n", "goes from P to itself"),
        ("name: L1", "name: depot", "layout.locations.0   a place or point is named depot too"),
        ("offset_m: 5}", "offset_m: 5}, {name: L1, edge: [P, Q], offset_m: 1}", "a second location named L1"),
    ],
)
def test_a_graph_must_hang_together(folder: Path, write: Put, was: str, becomes: str, sentence: str) -> None:
    write("net.yaml", GRAPH)
    assert load_scenario("sound", ["layout=net", "policies.release=waveless"]).spec.layout is not None
    assert was in GRAPH
    write("net.yaml", GRAPH.replace(was, becomes, 1))
    with pytest.raises(SpecError) as error:
        load_scenario("sound", ["layout=net", "policies.release=waveless"])
    assert sentence in str(error.value)
