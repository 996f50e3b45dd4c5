"""Cleaning of order rows, rule by rule in the order written, each with its own count of refusals."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from twin.domain.errors import DataError
from twin.spec.delimited import Table
from twin.spec.goods import CleaningStep, DropBelow, DropCodes, KeepMatching, MaxUnitsPerLine, MergeBy

Places = dict[str, int]
Moment = Callable[[str], datetime]
Report = list[dict[str, Any]]


def clean(
    table: Table, steps: tuple[CleaningStep, ...], places: Places,
    moment: Moment = datetime.fromisoformat,
) -> tuple[Table, Report]:  # fmt: skip
    """The rows that are left and what each step did; kept + refused = rows before it. `moment` reads a time."""
    rows, lines = table.rows, table.lines
    report: Report = [{"rule": "read", "rows": len(rows), "kept": len(rows), "refused": {}, **_sums(rows, places)}]
    for number, step in enumerate(steps, 1):
        name, rule = next((n, getattr(step, n)) for n in type(step).model_fields if getattr(step, n) is not None)
        before = len(rows)
        try:
            rows, lines, refused = _STEPS[name](table, rule, rows, lines, places, moment)
        except re.error as error:
            raise DataError(f"demand.cleaning.{number - 1}.{name}: not a regular expression: {error}") from None
        report.append(
            {"rule": f"{number} {name}", "rows": before, "kept": len(rows), "refused": refused, **_sums(rows, places)}
        )
    return replace(table, rows=rows, lines=lines), report


def _sums(rows: list[list[str]], places: Places) -> dict[str, int]:
    order, sku, units = places["order"], places["sku"], places["units"]
    return {
        "orders": len({r[order] for r in rows}),
        "skus": len({r[sku].upper() for r in rows}),
        "units": sum(int(_number(r[units])) for r in rows if math.isfinite(_number(r[units]))),
    }


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _filtered(rows: list[list[str]], lines: list[int], keep: list[bool], reason: str) -> Any:
    kept_rows = [r for r, k in zip(rows, keep, strict=True) if k]
    kept_lines = [n for n, k in zip(lines, keep, strict=True) if k]
    return kept_rows, kept_lines, {reason: len(rows) - len(kept_rows)}


def _keep_matching(
    table: Table, rule: KeepMatching, rows: list[list[str]], lines: list[int], places: Places, moment: Moment
) -> Any:
    at, fits = table.at(rule.column), re.compile(rule.pattern).fullmatch
    return _filtered(rows, lines, [fits(r[at]) is not None for r in rows], f"{rule.column} does not match")


def _drop_codes(
    table: Table, rule: DropCodes, rows: list[list[str]], lines: list[int], places: Places, moment: Moment
) -> Any:
    at = table.at(rule.column)
    codes = {c.upper() for c in rule.codes}
    prefixes = tuple(p.upper() for p in rule.prefixes)
    keep = [not (r[at].upper() in codes or (prefixes and r[at].upper().startswith(prefixes))) for r in rows]
    return _filtered(rows, lines, keep, f"{rule.column} is a dropped code")


def _drop_below(
    table: Table, rule: DropBelow, rows: list[list[str]], lines: list[int], places: Places, moment: Moment
) -> Any:
    at = table.at(rule.column)
    other = table.at(rule.only_if_empty) if rule.only_if_empty is not None else None
    keep = [_number(r[at]) >= rule.least or (other is not None and r[other] != "") for r in rows]
    odd = sum([not k and r[at] != "" and math.isnan(_number(r[at])) for r, k in zip(rows, keep, strict=True)])
    kept, kept_lines, refused = _filtered(rows, lines, keep, reason := f"{rule.column} below {rule.least:g}")
    if odd:
        refused = {reason: refused[reason] - odd, f"{rule.column} is no number": odd}
    return kept, kept_lines, refused


def _drop_empty(
    table: Table, rule: tuple[str, ...], rows: list[list[str]], lines: list[int], places: Places, moment: Moment
) -> Any:
    at = [table.at(c) for c in rule]
    return _filtered(rows, lines, [all(r[i] for i in at) for r in rows], "a needed field is empty")


def _merge_by(
    table: Table, rule: MergeBy, rows: list[list[str]], lines: list[int], places: Places, moment: Moment
) -> Any:
    """Rows are compared in upper case where they name the SKU; units add up, the earliest time stays."""
    at = [table.at(c) for c in rule.columns]
    sku, units, received = places["sku"], places["units"], places["received_at"]
    merged: dict[tuple[str, ...], int] = {}
    kept: list[list[str]] = []
    kept_lines: list[int] = []
    for row, line in zip(rows, lines, strict=True):
        key = tuple([row[i].upper() if i == sku else row[i] for i in at])
        where = merged.get(key)
        if where is None:
            merged[key] = len(kept)
            row = list(row)
            row[sku] = row[sku].upper()
            kept.append(row)
            kept_lines.append(line)
            continue
        first = kept[where]
        total = _number(first[units]) + _number(row[units])
        first[units] = str(int(total)) if total.is_integer() else str(total)
        first[received] = _earlier(first[received], row[received], moment)
    return kept, kept_lines, {"added to another row": len(rows) - len(kept)}


def _earlier(one: str, other: str, moment: Moment) -> str:
    """The earlier of two times; what is no time is told of later, with its line."""
    try:
        return one if moment(one) <= moment(other) else other
    except (ValueError, TypeError):
        return min(one, other)


def _max_units(
    table: Table, rule: MaxUnitsPerLine, rows: list[list[str]], lines: list[int], places: Places, moment: Moment
) -> Any:
    units = places["units"]
    if rule.action == "drop":
        return _filtered(
            rows, lines, [not _number(r[units]) > rule.units for r in rows], f"more than {rule.units} units"
        )
    out = [
        [*row[:units], str(rule.units), *row[units + 1 :]] if _number(row[units]) > rule.units else row for row in rows
    ]
    return out, lines, {}


_STEPS: dict[str, Any] = {
    "keep_matching": _keep_matching, "drop_codes": _drop_codes, "drop_below": _drop_below, "drop_empty": _drop_empty,
    "merge_by": _merge_by, "max_units_per_line": _max_units,
}  # fmt: skip
