"""What a person reads when a file is wrong: all at once, each with its place, in words without jargon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.domain.errors import SpecError
from twin.spec.loading import load_scenario
from twin.spec.mistakes import Mark, Mistake, report, unknown

Put = Callable[[str, str], Path]
JARGON = ("pydantic", "Input should", "union", "discriminator", "tuple", "literal", "constrained", "Spec]", "Traceback")


def refused(path: str | Path, *overrides: str) -> str:
    with pytest.raises(SpecError) as error:
        load_scenario(path, overrides)
    text = str(error.value)
    assert not any(word in text for word in JARGON), text
    return text


def test_the_report_is_sorted_aligned_and_without_doubles() -> None:
    mark = Mark("a.yaml", 12, 3)
    twice = Mistake(mark, "b", "is wrong")
    text = report([twice, twice, Mistake(Mark("a.yaml", 2, 30), "long.key", "too"), Mistake(Mark("-o x"), "x", "no")])
    assert text == (
        "-o x: 1 fault\n  x   no\n"
        "a.yaml: 2 faults\n  2:30   long.key   too\n  12:3   b          is wrong"
    )  # fmt: skip


def test_an_unknown_word_gets_the_nearest_or_the_list() -> None:
    assert unknown("sped", ["speed", "length"]) == "unknown; did you mean speed?"
    assert unknown("zzz", ["speed", "length"]) == "unknown; known here: speed, length"
    assert unknown("FEFO", ["fefo"]) == "unknown; did you mean fefo?"


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("seed=x", "seed   a whole number is needed, got 'x'"),
        ("seed=1.5", "seed   a whole number is needed, got 1.5"),
        ("seed='3'", "got '3'; leave the quotes out"),
        ("seed=true", "a whole number is needed, got true"),
        ("horizon_h=0", "must be > 0, got 0"),
        ("horizon_h=8h", "a number is needed, got '8h'; units belong in the key, not in the value"),
        ("horizon_h=.inf", "a finite number is needed, got inf"),
        ("horizon_h=", "a number is needed, got nothing"),
        ("horizon_h=[1]", "a number is needed, got a list"),
        ("hrizon_h=3", "hrizon_h   unknown; did you mean horizon_h?"),
        ("workforce.pickers=2", "a mapping (key: value) or a list is needed, got 2"),
        ("workforce.pickers.count=-1", "workforce.pickers.count   must be >= 0, got -1"),
        ("workforce.pickers.count=many", "a whole number or unlimited is needed, got 'many'"),
        ("workforce.pickers.cuont=1", "workforce.pickers.cuont   unknown; did you mean count?"),
        ("workforce.pickers=[{cuont: 1}]", "workforce.pickers.0.cuont   unknown; did you mean count?"),
        ("workforce.pikkers={}", "unknown; did you mean pickers?"),
        ("workforce.pickers.shifts=[{starts: 6, ends: '14:00'}]", "text is needed, got 6; put it in quotes: '6'"),
        (
            "workforce.pickers.shifts=[{starts: '6:00', ends: '14:00'}]",
            "a time of day is needed, HH:MM or HH:MM:SS, got '6:00'",
        ),
        ("methods.picking=barcod", "paper or barcode is needed, got 'barcod'; did you mean barcode?"),
        ("methods.handling.pack_fixed_s={exponentil: {mean: 3}}", "unknown; did you mean exponential?"),
        (
            "methods.handling.pack_fixed_s={exponential: {mean: -3}}",
            "pack_fixed_s.exponential.mean   must be >= 0, got -3",
        ),
        ("methods.handling.pack_fixed_s=slow", "a number or a mapping (key: value) is needed, got 'slow'"),
        ("methods.handling.pack_fixed_s={uniform: {low: 3, high: 1}}", "high must be >= low, got low=3"),
        ("methods.handling.pack_fixed_s={constant: 1, exponential: {mean: 1}}", "name exactly one shape"),
        ("methods.slips.wrong_sku=1.5", "must be <= 1, got 1.5"),
        ("layout.type=grid", "layout.type   parallel_aisle or graph is needed, got 'grid'"),
        ("layout.type=parallel_aisl", "did you mean parallel_aisle?"),
        ("layout={}", "layout.type   missing; parallel_aisle or graph is needed"),
        ("layout.aisles=0", "layout.aisles   must be >= 1, got 0"),
        ("layout.asiles=3", "layout.asiles   unknown; did you mean aisles?"),
        ("layout.zones=[{name: A, aisles: [0]}]", "more values are needed, got 1"),
        ("layout.zones=[{name: A, aisles: [0, 1, 2]}]", "at most 2 values needed, got 3"),
        ("layout.doors.d1.x_m=null", "say where it is: aisle (and cross_aisle), or x_m and y_m, or point"),
        ("carriers=[{departures: ['18:00']}]", "carriers.0.name   missing"),
        ("carriers.dhl.departures=[]", "at least 1 value needed, got 0"),
        ("carriers.dhl.name=a/b", "a name is needed, without a slash and not beginning with a blank, got 'a/b'"),
        ("policies.allocation=fefoo", "unknown policy 'fefoo'; did you mean fefo?"),
        ("policies.release.rules.agein_s=3", "policies.release.rules.agein_s   unknown; did you mean ageing_s?"),
        ("policies.release.rules.ageing_s=soon", "policies.release.rules.ageing_s   a number is needed, got 'soon'"),
        ("policies.batching=[]", "at least 1 value needed, got 0"),
        ("policies.batching=3", "unknown policy '3'; known: "),
        ("policies.sorting=x", "policies.sorting   unknown; "),
        ("faults=[{kind: wms_outage}]", "say when: either at (a clock time) or per_h (a rate)"),
    ],
)
def test_each_mistake_is_one_plain_sentence(folder: Path, override: str, sentence: str) -> None:
    text = refused("sound", override)
    assert sentence in text
    assert text.count("\n") == 1, text


def test_a_whole_file_of_mistakes_is_told_at_once(folder: Path, write: Put) -> None:
    write(
        "bad.yaml",
        """\
extends: sound.yaml
hrizon_h: 3
horizon_h: 2
warmup_h: 5
start: soon
layout:
  type: parallel_aisle
  aisles: 4
  locations_per_subaisle: 10
  zones: [{name: A, aisles: [0, 1]}, {name: B, aisles: [1, 2]}]
  conveyors: [{name: c, origin: dpot, destination: depot}]
workforce: {pickers: {count: -1}}
policies:
  allocation: fefoo
owners: [a, a]
""",
    )
    assert refused("bad.yaml") == (
        "bad.yaml: 9 faults\n"
        "  2:1     hrizon_h                    unknown; did you mean horizon_h?\n"
        "  4:1     warmup_h                    warm-up must end before the horizon: 5 h and 2 h\n"
        "  5:1     start                       a date and time such as 2026-03-02T06:00 is needed, got 'soon'\n"
        "  6:1     layout.doors                a layout without doors to run on: the carriers need a door with"
        " direction out\n"
        "  10:48   layout.zones.1.aisles       aisle 1 is already in zone A\n"
        "  11:25   layout.conveyors.0.origin   no place named dpot; did you mean depot?\n"
        "  12:23   workforce.pickers.count     must be >= 0, got -1\n"
        "  14:3    policies.allocation         unknown policy 'fefoo'; did you mean fefo?\n"
        "  15:13   owners.1                    a second owner named a"
    )


def test_marks_point_into_the_file_that_says_it(folder: Path, write: Put) -> None:
    write("hall.yaml", "type: parallel_aisle\naisles: 0\nlocations_per_subaisle: 6\n")
    write("below.yaml", "seed: x\n")
    write(
        "top.yaml",
        "extends: below\nname: top\nlayout: hall\nassortment: {generate: {skus: 0}}\ndemand: {generate: {}}\n",
    )
    text = refused("top", "horizon_h=no")
    for line in (
        "-o horizon_h=no: 1 fault", "hall.yaml: 1 fault\n  2:1   layout.aisles", "below.yaml: 1 fault\n  1:1   seed",
        "top.yaml: 1 fault\n  4:25   assortment.generate.skus   must be >= 1, got 0",
    ):  # fmt: skip
        assert line in text, text
