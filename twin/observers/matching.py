"""Joining facts to facts, in vectors: who is who, what came next, what adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from twin.events.chunk import Ints

Flags = NDArray[np.bool_]
ROWS_TOGETHER = 1 << 15
SHARE_ROWS = 1 << 15
"""Of more rows than so many a share at a time is looked at, where each is about one person or thing."""


def positions(values: Ints, among: Ints) -> Ints:
    """For each value its first place in `among`, or -1."""
    if not len(among):
        return np.full(len(values), -1, dtype=np.int64)
    order = np.argsort(among, kind="stable").astype(np.int64)
    at = np.searchsorted(among[order], values)
    found = order[np.minimum(at, len(among) - 1)]
    return np.where(among[found] == values, found, -1)


def shares(rows: int) -> Iterator[Callable[[Ints], Flags]]:
    """Parts the codes of persons or things among shares of about `SHARE_ROWS` of the rows about them."""
    count = 1 + rows // SHARE_ROWS
    for share in range(count):
        yield lambda codes, share=share: codes % count == share  # type: ignore[misc]


class Among:
    """Whether codes are among some, by a table of all codes from the least of these to the greatest."""

    def __init__(self, codes: Ints) -> None:
        there = codes[codes >= 0]
        self._least = int(there.min()) if len(there) else 0
        self._table = np.zeros(int(there.max()) - self._least + 1 if len(there) else 0, dtype=np.bool_)
        self._table[there - self._least] = True

    def __call__(self, codes: Ints) -> Flags:
        at = codes - self._least
        inside: Flags = (codes >= self._least) & (at < len(self._table))
        inside[inside] = self._table[at[inside]]
        return inside


def following(keys: Ints, seq: Ints, of_keys: Ints, of_seq: Ints) -> Ints:
    """For each (key, seq) the place of the next fact of the same key after it, or -1."""
    return _neighbour(keys, seq, of_keys, of_seq, after=True)


def preceding(keys: Ints, seq: Ints, of_keys: Ints, of_seq: Ints) -> Ints:
    """For each (key, seq) the place of the last fact of the same key before it, or -1."""
    return _neighbour(keys, seq, of_keys, of_seq, after=False)


def _neighbour(keys: Ints, seq: Ints, of_keys: Ints, of_seq: Ints, *, after: bool) -> Ints:
    return Succession(of_keys, of_seq).neighbour(keys, seq, after=after)


class Succession:
    """Facts by key and seq, ready to be asked many times which one comes next, or came last."""

    def __init__(self, keys: Ints, seq: Ints) -> None:
        self.keys = keys
        self._known = np.unique(keys)
        self._span = int(seq.max()) + 2 if len(seq) else 1
        line = np.searchsorted(self._known, keys) * self._span + seq
        self._order = np.argsort(line, kind="stable").astype(np.int64)
        self._line = line[self._order]

    def neighbour(self, keys: Ints, seq: Ints, *, after: bool) -> Ints:
        """For each (key, seq) the place of the fact of the same key next after it (or last before it), or -1."""
        if not len(self.keys) or not len(keys):
            return np.full(len(keys), -1, dtype=np.int64)
        line = np.searchsorted(self._known, keys) * self._span + np.clip(seq, -1, self._span - 1)
        at = np.searchsorted(self._line, line, side="right" if after else "left") - (0 if after else 1)
        inside = (at >= 0) & (at < len(self._order))
        found = self._order[np.clip(at, 0, len(self._order) - 1)]
        return np.where(inside & (self.keys[found] == keys), found, -1)


def sums(index: Ints, amounts: Ints, size: int) -> Ints:
    """Amounts added up by index, in whole numbers; index -1 counts nowhere."""
    total = np.zeros(size, dtype=np.int64)
    there = index >= 0
    np.add.at(total, index[there], amounts[there])
    return total


def latest(index: Ints, values: Ints, size: int, start: int) -> Ints:
    """The greatest value by index, `start` where there is none; index -1 counts nowhere."""
    most = np.full(size, start, dtype=np.int64)
    there = index >= 0
    np.maximum.at(most, index[there], values[there])
    return most


def grouped(*columns: Ints) -> tuple[Ints, Ints]:
    """Number the distinct rows of parallel columns: (number of each row, a row that shows each number)."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        distinct, place = np.unique(column, return_inverse=True)
        code = np.unique(code * (len(distinct) + 1) + place.reshape(-1), return_inverse=True)[1].reshape(-1)
    _, shown, number = np.unique(code, return_index=True, return_inverse=True)
    return number.reshape(-1).astype(np.int64), shown.astype(np.int64)


def covered(who: Ints, start: Ints, end: Ints, low: int, high: int) -> dict[int, int]:
    """By `who` the time from `low` to `high` that its intervals cover; where they overlap it counts once."""
    start, end = np.clip(start, low, high) - low, np.clip(end, low, high) - low
    some = end > start
    if not some.any():
        return {}
    who, start, end = who[some], start[some], end[some]
    people, rank = np.unique(who, return_inverse=True)
    rank = rank.reshape(-1)
    span = high - low + 1
    order = np.lexsort((start, rank))
    rank, begins, ends = rank[order], (start + rank * span)[order], (end + rank * span)[order]
    reached = np.maximum.accumulate(ends)
    before = np.concatenate([[0], reached[:-1]])
    new = np.maximum(0, ends - np.maximum(begins, before))
    return dict(zip(people.tolist(), sums(rank.astype(np.int64), new, len(people)).tolist(), strict=True))


class Totals:
    """Amounts added up by parallel key columns, a few thousand rows at a time: memory is that of the distinct keys."""

    def __init__(self, keys: int = 4) -> None:
        self._keys = keys
        self._parts: list[tuple[Ints, ...]] = []
        self._waiting = 0

    def add(self, *columns: Ints) -> None:
        """Take rows: the keys, and last the amounts."""
        self._parts.append(columns)
        self._waiting += len(columns[-1])
        if self._waiting >= ROWS_TOGETHER:
            self.rows()

    def rows(self) -> tuple[Ints, ...]:
        """Each distinct key once, and last the sum of its amounts."""
        if not self._parts:
            return (np.empty(0, dtype=np.int64),) * (self._keys + 1)
        *keys, amounts = (np.concatenate(some) for some in zip(*self._parts, strict=True))
        number, shown = grouped(*keys)
        whole = (*[key[shown] for key in keys], sums(number, amounts, len(shown)))
        self._parts, self._waiting = [whole], 0
        return whole
