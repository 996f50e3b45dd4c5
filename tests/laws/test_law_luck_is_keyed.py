"""Law 6: what nobody uses changes nothing, and another way of working meets the same orders with the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from facts_seen import FactsSeen

from twin.events.catalogue import KINDS
from twin.run.running import Run
from twin.spec.loading import load_scenario

SKUS = "sku,mass_kg,volume_l,units_per_pack,lines_per_day\n" + "".join(f"S{k},0.5,1,6,{20 - k}\n" for k in range(9))
STOCK = "location,sku,units,fixed_face\n" + "".join(
    f"A0{k % 2 + 1}-1-00{k // 2 + 1}-1L,S{k},90,yes\n" for k in range(9)
)
OFF = ["demand.generate=null", "assortment.generate=null", "opening_stock.generate=null"]
ZONES = "{name: pick, aisles: [0, 1]}, {name: other, aisles: [2, 2]}"
LAYOUT = ["layout.aisles=3", f"layout.zones=[{ZONES}]"]


def orders() -> str:
    rows = ["order,line,sku,units,received_at"]
    for n in range(30):
        for line in range(1 + n % 4):
            rows.append(f"O{n},{line + 1},S{(n * 3 + line * 2) % 9},{1 + (n + line) % 3},2026-03-02T08:{n:02d}")
    return "\n".join(rows) + "\n"


def told(folder: Path, *said: str, skus: str = SKUS, stock: str = STOCK, leave_out: tuple[str, ...] = ()) -> Any:
    """All facts of a day, kind by kind, but for those of what was added."""
    for name, text in (("skus", skus), ("stock", stock), ("orders", orders())):
        (folder / f"{name}.csv").write_text(text)
    files = [f"assortment.csv.csv={folder}/skus.csv", f"opening_stock.csv.csv={folder}/stock.csv",
             f"demand.orders_csv={folder}/orders.csv"]  # fmt: skip
    seen = FactsSeen(*KINDS)
    run = Run(load_scenario("one_order", [*OFF, *LAYOUT, *files, "methods.slips.wrong_units=0.2", *said]), sinks=[seen])
    run.advance(run.premises.horizon_ms)
    result = run.finish()
    assert result.kpis["orders_shipped"] > 10
    facts = {}
    for kind, rows in seen.seen.items():
        kept = [r for r in rows if not any(word in leave_out for word in r.values())]
        facts[kind] = [{k: v for k, v in r.items() if k not in ("seq", "cause")} for r in kept]
    return facts if leave_out else result.digest


def test_a_sku_that_nobody_orders_changes_nothing(tmp_path: Path) -> None:
    more = SKUS.replace("S4,", "AA,0.1,1,1,0\nS4,") + "Z9,1,1,1,0\n"
    assert told(tmp_path, skus=more) == told(tmp_path)


def test_stock_that_nobody_orders_changes_nothing(tmp_path: Path) -> None:
    skus = SKUS + "Z9,1,1,1,0\n"
    with_stock = told(tmp_path, skus=skus, stock=STOCK + "A03-1-001-1L,Z9,7,yes\n")
    assert with_stock == told(tmp_path)


def test_the_order_of_rows_in_the_files_changes_nothing(tmp_path: Path) -> None:
    head, *rows = SKUS.splitlines(keepends=True)
    assert told(tmp_path, skus=head + "".join(reversed(rows))) == told(tmp_path)


def test_an_aisle_that_holds_nothing_changes_nothing(tmp_path: Path) -> None:
    wider = ["layout.aisles=4", f"layout.zones=[{ZONES}, {{name: spare, aisles: [3, 3]}}]"]
    assert told(tmp_path, *wider) == told(tmp_path)


@pytest.mark.parametrize("crew", ["counters", "clerks", "receivers", "putaway_drivers", "replenishers"])
def test_a_person_without_work_changes_nothing_for_the_others(tmp_path: Path, crew: str) -> None:
    role = {"putaway_drivers": "putaway_driver"}.get(crew, crew[:-1])
    extra = (f"main/{role}-002",)
    said = [f"workforce.{crew}.count=1"], [f"workforce.{crew}.count=2"]
    one, two = (told(tmp_path, *s, leave_out=extra) for s in said)
    assert one == two


@pytest.mark.parametrize(
    "other",
    ["policies.routing=optimal", "policies.batching=one_by_one", "policies.release=waveless",
     "equipment.walking_speed_m_per_s=0.4", "workforce.packers.count=3", "policies.dispatch=nearest"],
)  # fmt: skip
def test_another_way_of_working_meets_the_same_luck(tmp_path: Path, other: str) -> None:
    one, two = (told(tmp_path, *said, leave_out=("nobody",)) for said in ((), (other,)))

    def slips(facts: Any) -> set[Any]:
        return {(f["line"], f["reason"]) for f in facts["SlipMade"] if f["reason"] in ("wrong_units", "left_out")}

    done = [{f["line"] for f in facts["UnitsTaken"]} for facts in (one, two)]
    both = done[0] & done[1]
    assert len(both) > 40
    assert len(slips(one)) > 3
    assert {s for s in slips(one) if s[0] in both} == {s for s in slips(two) if s[0] in both}
    asked = [{(f["line"], f["sku"], f["expected_units"]) for f in facts["LinePromised"]} for facts in (one, two)]
    assert asked[0] == asked[1]


def test_tours_numbered_otherwise_leave_the_same_wrong_labels_uncaught(tmp_path: Path) -> None:
    sloppy = ("methods.slips.wrong_label=1", "methods.packing_checks=[label]", "methods.label.catches_wrong_label=0.5",
              "methods.label.skip=0.1")  # fmt: skip
    fates = []
    for other in ("policies.batching=seed", "policies.batching=one_by_one"):
        facts = told(tmp_path, *sloppy, other, leave_out=("nobody",))
        made = {f["order"] for f in facts["SlipMade"] if f["reason"] == "wrong_label"}
        caught = {f["order"] for f in facts["SlipCaught"] if f["reason"] == "wrong_label"}
        fates.append({order: order in caught for order in made})
    both = fates[0].keys() & fates[1].keys()
    assert len(both) > 10 and len({fates[0][order] for order in both}) == 2
    assert {o: fates[0][o] for o in both} == {o: fates[1][o] for o in both}
