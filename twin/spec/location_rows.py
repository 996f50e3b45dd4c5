"""A WMS location master as a table: found delimiter, found columns, one row per location; CSV or XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from twin.domain.errors import DataError
from twin.spec.documents import display
from twin.spec.mistakes import Mark, Mistake, report, unknown
from twin.spec.shape import NAME_PATTERN

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "location", "locationid", "locationname", "locationcode", "loc", "locid", "bin", "binid", "bincode",
        "slot", "address", "storagebin", "storagelocation",
        "lagerplatz", "stellplatz", "platz", "库位", "库位编码", "货位", "货位编码",
    ),
    "aisle": ("aisle", "aisleid", "gang", "gasse", "corridor", "row", "rackrow", "巷道", "通道", "排"),
    "bay": ("bay", "position", "pos", "column", "col", "section", "rack", "fach", "feld", "列", "货架"),
    "level": ("level", "tier", "shelf", "ebene", "lvl", "层"),
    "x": ("x", "xcoord", "xcoordinate", "xpos", "xposition", "posx", "positionx", "coordx", "coordinatex"),
    "y": ("y", "ycoord", "ycoordinate", "ypos", "yposition", "posy", "positiony", "coordy", "coordinatey"),
    "zone": ("zone", "area", "storagezone", "zonecode", "bereich", "lagerbereich", "区", "库区", "区域"),
    "side": ("side", "seite", "lr", "侧"),
}  # fmt: skip
UNITS_M = {
    "mm": 0.001, "cm": 0.01, "m": 1.0, "ft": 0.3048, "feet": 0.3048, "in": 0.0254, "inch": 0.0254, "inches": 0.0254,
}  # fmt: skip
"""Units of length that may follow the words for x and y, in metres."""
ROWS_MAX = 500_000
FAULTS_MAX = 100


@dataclass(frozen=True, slots=True)
class LocationRow:
    """What the master says about one location; None where it says nothing. Coordinates in metres."""

    line: int
    name: str
    aisle: str | None
    bay: str | None
    level: str | None
    x_m: float | None
    y_m: float | None
    zone: str | None
    side: str | None


@dataclass(frozen=True, slots=True)
class LocationTable:
    """All rows, and what had to be guessed to read them."""

    rows: tuple[LocationRow, ...]
    guesses: tuple[str, ...]


def read_locations(path: Path) -> LocationTable:
    """The table of a file; DataError tells all that is wrong with it at once."""
    guesses: list[str] = []
    cells = _sheet(path, guesses) if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods") else _text(path, guesses)
    head_line, head = next(cells, (1, []))
    file = display(path)
    places = _columns(head, guesses)
    if "name" not in places:
        known = [word for word in head if word]
        told = unknown("name", known, "no column holds the name of a location (name, location, bin, ...)")
        raise DataError(report([Mistake(Mark(file, head_line, 1), "", told)]))
    mistakes: list[Mistake] = []
    rows: list[LocationRow] = []
    first: dict[str, int] = {}
    scale = {axis: _scale(head[places[axis]]) if axis in places else 1.0 for axis in ("x", "y")}
    for line, row in cells:
        if not any(row):
            continue
        field = {key: row[place] if place < len(row) else "" for key, place in places.items()}
        name = field["name"]
        at = Mark(file, line, places["name"] + 1)
        if not name:
            mistakes.append(Mistake(at, "name", "is empty"))
        elif not re.fullmatch(NAME_PATTERN, name):
            mistakes.append(Mistake(at, "name", f"a name without a slash is needed, got {name!r}"))
        elif name in first:
            mistakes.append(Mistake(at, "name", f"{name} a second time; first in line {first[name]}"))
        first.setdefault(name, line)
        spot: dict[str, float | None] = {}
        for axis in ("x", "y"):
            text = field.get(axis, "")
            spot[axis] = _number(text)
            if text and spot[axis] is None:
                told = f"a number is needed, got {text!r}"
                mistakes.append(Mistake(Mark(file, line, places[axis] + 1), head[places[axis]], told))
        x, y = spot["x"], spot["y"]
        both = x is not None and y is not None
        rows.append(
            LocationRow(
                line=line,
                name=name,
                aisle=_word(field.get("aisle")),
                bay=field.get("bay") or None,
                level=field.get("level") or None,
                x_m=x * scale["x"] if both and x is not None else None,
                y_m=y * scale["y"] if both and y is not None else None,
                zone=_word(field.get("zone")),
                side=field.get("side") or None,
            )
        )
        if len(rows) > ROWS_MAX:
            mistakes.append(Mistake(at, "", f"more than {ROWS_MAX:,} locations are not read"))
            break
        if len(mistakes) >= FAULTS_MAX:
            mistakes.append(Mistake(Mark(file, line + 1, 1), "", "the rest is not read: mend these first"))
            break
    if not rows and not mistakes:
        mistakes.append(Mistake(Mark(file), "", "holds no location: no row below the head"))
    if mistakes:
        raise DataError(report(mistakes))
    return LocationTable(tuple(_in_metres(rows, scale, guesses)), tuple(guesses))


def _text(path: Path, guesses: list[str]) -> Iterator[tuple[int, list[str]]]:
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise DataError(f"{display(path)}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    text = None
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding not in ("utf-8-sig", "utf-16"):
            guesses.append(f"encoding: not UTF-8, read as {encoding}")
        break
    if text is None or "\0" in text:
        raise DataError(f"{display(path)}: is not a text table; save it as CSV (UTF-8) or XLSX")
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t|", key=lambda sign: (head.count(sign), -",;\t|".index(sign)))
    if delimiter != "," and delimiter in head:
        guesses.append(f"delimiter: {'tab' if delimiter == chr(9) else delimiter}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise DataError(f"{display(path)}: line {reader.line_num}: {error}") from None


def _sheet(path: Path, guesses: list[str]) -> Iterator[tuple[int, list[str]]]:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        told = "reading a spreadsheet needs the extra: pip install 'warehouse-twin[excel]'; or save it as CSV"
        raise DataError(f"{display(path)}: {told}") from None
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        sheets = [book.get_sheet_by_name(name).to_python() for name in names] or [[]]
    except Exception as error:  # the reader's own classes differ between its versions
        raise DataError(f"{display(path)}: cannot be read as a spreadsheet: {error}") from None
    named = [n for n, sheet in enumerate(sheets) if "name" in _columns(_head(sheet), [])]
    chosen = named[0] if named else 0
    rows = sheets[chosen]
    if len(names) > 1:
        why = "the first that names locations" if chosen else "the first"
        guesses.append(f"sheet: {names[chosen]}, {why} of {len(names)}")
    for line, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        if any(cells):
            yield line, cells


def _head(sheet: Sequence[Sequence[object]]) -> list[str]:
    """The first row that holds anything."""
    return next((cells for row in sheet if any(cells := [_cell(value) for value in row])), [])


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _columns(head: Sequence[str], guesses: list[str]) -> dict[str, int]:
    """Which column holds what: exact words before other words for the same."""
    words = [re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", cell.lower()) for cell in head]
    places: dict[str, int] = {}
    for key, synonyms in COLUMNS.items():
        if key in ("x", "y"):
            synonyms = tuple(word + unit for word in synonyms for unit in ("", *UNITS_M))
        for synonym in synonyms:
            if synonym in words and words.index(synonym) not in places.values():
                places[key] = words.index(synonym)
                if head[places[key]] != key:
                    guesses.append(f"column {key}: read from {head[places[key]]!r}")
                break
    unread = [cell for place, cell in enumerate(head) if cell and place not in places.values()]
    if unread and "name" in places:
        guesses.append(f"columns not read: {', '.join(unread)}")
    return places


def _word(text: str | None) -> str | None:
    """A name of an aisle or zone: ids hold no slash."""
    return re.sub(r"[/\s]+", "-", text).strip("-") or None if text else None


def _number(text: str) -> float | None:
    plain = text.replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[-+]?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None


def _scale(head: str) -> float:
    """Metres in the unit that the heading ends in; metres where it names none."""
    word = re.sub(r"[^a-z]", "", head.lower())
    for known in (*COLUMNS["x"], *COLUMNS["y"]):
        if word.startswith(known) and word[len(known) :] in UNITS_M:
            return UNITS_M[word[len(known) :]]
    return 1.0


def _in_metres(rows: list[LocationRow], scale: dict[str, float], guesses: list[str]) -> list[LocationRow]:
    """Coordinates that can only be millimetres are read as such: no hall is two kilometres long."""
    spots = [(row.x_m, row.y_m) for row in rows if row.x_m is not None and row.y_m is not None]
    if not spots or scale != {"x": 1.0, "y": 1.0}:
        return rows
    xs, ys = zip(*spots, strict=True)
    if max(max(xs) - min(xs), max(ys) - min(ys)) <= 2000:
        return rows
    guesses.append("x, y: read as millimetres, since the hall would else be more than 2 km long")
    return [
        row if row.x_m is None or row.y_m is None else replace(row, x_m=row.x_m / 1000, y_m=row.y_m / 1000)
        for row in rows
    ]
