"""What a page of the inspector may read: the moment, the store, and answers of the feed up to the row shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from visualizer.drawing.written import clock
from visualizer.feed import Feed, Record
from visualizer.inspecting.blocks import Block, Event, Note, Section
from visualizer.panels.asking import Asking
from visualizer.panels.telling import short, tell
from visualizer.store import Store
from visualizer.stored.ground import Ground
from visualizer.stored.moment import Moment
from visualizer.words import Language, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One instant with all that may be asked about it. `sees_floor` False: what the book knows, no more."""

    feed: Feed
    store: Store
    moment: Moment
    asking: Asking
    language: Language
    sees_floor: bool = True

    @property
    def ground(self) -> Ground:
        """The floor as drawn."""
        return self.store.ground

    @property
    def start(self) -> datetime:
        """When the scenario's clock began."""
        return self.feed.title.start

    @property
    def one_site(self) -> bool:
        """Whether names go without their site."""
        return len(self.store.ground.sites) == 1

    def say(self, key: str, **values: object) -> str:
        """Words in the language of the screen."""
        return say(key, self.language, **values)

    def short(self, name: str) -> str:
        """A name as it is shown."""
        return short(name, self.one_site)

    def clock(self, at_ms: int) -> str:
        """The time of day."""
        return clock(at_ms, self.start)

    def history(self, column: str, name: str, *, whole: bool = False) -> list[Record] | None:
        """Events up to the row shown that name a thing; None while they are on their way."""
        found = self.asking.history(column, name, self.moment.row, whole=whole)
        if found is None or self.sees_floor:
            return found
        return [r for r in found if r.get("side") == "book"]

    def last_events(self, records: list[Record] | None, title: str, of: str, count: int = 8) -> list[Block]:
        """The newest events of a thing, newest first, under a title."""
        found: list[Block] = [Section(self.say(title))]
        if records is None:
            return [*found, Note(self.say("inspect.asking"))]
        if not records:
            return [*found, Note(self.say("log.empty"))]
        return found + [
            Event(tell(r, self.language, self.one_site, of), self.clock(r["at_ms"])) for r in records[: -count - 1 : -1]
        ]
