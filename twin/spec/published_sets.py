"""Published routing and batching instances, read as the policies see them.

Lengths become whole numbers by one power of ten per instance (`scale`). Cell 0 is next to the top (back) cross-aisle,
and the depot may be at the top: y = bottom + (cells - 1 - c) * cell.
"""

from __future__ import annotations

import csv
import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.errors import DataError
from twin.domain.ids import LocationId

SETS = {
    "sprp": "pick lists of Hessler and Irnich, one block",
    "sprp-two-blocks": "the same files with a middle cross-aisle",
    "bahceci-oncan": "order batching, Bahceci and Oncan",
    "muter-oncan": "order batching, Muter and Oncan; entry distance 1.5 as in the published values",
    "henn-waescher": "order batching, Henn and Waescher: 10 aisles of 45 positions, both editions of the files",
}
ENTRIES = {"muter-oncan": Decimal("1.5")}
NAME_OF_HENN = re.compile(r"(?P<setting>.+)-(?P<orders>\d+)-(?P<capacity>\d+)-(?P<number>\d+)$")


@dataclass(frozen=True, slots=True)
class Instance:
    """One depot, the orders with their stops (one per location) and sizes; capacity None: one pick list.

    scale: whole lengths here per unit of length there.
    """

    name: str
    plan: AislePlan
    depot: Point
    orders: tuple[tuple[Stop, ...], ...]
    sizes: tuple[int, ...]
    capacity: int | None
    scale: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The published value of an instance, in its own unit; `proven`: no tour can be shorter."""

    value: float
    proven: bool


def instances(of_set: str, path: Path) -> Iterator[Instance]:
    """The instances of a folder of .txt files or of the .tgz in it, by file name."""
    if of_set not in SETS:
        raise DataError(f"--set {of_set}: unknown; known: {', '.join(SETS)}")
    for name, text in _files(path):
        yield read(of_set, name, text)


def references(path: Path) -> dict[str, Reference]:
    """optima.csv of the folder, or of the folder of the .tgz: columns instance and optimum, or best_known.

    Without the file: nothing. With semicolons the numbers are German ones (127,2 and 3.077 for 3077).
    """
    folder = path if path.is_dir() else path.parent
    file = folder / "optima.csv"
    if not file.is_file():
        return {}
    text = file.read_text(encoding="latin-1")
    german = ";" in text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if german else ",")
    columns = set(rows.fieldnames or ())
    column = "optimum" if "optimum" in columns else "best_known"
    if not {"instance", column} <= columns:
        raise DataError(f"{file}:1: columns instance and optimum (or best_known) are needed, got {sorted(columns)}")
    found: dict[str, Reference] = {}
    for row in rows:
        raw = str(row[column] or "").strip()
        try:
            value = float(raw.replace(".", "").replace(",", ".") if german else raw)
        except ValueError:
            raise DataError(f"{file}:{rows.line_num}: {column}: a number is needed, got {raw!r}") from None
        found[Path(str(row["instance"])).name] = Reference(value, column == "optimum")
    return found


def _files(path: Path) -> Iterator[tuple[str, str]]:
    if not path.exists():
        raise DataError(f"{path}: is not there; name a folder of instances, or the .tgz in it")
    texts = sorted(path.rglob("*.txt"), key=lambda p: p.name) if path.is_dir() else []
    texts = [p for p in texts if p.name not in ("README.txt", "LICENSE.txt")]
    if texts:
        for file in texts:
            yield file.name, file.read_bytes().decode("latin-1")
        return
    archive_path = path
    if path.is_dir():
        archives = sorted([*path.glob("*.tgz"), *path.glob("*.tar.gz")])
        if not archives:
            raise DataError(f"{path}: holds neither .txt files nor a .tgz")
        archive_path = archives[0]
    try:
        with tarfile.open(archive_path) as archive:
            members = [m for m in archive.getmembers() if m.isfile() and m.name.endswith(".txt")]
            for member in sorted(members, key=lambda m: Path(m.name).name):
                content = archive.extractfile(member)
                if content is not None:
                    yield Path(member.name).name, content.read().decode("latin-1")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise DataError(f"{archive_path}: cannot be read as an archive: {error}") from None


def read(of_set: str, name: str, text: str) -> Instance:
    """One file; DataError names the file and what it lacks."""
    try:
        if of_set == "henn-waescher" and "ARTICLE_SECTION" not in text:
            return _henn_waescher(name, text)
        return _hessler_irnich(of_set, name, text)
    except KeyError as error:
        raise DataError(f"{name}: {error.args[0]} is missing or unknown") from None
    except (ValueError, InvalidOperation, IndexError) as error:
        raise DataError(f"{name}: cannot be read as an instance of {of_set}: {error}") from None


def _scale(lengths: list[Decimal]) -> int:
    for scale in (1, 10, 100, 1000):
        if all(length * scale == int(length * scale) for length in lengths):
            return scale
    raise ValueError(f"lengths with more than three decimals: {', '.join(map(str, lengths))}")


def _hessler_irnich(of_set: str, name: str, text: str) -> Instance:
    header: dict[str, str] = {}
    weights: dict[int, int] = {}
    homes: dict[int, tuple[int, int]] = {}
    orders: list[list[tuple[int, int]]] = []
    section = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line == "EOF":
            continue
        if line.endswith("_SECTION"):
            section = line
        elif not section:
            key, _, value = line.partition(":")
            header[key.strip()] = value.strip()
        elif line.startswith("NUM_ARTICLES_IN_ORDER"):
            orders.append([])
        elif line.startswith("ID "):
            words = line.split()
            fields = dict(zip(words[::2], words[1::2], strict=True))
            article = int(fields["ID"])
            if section == "ARTICLE_SECTION":
                weights[article] = int(fields.get("WEIGHT", "1"))
            elif section == "SKU_SECTION":
                homes[article] = int(fields["AISLE"]), int(fields["CELL"])
            else:
                if not orders:
                    orders.append([])
                orders[-1].append((article, int(fields["QUANTITY"])))
    aisles, cells = int(header["NUM_AISLES"]), int(header["NUM_CELLS"])
    pitch, cell = Decimal(header["DISTANCE_AISLE_TO_AISLE"]), Decimal(header["DISTANCE_CELL_TO_CELL"])
    bottom = ENTRIES.get(of_set, Decimal(header["DISTANCE_BOTTOM_TO_CELL"]))
    top = ENTRIES.get(of_set, Decimal(header["DISTANCE_TOP_TO_CELL"]))
    scale = _scale([pitch, cell, bottom, top])
    two = of_set == "sprp-two-blocks"
    middle = cells // 2

    def y_of(number: int) -> int:
        if not 0 <= number < cells:
            raise ValueError(f"CELL {number} is not in 0 to {cells - 1}")
        above = cell if two and number < middle else Decimal(0)
        return int((bottom + (cells - 1 - number) * cell + above) * scale)

    length = int((bottom + (cells - 1) * cell + top + (cell if two else 0)) * scale)
    between = int((bottom + (cells - 1 - middle) * cell + cell) * scale)
    plan = AislePlan(
        x_mm=tuple([int(pitch * a * scale) for a in range(aisles)]),
        cross_y_mm=(0, between, length) if two else (0, length),
    )
    stops = {
        article: Stop(
            location=LocationId(f"{aisle}/{number}"), aisle=aisle, block=int(two and number < middle), y_mm=y_of(number)
        )
        for article, (aisle, number) in homes.items()
    }
    at_top = {"top": True, "bottom": False}[header["DEPOT_LOCATION"]]
    depot = Point(location=LocationId("depot"), aisle=int(header["DEPOT_AISLE"]), y_mm=length if at_top else 0)
    if any(s.aisle >= aisles for s in stops.values()) or not 0 <= (depot.aisle or 0) < aisles:
        raise ValueError(f"an AISLE is not in 0 to {aisles - 1}")
    capacity = header.get("PICKER_CAPACITY")
    return Instance(
        name, plan, depot,
        tuple([tuple({stops[a].location: stops[a] for a, _ in order}.values()) for order in orders]),
        tuple([sum([quantity * weights[a] for a, quantity in order]) for order in orders]),
        None if capacity is None else int(capacity), scale,
    )  # fmt: skip


def _henn_waescher(name: str, text: str) -> Instance:
    """The original edition: `Aisle` counts rack sides; size and capacity (in the name) count articles."""
    named = NAME_OF_HENN.match(Path(name).stem)
    if named is None:
        raise ValueError("the file name must end in <orders>-<capacity>-<number>")
    orders: list[list[Stop]] = []
    sizes: list[int] = []
    for raw in text.splitlines():
        opened = re.match(r"\s*Order\s+\d+\s+number of articles\s+(\d+)", raw, re.IGNORECASE)
        if opened:
            orders.append([])
            sizes.append(int(opened[1]))
            continue
        row = re.match(r"\s*\d+\s+Aisle\s+(\d+)\s+Location\s+(\d+)", raw, re.IGNORECASE)
        if row:
            aisle, position = int(row[1]) // 2, int(row[2])
            if aisle > 9 or position > 44:
                raise ValueError(f"Aisle {row[1]} Location {position} is outside 20 rack sides of 45 positions")
            stop = Stop(location=LocationId(f"{aisle}/{position}"), aisle=aisle, block=0, y_mm=15 + 10 * position)
            orders[-1].append(stop)
    listed = [len(order) for order in orders]
    if not orders or listed != sizes:
        raise ValueError(f"orders say {sizes} articles, {listed} are listed")
    return Instance(
        name,
        AislePlan(x_mm=tuple([50 * a for a in range(10)]), cross_y_mm=(0, 470)),
        Point(location=LocationId("depot"), aisle=0, y_mm=0),
        tuple([tuple({s.location: s for s in order}.values()) for order in orders]),
        tuple(sizes), int(named["capacity"]), 10,
    )  # fmt: skip
