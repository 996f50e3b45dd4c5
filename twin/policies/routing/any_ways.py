"""Short paths over any table of distances, one-way or not: graphs and one-way aisles.

Up to EXACT_STOPS stops exact (Held & Karp 1962); beyond that nearest neighbour, then moves of up to three stops and
reversals as long as they shorten the path, bounded by a count of moves tried, never by time.
"""

from __future__ import annotations

EXACT_STOPS = 10
MOVES_TRIED_MAX = 20_000

Table = list[list[int]]


def shortest_path(table: Table) -> tuple[list[int], int, bool]:
    """The order of 1 ... n - 2 on the way from 0 to n - 1, its length, and whether it is proven shortest."""
    count = len(table) - 2
    if count == 0:
        return [], table[0][1], True
    if count <= EXACT_STOPS:
        order, length = held_karp(table)
        return order, length, True
    order = improve(table, nearest_neighbour(table))
    return order, path_mm(table, order), False


def path_mm(table: Table, order: list[int]) -> int:
    """The length of an order of visits from 0 to the last."""
    length, here = 0, 0
    for there in order:
        length += table[here][there]
        here = there
    return length + table[here][-1]


def held_karp(table: Table) -> tuple[list[int], int]:
    """The shortest path through all, by dynamic programming over sets of visits; ties: lower numbers first."""
    count = len(table) - 2
    visits = range(count)
    full = (1 << count) - 1
    # best[set][k]: shortest way from k on through the rest of the set's complement to the end
    onward: list[list[int]] = [[0] * count for _ in range(full + 1)]
    next_visit: list[list[int]] = [[-1] * count for _ in range(full + 1)]
    onward[full] = [table[k + 1][-1] for k in visits]
    for done in range(full - 1, 0, -1):
        ahead = [(j, done | 1 << j) for j in visits if not done >> j & 1]
        row, choice = onward[done], next_visit[done]
        for k in visits:
            if done >> k & 1:
                from_k = table[k + 1]
                best, first = -1, -1
                for j, after in ahead:
                    length = from_k[j + 1] + onward[after][j]
                    if best < 0 or length < best:
                        best, first = length, j
                row[k], choice[k] = best, first
    length, here = min([(table[0][k + 1] + onward[1 << k][k], k) for k in visits])
    order, done = [here + 1], 1 << here
    while done != full:
        here = next_visit[done][here]
        order.append(here + 1)
        done |= 1 << here
    return order, length


def nearest_neighbour(table: Table) -> list[int]:
    """Always the nearest next; ties: the lower number."""
    left = list(range(1, len(table) - 1))
    order: list[int] = []
    here = 0
    while left:
        row = table[here]
        here = min(left, key=lambda k: (row[k], k))
        left.remove(here)
        order.append(here)
    return order


def improve(table: Table, order: list[int]) -> list[int]:
    """Reverse stretches and move up to three visits elsewhere, first improvement, until nothing helps."""
    path = [0, *order, len(table) - 1]
    tried = 0
    improved = True
    while improved and tried < MOVES_TRIED_MAX:
        improved = False
        for i in range(1, len(path) - 1):
            for j in range(i + 1, len(path) - 1):
                tried += 1
                if _reversal_gain(table, path, i, j) > 0:
                    path[i : j + 1] = path[i : j + 1][::-1]
                    improved = True
            for size in (1, 2, 3):
                tried += len(path)
                moved = _moved(table, path, i, size)
                if moved is not None:
                    path = moved
                    improved = True
            if tried >= MOVES_TRIED_MAX:
                break
    return path[1:-1]


def _reversal_gain(table: Table, path: list[int], i: int, j: int) -> int:
    a, b, c, d = path[i - 1], path[i], path[j], path[j + 1]
    gain = table[a][b] + table[c][d] - table[a][c] - table[b][d]
    for k in range(i, j):
        gain += table[path[k]][path[k + 1]] - table[path[k + 1]][path[k]]
    return gain


def _moved(table: Table, path: list[int], i: int, size: int) -> list[int] | None:
    """The path with `size` visits from `i` on put where it is shortest, if that is shorter."""
    if i + size >= len(path):
        return None
    part = path[i : i + size]
    rest = path[:i] + path[i + size :]
    first, last = part[0], part[-1]
    before, after = path[i - 1], path[i + size]
    freed = table[before][first] + table[last][after] - table[before][after]
    best, place = 0, -1
    for k in range(len(rest) - 1):
        a, b = rest[k], rest[k + 1]
        gain = freed - table[a][first] - table[last][b] + table[a][b]
        if gain > best:
            best, place = gain, k + 1
    return None if place < 0 else rest[:place] + part + rest[place:]
