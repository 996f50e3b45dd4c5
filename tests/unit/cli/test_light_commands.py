"""`twin check`, `init`, `schema`, `explain-kpi`, `layout`: what they say, where, and what they leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twin.cli.check_command import check_command, explain_kpi_command, init_command, schema_command, schema_text
from twin.cli.layout_command import import_command, show_command
from twin.domain.errors import SpecError
from twin.observers.kpis import KPIS
from twin.run.lesson_file import read_lesson
from twin.spec.loading import load_scenario
from twin.spec.shipped import shipped_folder

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
TWO_IN_ONE_SPOT = """
type: graph
name: g
points: [{name: a, x_m: 0, y_m: 0}, {name: b, x_m: 9, y_m: 0}]
edges: [{origin: a, destination: b}]
locations:
  - {name: L1, edge: [a, b], offset_m: 2, zone: A}
  - {name: L2, edge: [a, b], offset_m: 2, zone: A}
zones: [{name: A}]
depots: [{name: depot, point: a}]
pack_stations: [{name: pack, point: a}]
lanes: [{name: lane, point: a}]
doors: [{name: door, point: a, lane: lane}]
"""
Said = pytest.CaptureFixture[str]


class TestCheck:
    def test_content(self, capsys: Said) -> None:
        assert check_command("quickstart", [], json=False) == 0
        assert "nothing to complain about" in capsys.readouterr().out

    def test_the_lint_says_no(self, tmp_path: Path, capsys: Said) -> None:
        path = tmp_path / "floor.yaml"
        path.write_text(TWO_IN_ONE_SPOT)
        assert check_command(str(path), [], json=False) == 1
        said = capsys.readouterr().out
        assert "overlap" in said and "L1" in said and "1 finding" in said
        assert check_command(str(path), [], json=True) == 1
        answer = json.loads(capsys.readouterr().out)
        assert answer["schema"] == "twin.check/1" and answer["ok"] is False
        assert answer["findings"][0]["rule"] == "overlap"
        assert {p.rsplit("/", 1)[-1] for p in answer["findings"][0]["places"]} == {"L1", "L2"}

    def test_a_routing_rule_that_cannot_walk_the_aisles_is_found(self, capsys: Said) -> None:
        one_way = ["layout.one_way=alternate"]
        assert check_command("quickstart", [*one_way, "policies.routing=largest_gap"], json=False) == 1
        assert "routing: routing=largest_gap walks aisles both ways" in capsys.readouterr().out
        assert check_command("quickstart", [*one_way, "policies.routing={name: s_shape}"], json=False) == 0
        assert check_command("quickstart", ["policies.routing=largest_gap"], json=False) == 0

    def test_overrides_are_checked_with_the_scenario(self, capsys: Said) -> None:
        check_command("quickstart", [], json=True)
        plain = json.loads(capsys.readouterr().out)["scenario_sha256"]
        check_command("quickstart", ["workforce.pickers.count=3"], json=True)
        assert json.loads(capsys.readouterr().out)["scenario_sha256"] != plain

    def test_overrides_of_a_layout_are_refused(self) -> None:
        with pytest.raises(SpecError, match="layout"):
            check_command("small", ["aisles=3"], json=False)

    def test_faults_of_data_files_are_found_without_a_run(self, tmp_path: Path) -> None:
        for path in EXAMPLES.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        stock = tmp_path / "stock.csv"
        stock.write_text(stock.read_text().replace("A01-1-001-1L", "A99-9-999-9L"))
        with pytest.raises(Exception, match=r"stock\.csv:2.*A99-9-999-9L") as caught:
            check_command(str(tmp_path / "scenario.yaml"), [], json=False)
        assert type(caught.value).__name__ == "DataError"

    @pytest.mark.parametrize(
        "content", [b"", b"\x00\xff", b"- a\n- b\n", b"name: x\nname: y\n", b"type: parallel_aisle\n"]
    )
    def test_what_is_no_scenario_is_a_sentence(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "odd.yaml"
        path.write_bytes(content)
        with pytest.raises(SpecError, match=r"odd\.yaml"):
            check_command(str(path), [], json=False)


class TestInit:
    def test_copies_mean_the_same_as_what_is_shipped(self, tmp_path: Path) -> None:
        init_command(tmp_path / "mine", json=False)
        copies = sorted((tmp_path / "mine" / "scenarios").rglob("*.yaml"))
        assert len(copies) == len(list(shipped_folder("scenarios").rglob("*.yaml")))
        for copy in copies:
            shipped = shipped_folder("scenarios") / copy.relative_to(tmp_path / "mine" / "scenarios")
            if copy.parent.name == "lessons":
                assert read_lesson(copy).sha256 == read_lesson(shipped).sha256, copy.name
                continue
            try:
                wanted = load_scenario(shipped).sha256
            except SpecError as error:
                assert "orders_csv" in str(error), "only the real orders are not shipped"
                continue
            assert load_scenario(copy).sha256 == wanted, copy.name

    def test_copies_stand_on_the_copied_layouts_and_parents(self, tmp_path: Path) -> None:
        init_command(tmp_path / "mine", json=False)
        for name in ("quickstart", "demo_after", "reference", "saturated", "oracles/mm3"):
            loaded = load_scenario(tmp_path / "mine" / "scenarios" / f"{name}.yaml")
            assert all(path.is_relative_to(tmp_path.resolve()) for path in loaded.files), loaded.files

    def test_a_change_in_a_copied_layout_is_felt(self, tmp_path: Path) -> None:
        init_command(tmp_path / "mine", json=False)
        layout, scenario = (tmp_path / "mine" / p for p in ("layouts/small.yaml", "scenarios/quickstart.yaml"))
        before = load_scenario(scenario).sha256
        text = layout.read_text()
        assert "aisle_pitch_m: 4" in text
        layout.write_text(text.replace("aisle_pitch_m: 4", "aisle_pitch_m: 5"))
        assert load_scenario(scenario).sha256 != before

    def test_the_mistake_in_the_tutorial_is_told_as_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        init_command(Path("mine"), json=False)
        layout = Path("mine/layouts/small.yaml")
        layout.write_text(layout.read_text().replace("aisles: 12\n", "aisles: 13\n"))
        with pytest.raises(SpecError) as told:
            check_command("mine/scenarios/quickstart.yaml", [], json=False)
        shown = "".join(f"    {line}\n" for line in str(told.value).splitlines())
        assert shown in (EXAMPLES.parent / "tutorial.md").read_text(encoding="utf-8")

    def test_the_editor_lines_lead_to_a_schema(self, tmp_path: Path) -> None:
        init_command(tmp_path / "mine", json=False)
        for path in (tmp_path / "mine").rglob("*.yaml"):
            first = path.read_text().splitlines()[0]
            assert first.startswith("# yaml-language-server: $schema="), path
            assert (path.parent / first.partition("$schema=")[2]).resolve().is_file(), path

    def test_nothing_that_is_there_is_touched(self, tmp_path: Path) -> None:
        (tmp_path / "layouts").mkdir()
        (tmp_path / "layouts" / "small.yaml").write_text("mine")
        with pytest.raises(SpecError, match=r"small\.yaml"):
            init_command(tmp_path, json=False)
        assert [p.name for p in tmp_path.rglob("*.*")] == ["small.yaml"]
        assert (tmp_path / "layouts" / "small.yaml").read_text() == "mine"

    def test_a_failure_half_way_leaves_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "docs").write_text("a file where a folder is wanted")
        with pytest.raises(SpecError, match="cannot be written"):
            init_command(tmp_path, json=False)
        assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["docs"]

    def test_json_lists_what_was_written(self, tmp_path: Path, capsys: Said) -> None:
        init_command(tmp_path, json=True)
        answer = json.loads(capsys.readouterr().out)
        assert answer["schema"] == "twin.init/1"
        assert {Path(p) for p in answer["files"]} == {p for p in tmp_path.rglob("*") if p.is_file()}


class TestSchema:
    @pytest.mark.parametrize("what", ["scenario", "layout", "lesson", "command"])
    def test_printed_or_written_it_is_the_same(self, what: str, tmp_path: Path, capsys: Said) -> None:
        schema_command(what, None)
        printed = capsys.readouterr().out
        schema_command(what, tmp_path / "new" / "s.json")
        said = capsys.readouterr()
        assert said.out == "" and "s.json" in said.err
        assert (tmp_path / "new" / "s.json").read_text() == printed == schema_text(what)
        assert json.loads(printed)["$schema"].startswith("https://json-schema.org/")

    def test_a_third_kind_is_refused(self) -> None:
        with pytest.raises(SpecError, match="one of scenario, layout, lesson, command"):
            schema_command("warehouse", None)


class TestExplainKpi:
    def test_one(self, capsys: Said) -> None:
        explain_kpi_command("fill_rate", json=False)
        said = capsys.readouterr().out
        assert KPIS["fill_rate"].definition in said and "orders_received" not in said

    def test_all_as_json(self, capsys: Said) -> None:
        explain_kpi_command(None, json=True)
        answer = json.loads(capsys.readouterr().out)
        assert answer["schema"] == "twin.kpis/1" and [k["name"] for k in answer["kpis"]] == list(KPIS)

    def test_a_slip_of_the_keyboard_is_understood(self) -> None:
        with pytest.raises(SpecError, match="did you mean on_time_shipment"):
            explain_kpi_command("on_time_shipmnt", json=False)


class TestLayout:
    def test_the_layout_is_data_and_the_guesses_are_talk(self, capsys: Said) -> None:
        import_command(EXAMPLES / "locations.csv", None, json=False)
        said = capsys.readouterr()
        assert "type: graph" in said.out and "guessed" in said.err and "6 locations" in said.err

    def test_what_is_imported_can_be_checked_and_drawn(self, tmp_path: Path, capsys: Said) -> None:
        out = tmp_path / "floor.yaml"
        import_command(EXAMPLES / "locations.csv", out, json=True)
        answer = json.loads(capsys.readouterr().out)
        assert answer["schema"] == "twin.layout-import/1" and answer["guesses"] and answer["layout"] is None
        assert check_command(str(out), [], json=False) == 0
        capsys.readouterr()
        show_command(str(out), tmp_path / "floor.png", json=True)
        assert json.loads(capsys.readouterr().out)["locations"] == 6
        assert (tmp_path / "floor.png").read_bytes().startswith(b"\x89PNG")

    def test_a_layout_that_is_there_is_not_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "floor.yaml").write_text("mine")
        with pytest.raises(SpecError, match="is there already"):
            import_command(EXAMPLES / "locations.csv", tmp_path / "floor.yaml", json=False)
        assert (tmp_path / "floor.yaml").read_text() == "mine"

    def test_a_scenario_shows_its_layout(self, tmp_path: Path) -> None:
        show_command("one_order", tmp_path / "floor.png", json=False)
        assert (tmp_path / "floor.png").is_file()

    @pytest.mark.parametrize(("name", "png", "said"), [("small", "a.txt", r"\.png"), ("nowhere", "a.png", "nowhere")])
    def test_what_cannot_be_drawn_is_a_sentence(self, name: str, png: str, said: str, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match=said):
            show_command(name, tmp_path / png, json=False)
        assert list(tmp_path.iterdir()) == []

    def test_faults_of_a_scenario_are_told_as_such(self, tmp_path: Path) -> None:
        (tmp_path / "s.yaml").write_text("nam: x\n")
        with pytest.raises(SpecError, match="did you mean name"):
            show_command(str(tmp_path / "s.yaml"), tmp_path / "a.png", json=False)
