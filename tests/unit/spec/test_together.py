"""Which SKUs are ordered together, from the orders of a file."""

from __future__ import annotations

from pathlib import Path

from twin.spec.loading import load_scenario
from twin.spec.together import LINES_MOST, nothing_together, ordered_together
from twin.spec.unfold import unfold

BASKETS = [("tea", "cup"), ("tea", "cup", "pan"), ("pan", "lid"), ("lid", "pan"), ("tea", "mat")]
ROWS = "order,line,sku,units,received_at\n" + "".join(
    [
        f"o{i},{line},{sku},1,2026-03-02T07:{i:02d}\n"
        for i, basket in enumerate(
            [("tea", "cup"), ("tea", "cup", "pan"), ("pan", "lid"), ("lid", "pan"), ("tea", "mat")]
        )
        for line, sku in enumerate(basket, 1)
    ]
)


def scenario(folder: Path, slotting: str) -> Path:
    (folder / "orders.csv").write_text(ROWS)
    file = folder / "mine.yaml"
    file.write_text(
        "name: mine\nstart: 2026-03-02T06:00\nhorizon_h: 4\nlayout: small\nowners: [house]\n"
        "assortment: {from_orders: true}\ndemand: {orders_csv: orders.csv}\n"
        f"carriers: [{{name: north, departures: ['21:00']}}]\npolicies: {{slotting: {slotting}}}\n"
    )
    return file


def test_pairs_that_occur_twice_count_per_day(tmp_path: Path) -> None:
    premises = unfold(load_scenario(scenario(tmp_path, "abc")), 1)
    assert ordered_together(premises.orders()) == (("cup", "tea", 2.0), ("lid", "pan", 2.0))
    assert nothing_together() == ()
    assert LINES_MOST == 40


def test_affinity_puts_partners_side_by_side(tmp_path: Path) -> None:
    def apart(slotting: str) -> int:
        site = unfold(load_scenario(scenario(tmp_path, slotting)), 1).sites[0]
        at = {
            row.sku: site.plan.by_name[row.location]
            for row in site.opening
            if site.plan.by_name[row.location].use == "pick"
        }
        return sum(
            [abs(at[a].x_mm - at[b].x_mm) + abs(at[a].y_mm - at[b].y_mm) for a, b in (("cup", "tea"), ("lid", "pan"))]  # type: ignore[index]
        )

    strong = "{name: affinity, rules: {affinity_weight: 100}}"
    assert apart(strong) <= apart("abc")
    assert apart(strong) < apart("scattered")
