"""Where pallets go by what the book says of places: their class, and the way to the SKU's face."""

from __future__ import annotations

from facts_seen import FactsSeen
from random_days import MINI, run_of

from twin.run.running import Run
from twin.spec.loading import load_scenario

RECEIVING = [
    *MINI, "workforce.receivers.count=3", "workforce.putaway_drivers.count=3",
    "assortment.generate.velocity_exponent=0", "opening_stock.generate.reserve_cover_days=0",
    "methods.slips.putaway_wrong_location=0", "inbound.generate.wrong_sku=0",
]  # fmt: skip


def test_class_based_putaway_brings_fast_goods_near_and_slow_ones_far() -> None:
    seen = FactsSeen("StockPutAway")
    run = run_of([*RECEIVING, "policies.putaway=class_based"], sinks=[seen])
    run.stream.close()
    skus = {sku.sku: sku.velocity for sku in run.premises.skus.values()}
    (desk,) = run.world.wms.sites.values()
    places = desk.r.book.places
    reserve = sorted((p for p in places.values() if p.tier == 1), key=lambda p: p.distance_mm)
    assert (reserve[0].velocity, reserve[-1].velocity) == (1, 3)
    put = [(skus[f["sku"]], places[f["location"]].velocity) for f in seen["StockPutAway"]]
    assert {velocity for velocity, _ in put} == {1, 2, 3}
    assert all(of_sku == of_place for of_sku, of_place in put)


def test_near_face_is_near_the_face_of_the_sku() -> None:
    asked = []
    loaded = load_scenario("one_order", [*RECEIVING, "policies.putaway=near_face"])
    run = Run(loaded)
    (desk,) = run.world.wms.sites.values()
    desk.r.decisions.tap = lambda ref, snapshot, choice: asked.append(snapshot) if ref.family == "putaway" else None
    run.advance(run.premises.horizon_ms)
    graph = desk.r.graph
    faces = {row.sku: row.location for row in run.premises.opening_rows() if row.fixed_face}
    assert len({snapshot.sku for snapshot in asked}) > 3
    for snapshot in asked:
        ways = [graph.distance_mm(faces[snapshot.sku], place.location) for place in snapshot.candidates]
        assert list(snapshot.face_distance_mm) == ways
