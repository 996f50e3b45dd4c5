"""A folder with a sound scenario and its layout, for tests that break them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

LAYOUT = """\
type: parallel_aisle
aisles: 4
locations_per_subaisle: 6
zones: [{name: A, aisles: [0, 2]}, {name: B, aisles: [3, 3]}]
pack_stations: [{name: pack, aisle: 3}]
lanes: [{name: lane, x_m: 0, y_m: -5}]
doors: [{name: d1, x_m: 0, y_m: -9, lane: lane}]
conveyors: [{name: spine, origin: depot, destination: pack}]
"""
SCENARIO = """\
name: sound
layout: hall
assortment: {generate: {skus: 10}}
demand: {generate: {orders_per_day: 100}}
carriers:
  - {name: dhl, departures: [18:00], door: d1}
workforce:
  pickers: {count: 3}
policies:
  allocation: fefo
  release: {name: urgent_first, rules: {ageing_s: 900}, caps: {A: 20}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "hall.yaml").write_text(LAYOUT, "utf-8")
    (tmp_path / "sound.yaml").write_text(SCENARIO, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], Path]:
    def put(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return put
