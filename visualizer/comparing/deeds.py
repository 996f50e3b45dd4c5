"""Carries out what the keys of two runs ask for: open a second run, go to where they part, overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from visualizer.comparing.comparison import Comparison
from visualizer.controlling.keys import Action
from visualizer.inspecting.order_alternatives import ask_alternatives, asks_policy
from visualizer.overlaid.start import Start

if TYPE_CHECKING:
    from visualizer.showing import Showing
    from visualizer.stage import Stage


def compare(app: Stage, shown: Showing, _: Any) -> None:
    """Open a second run beside the one shown; from two, back to the first."""
    if app.comparison is not None:
        app.alone()
    elif shown.feed.live:
        app.say("compare.only_recordings", "warning")
    else:
        app.overlay = Start(app, beside=True)


def next_difference(app: Stage, shown: Showing, _: Any) -> None:
    """The first different decision after the time shown; after the one whose sheets are shown, the next."""
    both = _ready(app)
    if both is None or both.parting.found is None:
        return
    place = both.parting.found.decisions.next_after(both.pair.clock.view_ms, both.shown)
    if place is None:
        app.say("compare.no_more", "info")
    else:
        both.go_to(place)


def first_difference(app: Stage, shown: Showing, _: Any) -> None:
    """Where the runs part: the first different decision; if they cannot be compared, the event that says so."""
    both = _ready(app)
    if both is None or both.parting.found is None:
        return
    found = both.parting.found
    if not found.is_comparable and found.first is not None:
        app.select(None)
        both.told = True
        both.pair.clock.pause()
        both.pair.clock.seek(found.first.at_ms)
    elif len(found.decisions):
        both.go_to(0)


def to_difference(app: Stage, shown: Showing, place: Any) -> None:
    """A mark of the timeline."""
    if app.comparison is not None:
        app.comparison.go_to(int(place))


def alternatives_of_both(app: Stage, shown: Showing, place: Any) -> None:
    """What else either run could have decided: both are repeated aside."""
    both = app.comparison
    if both is None or both.parting.found is None:
        return
    for side, record in zip(both.pair.sides, both.parting.records(int(place)), strict=True):
        if asks_policy(record):
            ask_alternatives(side.asking, side.feed, record["seq"], (record["seq"],))
    both.cards.anew()


def overlay(app: Stage, shown: Showing, _: Any) -> None:
    """B over A as outlines, or no longer."""
    both = app.comparison
    if both is None:
        app.say("compare.alone", "warning")
        return
    both.overlaid = not both.overlaid
    app.say("compare.overlay" if both.overlaid else "compare.no_overlay")


def _ready(app: Stage) -> Comparison | None:
    """The comparison once it is known where the runs part; else a word on why not."""
    both = app.comparison
    if both is None:
        app.say("compare.alone", "warning")
        return None
    found = both.parting.found
    if found is None:
        app.say("compare.still_looking", "warning")
        return None
    if found.is_comparable and not len(found.decisions):
        app.say("compare.same", "good")
        return None
    return both


COMPARE_DEEDS = {
    Action.COMPARE: compare, Action.NEXT_DIFFERENCE: next_difference, Action.FIRST_DIFFERENCE: first_difference,
    Action.OVERLAY: overlay, "difference": to_difference,
    "alternatives_of_both": alternatives_of_both,
}  # fmt: skip
