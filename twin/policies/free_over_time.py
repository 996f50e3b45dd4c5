"""What is free to promise at each moment: supply less commitments, and never what a later promise needs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from twin.domain.ids import SkuId
from twin.domain.orders import OrderLine
from twin.policies.promising_records import (
    DAY_MS,
    HOUR_MS,
    Article,
    Commitment,
    PromisingRules,
    PromisingSnapshot,
    ready_at_ms,
)

Curve = tuple[list[int], list[int]]
"""Moments in order, and what is free from each to the next."""


class FreeOverTime:
    """`free(t) = max(0, min over u in [t, horizon] of S(u) - C(u) - safety)` of each owner and SKU.

    All moments are those at which goods are ready: a supply counts from its arrival, or from now if that is past, plus
    the lead. Dated supply counts for a line at t if it still lasts on that day, with the days the line asks for; what
    was promised before to lines that it does last for is taken from it. `from_ms`: the first moment to promise for.
    """

    def __init__(
        self, snapshot: PromisingSnapshot, rules: PromisingRules, commitments: Iterable[Commitment] | None = None
    ) -> None:
        self.from_ms = max(ready_at_ms(snapshot, rules), snapshot.wanted_at_ms)
        self.until_ms = snapshot.now_ms + round(rules.horizon_h * HOUR_MS)
        self._safety = rules.safety_units
        recipes: dict[SkuId, dict[SkuId, int]] = {}
        for kit, component, units in snapshot.recipes:
            parts = recipes.setdefault(kit, {})
            parts[component] = parts.get(component, 0) + units
        self._recipes = {kit: tuple(sorted(parts.items())) for kit, parts in recipes.items()}
        lead_ms = ready_at_ms(snapshot, rules) - snapshot.now_ms
        self._supplies: dict[Article, list[tuple[int, int, int | None]]] = {}
        for row in snapshot.supplies:
            if row.units > 0:
                ready_ms = (snapshot.now_ms if row.kind == "on_hand" else max(row.at_ms, snapshot.now_ms)) + lead_ms
                self._supplies.setdefault((row.owner, row.sku), []).append((ready_ms, row.units, row.expires_on_day))
        self._used: dict[Article, dict[int, int]] = {}
        self._used_to: dict[Article, dict[tuple[int, int], int]] = {}
        self._curves: dict[Article, dict[tuple[bool, ...], Curve]] = {}
        for taken in snapshot.commitments if commitments is None else commitments:
            self.use((taken.owner, taken.sku), taken.units, taken.due_ms)

    def parts(self, sku: SkuId) -> tuple[tuple[SkuId, int], ...]:
        """(component, units per kit) of a kit; the SKU itself if it is none."""
        return self._recipes.get(sku, ((sku, 1),))

    def use(self, article: Article, units: int, at_ms: int, lasts_to_day: int | None = None) -> None:
        """Commit units for a moment; less than 0 gives them back. A kit takes its components.

        lasts_to_day: the goods must last to that day; None: not known, so that no dated supply is set against them.
        """
        owner, sku = article
        for part, per_unit in self.parts(sku):
            used = self._used.setdefault((owner, part), {})
            used[at_ms] = used.get(at_ms, 0) + units * per_unit
            if lasts_to_day is not None:
                used_to = self._used_to.setdefault((owner, part), {})
                used_to[at_ms, lasts_to_day] = used_to.get((at_ms, lasts_to_day), 0) + units * per_unit
            self._curves.pop((owner, part), None)

    def free(self, line: OrderLine, sku: SkuId, at_ms: int) -> int:
        """Units of the SKU that the line may be promised at the moment; of a kit, those of its scarcest component."""
        day = at_ms // DAY_MS
        return min(
            [self._free((line.owner, part), day + line.min_days_left, at_ms) // n for part, n in self.parts(sku)]
        )

    def moments(self, line: OrderLine, sku: SkuId) -> list[int]:
        """When more of the SKU may be free than before: at the first moment, and as supplies come."""
        coming = {
            ready_ms
            for part, _ in self.parts(sku)
            for ready_ms, _, _ in self._supplies.get((line.owner, part), ())
            if self.from_ms < ready_ms <= self.until_ms
        }
        return [self.from_ms, *sorted(coming)] if self.from_ms <= self.until_ms else []

    def comes_later(self, line: OrderLine, sku: SkuId) -> bool:
        """Does more come beyond the horizon?"""
        return any(
            ready_ms > self.until_ms and (last is None or last >= ready_ms // DAY_MS + line.min_days_left)
            for part, _ in self.parts(sku)
            for ready_ms, _, last in self._supplies.get((line.owner, part), ())
        )

    def _free(self, article: Article, lasts_to_day: int, at_ms: int) -> int:
        rows = self._supplies.get(article, [])
        counts = tuple([last is None or last >= lasts_to_day for _, _, last in rows])
        curves = self._curves.setdefault(article, {})
        if counts not in curves:
            curves[counts] = self._curve(article, counts)
        moments, free = curves[counts]
        return free[bisect_right(moments, at_ms) - 1]

    def _curve(self, article: Article, counts: tuple[bool, ...]) -> Curve:
        """S - C is flat between its steps, so the least of what follows a step holds until the next."""
        changes = {self.from_ms: -self._safety}
        rows = list(zip(self._supplies.get(article, ()), counts, strict=True))
        steps = [row[:2] for row, counted in rows if counted]
        steps += [(at_ms, -units) for at_ms, units in self._used.get(article, {}).items()]
        steps += self._served_elsewhere(article, [row for row, counted in rows if not counted])
        for at_ms, units in steps:
            if at_ms <= self.until_ms:
                moment = max(at_ms, self.from_ms)
                changes[moment] = changes.get(moment, 0) + units
        moments = sorted(changes)
        levels: list[int] = []
        level = 0
        for moment in moments:
            level += changes[moment]
            levels.append(level)
        for place in range(len(levels) - 2, -1, -1):
            levels[place] = min(levels[place], levels[place + 1])
        return moments, [max(0, units) for units in levels]

    def _served_elsewhere(self, article: Article, others: list[tuple[int, int, int | None]]) -> list[tuple[int, int]]:
        """(moment, units) of promises that supply which does not count here serves, soonest expired first."""
        open_units = dict(sorted(self._used_to.get(article, {}).items()))
        served: list[tuple[int, int]] = []
        for last, ready_ms, units in sorted([(last, ready, n) for ready, n, last in others if last is not None]):
            left = units
            for (at_ms, lasts_to_day), wanted in open_units.items():
                if lasts_to_day <= last and at_ms >= ready_ms:
                    taken = max(0, min(left, wanted))
                    open_units[at_ms, lasts_to_day] = wanted - taken
                    left -= taken
                    served.append((at_ms, taken))
        return served
