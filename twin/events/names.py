"""One table of all ids and words of a run: a name for every small integer, and back.

A long run meets millions of ids and needs most of them for a while only. The first names stay at hand, and so do the
latest; what lies between is kept as joined text, in the run's archive if it has one, and is found again by its 64-bit
hash, as it counts in the digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import overload

import numpy as np
from numpy.typing import NDArray

from twin.events.archive import Archive, Archived
from twin.events.columns import MISSING

AT_HAND = 1 << 15
"""So many first names stay at hand, and after them at least as many of the latest."""
SLOTS_LEAST = 1 << 17
SLOTS_FULL = 0.6
TOGETHER = 256
"""Names in one block of joined text."""
_SEPARATOR = "\x00"

Ints = NDArray[np.int64]


class _Codes(dict[str | None, int]):
    """Gives a new name the next code on first sight; None is missing."""

    def __init__(self, names: Names) -> None:
        super().__init__({None: MISSING})
        self.names = names

    def __missing__(self, name: str | None) -> int:
        if type(name) is not str:
            raise TypeError(f"an id or word must be text, got {name!r}")
        return self.names.admit(name)


class Names(Sequence[str]):
    """`name(code)` is the name of a code; `codes[name]` its code, given on first sight.

    `archive`: where this and others that are told of the run put what they keep of it; None: in memory.
    """

    __slots__ = (
        "_before",
        "_blocks",
        "_first",
        "_hashed",
        "_hashed_at_sight",
        "_hashes",
        "_late_from",
        "_lately",
        "_open",
        "_since",
        "_slots",
        "archive",
        "codes",
    )

    def __init__(self, names: Iterable[str] = (), archive: Archive | None = None) -> None:
        self.archive = archive
        self.codes: dict[str | None, int] = _Codes(self)
        self._first: list[str] = []
        self._blocks: list[bytes | Archived] = []
        self._lately: list[str] = []
        self._late_from = AT_HAND
        self._open: tuple[int, list[str]] = (-1, [])
        self._since: list[str] = []
        self._before: list[str] = []
        self._slots: NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._hashes: Ints = np.full(1, MISSING, dtype=np.int64)
        self._hashed = 0
        self._hashed_at_sight: list[bytes] = []
        for name in names:
            self.codes[name]

    def __len__(self) -> int:
        return self._late_from + len(self._lately) if len(self._first) == AT_HAND else len(self._first)

    def admit(self, name: str) -> int:
        """The code of a name that is not at hand: one met long ago, or a new one."""
        first = self._first
        if len(first) < AT_HAND:
            code = self.codes[name] = len(first)
            first.append(name)
            return code
        hashed = blake2b(name.encode(), digest_size=8).digest()
        code = self._met_long_ago(name, hashed) if len(self._slots) else -1
        if code < 0:
            code = self._late_from + len(self._lately)
            self._lately.append(name)
            self._hashed_at_sight.append(hashed)
        self.codes[name] = code
        self._since.append(name)
        if len(self._since) == AT_HAND:
            self._put_away()
        return code

    def find(self, name: str) -> int:
        """The code of a name, or MISSING if no event spoke of it yet; gives no new code."""
        code = self.codes.get(name)
        if code is None and len(self._slots):
            code = self._met_long_ago(name, blake2b(name.encode(), digest_size=8).digest())
        return MISSING if code is None or code < 0 else code

    def name(self, code: int) -> str | None:
        """The name of a code; None if missing."""
        return None if code == MISSING else self[code]

    @property
    def table(self) -> Sequence[str]:
        """The names by code."""
        return self

    @overload
    def __getitem__(self, code: int, /) -> str: ...

    @overload
    def __getitem__(self, code: slice, /) -> list[str]: ...

    def __getitem__(self, code: int | slice, /) -> str | list[str]:
        if isinstance(code, slice):
            return [self[one] for one in range(*code.indices(len(self)))]
        if code < len(self._first):
            return self._first[code]
        if code >= self._late_from:
            return self._lately[code - self._late_from]
        block, at = divmod(code - AT_HAND, TOGETHER)
        return self._opened(block)[at]

    def _opened(self, block: int) -> list[str]:
        if self._open[0] != block:
            text = self._blocks[block]
            text = text.read() if isinstance(text, Archived) else text
            self._open = block, text.decode().split(_SEPARATOR)
        return self._open[1]

    def texts(self, codes: Ints) -> list[str]:
        """The names of many codes, which must ascend."""
        low, high = np.searchsorted(codes, (AT_HAND, self._late_from)).tolist()
        found = [self._first[code] for code in codes[:low].tolist()]
        blocks, places = np.divmod(codes[low:high] - AT_HAND, TOGETHER)
        for of_block in np.split(np.arange(high - low), np.flatnonzero(np.diff(blocks)) + 1):
            if len(of_block):
                opened = self._opened(int(blocks[of_block[0]]))
                found += [opened[place] for place in places[of_block].tolist()]
        return found + [self._lately[code - self._late_from] for code in codes[high:].tolist()]

    def since(self, code: int) -> Iterator[str]:
        """All names from a code on."""
        yield from self.texts(np.arange(code, len(self), dtype=np.int64))

    def hashes(self, codes: Ints) -> Ints:
        """The 64-bit BLAKE2b of the names of codes; the minimum for missing."""
        if self._hashed < len(self):
            self._learn()
        taken: Ints = self._hashes.take(codes + 1, mode="clip")  # clip: missing is far below 0, and becomes entry 0
        return taken

    def _learn(self) -> None:
        size, at_sight = len(self), self._hashed_at_sight
        others = islice(self.since(self._hashed), size - self._hashed - len(at_sight))
        new = b"".join([*(blake2b(n.encode(), digest_size=8).digest() for n in others), *at_sight])
        self._hashed_at_sight = []
        if size + 1 > len(self._hashes):
            # grown in place: a copy would take as much again
            self._hashes.resize(max(1024, size + 1, len(self._hashes) * 5 // 4), refcheck=False)
        self._hashes[self._hashed + 1 : size + 1] = np.frombuffer(new, dtype="<i8")
        self._hashed = size

    def _put_away(self) -> None:
        """Names that came or were met before the latest `AT_HAND` are no more at hand."""
        if self._hashed < len(self):
            self._learn()
        gone = np.array([code for n in self._before if (code := self.codes.pop(n, -1)) >= 0], dtype=np.int64)
        self._before, self._since = self._since, []
        if len(gone):
            self._keep_findable(gone.astype(np.int32))
        while len(self._lately) >= AT_HAND + TOGETHER:
            text = _SEPARATOR.join(self._lately[:TOGETHER])
            assert text.count(_SEPARATOR) == TOGETHER - 1, "an id or word must not hold the null character"
            self._blocks.append(text.encode() if self.archive is None else self.archive.put(text.encode()))
            del self._lately[:TOGETHER]
            self._late_from += TOGETHER

    def _met_long_ago(self, name: str, hashed: bytes) -> int:
        """The code of a name that was put away, or -1."""
        wanted = int.from_bytes(hashed, "little", signed=True)
        slot, hash_of, size = self._slots.item, self._hashes.item, len(self._slots)
        at = wanted % size
        while (code := slot(at)) >= 0:
            if hash_of(code + 1) == wanted if self._hashed else self[code] == name:
                return code
            at = (at + 1) % size
        return -1

    def rest(self) -> None:
        """A run is over: let go the hashes. Should one be asked for, it is worked out again."""
        self._hashes, self._hashed = self._hashes[:1].copy(), 0

    def _keep_findable(self, codes: NDArray[np.int32]) -> None:
        """Put codes into the open table of slots: each at its hash, or the next free place after it."""
        known = self._slots[self._slots >= 0]
        room = SLOTS_LEAST
        while len(known) + len(codes) > room * SLOTS_FULL:
            room += room // 2
        if room > len(self._slots):
            self._slots = np.full(room, -1, dtype=np.int32)
            codes = np.concatenate([known, codes])
        for first in range(0, len(codes), AT_HAND):
            self._put_into_slots(codes[first : first + AT_HAND])

    def _put_into_slots(self, codes: NDArray[np.int32]) -> None:
        slots, size = self._slots, len(self._slots)
        at = self._hashes[codes.astype(np.int64) + 1] % size
        while len(codes):
            mine = slots[at] == codes
            free = slots[at] < 0
            slots[at[free]] = codes[free]
            still = ~(mine | (slots[at] == codes))
            codes, at = codes[still], (at[still] + 1) % size
