"""Searching thousands of open homes for thousands of SKUs: each take costs log n, however many homes are gone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from twin.policies.stable import word

HomeRow = tuple[str, int, float]
"""(location, walk_mm, free_l)."""

GONE = -1.0


class OpenHomes(Protocol):
    """Homes of one kind that are still free."""

    def take(self, sku: str, litres: float) -> str | None:
        """The best home with room for the litres, no longer open afterwards; None if there is none."""


class SortedHomes:
    """Least (walk_mm, location) with room: a tournament of the free litres over the homes in that order."""

    def __init__(self, homes: Sequence[HomeRow]) -> None:
        rows = sorted(homes, key=lambda row: (row[1], row[0]))
        self._locations = [row[0] for row in rows]
        self._place = {location: place for place, location in enumerate(self._locations)}
        self._leaves = 1 << max(0, len(rows) - 1).bit_length()
        room = [GONE] * (2 * self._leaves)
        for place, (_, _, free_l) in enumerate(rows):
            room[self._leaves + place] = max(free_l, 0.0)
        for node in range(self._leaves - 1, 0, -1):
            room[node] = max(room[2 * node], room[2 * node + 1])
        self._room = room

    def take(self, sku: str, litres: float) -> str | None:
        """The nearest home with room; which SKU asks does not matter."""
        room, litres = self._room, max(litres, 0.0)
        if room[1] < litres:
            return None
        node = 1
        while node < self._leaves:
            node *= 2
            if room[node] < litres:
                node += 1
        location = self._locations[node - self._leaves]
        self.close(location)
        return location

    def close(self, location: str) -> None:
        """The home is open no longer."""
        room, node = self._room, self._leaves + self._place[location]
        room[node] = GONE
        while node > 1:
            node //= 2
            room[node] = max(room[2 * node], room[2 * node + 1])


class HashedHomes:
    """Least stable hash of (SKU, location) with room, where the hash is BLAKE2b of one id XOR BLAKE2b of the other.

    The XOR lets a binary trie over the words of the locations find the least without hashing every pair. A node is
    the tuple of a range of words: it knows its highest differing bit, so that there is one node per home and fork.
    """

    def __init__(self, homes: Sequence[HomeRow]) -> None:
        rows = sorted([(word(location), location, max(free_l, 0.0)) for location, _, free_l in homes])
        self._words = [row[0] for row in rows]
        self._rows = rows
        self._bit: list[int] = []
        self._children: list[tuple[int, int]] = []
        self._parent: list[int] = []
        self._room: list[float] = []
        if rows:
            self._grow(0, len(rows), -1)

    def _grow(self, low: int, high: int, parent: int) -> int:
        node = len(self._bit)
        self._bit.append(-1)
        self._parent.append(parent)
        self._children.append((low, low))
        self._room.append(self._rows[low][2])
        if high - low > 1:
            first, last = self._words[low], self._words[high - 1]
            bit = (first ^ last).bit_length() - 1
            fork = low + 1 if bit < 0 else bisect_left(self._words, (last >> bit) << bit, low, high)
            left, right = self._grow(low, fork, node), self._grow(fork, high, node)
            self._bit[node] = max(bit, 0)
            self._children[node] = (left, right)
            self._room[node] = max(self._room[left], self._room[right])
        return node

    def take(self, sku: str, litres: float) -> str | None:
        """The home with room whose word is nearest to the SKU's in the XOR sense."""
        room, litres, wanted = self._room, max(litres, 0.0), word(sku)
        if not room or room[0] < litres:
            return None
        node = 0
        while self._bit[node] >= 0:
            side = (wanted >> self._bit[node]) & 1
            node, other = self._children[node][side], self._children[node][1 - side]
            if room[node] < litres:
                node = other
        location = self._rows[self._children[node][0]][1]
        room[node] = GONE
        node = self._parent[node]
        while node >= 0:
            left, right = self._children[node]
            room[node] = max(room[left], room[right])
            node = self._parent[node]
        return location
