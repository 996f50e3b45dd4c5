"""Reads published routing and batching instances that lie beside the checkout; nothing of them is in the repository.

The folder is `TWIN_BENCH_DATA`, by default `../shared/data`. Lengths are multiplied by 10, so that all are whole.
Cell 0 is next to the top (back) cross-aisle, and the depot may be at the top: y = bottom + (cells - 1 - c) * cell.
"""

from __future__ import annotations

import csv
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.ids import LocationId

SCALE = 10


@dataclass(frozen=True, slots=True)
class Instance:
    """One block, one depot, the orders with their stops (one per location) and sizes; capacity None: one pick list."""

    name: str
    plan: AislePlan
    depot: Point
    orders: tuple[tuple[Stop, ...], ...]
    sizes: tuple[int, ...]
    capacity: int | None


def folder(name: str) -> Path:
    """The set's folder; the test is skipped, saying so, where it is absent."""
    root = Path(os.environ.get("TWIN_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = root / name
    if not (path / "instances.tgz").is_file():
        pytest.skip(f"benchmark set {name} is not at {path} (set TWIN_BENCH_DATA to its parent folder)")
    return path


def optima(name: str) -> dict[str, int]:
    """The proven optimum of each instance, times 10."""
    with (folder(name) / "optima.csv").open(encoding="utf-8") as rows:
        return {row["instance"]: scaled(row["optimum"]) for row in csv.DictReader(rows)}


def instances(name: str) -> Iterator[Instance]:
    """Every instance of a set, by file name; the file name is the key."""
    with tarfile.open(folder(name) / "instances.tgz") as archive:
        members = sorted((m for m in archive.getmembers() if m.isfile()), key=lambda m: m.name)
        for member in members:
            content = archive.extractfile(member)
            assert content is not None
            yield read(Path(member.name).name, content.read().decode("latin-1"))


def scaled(text: str) -> int:
    """A decimal length times 10; it must come out whole."""
    value = Decimal(text) * SCALE
    assert value == int(value), text
    return int(value)


def read(name: str, text: str) -> Instance:
    """One file in the format of Hessler and Irnich."""
    header: dict[str, str] = {}
    section = ""
    weights: dict[int, int] = {}
    homes: dict[int, Stop] = {}
    orders: list[list[tuple[int, int]]] = []
    bottom = cell = cells = 0
    for raw in text.splitlines():
        line = raw.strip()
        if line.endswith("_SECTION"):
            section = line
            bottom, cell = scaled(header["DISTANCE_BOTTOM_TO_CELL"]), scaled(header["DISTANCE_CELL_TO_CELL"])
            cells = int(header["NUM_CELLS"])
            continue
        if not line or line == "EOF":
            continue
        key, _, value = line.partition(" : ")
        if not section:
            header[key.strip()] = value.strip()
            continue
        if line.startswith("NUM_ARTICLES_IN_ORDER"):
            orders.append([])
        if not line.startswith("ID "):
            continue
        words = line.split()
        fields = dict(zip(words[::2], words[1::2], strict=True))
        article = int(fields["ID"])
        if section == "ARTICLE_SECTION":
            weights[article] = int(fields.get("WEIGHT", "1"))
        elif section == "SKU_SECTION":
            aisle, number = int(fields["AISLE"]), int(fields["CELL"])
            homes[article] = Stop(
                location=LocationId(f"{aisle}/{number}"),
                aisle=aisle,
                block=0,
                y_mm=bottom + (cells - 1 - number) * cell,
            )
        else:
            if not orders:
                orders.append([])
            orders[-1].append((article, int(fields["QUANTITY"])))
    pitch = scaled(header["DISTANCE_AISLE_TO_AISLE"])
    length = bottom + (cells - 1) * cell + scaled(header["DISTANCE_TOP_TO_CELL"])
    plan = AislePlan(x_mm=tuple(pitch * a for a in range(int(header["NUM_AISLES"]))), cross_y_mm=(0, length))
    top = header["DEPOT_LOCATION"] == "top"
    depot = Point(location=LocationId("depot"), aisle=int(header["DEPOT_AISLE"]), y_mm=length if top else 0)
    capacity = header.get("PICKER_CAPACITY")
    return Instance(
        name,
        plan,
        depot,
        tuple(tuple({homes[a].location: homes[a] for a, _ in order}.values()) for order in orders),
        tuple(sum(quantity * weights[a] for a, quantity in order) for order in orders),
        None if capacity is None else int(capacity),
    )
