"""What a person may look for by a piece of its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from twin.events.catalogue import KINDS
from visualizer.overlaid.chooser import Fit
from visualizer.panels.asking import Asking
from visualizer.panels.telling import short
from visualizer.store import KIND_NAMES, Store
from visualizer.view import Selection, Thing
from visualizer.words import Language, say, word

MOST = 60
MOST_OF_A_KIND = 20
ASKED: tuple[tuple[Thing, str], ...] = (("order", "order"), ("sku", "sku"), ("trailer", "trailer"))
"""Things that only the events name, with their column."""


class Search:
    """Looks through a store and asks the feed. Answers of the feed come a little later."""

    def __init__(self, store: Store, asking: Asking) -> None:
        self.store, self.asking = store, asking

    def things(self, text: str, language: Language) -> list[Fit]:
        """Workers, orders, SKUs, locations and all else that can be inspected; what begins so comes first."""
        text = text.strip()
        if not text:
            return [_fit("worker", name, language, self._one_site) for name in sorted(self.store.workers)[:MOST]]
        ground, low = self.store.ground, text.lower()
        found: list[tuple[tuple[int, int, str], Fit]] = []
        listed: tuple[tuple[Thing, Iterable[str]], ...] = (
            ("worker", self.store.workers), ("station", (s.name for s in ground.stations)),
            ("door", (d.name for d in ground.doors)), ("aisle", (a.name for a in ground.aisles)),
            ("belt", (b.name for b in ground.belts)), ("lane", (x.name for x in ground.lanes)),
            ("location", ground.cells.name),
        )  # fmt: skip
        for thing, names in listed:
            found += self._like(thing, names, low, language)
        for thing, column in ASKED:
            found += self._like(thing, self._told_of(column, low), low, language)
        return [fit for _, fit in sorted(found, key=lambda pair: pair[0])[:MOST]]

    @property
    def _one_site(self) -> bool:
        return len(self.store.ground.sites) == 1

    def _told_of(self, column: str, low: str) -> Iterable[str]:
        """Names in a column of the events; while they are looked up there are none."""
        feed = self.asking.feed
        fresh = len(self.store) // 5000 if feed.live else 0
        return self.asking.answer(("find", column, low, fresh), lambda: feed.names_like(column, low)) or ()

    def _like(
        self, thing: Thing, names: Iterable[str], low: str, language: Language
    ) -> Sequence[tuple[tuple[int, int, str], Fit]]:
        found = []
        for name in names:
            shown = short(name, self._one_site).lower()
            place = shown.find(low)
            if place < 0 and low not in name.lower():
                continue
            rank = 0 if shown == low else 1 if place == 0 else 2
            found.append(((rank, len(shown), shown), _fit(thing, name, language, self._one_site)))
            if len(found) >= 400:
                break
        return sorted(found, key=lambda pair: pair[0])[:MOST_OF_A_KIND]

    def kinds(self, text: str, language: Language, *, sees_floor: bool = True) -> list[Fit]:
        """Kinds of events that occurred, by a piece of their name in either language; without the floor the book's."""
        low = text.strip().lower()
        found = []
        for kind in KIND_NAMES:
            if not sees_floor and KINDS[kind].side != "book":
                continue
            shown = word("event", kind, language)
            if low in shown.lower() or low in kind.lower():
                count = len(self.store.rows_of(kind))
                if count:
                    found.append(Fit(shown, say("kind.count", language, n=count), kind))
        return sorted(found, key=lambda fit: fit.label)


def _fit(thing: Thing, name: str, language: Language, one_site: bool) -> Fit:
    return Fit(short(name, one_site), say(f"find.{thing}", language), Selection(thing, name))
