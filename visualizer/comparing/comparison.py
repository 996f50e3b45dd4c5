"""All that the window keeps while it shows two runs: the pair, where they part, what is shown of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from visualizer.comparing.cards import Cards
from visualizer.comparing.charts import DifferenceCharts
from visualizer.comparing.outlines import Outlines
from visualizer.comparing.pair import Pair
from visualizer.comparing.parting import Parting
from visualizer.comparing.timeline import TwoTimelines
from visualizer.overlaid.chooser import Fit
from visualizer.panels.marks import Mark, next_mark
from visualizer.panels.telling import subject_of
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Selection
from visualizer.words import Language, say

if TYPE_CHECKING:
    from visualizer.showing import Showing


class Comparison:
    """`place`: the different decision that was gone to last, by its place in the list."""

    def __init__(self, a: Showing, b: RecordedFeed, *, patient: bool = False) -> None:
        assert isinstance(a.feed, RecordedFeed)
        self.pair = Pair(a, b, patient=patient)
        self.parting = Parting(a.feed, b, patient=patient)
        self.charts = DifferenceCharts()
        self.timeline = TwoTimelines()
        self.outlines = Outlines(*self.pair.sides)
        self.cards = Cards(self)
        self.place: int | None = None
        self._chosen: Selection | None = None
        self.overlaid = False
        self.told = False

    @property
    def a(self) -> Showing:
        """The first run."""
        return self.pair.a

    @property
    def b(self) -> Showing:
        """The second run."""
        return self.pair.b

    def frame_on(self) -> None:
        """What goes on aside, a frame further."""
        self.pair.frame_on()
        self.parting.frame_on()
        for side in self.pair.sides:
            side.timeline.marks.follow(side.feed, side.store)

    @property
    def is_moving(self) -> bool:
        """Is something still on its way."""
        return self.parting.is_looking or any(side.is_busy for side in self.pair.sides)

    @property
    def failed(self) -> str | None:
        """Why something could not be read, once."""
        for holder in (self.parting, self.b.asking):
            if holder.failed:
                sentence, holder.failed = holder.failed, None
                return sentence
        return None

    # --- the different decisions -----------------------------------------

    def go_to(self, place: int) -> None:
        """Go to the different decision at a place of the list, stand there and select what it is about."""
        assert self.parting.found is not None
        clock = self.pair.clock
        clock.pause()
        clock.seek(int(self.parting.found.decisions.at_ms[place]))
        self.place = place
        record = next((r for r in self.parting.records(place) if r is not None), None)
        self._chosen = None if record is None else subject_of(record)
        self.a.view = replace(self.a.view, selection=self._chosen, follow=False)

    @property
    def shown(self) -> int | None:
        """The decision whose sheets are shown: as long as the clock stands there and nothing else is selected."""
        found = self.parting.found
        if self.place is None or found is None or self.a.view.selection != self._chosen:
            return None
        return self.place if int(found.decisions.at_ms[self.place]) == self.pair.clock.view_ms else None

    def forget_place(self) -> None:
        """Something else was selected: the sheets are put away."""
        self.place, self.told = None, False

    def state(self) -> dict[str, Any]:
        """What is shown of it, as `--trace` writes it."""
        found = self.parting.found
        first = found.first if found is not None else None
        return {
            "beside": self.b.feed.title.scenario, "events_b": len(self.b.store), "overlaid": self.overlaid,
            "difference": self.shown, "differences": len(found.decisions) if found is not None else None,
            "parted": "looking" if found is None else "same" if first is None else first.verdict,
            "ended": [self.pair.ended(side) for side in self.pair.sides],
        }  # fmt: skip

    @property
    def marks(self) -> tuple[list[Mark], list[Mark]]:
        """What else stands out: A's incidents, commands and breakpoints, and B's."""
        return [*self.a.timeline.marks.marks, *self.a.flags()], self.b.timeline.marks.marks

    def next_mark(self, by: int) -> int | None:
        """The time of the next of them in either run, or of the one before."""
        clock = self.pair.clock
        found = next_mark([mark for marks in self.marks for mark in marks], clock.view_ms, by)
        return None if found is None or found.at_ms > clock.head_ms else found.at_ms

    # --- finding -----------------------------------------

    def things(self, text: str, language: Language) -> list[Fit]:
        """What fits in either run; what only one of them has says so."""
        ones, others = (side.search.things(text, language) for side in self.pair.sides)
        in_a, in_b = {fit.value for fit in ones}, {fit.value for fit in others}
        found = []
        for fit in [*ones, *(fit for fit in others if fit.value not in in_a)]:
            only = "compare.a" if fit.value not in in_b else "compare.b" if fit.value not in in_a else ""
            found.append(replace(fit, right=say("compare.only", language, run=say(only, language))) if only else fit)
        return found

    def close(self) -> None:
        """The first run goes on alone."""
        self.parting.close()
        self.pair.close()
