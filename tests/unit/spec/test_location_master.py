"""A location master becomes a layout that keeps every name and passes the lint; every guess is said."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.domain.errors import DataError
from twin.spec.building import plan_of
from twin.spec.layout import ParallelAisleSpec
from twin.spec.lint import lint
from twin.spec.loading import load_layout
from twin.spec.location_master import ImportedLayout, import_locations


def imported(path: Path, text: str | bytes) -> ImportedLayout:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    layout = import_locations(path)
    file = path.with_suffix(".yaml")
    file.write_text(layout.text, "utf-8")
    assert load_layout(file) == layout.layout
    assert lint(plan_of(layout.layout, "main")) == []
    return layout


@pytest.mark.parametrize(
    ("x", "y", "unit_m"),
    [("X_ft", "Y_ft", 0.3048), ("Pos X (mm)", "Pos Y (mm)", 0.001), ("x [m]", "y [m]", 1.0), ("X in", "Y in", 0.0254)],
)
def test_units_of_coordinates_are_read_from_the_heading(x: str, y: str, unit_m: float, tmp_path: Path) -> None:
    layout = imported(tmp_path / "m.csv", f"bin,{x},{y},Remark\nA-1,0,1000,new\nA-2,0,2000,\n")
    offsets = [place.offset_m for place in layout.layout.locations]
    assert offsets[1] - offsets[0] == pytest.approx(1000 * unit_m, abs=0.002)
    told = "\n".join(layout.guesses)
    assert f"column x: read from '{x}'" in told
    assert "columns not read: Remark" in told


def test_names_alone_are_enough(tmp_path: Path) -> None:
    names = [f"{a}-{b:02d}-{c}" for a in "AB" for b in (1, 2, 10) for c in (1, 2)]
    layout = imported(tmp_path / "m.csv", "Location\n" + "\n".join(names))
    assert sorted(x.name for x in layout.layout.locations) == sorted(names)
    assert [e.name for e in layout.layout.edges if e.name] == ["A", "B"]
    at = {x.name: x.offset_m for x in layout.layout.locations}
    assert at["A-01-1"] < at["A-02-1"] < at["A-10-1"]
    told = "\n".join(layout.guesses)
    for words in ("column name: read from 'Location'", "aisle: read from the name of 12", "zone: none named", "depot"):
        assert words in told
    assert all(f"#   {guess}" in layout.text for guess in layout.guesses)


def test_coordinates_of_a_plan_come_back(tmp_path: Path) -> None:
    spec = ParallelAisleSpec(
        type="parallel_aisle", aisles=3, blocks=2, locations_per_subaisle=4, levels=2, aisle_pitch_m=4.5
    )
    plan = plan_of(spec, "main")
    rows = ["Lagerplatz;Gang;x_mm;y_mm;Ebene;Bereich"]
    rows += [f"{x.location[5:]};{x.aisle};{x.x_mm};{x.y_mm};{x.level + 1};Kühl" for x in plan.locations]
    layout = imported(tmp_path / "m.csv", "\n".join(rows))
    back = plan_of(layout.layout, "main").by_name
    for x in plan.locations:
        y = back[x.location]
        assert (y.x_mm, y.y_mm, y.level, y.side, y.zone) == (x.x_mm, x.y_mm, x.level, x.side, "Kühl")
    assert layout.layout.zones[0].storage == "chilled"
    assert "zone Kühl: storage chilled, from its name" in layout.guesses


def test_aisles_may_run_along_x(tmp_path: Path) -> None:
    rows = [f"R{a}-{b},R{a},{b * 2},{a * 5}" for a in (1, 2) for b in range(5)]
    layout = imported(tmp_path / "m.csv", "name,aisle,x,y\n" + "\n".join(rows))
    back = plan_of(layout.layout, "main").by_name
    assert (back["main/R2-3"].x_mm, back["main/R2-3"].y_mm) == (6000, 10000)  # type: ignore[index]
    assert any("aisles run along x" in guess for guess in layout.guesses)


def test_racks_on_both_sides_of_an_aisle_get_sides(tmp_path: Path) -> None:
    rows = [
        f"{a}-{b}{side},{a},{x},{b}"
        for a, x0 in (("A", 0), ("B", 6))
        for b in range(3)
        for side, x in (("L", x0 - 1), ("R", x0 + 1))
    ]
    layout = imported(tmp_path / "m.csv", "bin,aisle,x,y\n" + "\n".join(rows))
    assert {x.name: x.side for x in layout.layout.locations}["A-1L"] == "left"
    assert {x.name: x.side for x in layout.layout.locations}["A-1R"] == "right"
    assert {p.x_m for p in layout.layout.points if "front" in p.name} == {0, 6}


def test_a_missing_coordinate_is_filled_from_its_neighbours(tmp_path: Path) -> None:
    layout = imported(tmp_path / "m.csv", "name,aisle,bay,x,y\na,1,1,0,0\nb,1,2,0,2\nc,1,3,,\nd,1,4,0,6\n")
    back = plan_of(layout.layout, "main").by_name
    assert back["main/c"].y_mm == 4000  # type: ignore[index]
    assert any("1 locations by their bay" in guess for guess in layout.guesses)


def spreadsheet(path: Path, **sheets: list[list[object]]) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


MASTER: list[list[object]] = [
    ["Bin", "Aisle", "Bay", "Level", "X", "Y"],
    ["A1", "A", 1, 1, 0, 1.5],
    ["A2", "A", 2, 1, 0.0, 3],
]


def test_spreadsheets_are_read(tmp_path: Path) -> None:
    layout = import_locations(spreadsheet(tmp_path / "m.xlsx", Master=MASTER))
    assert [x.name for x in layout.layout.locations] == ["A1", "A2"]


def test_the_first_sheet_that_names_locations_is_read(tmp_path: Path) -> None:
    path = spreadsheet(tmp_path / "m.xlsx", Notes=[["as of March"], ["ask Ann"]], Master=MASTER, Old=[["Bin"], ["B9"]])
    layout = import_locations(path)
    assert [x.name for x in layout.layout.locations] == ["A1", "A2"]
    assert "sheet: Master, the first that names locations of 3" in layout.guesses


def test_a_missing_reader_of_spreadsheets_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DataError, match=r"pip install 'warehouse-twin\[excel\]'; or save it as CSV"):
        import_locations(tmp_path / "m.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column holds the name of a location"),
        (b"aisle,bay\n1,2\n", "no column holds the name of a location"),
        (b"name\n", "holds no location"),
        (b"name,x,y\nA,1,2\n,1,2\nA,1,2\nB/1,1,2\nC,one,2\n",
         "4 faults\n  3:1   name   is empty\n  4:1   name   A a second time; first in line 2\n"
         "  5:1   name   a name without a slash is needed, got 'B/1'\n  6:2   x      a number is needed, got 'one'"),
        (b"name\n\x00\x01\x02\n", "is not a text table"),
    ],
)  # fmt: skip
def test_all_that_is_wrong_with_the_file_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "m.csv").write_bytes(content)
    with pytest.raises(DataError) as error:
        import_locations(tmp_path / "m.csv")
    assert words in str(error.value)


def test_where_reading_stops_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("name\n" + "A\n" * 500)
    with pytest.raises(DataError) as error:
        import_locations(tmp_path / "m.csv")
    place, *words = str(error.value).splitlines()[-1].split()
    assert (place, " ".join(words)) == ("103:1", "the rest is not read: mend these first")


def test_files_that_cannot_be_read_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        import_locations(tmp_path / "none.csv")
    (tmp_path / "m.xlsx").write_bytes(b"not a spreadsheet")
    with pytest.raises(DataError, match="cannot be read as a spreadsheet"):
        import_locations(tmp_path / "m.xlsx")


FIELDS = {
    "aisle": ["1", "2", "A/1", ""], "bay": ["1", "2", "10", "x", ""], "level": ["1", "2", "0", "A", "", "1.5"],
    "x": ["0", "5", "5.2", "", "2", "1e3"], "y": ["1", "2", "3", "", "-4"], "zone": ["A", "frozen", "", "B/2"],
    "side": ["L", "R", ""],
}  # fmt: skip


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_master_passes_the_lint(tmp_path: Path, data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True))
    words = st.sampled_from(["A-1-", "B-2-", "Q", "7", "é x", "A01-", "depot"])
    names = data.draw(
        st.lists(st.tuples(words, st.integers(0, 9), st.sampled_from(["", "L", "R"])), min_size=1, unique=True)
    )
    rows = [["".join(map(str, name)), *(data.draw(st.sampled_from(FIELDS[c])) for c in columns)] for name in names]
    path = tmp_path / "m.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name", *columns], *rows])
    layout = imported(path, path.read_bytes())
    assert sorted(x.name for x in layout.layout.locations) == sorted(row[0] for row in rows)
