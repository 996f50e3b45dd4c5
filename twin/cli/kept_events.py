"""All events of a live run in memory, by kind and narrow, to be asked for as a recording is.

A kind keeps only the columns that it has: about 30 bytes an event where a chunk takes 170.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from twin.events.catalogue import KINDS
from twin.events.chunk import Chunk, joined
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, TEXTS
from twin.events.names import Names
from visualizer.stored.growing import Array, Growing

GATHERED_EVENTS = 4096
"""Short chunks of a stepped run are put away so many events at a time, or when somebody asks."""

_NULL = np.iinfo(np.int32).min
_MOST = np.iinfo(np.int32).max
_NAMES, _TEXTS = frozenset(NAMES), frozenset(TEXTS)


class Fitting:
    """Whole numbers in four bytes each while they fit, in eight from the first that does not."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values = Growing(np.int32)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return self._values.nbytes

    def extend(self, more: Array) -> None:
        """Put values behind the last; MISSING among them."""
        missing = more == MISSING
        if self._is_narrow:
            there = more[~missing] if missing.any() else more
            if not len(there) or (there.min() > _NULL and there.max() <= _MOST):
                small = more.astype(np.int32)
                small[missing] = _NULL
                self._values.extend(small)
                return
            wide = Growing(np.int64)
            wide.extend(self.values)
            self._values = wide
        self._values.extend(more)

    @property
    def _is_narrow(self) -> bool:
        return self._values.values.dtype == np.int32

    @property
    def values(self) -> Array:
        """All, as int64 with MISSING."""
        return self.part(0, len(self))

    def part(self, start: int, end: int) -> Array:
        """Some, as int64 with MISSING."""
        some = self._values.values[start:end]
        if some.dtype == np.int64:
            return some
        wide = some.astype(np.int64)
        wide[some == _NULL] = MISSING
        return wide

    def at(self, places: Array) -> Array:
        """Those at some places, as int64 with MISSING."""
        some = self._values.values[places]
        if some.dtype == np.int64:
            return some
        wide = some.astype(np.int64)
        wide[some == _NULL] = MISSING
        return wide

    def upto(self, value: int) -> int:
        """How many are at most `value`, of ascending values."""
        return int(np.searchsorted(self._values.values, value, side="right"))

    def where(self, value: int, end: int) -> Array:
        """Places before `end` that hold a value, ascending."""
        return np.flatnonzero(self._values.values[:end] == value)


class _OfKind:
    """The events of one kind. Texts of rare kinds are kept as they are."""

    def __init__(self, kind: str) -> None:
        fields = KINDS[kind].fields
        self.row = Fitting()
        self.whole = {f: Fitting() for f in fields if f not in FLOATS and f not in TEXTS and f != "at_ms"}
        self.floats = {f: Growing(np.float64) for f in fields if f in FLOATS}
        self.texts: dict[str, list[str | None]] = {f: [] for f in fields if f in TEXTS}

    def fold(self, chunk: Chunk, rows: Any) -> None:
        self.row.extend(rows + chunk.first_seq)
        for name, column in self.whole.items():
            column.extend(chunk.take(name, rows))
        for name, some in self.floats.items():
            values = chunk.columns.get(name)
            some.extend(np.full(len(rows), np.nan) if values is None else values[rows])
        for name, texts in self.texts.items():
            values = chunk.columns.get(name)
            texts.extend([None] * len(rows) if values is None else values[rows].tolist())

    @property
    def nbytes(self) -> int:
        numbers = sum(column.nbytes for column in (self.row, *self.whole.values()))
        others = sum(some.nbytes for some in self.floats.values()) + sum(8 * len(t) for t in self.texts.values())
        return numbers + others


class KeptEvents:
    """A sink that keeps what it folds and answers as `visualizer.feed.Feed` asks."""

    def __init__(self) -> None:
        self.names = Names()
        self._at_ms = Fitting()
        self._kinds: dict[str, _OfKind] = {}
        self._waiting: list[Chunk] = []
        self._events_waiting = 0
        self._seen: dict[str, dict[str, int]] = {}
        self._found: dict[str, set[int]] = {}

    def __len__(self) -> int:
        return len(self._at_ms) + self._events_waiting

    @property
    def nbytes(self) -> int:
        """Memory held by what was put away."""
        return self._at_ms.nbytes + sum(kept.nbytes for kept in self._kinds.values())

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.names = chunk.names
        self._waiting.append(chunk)
        self._events_waiting += chunk.size
        if self._events_waiting >= GATHERED_EVENTS:
            self._put_away()

    def _put_away(self) -> None:
        if not self._waiting:
            return
        chunk = self._waiting[0] if len(self._waiting) == 1 else joined(self._waiting)
        self._waiting, self._events_waiting = [], 0
        self._at_ms.extend(chunk.columns["at_ms"])
        for code in np.unique(chunk.columns["kind"]).tolist():
            kind = self.names.table[code]
            if kind not in self._kinds:
                self._kinds[kind] = _OfKind(kind)
            self._kinds[kind].fold(chunk, chunk.rows(kind))

    # --- what is asked ------------------------------------------------------------------------------------------

    def history(self, column: str, name: str, last_seq: int | None, limit: int) -> list[dict[str, Any]]:
        """The last events that name a thing, in order."""
        self._put_away()
        code = self.names.find(name)
        if _known(column) not in _NAMES or code == MISSING:
            return []
        found: list[tuple[int, str, int]] = []
        for kind, kept in self._kinds.items():
            if column in kept.whole:
                end = len(kept.row) if last_seq is None else kept.row.upto(last_seq)
                places = kept.whole[column].where(code, end)[-limit:]
                found += [(int(kept.row.part(p, p + 1)[0]), kind, p) for p in places.tolist()]
        found.sort()
        return [self._record(kind, place) for _, kind, place in found[max(0, len(found) - limit) :]]

    def records(self, first_seq: int, last_seq: int, kinds: Sequence[str] | None) -> list[dict[str, Any]]:
        """Events by number, both ends included."""
        self._put_away()
        found: list[tuple[int, str, int]] = []
        for kind, kept in self._kinds.items():
            if kinds is None or kind in kinds:
                start, end = kept.row.upto(first_seq - 1), kept.row.upto(last_seq)
                rows = kept.row.part(start, end).tolist()
                found += [(row, kind, start + i) for i, row in enumerate(rows)]
        return [self._record(kind, place) for _, kind, place in sorted(found)]

    def names_like(self, column: str, text: str, limit: int) -> list[str]:
        """Names in a column that hold a text, the shortest first."""
        self._put_away()
        if _known(column) not in _NAMES:
            return []
        seen, found = self._seen.setdefault(column, {}), self._found.setdefault(column, set())
        for kind, kept in self._kinds.items():
            if column in kept.whole:
                values = kept.whole[column]
                found |= set(np.unique(values.part(seen.get(kind, 0), len(values))).tolist())
                seen[kind] = len(values)
        low = text.lower()
        like = [n for n in (self.names.name(code) for code in found) if n is not None and low in n.lower()]
        return sorted(like, key=lambda n: (len(n), n))[:limit]

    def columns(self, kind: str, columns: Sequence[str]) -> Mapping[str, Array]:
        """All facts of a kind, names as text."""
        self._put_away()
        kept = self._kinds.get(kind)
        size = 0 if kept is None else len(kept.row)
        row = np.empty(0, dtype=np.int64) if kept is None else kept.row.values
        answer: dict[str, Array] = {"row": row, "at_ms": self._at_ms.at(row)}
        for column in map(_known, columns):
            answer[column] = self._column(kept, column, 0, size)
        return answer

    def facts(self, kinds: Sequence[str], columns: Sequence[str], first_row: int, last_row: int) -> dict[str, Array]:
        """Facts of some kinds between two rows, both included, in order; names as text."""
        self._put_away()
        parts: dict[str, list[Array]] = {name: [] for name in ("row", "kind", *map(_known, columns))}
        for kind in kinds:
            kept = self._kinds.get(kind)
            if kept is None:
                continue
            start, end = kept.row.upto(first_row - 1), kept.row.upto(last_row)
            if start < end:
                parts["row"].append(kept.row.part(start, end))
                parts["kind"].append(np.full(end - start, kind, dtype=object))
                for column in columns:
                    parts[column].append(self._column(kept, column, start, end))
        found = {name: np.concatenate(some) if some else np.empty(0, dtype=np.int64) for name, some in parts.items()}
        order = np.argsort(found["row"], kind="stable")
        found = {name: values[order] for name, values in found.items()}
        return {"row": found["row"], "at_ms": self._at_ms.at(found["row"]), **found}

    def _column(self, kept: _OfKind | None, column: str, start: int, end: int) -> Array:
        size = end - start
        if kept is not None and column in kept.floats:
            return kept.floats[column].values[start:end].copy()
        if column in _TEXTS or column in FLOATS:
            texts = kept.texts[column][start:end] if kept is not None and column in kept.texts else None
            if column in FLOATS:
                return np.full(size, np.nan)
            return np.array([*(texts or [None] * size), None], dtype=object)[:-1]
        codes = (
            np.full(size, MISSING, dtype=np.int64)
            if kept is None or column not in kept.whole
            else kept.whole[column].part(start, end)
        )
        return self._named(codes) if column in _NAMES else codes

    def _named(self, codes: Array) -> Array:
        some, back = np.unique(codes, return_inverse=True)
        names = np.array([*(self.names.name(code) for code in some.tolist()), None], dtype=object)
        named: Array = names[back]
        return named

    def _record(self, kind: str, place: int) -> dict[str, Any]:
        kept = self._kinds[kind]
        row = int(kept.row.part(place, place + 1)[0])
        record: dict[str, Any] = {
            "at_ms": int(self._at_ms.part(row, row + 1)[0]), "seq": row, "kind": kind, "side": KINDS[kind].side
        }  # fmt: skip
        for name, column in kept.whole.items():
            value = int(column.part(place, place + 1)[0])
            if value != MISSING:
                record[name] = self.names.table[value] if name in _NAMES else value
        for name, some in kept.floats.items():
            score = float(some.values[place])
            if score == score:
                record[name] = score
        for name, texts in kept.texts.items():
            if texts[place] is not None:
                record[name] = texts[place]
        return record


def _known(column: str) -> str:
    if column not in COLUMNS:
        raise ValueError(f"no such column: {column}")
    return column
