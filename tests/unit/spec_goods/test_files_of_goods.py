"""Orders, stock, SKUs and ASNs from files: what they become, and what is said of what is wrong with them."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from twin.domain.calendar import Calendar
from twin.domain.errors import DataError, SpecError
from twin.domain.goods import Sku
from twin.run.running import run_scenario
from twin.spec.asn_csv import read_asns
from twin.spec.assortment_csv import read_assortment
from twin.spec.delimited import read_table
from twin.spec.demand import generated_orders
from twin.spec.goods import CsvSpec, DemandSpec, InboundSpec
from twin.spec.loading import load_scenario
from twin.spec.orders_csv import OrdersRead, read_orders
from twin.spec.stock_csv import read_opening_stock
from twin.spec.unfold import unfold

CALENDAR = Calendar(datetime(2026, 3, 2, 6))
SKUS: Any = {("o", n): Sku(owner="o", sku=n) for n in ("A", "B")}
HEADER = "order,line,sku,units,received_at,due_at,customer,priority,owner,batch\n"


def orders(path: Path, text: str, **spec: Any) -> OrdersRead:
    path.write_text(text, encoding="utf-8")
    return read_orders(
        DemandSpec(orders_csv=str(path), **spec), calendar=CALENDAR, owners=("o",),
        carriers={"s": ("van", "bike")}, skus=SKUS,
    )  # fmt: skip


def faults(error: pytest.ExceptionInfo[DataError]) -> list[str]:
    return str(error.value).splitlines()


def test_rows_become_orders_in_the_order_of_receipt(tmp_path: Path) -> None:
    text = (
        HEADER + "2,1,A,3.0,2026-03-02T08:00,,c,1,o,b7\n1,1,A,1,2026-03-02 07:00,,,,,\n1,2,B,2,2026-03-02 07:01,,,,,\n"
    )
    found = orders(tmp_path / "o.csv", text).orders
    assert [o.order for o in found] == ["1", "2"]
    assert [(x.line, x.sku, x.units) for x in found[0].lines] == [("1-1", "A", 1), ("1-2", "B", 2)]
    assert (found[0].received_at_ms, found[0].priority, found[0].carrier) == (3_600_000, 5, "van")
    assert (found[1].priority, found[1].batch, found[1].lines[0].units) == (1, "b7", 3)


def test_blanks_around_an_order_are_no_part_of_its_name(tmp_path: Path) -> None:
    text = HEADER + " 1,1,A,3,2026-03-02T08:00,,c,1,o,\n1 ,2,B,1,2026-03-02T08:01,,c,1,o,\n"
    found = orders(tmp_path / "o.csv", text).orders
    assert [(o.order, [x.sku for x in o.lines]) for o in found] == [("1", ["A", "B"])]


def test_an_order_is_of_one_owner_and_one_site(tmp_path: Path) -> None:
    text = (
        HEADER + "1,1,A,3,2026-03-02T08:00,,c,1,o,\n1,2,B,1,2026-03-02T08:00,,c,1,,\n1,3,B,1,2026-03-02T08:00,,c,1,p,\n"
    )
    path = tmp_path / "o.csv"
    path.write_text(text)
    with pytest.raises(DataError) as error:
        read_orders(
            DemandSpec(orders_csv=str(path)), calendar=CALENDAR, owners=("o", "p"), carriers={"s": ()}, skus=None,
        )  # fmt: skip
    assert faults(error)[1:] == [f"{path}:4: owner: order 1 has o in an earlier row"]


def test_blanks_around_a_cell_are_no_part_of_what_is_cleaned(tmp_path: Path) -> None:
    text = (
        HEADER
        + "1 ,1,A ,3,2026-03-02T08:00,,c,1,o,\n 1,2,A,1,2026-03-02T08:00,,c,1,o,\n1,3,B ,1,2026-03-02T08:00,,c,1,o,\n"
    )
    steps: Any = [
        {"drop_codes": {"column": "sku", "codes": ["B"]}},
        {"keep_matching": {"column": "order", "pattern": "1"}},
        {"merge_by": {"columns": ["order", "sku"]}},
    ]
    found = orders(tmp_path / "o.csv", text, cleaning=steps)
    assert [(x.sku, x.units) for x in found.orders[0].lines] == [("A", 4)]
    assert [sum(step["refused"].values()) for step in found.report] == [0, 1, 0, 1, 0]


def test_an_order_goes_by_a_carrier_of_its_site(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"

    def read(carrier: str) -> Any:
        rows = [f"{n},A,1,2026-03-02T08:00,{site},{carrier}\n" for n, site in enumerate("st")]
        path.write_text("order,sku,units,received_at,site,carrier\n" + "".join(rows))
        carriers = {"s": ("van",), "t": ("bike", "van")}
        return read_orders(
            DemandSpec(orders_csv=str(path)), calendar=CALENDAR, owners=("o",), carriers=carriers, skus=SKUS
        )

    assert [o.carrier for o in read("").orders] == ["van", "bike"]
    with pytest.raises(DataError, match=r"o\.csv:2: carrier: unknown 'bike'; there are: van"):
        read("bike")


@pytest.mark.parametrize(
    ("shape", "due", "hours"),
    [
        (None, "2026-03-02", 18), (None, "20260303", 42), (None, "2026-03-02T09:00", 3), (None, "2026-03-02 00", -6),
        (None, "9999-12-31", 69897186), ("%d.%m.%Y %H:%M", "02.03.2026 00:00", -6),
    ],
)  # fmt: skip
def test_a_date_alone_is_due_at_its_end(shape: str | None, due: str, hours: int, tmp_path: Path) -> None:
    received = "2026-03-02T08:00" if shape is None else "02.03.2026 08:00"
    found = orders(tmp_path / "o.csv", HEADER + f"1,1,A,3,{received},{due},c,1,o,\n", date_format=shape).orders
    assert found[0].due_at_ms == hours * 3_600_000


def test_a_due_date_in_a_format_without_a_time_is_due_at_its_end(tmp_path: Path) -> None:
    text = HEADER + "1,1,A,3,03.03.2026,03.03.2026,c,1,o,\n"
    assert orders(tmp_path / "o.csv", text, date_format="%d.%m.%Y").orders[0].due_at_ms == 42 * 3_600_000


def test_what_is_no_number_is_not_told_as_a_small_one(tmp_path: Path) -> None:
    rows = ["1", '"1,200"', "0", "", "1 200"]
    text = HEADER + "".join([f"{n},1,A,{units},2026-03-02T08:00,,c,1,o,\n" for n, units in enumerate(rows)])
    steps: Any = [{"drop_below": {"column": "units", "least": 1}}]
    found = orders(tmp_path / "o.csv", text, cleaning=steps)
    assert found.report[1]["refused"] == {"units below 1": 2, "units is no number": 2}
    assert found.report[1]["kept"] == 1


def test_what_no_file_of_a_run_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"o\.csv:3: a character \(U\+0000\)"):
        orders(tmp_path / "o.csv", HEADER + "1,1,A,3,2026-03-02T08:00,,c,1,o,\nA\0B,1,A,3,2026-03-02T08:00,,c,1,o,\n")


@pytest.mark.parametrize(
    ("stored", "said"),
    [("cp1252", "latin-1"), ("utf-8-sig", "utf-8"), ("utf-8-sig", "UTF8"), ("utf-16", "utf-16"), ("utf-8", "utf-8")],
)
def test_only_line_ends_end_a_line(stored: str, said: str, tmp_path: Path) -> None:
    """Latin-1 reads the ellipsis of Windows as a next-line sign; a form feed may stand in a text too."""
    text = (
        "\n" + HEADER + '1,1,A,3,2026-03-02T08:00,,"Caf\xe9 \u2026\nnext",1,o,\f\n2,1,B,1,2026-03-02T08:00,,\v,1,o,\n'
    )
    path = tmp_path / "o.csv"
    path.write_bytes(text.encode(stored))
    table = read_table(path, encoding=said)
    assert table.faults == ()
    assert table.header[0] == "order"
    assert [row[0] for row in table.rows] == ["1", "2"]
    assert table.lines == [4, 5]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(("\ufeff" + HEADER).encode("utf-16-le"))
    assert read_table(path, encoding="utf-16-le").header[0] == "order"


@pytest.mark.parametrize("encoding", ["undefined", "hex", "none", ""])
def test_what_is_no_encoding_is_a_sentence(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text(HEADER)
    with pytest.raises(DataError, match="unknown encoding"):
        read_table(path, encoding=encoding)


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = HEADER + (
        "1,1,A,x,2026-03-02T07:00,,,,,\n1,1,A,1,2026-03-02T07:00,,,,,\n2,1,Z,1,2026-03-02T07:00,,,,,\n"
        "3,1,A,1,2. March,,,,,\n4,1,A,-2,2026-03-02T07:00,,,,,\n5,1,A,1,2026-03-02T07:00,,,high,nobody,\n"
        "6,1,A,1.5,2026-03-02T07:00,,,,,\n"
    )
    with pytest.raises(DataError) as error:
        orders(tmp_path / "o.csv", text)
    told = "\n".join(faults(error))
    for line, words in (
        (2, "units: a whole number above 0 is needed, got 'x'"), (3, "occurs twice in order 1"),
        (4, "'Z' is not in the assortment"), (5, "received_at: a local time"), (6, "got '-2'"),
        (7, "priority: a whole number"), (7, "owner: unknown 'nobody'"), (8, "got '1.5'"),
    ):  # fmt: skip
        assert any(f"o.csv:{line}: " in row and words in row for row in faults(error)), (line, words, told)
    assert faults(error)[0] == "8 faults"


def test_ragged_rows_are_told_with_all_others(tmp_path: Path) -> None:
    text = HEADER + "1,1,A\n2,1,A,0,2026-03-02T07:00,,,,,\n3,1\n"
    with pytest.raises(DataError) as error:
        orders(tmp_path / "o.csv", text)
    assert [row.rpartition("o.csv:")[2][:14] for row in faults(error)[1:]] == [
        "2: 3 fields, t", "3: units: a wh", "4: 2 fields, t",
    ]  # fmt: skip


@pytest.mark.parametrize("units", ["99999999999999999999", "1e400", "inf", "-inf", "nan", "1e13", "0x10"])
def test_a_number_that_nobody_counts_to_is_a_fault(tmp_path: Path, units: str) -> None:
    with pytest.raises(DataError, match="units: a whole number above 0 is needed"):
        orders(tmp_path / "o.csv", HEADER + f"1,1,A,{units},2026-03-02T07:00,,,,,\n")
    with pytest.raises(DataError, match="priority: a whole number is needed"):
        orders(tmp_path / "o.csv", HEADER + f"1,1,A,1,2026-03-02T07:00,,,{units},,\n")


def test_urgent_is_yes_or_no(tmp_path: Path) -> None:
    head = "order,sku,units,received_at,urgent\n"
    rows = "".join(f"{n},A,1,2026-03-02T07:00,{word}\n" for n, word in enumerate(("YES", "no", "", "1", "false")))
    assert [o.urgent for o in orders(tmp_path / "o.csv", head + rows).orders] == [True, False, False, True, False]
    with pytest.raises(DataError, match="urgent: yes or no is needed, got 'maybe'"):
        orders(tmp_path / "o.csv", head + "1,A,1,2026-03-02T07:00,maybe\n")


def test_merged_rows_keep_the_earliest_time_in_any_format(tmp_path: Path) -> None:
    text = HEADER + "1,,A,1,12/1/2026 10:05,,,,,\n1,,A,2,12/1/2026 9:55,,,,,\n1,,B,2,12/1/2026 11:00,,,,,\n"
    spec = {"cleaning": ({"merge_by": {"columns": ["order", "sku"]}},), "date_format": "%m/%d/%Y %H:%M"}
    (order,) = orders(tmp_path / "o.csv", text, **spec).orders
    assert CALENDAR.stamp(order.received_at_ms) == "2026-12-01T09:55:00"


def test_one_column_that_holds_another_delimiter_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="say delimiter: ';'"):
        orders(tmp_path / "o.csv", "order;sku;units;received_at\n1;A;1;2026-03-02T07:00\n")


def test_many_faults_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{n},1,A,0,2026-03-02T07:00,,,,,\n" for n in range(50))
    with pytest.raises(DataError) as error:
        orders(tmp_path / "o.csv", HEADER + rows)
    assert faults(error)[0] == "50 faults" and faults(error)[-1] == "... and 30 more" and len(faults(error)) == 22


def test_cleaning_counts_every_row(tmp_path: Path) -> None:
    text = HEADER + "".join(
        f"{n},1,{sku},{units},2026-03-02T07:00,,,,,\n"
        for n, sku, units in ((1, "A", 5), (1, "a", 2), (2, "POST", 1), (3, "A", 0), (4, "GIFT9", 1), (5, "A", 900))
    )
    cleaning = (
        {"drop_codes": {"column": "sku", "codes": ["post"], "prefixes": ["gift"]}},
        {"drop_below": {"column": "units", "least": 1}},
        {"merge_by": {"columns": ["order", "sku"]}},
        {"max_units_per_line": {"units": 100, "action": "drop"}},
    )
    found = orders(tmp_path / "o.csv", text.replace(",1,", ",,"), cleaning=cleaning)
    assert [(r["rows"], r["kept"]) for r in found.report] == [(6, 6), (6, 4), (4, 3), (3, 2), (2, 1), (1, 1)]
    assert all(r["rows"] == r["kept"] + sum(r["refused"].values()) for r in found.report)
    assert [(x.sku, x.units) for o in found.orders for x in o.lines] == [("A", 7)]


def test_columns_are_mapped_and_missing_ones_named(tmp_path: Path) -> None:
    text = "no,article,qty,entered\n1,A,2,2026-03-02T07:00\n"
    mapped = {"order": "no", "sku": "article", "units": "qty", "received_at": "entered"}
    assert orders(tmp_path / "o.csv", text, columns=mapped).orders[0].lines[0].units == 2
    with pytest.raises(DataError, match=r"no column 'quantity'.*The file has: no, article, qty, entered"):
        orders(tmp_path / "o.csv", text, columns={**mapped, "units": "quantity"})
    with pytest.raises(DataError, match=r"columns\.skuu: unknown; did you mean sku"):
        orders(tmp_path / "o.csv", text, columns={**mapped, "skuu": "article"})


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("order\nMüller\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"latin.csv:2: not utf-8 text.*latin-1"):
        read_table(tmp_path / "latin.csv")
    assert read_table(tmp_path / "latin.csv", encoding="latin-1").rows == [["Müller"]]
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n3\n")
    ragged = read_table(tmp_path / "ragged.csv")
    assert ragged.rows == [["1", "2"]] and ragged.faults[0].endswith("ragged.csv:3: 1 fields, the header has 2")
    (tmp_path / "twice.csv").write_text("a,a\n")
    with pytest.raises(DataError, match="named twice"):
        read_table(tmp_path / "twice.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match="empty"):
        read_table(tmp_path / "empty.csv")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(bytes(range(256)) * 9)[:60])
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path / "cut.csv.gz")
    (tmp_path / "o.csv.gz").write_bytes(gzip.compress(b"a;b\n1;2\n"))
    assert read_table(tmp_path / "o.csv.gz", delimiter=";").rows == [["1", "2"]]
    with pytest.raises(DataError, match="no such file"):
        read_table(tmp_path / "none.csv")


def test_opening_stock_of_book_and_floor(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "location,sku,units,floor_units,fixed_face,lot,expires_on\nL1,A,5,4,yes,,\nL2,B,7,,no,X,2026-03-12\n"
    )
    rows, lots = read_opening_stock(
        CsvSpec(csv=str(path)), site="s", locations={"s/L1", "s/L2"}, skus=SKUS, calendar=CALENDAR, owners=("o",)
    )  # type: ignore[arg-type]
    assert [(r.location, r.book_units, r.floor_units, r.fixed_face) for r in rows] == [
        ("s/L1", 5, 4, True), ("s/L2", 7, 7, False),
    ]  # fmt: skip
    assert (lots[0].lot, lots[0].expires_on_day) == ("X", 10)
    path.write_text("location,sku,units,status\nL9,A,5,\nL1,Z,-1,lost\n")
    with pytest.raises(DataError) as error:
        read_opening_stock(
            CsvSpec(csv=str(path)), site="s", locations={"s/L1"}, skus=SKUS, calendar=CALENDAR, owners=("o",)
        )  # type: ignore[arg-type]
    assert faults(error)[0] == "4 faults"


def test_stock_that_contradicts_itself(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "location,sku,units,lot,lpn,expires_on,fixed_face,min_units,max_units\n"
        "L1,A,1,x,P1,2026-05-01,,,\nL2,A,1,,P1,,,,\nL2,A,1,x,,2026-06-01,,,\nL2,A,9,,,,yes,8,7\nL2,A,1,,,,perhaps,,\n"
        "L1,B,1,y,P1,,no,,\n"
    )
    with pytest.raises(DataError) as error:
        read_opening_stock(
            CsvSpec(csv=str(path)),
            site="s",
            locations={"s/L1", "s/L2"},
            skus=SKUS,
            calendar=CALENDAR,  # type: ignore[arg-type]
            owners=("o",),
        )
    told = [row.rpartition("s.csv:")[2] for row in faults(error)]
    assert told == [
        "4 faults", "3: lpn: P1 stands in s/L1 already; one handling unit is in one location",
        "4: expires_on: lot x of A expires on 2026-05-01 in an earlier row or in stock; give other dates "
        "other lots",
        "5: max_units: must be >= min_units (8), got 7", "6: fixed_face: yes or no is needed, got 'perhaps'",
    ]  # fmt: skip


def test_asns_that_contradict_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "trailer,expected_at,lpn,sku,units,lot,expires_on,supplier\n"
        "T,2026-03-02T08:00,P1,A,1,x,2026-05-01,s1\nT,2026-03-02T09:00,P2,A,1,,,s2\n"
        "T,2026-03-02T08:00,P3,A,1,,2026-05-01,\nT,2026-03-02T08:00,P4,A,1,x,2026-05-02,\n"
    )
    with pytest.raises(DataError) as error:
        read_asns(InboundSpec(asns_csv=str(path)), site="s", owners=("o",), skus=SKUS, calendar=CALENDAR)
    assert [row.rpartition("a.csv:")[2].partition(";")[0] for row in faults(error)] == [
        "4 faults", "3: expected_at: trailer T has another in an earlier row",
        "3: supplier: trailer T comes from s1 in an earlier row", "4: expires_on: goods with a date need a lot",
        "5: expires_on: lot x of A expires on 2026-05-01 in an earlier row or in stock",
    ]  # fmt: skip


def test_two_skus_may_have_lots_of_one_code_and_a_lot_has_one_date(tmp_path: Path) -> None:
    stock, asns = tmp_path / "s.csv", tmp_path / "a.csv"
    stock.write_text("location,sku,units,lot,expires_on\nL1,A,5,x,2026-05-01\nL2,B,7,x,2026-03-12\n")
    _, lots = read_opening_stock(
        CsvSpec(csv=str(stock)), site="s", locations={"s/L1", "s/L2"}, skus=SKUS, calendar=CALENDAR, owners=("o",)
    )  # type: ignore[arg-type]
    assert [(lot.sku, lot.lot, lot.expires_on_day) for lot in lots] == [("A", "x", 60), ("B", "x", 10)]

    def announced(date: str) -> Any:
        asns.write_text(f"trailer,expected_at,lpn,sku,units,lot,expires_on\nT,2026-03-02T08:00,P1,B,1,x,{date}\n")
        return read_asns(
            InboundSpec(asns_csv=str(asns)), site="s", owners=("o",), skus=SKUS, calendar=CALENDAR, lots=lots
        )

    assert announced("2026-03-12")[0].lines[0].lot == "x"
    with pytest.raises(DataError, match="lot x of B expires on 2026-03-12 in an earlier row or in stock"):
        announced("2026-05-01")


def test_stock_without_an_owner_is_the_first_owners(tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_text("sku,owner\nA,zeta\nA,alpha\n")
    (tmp_path / "s.csv").write_text("location,sku,units\nA01-1-001-1L,A,5\n")
    files = [
        f"assortment={{csv: {{csv: {tmp_path / 'k.csv'}}}}}",
        f"opening_stock={{csv: {{csv: {tmp_path / 's.csv'}}}}}",
    ]
    premises = unfold(load_scenario("one_order", ["owners=[zeta, alpha]", *files]), 1)
    assert [row.owner for row in premises.opening_rows()] == ["zeta"]


def test_a_lot_has_one_date_at_all_sites(tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_text("sku\nA\n")
    for site, date in (("a", "2026-04-01"), ("b", "2026-05-01")):
        text = f"location,sku,units,lot,expires_on\nA01-1-001-1L,A,5,x,{date}\n"
        (tmp_path / f"{site}.csv").write_text(text)
    layout = "layout: {type: parallel_aisle, aisles: 1, locations_per_subaisle: 2}"
    sites = [f"{{name: {s}, {layout}, opening_stock: {{csv: {{csv: {tmp_path / s}.csv}}}}}}" for s in "ab"]
    said = [
        f"assortment={{csv: {{csv: {tmp_path / 'k.csv'}}}}}",
        "carriers=[]",
        "layout=null",
        f"sites=[{', '.join(sites)}]",
    ]
    with pytest.raises(DataError, match=r"b\.csv:2: expires_on: lot x of A expires on 2026-04-01"):
        unfold(load_scenario("one_order", said), 1)


def test_trailers_of_a_night_come_in_that_night() -> None:
    night = "inbound.generate={trailers_per_day: 3, pallets_per_trailer: 1, first: '22:00', last: '06:00'}"
    asns = unfold(load_scenario("one_order", [night, "horizon_h=48"]), 1).asns
    calendar = Calendar(datetime(2026, 3, 2, 8))
    assert [calendar.stamp(a.expected_at_ms)[8:16] for a in asns] == [
        "02T22:00", "03T02:00", "03T06:00", "03T22:00", "04T02:00", "04T06:00",
    ]  # fmt: skip
    early = unfold(load_scenario("one_order", [night, "horizon_h=5", "start=2026-03-02T01:00"]), 1).asns
    assert [a.expected_at_ms // 3_600_000 for a in early] == [1]
    assert len({a.trailer for a in asns}) == 6


def test_a_departure_within_a_minute_of_another_is_a_trailer_of_its_own() -> None:
    said = 'carriers=[{name: van, departures: ["10:00", "10:00:30"], arrives_min_before: 30}]'
    loaded = load_scenario("one_order", [said])
    assert [d.trailer for d in unfold(loaded, 1).sites[0].departures[:2]] == [
        "main/van-2026-03-02T10:00", "main/van-2026-03-02T10:00:30",
    ]  # fmt: skip
    assert run_scenario(loaded).kpis["orders_shipped"] == 1


def test_the_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("order,sku,units,received_at\n1,NONE,1,2026-03-02T07:00\n")
    (tmp_path / "s.csv").write_text("location,sku,units\nnowhere,SKU00001,1\n")
    (tmp_path / "a.csv").write_text("trailer,expected_at,lpn,sku,units\nT,noon,P,SKU00001,1\n")
    files = ["demand.generate=null", f"demand.orders_csv={tmp_path / 'o.csv'}", "opening_stock.generate=null",
             f"opening_stock.csv.csv={tmp_path / 's.csv'}", "inbound.generate=null",
             f"inbound.asns_csv={tmp_path / 'a.csv'}"]  # fmt: skip
    with pytest.raises(DataError) as error:
        unfold(load_scenario("quickstart", files), 1)
    assert [name for name in ("o.csv:2", "s.csv:2", "a.csv:2") if name in str(error.value)] == [
        "o.csv:2",
        "s.csv:2",
        "a.csv:2",
    ]


def test_an_assortment_and_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,storage,secure,shelf_life_days,units_per_pack\nA,chilled,yes,30,6\nB,,,,\n")
    skus = read_assortment(CsvSpec(csv=str(path)), ("o",))
    assert (skus[("o", "A")].storage, skus[("o", "A")].secure, skus[("o", "A")].shelf_life_days) == (
        "chilled",
        True,
        30,
    )  # type: ignore[index]
    path.write_text("sku,storage,secure,units_per_pack,mass_kg\nA,cold,maybe,0,-1\nA,,,,\n,,,,\n")
    with pytest.raises(DataError) as error:
        read_assortment(CsvSpec(csv=str(path)), ("o",))
    assert faults(error)[0] == "5 faults"


def test_skus_of_a_file_are_ranked_by_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,lines_per_day\n" + "".join(f"S{n},{n}\n" for n in range(10)))
    skus = read_assortment(CsvSpec(csv=str(path)), ("o",))
    assert [sku.velocity for sku in skus.values()] == [3, 3, 3, 3, 3, 2, 2, 2, 1, 1]
    path.write_text("sku\nA\nB\n")
    assert {sku.velocity for sku in read_assortment(CsvSpec(csv=str(path)), ("o",)).values()} == {1}


def test_asns_and_their_faults(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("trailer,expected_at,lpn,sku,units\nT,2026-03-02T08:00,P1,A,5\nT,2026-03-02T08:00,P2,B,6\n")
    asns = read_asns(InboundSpec(asns_csv=str(path)), site="s", owners=("o",), skus=SKUS, calendar=CALENDAR)
    assert [(a.trailer, a.expected_at_ms, len(a.lines)) for a in asns] == [("s/T", 7_200_000, 2)]
    path.write_text("trailer,expected_at,lpn,sku,units\nT,soon,P1,Z,x\n,,P1,A,1\n")
    with pytest.raises(DataError) as error:
        read_asns(InboundSpec(asns_csv=str(path)), site="s", owners=("o",), skus=SKUS, calendar=CALENDAR)
    assert faults(error)[0] == "6 faults"


def test_an_unused_sku_and_further_orders_leave_every_order_as_it_is() -> None:
    loaded = load_scenario("quickstart", ["demand.generate.max_orders=50"])
    premises = unfold(loaded, 1)
    lines = [x for o in premises.orders() for x in o.lines]
    assert len(lines) > 100
    spec = loaded.spec.demand
    assert spec.generate is not None
    unused: Any = {("house", "SKU99999"): Sku(owner="house", sku="SKU99999", lines_per_day=0.0)}  # type: ignore[arg-type]
    for count in (50, 30):
        generate = spec.generate.model_copy(update={"max_orders": count})
        again = generated_orders(
            generate, spec, {**unused, **premises.skus}, seed=1, calendar=premises.calendar,
            horizon_ms=premises.horizon_ms, site="main", carriers=("north", "south"),
        )  # fmt: skip
        found = [x for o in again for x in o.lines]
        assert found == lines[: len(found)] and len(found) > 60


def test_as_many_orders_as_come_is_what_is_meant_without_a_bound() -> None:
    unfolded = [
        unfold(load_scenario("quickstart", said), 1)
        for said in ([], ["demand.generate.max_orders=unlimited"], ["demand.generate.max_orders=100000"])
    ]
    assert len({len(list(x.orders())) for x in unfolded}) == 1
    assert unfolded[0].skus == unfolded[1].skus == unfolded[2].skus


def test_a_thousand_orders_a_day_come_at_their_rate() -> None:
    premises = unfold(
        load_scenario(
            "quickstart",
            ["demand.generate.orders_per_day=4000", "horizon_h=24", "opening_stock.generate.reserve_cover_days=1"],
        ),
        5,
    )
    times = [o.received_at_ms for o in premises.orders() if o.received_at_ms < premises.horizon_ms]
    assert times == sorted(times)
    assert abs(len(times) - 4000) < 4 * 4000**0.5
    before_noon = sum(1 for t in times if t < 6 * 3_600_000) / len(times)
    assert abs(before_noon - 48 / 108) < 0.04


def test_reserve_that_finds_no_place_is_told_by_class() -> None:
    """The floor has reserve for ambient goods only: its free places are no answer for chilled pallets."""
    loaded = load_scenario(
        "quickstart",
        ["layout.zones=[{name: a, aisles: [0, 6]}, {name: c, aisles: [7, 9], storage: chilled}, "
         "{name: r, aisles: [10, 11], use: reserve, mix: any}]",
         "assortment={generate: {skus: 20, storage: {ambient: 0.5, chilled: 0.5}}}"],
    )  # fmt: skip
    with pytest.raises(SpecError, match=r"\d+ chilled \(reserve zones have 0 such places\)"):
        unfold(loaded, 1).opening_rows()
