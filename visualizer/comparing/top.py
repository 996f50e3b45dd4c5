"""The top of two runs: what each of them is, the clock, and what was found on where they part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygame import Rect

from visualizer.comparing.parting import Parting
from visualizer.controlling.keys import Action, hint
from visualizer.drawing.lettering import BODY, CAPTION, CLOCK, LABEL
from visualizer.drawing.overlays import badge
from visualizer.drawing.widgets import Widgets
from visualizer.drawing.written import clock, day, number, percent, speed
from visualizer.feed import Title
from visualizer.palette import Tone, mixed
from visualizer.words import Language, say, word

if TYPE_CHECKING:
    from visualizer.comparing.comparison import Comparison
    from visualizer.drawing.frame import Frame
    from visualizer.places import Places

BUTTONS = (
    (Action.FIRST_DIFFERENCE, "compare.first_short"), (Action.NEXT_DIFFERENCE, "compare.next_short"),
    (Action.OVERLAY, "compare.overlay_short"),
)  # fmt: skip


def draw_top(widgets: Widgets, places: Places, comparison: Comparison, frame: Frame) -> None:
    """Paint the bar; its buttons have keys."""
    canvas, theme, px = widgets.canvas, widgets.canvas.theme, widgets.canvas.px
    rect, language = places["top"], frame.language
    canvas.fill(theme.panel, rect)
    canvas.fill(theme.line, Rect(rect.x, rect.bottom - px(1), rect.w, px(1)))
    canvas.sign("building", places["sign"].center, places["sign"].w, theme.accent)
    title = frame.feed.title
    canvas.text(title.scenario, places["scenario"].midleft, LABEL, bold=True, room=places["scenario"].w)
    canvas.text(say("compare.title", language), places["policy"].midleft, BODY, theme.text_2, room=places["policy"].w)
    badge(widgets, places["badge"], say("badge.replay", language), is_live=False)
    at_ms = comparison.pair.clock.view_ms
    canvas.text(clock(at_ms, title.start), places["clock"].midleft, CLOCK, bold=True)
    about = f"{day(at_ms, title.start, language)} · {_pace(frame, language)}"
    canvas.text(about, places["speed"].midleft, CAPTION, theme.text_2, room=places["speed"].w)
    left = places["speed"].right + px(12)
    right = _buttons(widgets, rect, comparison, language) - px(16)
    titles = comparison.a.feed.title, comparison.b.feed.title
    names = names_of(titles, language)
    third = left + (right - left) * 2 // 5
    for n, name in enumerate(names):
        y = rect.y + px(17 + 22 * n)
        ended = comparison.pair.ended(comparison.pair.sides[n])
        label = say(f"compare.{'ab'[n]}", language)
        if ended:
            end = clock(comparison.pair.sides[n].feed.head_ms, titles[n].start)
            name = f"{name} · {say('compare.ended', language, run=label, time=end)}"
        chip = Rect(left, y - px(9), px(20), px(18))
        canvas.card(chip, mixed(theme.accent, theme.panel, 0.16), theme.accent, px(4))
        canvas.text(label, chip.center, CAPTION, bold=True, align="centre")
        canvas.text(name, (chip.right + px(8), y), BODY, theme.warning if ended else theme.text,
                    room=third - chip.right - px(16))  # fmt: skip
    words, tone = verdict(comparison.parting, titles, language)
    room = Rect(third, rect.y + px(9), right - third, rect.h - px(14))
    canvas.lines(words, room, BODY, theme.tone(tone))


def _pace(frame: Frame, language: Language) -> str:
    if not frame.playing:
        return say("top.paused", language)
    return say("timeline.fastest", language) if frame.speed == float("inf") else f"{speed(frame.speed)}×"


def _buttons(widgets: Widgets, rect: Rect, comparison: Comparison, language: Language) -> int:
    """From right to left; where they begin."""
    px, letters = widgets.canvas.px, widgets.canvas.lettering
    x = rect.right - px(14)
    for action, key in reversed(BUTTONS):
        label = say(key, language)
        wide = letters.width(label, BODY, True) + letters.width(hint(action), CAPTION, True) + px(34)
        x -= wide
        where = Rect(x, rect.y + px(15), wide, px(28))
        is_on = action == Action.OVERLAY and comparison.overlaid
        widgets.button(("compare", str(action)), where, label, (str(action), None), key=hint(action), size=BODY,
                       look="primary" if is_on else "plain", tip=say(f"help.{action}", language))  # fmt: skip
        x -= px(8)
    return x


def names_of(titles: tuple[Title, Title], language: Language) -> tuple[str, str]:
    """What tells the two runs apart: policies, seed, scenario; else that nothing does."""
    a, b = titles
    unlike = [family for family in {**a.policies, **b.policies} if a.policies.get(family) != b.policies.get(family)]

    def name(title: Title) -> str:
        parts = []
        if a.scenario != b.scenario:
            parts.append(title.scenario)
        if a.seed != b.seed:
            parts.append(say("top.seed", language, seed=title.seed))
        if a.version != b.version:
            parts.append(title.version)
        parts += [f"{word('family', f, language)}: {title.policies.get(f, '–')}" for f in unlike]
        return " · ".join(parts) or say("compare.alike", language)

    return name(a), name(b)


def verdict(parting: Parting, titles: tuple[Title, Title], language: Language) -> tuple[str, Tone]:
    """Where the runs part, in a sentence."""
    found = parting.found
    if found is None:
        return say("compare.looking", language, share=percent(parting.share, 0)), "text_2"
    first, decisions = found.first, found.decisions
    if first is None:
        return say("compare.same", language), "good"
    start = titles[0].start
    at = clock(first.at_ms, start)
    if first.verdict == "ended":
        run = say("compare.b" if first.b is None else "compare.a", language)
        return say("compare.same_until", language, run=run, time=at), "good"
    if first.verdict == "incomparable":
        kind = word("event", (first.a or first.b or {})["kind"], language)
        text = say("compare.not_comparable", language, seq=number(first.row), kind=kind)
        if found.reasons:
            text += " · " + ", ".join(say(f"compare.by_{reason}", language) for reason in found.reasons)
        return text, "bad"
    text = say("compare.parted", language, time=at, count=number(len(decisions)), paired=number(decisions.paired))
    return text, "text"
