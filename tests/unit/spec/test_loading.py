"""From files and options to one spec: extends, layouts by name, data files, the hash."""

from __future__ import annotations

import gzip
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from twin.domain.errors import SpecError
from twin.spec.loading import load_layout, load_scenario
from twin.spec.mistakes import MistakesError
from twin.spec.plain_yaml import read_text
from twin.spec.shipped import shipped_folder, shipped_names
from twin.spec.yaml_text import write as yaml_of

Put = Callable[[str, str], Path]
SMALL = "type: parallel_aisle\naisles: 2\nlocations_per_subaisle: 3\ndoors: [{name: d1, aisle: 0}]\n"


def refused(path: str | Path, *overrides: str) -> str:
    with pytest.raises(SpecError) as error:
        load_scenario(path, overrides)
    return str(error.value)


def test_loads_a_scenario_with_its_layout(folder: Path) -> None:
    loaded = load_scenario("sound.yaml")
    assert loaded.spec.name == "sound"
    assert loaded.spec.site_specs[0].layout.type == "parallel_aisle"
    assert loaded.path == folder / "sound.yaml"
    assert loaded.files == (folder / "sound.yaml", folder / "hall.yaml")
    assert loaded.sha256.startswith("sha256:") and len(loaded.sha256) == 71


def test_extends_merges_mappings_and_replaces_lists(folder: Path, write: Put) -> None:
    write(
        "peak.yaml",
        "extends: sound\nname: peak\nworkforce: {packers: {count: 9}}\n"
        "carriers: [{name: ups, departures: ['17:00']}]\n",
    )
    spec = load_scenario("peak").spec
    assert spec.name == "peak"
    assert spec.workforce.pickers.count == 3
    assert spec.workforce.packers.count == 9
    assert [c.name for c in spec.carriers] == ["ups"]


def test_relative_paths_resolve_from_the_file_that_names_them(folder: Path, write: Put) -> None:
    write(
        "deep/other.yaml", "type: parallel_aisle\naisles: 2\nlocations_per_subaisle: 3\ndoors: [{name: d1, aisle: 0}]\n"
    )
    write("deep/below.yaml", "extends: ../sound.yaml\nlayout: other\npolicies: {release: waveless}\n")
    write("top.yaml", "extends: deep/below.yaml\nname: top\n")
    layout = load_scenario("top.yaml").spec.layout
    assert layout is not None and layout.type == "parallel_aisle" and layout.aisles == 2


def test_keys_of_a_named_layout_can_be_changed(folder: Path, write: Put) -> None:
    write("wide.yaml", "extends: sound\nlayout: {aisle_pitch_m: 6}\n")
    layout = load_scenario("wide").spec.layout
    assert layout is not None and layout.type == "parallel_aisle"
    assert (layout.aisle_pitch_m, layout.aisles) == (6, 4)


def test_a_layout_of_another_type_brings_its_own_keys(folder: Path, write: Put) -> None:
    write("inline.yaml", "extends: sound\nlayout:\n" + "".join([f"  {line}\n" for line in SMALL.splitlines()]))
    graph = (
        "{type: graph, points: [{name: a, x_m: 0, y_m: 0}, {name: b, x_m: 9, y_m: 0}], "
        "edges: [{origin: a, destination: b}], locations: [{name: L, edge: [a, b], offset_m: 1}], "
        "depots: [{name: depot, point: a}], pack_stations: [{name: pack, point: a}], lanes: [{name: lane, point: b}], "
        "doors: [{name: d1, point: b, lane: lane}]}"
    )
    write("other.yaml", f"extends: inline\nlayout: {graph}\npolicies: {{release: waveless}}\n")
    layout = load_scenario("other").spec.layout
    assert layout is not None and layout.type == "graph"


def test_circles_of_extends_are_refused(folder: Path, write: Put) -> None:
    write("a.yaml", "extends: b\n")
    write("b.yaml", "name: b\nextends: a\n")
    assert refused("a.yaml") == "b.yaml: 1 fault\n  2:1   extends   goes in a circle: a.yaml > b.yaml > a.yaml"
    write("self.yaml", "extends: self\n")
    assert "goes in a circle: self.yaml > self.yaml" in refused("self.yaml")


def test_missing_files_are_told_with_near_names(folder: Path, write: Put) -> None:
    assert "no file 'soud.yaml'; did you mean sound.yaml" in refused("soud.yaml")
    assert f"shipped scenarios: {', '.join(shipped_names('scenarios'))}" in refused("zzzzzzzz")
    assert "is a folder; name a file" in refused(folder)
    write("x.yaml", "extends: sond\nlayout: hal\ndemand: {orders_csv: missing.csv}\n")
    text = refused("x.yaml")
    assert "1:1    extends             no file 'sond'; did you mean " in text
    assert "2:1    layout              no file 'hal'; did you mean hall.yaml" in text
    assert "3:10   demand.orders_csv   no file 'missing.csv'" in text


@pytest.mark.parametrize("name", ["", "\0", "a" * 5000, "/", "..", "con\n", "*"])
def test_what_is_no_path_is_a_sentence(folder: Path, name: str) -> None:
    assert refused(name)


def test_overrides_reach_into_files_that_are_named(folder: Path) -> None:
    overrides = ["layout.aisles=9", "layout.zones=[]", "policies.release=waveless"]
    spec = load_scenario("sound", overrides).spec
    assert spec.layout is not None and spec.layout.type == "parallel_aisle" and spec.layout.aisles == 9


def test_an_override_below_a_policys_name_keeps_the_name(folder: Path) -> None:
    spec = load_scenario("sound", ["policies.allocation.rules.break_packs=false"]).spec
    assert spec.policies.allocation.name == "fefo"  # type: ignore[union-attr]
    assert spec.policies.allocation.rules == {"break_packs": False}  # type: ignore[union-attr]


def test_an_override_of_a_layout_by_name(folder: Path, write: Put) -> None:
    write("two.yaml", SMALL)
    layout = load_scenario("sound", ["layout=two"]).spec.layout
    assert layout is not None and layout.type == "parallel_aisle" and layout.aisles == 2


def test_the_hash_is_of_what_is_said_not_of_how(folder: Path, write: Put) -> None:
    loaded = load_scenario("sound")
    write(
        "same.yaml",
        "# another file\nextends: sound\nhorizon_h: 24\nworkforce: {pickers: {time_factor: 1}}\n"
        "policies: {allocation: {name: fefo, rules: {break_packs: true}}, promising: [{name: on_hand_atp}]}\n",
    )
    assert load_scenario("same").sha256 == loaded.sha256
    crew = load_scenario("sound", ["workforce={pickers: [{count: 3}]}"])
    assert crew.sha256 == loaded.sha256
    for change in (
        "seed=2", "layout.aisle_pitch_m=5.5", "workforce.pickers.count=4", "policies.release.rules.ageing_s=901",
        "policies.release.caps.A=21", "workforce.packers={}",
    ):  # fmt: skip
        assert load_scenario("sound", [change]).sha256 != loaded.sha256, change


def test_data_files_count_by_content_not_by_path(folder: Path, write: Put) -> None:
    orders = "demand={orders_csv: %s}"
    write("one.csv", "order,sku,units,received_at\n")
    write("deep/two.csv", "order,sku,units,received_at\n")
    write("three.csv", "order,sku,units,received_on\n")
    one, two, three = (load_scenario("sound", [orders % f]) for f in ("one.csv", "deep/two.csv", "three.csv"))
    assert one.spec.demand.orders_csv == str(folder / "one.csv")
    assert [(f.role, f.path) for f in one.inputs] == [("demand.orders_csv", folder / "one.csv")]
    assert one.sha256 == two.sha256 != three.sha256
    (folder / "one.csv.gz").write_bytes(gzip.compress(b"x"))
    assert load_scenario("sound", [orders % "one.csv.gz"]).inputs[0].sha256 != one.inputs[0].sha256


def test_what_is_resolved_loads_as_the_same_scenario(folder: Path, write: Put) -> None:
    write("one.csv", "order,sku,units,received_at\n")
    loaded = load_scenario("sound", ["demand={orders_csv: one.csv}", "layout.one_way=no"])
    again = folder / "run" / "scenario.yaml"
    again.parent.mkdir()
    again.write_text(yaml_of(loaded.resolved), "utf-8")
    assert read_text(again.read_text("utf-8"), "f").plain() == loaded.resolved
    back = load_scenario(again)
    assert (back.spec, back.sha256, back.inputs) == (loaded.spec, loaded.sha256, loaded.inputs)


def test_sites_carry_their_own_layouts(folder: Path, write: Put) -> None:
    write(
        "two.yaml",
        "extends: sound\nlayout: null\nsites:\n  - {name: north, layout: hall}\n"
        "  - {name: south, layout: hall, workforce: {pickers: {count: 8}}}\n",
    )
    north, south = load_scenario("two").spec.site_specs
    assert (north.name, south.name) == ("north", "south")
    assert north.workforce.pickers.count == 3
    assert south.workforce.pickers.count == 8
    assert [c.name for c in north.carriers] == ["dhl"]


def test_a_site_without_what_the_scenario_has_is_another_scenario(folder: Path, write: Put) -> None:
    def hash_of(south: str) -> str:
        sites = f"sites:\n  - {{name: north, layout: hall}}\n  - {{name: south, layout: hall{south}}}\n"
        return load_scenario(write("two.yaml", f"extends: sound\nlayout: null\n{sites}")).sha256

    said = [hash_of(south) for south in ("", ", carriers: []", ", workforce: {}")]
    assert len(set(said)) == 3


def test_a_layout_is_no_scenario_and_the_reverse(folder: Path) -> None:
    assert "is a layout, not a scenario; a scenario names it: layout: hall" in refused("hall.yaml")
    with pytest.raises(SpecError, match="a layout file has its keys"):
        load_layout("sound.yaml")


def test_an_error_survives_a_process_boundary(folder: Path, write: Put) -> None:
    with pytest.raises(MistakesError) as error:
        load_scenario("sound", ["seed=x"])
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_every_shipped_scenario_loads(name: str, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order,sku,units,received_at\n")
    loaded = load_scenario(name, [f"demand.orders_csv={orders}"] if name == "online_retail" else [])
    assert loaded.path == (shipped_folder("scenarios") / f"{name}.yaml").resolve()


def test_loading_and_checking_load_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, twin.spec.loading as l, twin.spec.building as b, twin.spec.lint as i, twin.spec.drawing\n"
        "import twin.spec.location_master, twin.spec.schema as s\n"
        "i.lint(b.plan_of(l.load_scenario('quickstart').spec.site_specs[0].layout, 'main')); s.scenario_schema()\n"
        "heavy = ('simpy', 'scipy', 'matplotlib', 'ortools', 'duckdb', 'pyarrow', 'pandas')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_folder_of_the_same_name_hides_no_shipped_scenario(folder: Path) -> None:
    (folder / "quickstart").mkdir()
    assert load_scenario("quickstart").spec.name == "quickstart"
