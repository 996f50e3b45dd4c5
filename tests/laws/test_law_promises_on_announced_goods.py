"""`cumulative_atp` promises goods that are announced: the line waits, is covered when they are put away, and ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.events.reading import read_events
from twin.policies.named import named
from twin.policies.promising import Promise, PromisingSnapshot
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

ORDERS = (
    "order,line,sku,units,received_at,due_at,carrier\n"
    "early,1,tea,4,2026-03-02T07:00,2026-03-02T21:00,north\n"
    "both,1,tea,9,2026-03-02T07:05,2026-03-02T21:00,north\n"
)
SKUS = (
    "sku,owner,mass_kg,volume_l,units_per_pack,units_per_pallet,lines_per_day,units_per_day\n"
    "tea,house,0.5,1,1,240,8,16\n"
)
STOCK = "location,owner,sku,units,fixed_face,min_units,max_units\nA01-1-001-1L,house,tea,10,yes,1,60\n"
ASNS = (
    "trailer,supplier,expected_at,announced_at,lpn,owner,sku,units\n"
    "T1,acme,2026-03-02T09:00,2026-03-01T12:00,P1,house,tea,20\n"
)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    for name, text in (("orders", ORDERS), ("skus", SKUS), ("stock", STOCK), ("asns", ASNS)):
        (tmp_path / f"{name}.csv").write_text(text)
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: quickstart\nname: mine\nassortment: {csv: {csv: skus.csv}, generate: null}\n"
        "opening_stock: {csv: {csv: stock.csv}, generate: null}\ndemand: {orders_csv: orders.csv, generate: null}\n"
        "inbound: {asns_csv: asns.csv, generate: null}\n"
    )
    return file


def test_what_is_put_away_is_no_longer_announced(scenario: Path) -> None:
    orders = scenario.parent / "orders.csv"
    orders.write_text(ORDERS + "late,1,tea,30,2026-03-02T14:00,2026-03-02T21:00,north\n")
    result = run_scenario(load_scenario(scenario, ["policies.promising=cumulative_atp"]))
    assert result.kpis["units_shipped"] == 10 + 20  # all there ever was, and nothing promised beyond it
    assert result.kpis["ordered_then_short"] == 0.0
    assert result.kpis["orders_unfinished"] == 0


def test_a_policy_of_ones_own_sees_what_is_announced_too(scenario: Path) -> None:
    seen: set[str] = set()

    def mine(snapshot: PromisingSnapshot) -> Promise:
        seen.update([row.kind for row in snapshot.supplies])
        return named("promising", "cumulative_atp")(snapshot)  # type: ignore[no-any-return]

    assert run_scenario(load_scenario(scenario), policies={"promising": mine}).kpis["units_shipped"] == 13
    assert seen == {"on_hand", "asn"}


@pytest.mark.parametrize(("name", "shipped", "short"), [("on_hand_atp", 10, 3), ("cumulative_atp", 13, 0)])
def test_what_is_announced_is_promised_waited_for_and_shipped(
    scenario: Path, tmp_path: Path, name: str, shipped: int, short: int
) -> None:
    result = run_scenario(load_scenario(scenario, [f"policies.promising={name}"]), out=tmp_path / name)
    assert result.kpis["units_shipped"] == shipped
    assert result.kpis["ordered_then_short"] == 0.0
    shorted = read_events(tmp_path / name, ["units"], ["LineShorted"]).columns["units"]
    assert int(sum(shorted)) == short
    waits = read_events(tmp_path / name, ["at_ms", "units", "reason", "due_ms"], ["LineBackordered"])
    if name == "on_hand_atp":
        assert len(waits) == 0
        return
    assert [(int(u), r) for u, r in zip(waits.columns["units"], waits.columns["reason"], strict=True)] == [
        (3, "announced")
    ]
    put_away = read_events(tmp_path / name, ["at_ms"], ["StockPutAway"]).columns["at_ms"]
    picked = read_events(tmp_path / name, ["at_ms", "order"], ["LinePicked"])
    last = max(int(t) for t, o in zip(picked.columns["at_ms"], picked.columns["order"], strict=True) if o == "both")
    assert int(min(put_away)) < last
    # ready: the trailer's expected arrival, and the lead time of four hours
    assert int(waits.columns["due_ms"][0]) == 7 * 3_600_000
