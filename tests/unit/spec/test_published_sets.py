"""The readers of published sets, on files made by hand; each of their traps has cost somebody a wrong result."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from twin.domain.errors import DataError
from twin.policies.routing import ROUTING
from twin.run.policy_bench import Job, batch_snapshot, rows, summary, tour_snapshot
from twin.spec.published_sets import instances, read, references

HENN = """Order 1 number of articles 3
1 Aisle 0 Location 0
2 Aisle 1 Location 44
3 Aisle 7 Location 9
Order 2 number of articles 1
1 Aisle 19 Location 2
"""
HESSLER = """NAME : x\r
PICKER_CAPACITY : 20\r
NUM_AISLES : 10\r
NUM_CELLS : 10\r
DEPOT_AISLE : 0\r
DEPOT_LOCATION : {depot}\r
DISTANCE_AISLE_TO_AISLE : 2.4\r
DISTANCE_CELL_TO_CELL : 1\r
DISTANCE_TOP_TO_CELL : 1\r
DISTANCE_BOTTOM_TO_CELL : 1\r
ARTICLE_SECTION\r
NUM_ARTICLES : 2\r
ID 0 WEIGHT 2\r
ID 1 WEIGHT 1\r
SKU_SECTION\r
ID 1 AISLE 3 CELL 9 QUANTITY 1 LEFT_RIGHT_HAND_SIDE left\r
ID 0 AISLE 1 CELL 0 QUANTITY 1 LEFT_RIGHT_HAND_SIDE left\r
ORDER_SECTION\r
NUM_ORDERS : 2\r
NUM_ARTICLES_IN_ORDER 2\r
ID 0 QUANTITY 3\r
ID 1 QUANTITY 1\r
NUM_ARTICLES_IN_ORDER 1\r
ID 1 QUANTITY 2\r
EOF"""


def test_henn_waescher_counts_rack_sides_articles_and_takes_the_capacity_from_the_name() -> None:
    instance = read("henn-waescher", "abc1s-2-30-7.txt", HENN)
    assert instance.capacity == 30
    assert instance.sizes == (3, 1)
    assert [[(s.aisle, s.y_mm) for s in order] for order in instance.orders] == [
        [(0, 15), (0, 455), (3, 105)],
        [(9, 35)],
    ]
    assert instance.plan.cross_y_mm == (0, 470) and instance.plan.x_mm[9] == 450 and instance.scale == 10


def test_cell_zero_is_next_to_the_top_cross_aisle_and_the_depot_may_be_there() -> None:
    instance = read("bahceci-oncan", "x.txt", HESSLER.format(depot="bottom"))
    assert [[(s.aisle, s.y_mm) for s in order] for order in instance.orders] == [[(1, 100), (3, 10)], [(3, 10)]]
    assert instance.sizes == (7, 2) and instance.capacity == 20 and instance.depot.y_mm == 0
    assert instance.plan.cross_y_mm == (0, 110) and instance.plan.x_mm[1] == 24
    assert read("bahceci-oncan", "x.txt", HESSLER.format(depot="top")).depot.y_mm == 110


def test_muter_oncan_enters_after_one_and_a_half() -> None:
    instance = read("muter-oncan", "x.txt", HESSLER.format(depot="bottom"))
    assert instance.plan.cross_y_mm == (0, 120)
    assert [s.y_mm for s in instance.orders[0]] == [105, 15]


def test_two_blocks_put_the_middle_cells_two_apart() -> None:
    text = HESSLER.format(depot="bottom").replace("2.4", "3").replace("CELL 9", "CELL 4").replace("CELL 0", "CELL 5")
    instance = read("sprp-two-blocks", "x.txt", text)
    below, above = sorted(instance.orders[0], key=lambda s: s.y_mm)
    assert (below.block, below.y_mm, above.block, above.y_mm) == (0, 5, 1, 7)
    assert instance.plan.cross_y_mm == (0, 6, 12)


def test_the_bench_reads_a_folder_an_archive_and_the_reference_values(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(HESSLER.format(depot="bottom").encode())
    (tmp_path / "a.txt").write_bytes(HESSLER.format(depot="top").encode("latin-1"))
    assert [i.name for i in instances("bahceci-oncan", tmp_path)] == ["a.txt", "b.txt"]
    (tmp_path / "optima.csv").write_text("instance,optimum\na.txt,1.0\n")
    assert references(tmp_path)["a.txt"].proven
    (tmp_path / "optima.csv").write_text("instance;best_known\na.txt;3.077\nb.txt;127,2\n")
    assert [(r.value, r.proven) for r in references(tmp_path).values()] == [(3077.0, False), (127.2, False)]
    archive = tmp_path / "kept" / "x.tgz"
    archive.parent.mkdir()
    with tarfile.open(archive, "w:gz") as out:
        out.add(tmp_path / "a.txt", "instances/a.txt")
    assert [i.name for i in instances("bahceci-oncan", archive.parent)] == ["a.txt"]
    found = rows(Job("batching", "bahceci-oncan", tmp_path, "optimised"), [0, 1])
    assert [(r.instance, r.seed) for r in found] == [("a.txt", 0), ("b.txt", 0), ("a.txt", 1), ("b.txt", 1)]
    assert summary(found)["invalid"] == 0
    # both orders fit one tour: 2 x 7.2 across, and aisle 1 crossed, aisle 3 crossed or visited from the front
    assert found[1].value == pytest.approx(14.4 + 22.0)


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HESSLER.format(depot="bottom").replace("CELL 9", "CELL 10"))
    with pytest.raises(DataError, match="CELL 10 is not in 0 to 9"):
        list(instances("bahceci-oncan", tmp_path))
    (tmp_path / "a.txt").write_text("NAME : x\nSKU_SECTION\n")
    with pytest.raises(DataError, match="NUM_AISLES is missing"):
        list(instances("bahceci-oncan", tmp_path))
    with pytest.raises(DataError, match="file name must end"):
        read("henn-waescher", "odd.txt", HENN)
    with pytest.raises(DataError, match="are listed"):
        read("henn-waescher", "a-2-30-1.txt", HENN.replace("articles 3", "articles 4"))
    with pytest.raises(DataError, match="is not there"):
        list(instances("sprp", tmp_path / "nowhere"))
    with pytest.raises(DataError, match="no instances of routing"):
        rows(Job("routing", "bahceci-oncan", tmp_path, "optimal"), [0])


def test_a_lying_policy_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(HESSLER.format(depot="bottom"))
    (tmp_path / "optima.csv").write_text("instance,optimum\na.txt,99.0\n")
    (row,) = rows(Job("batching", "bahceci-oncan", tmp_path, "savings"), [0])
    assert not row.valid and "shorter than the proven optimum" in row.fault
    from dataclasses import replace

    from twin.policies.batching import Batching, Savings

    def all_in_one(self: Savings, snapshot: object) -> Batching:
        return Batching(batches=(("0",), ("0", "1")), put_to=(), rejected=())  # type: ignore[arg-type]

    monkeypatch.setattr(Savings, "__call__", all_in_one)
    (row,) = rows(Job("batching", "bahceci-oncan", tmp_path, "savings"), [0])
    assert not row.valid and "split" in row.fault

    def too_full(self: Savings, snapshot: object) -> Batching:
        return Batching(batches=(("0", "1"),), put_to=(), rejected=())  # type: ignore[arg-type]

    monkeypatch.setattr(Savings, "__call__", too_full)
    (tmp_path / "a.txt").write_text(HESSLER.format(depot="bottom").replace("CAPACITY : 20", "CAPACITY : 8"))
    (row,) = rows(Job("batching", "bahceci-oncan", tmp_path, "savings"), [0])
    assert not row.valid and "a batch of 9 for a capacity of 8" in row.fault
    instance = next(instances("bahceci-oncan", tmp_path))
    asked = tour_snapshot(instance, instance.orders[0])
    tour = ROUTING["optimal"]()(asked)
    from twin.run.policy_bench import _walked

    assert _walked(instance, asked, replace(tour, length_mm=tour.length_mm - 1))[1].startswith("says")
    assert "missed" in _walked(instance, asked, replace(tour, stops=tour.stops[:1], via=tour.via[:2]))[1]
    assert batch_snapshot(instance).max_mass_kg == 8.0
