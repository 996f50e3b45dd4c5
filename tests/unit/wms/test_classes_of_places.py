"""Places have the classes that SKUs have: fast goods belong near the depot."""

from __future__ import annotations

from facts_seen import FactsSeen
from random_days import MINI, run_of


def test_class_based_putaway_brings_fast_goods_near_and_slow_ones_far() -> None:
    seen = FactsSeen("StockPutAway")
    said = [
        *MINI, "workforce.receivers.count=3", "workforce.putaway_drivers.count=3", "policies.putaway=class_based",
        "assortment.generate.velocity_exponent=0", "opening_stock.generate.reserve_cover_days=0",
        "methods.slips.putaway_wrong_location=0", "inbound.generate.wrong_sku=0",
    ]  # fmt: skip
    run = run_of(said, sinks=[seen])
    run.stream.close()
    skus = {sku.sku: sku.velocity for sku in run.premises.skus.values()}
    (desk,) = run.world.wms.sites.values()
    places = desk.r.book.places
    reserve = sorted((p for p in places.values() if p.tier == 1), key=lambda p: p.distance_mm)
    assert (reserve[0].velocity, reserve[-1].velocity) == (1, 3)
    put = [(skus[f["sku"]], places[f["location"]].velocity) for f in seen["StockPutAway"]]
    assert {velocity for velocity, _ in put} == {1, 2, 3}
    assert all(of_sku == of_place for of_sku, of_place in put)
