"""Below the timeline: step and play, the speeds, and the keys in little caps; each answers a click."""

from __future__ import annotations

from typing import Final

from pygame import Rect

from visualizer.controlling.keys import Action, hint
from visualizer.controlling.playhead import SPEEDS
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.drawing.written import GAP, speed
from visualizer.words import say

HINTS: Final = (
    (Action.PLAY_PAUSE, "hint.play_pause"), (Action.EVENT_FORWARD, "hint.step"),
    (Action.MARKER_FORWARD, "hint.marker"), (Action.FIND, "hint.find"), (Action.FOLLOW, "hint.follow"),
    (Action.HEAT_MODE, "hint.heat"), (Action.PICTURE, "hint.picture"), (Action.HELP, "hint.help"),
)  # fmt: skip


def transport(canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
    each, hits = rect.w // 3, []
    play = "pause" if frame.playing else "play"
    for n, (sign, action) in enumerate(
        (("step_back", Action.EVENT_BACK), (play, Action.PLAY_PAUSE), ("step", Action.EVENT_FORWARD))
    ):
        box = Rect(rect.x + n * each, rect.y, each, rect.h)
        canvas.sign(sign, box.center, canvas.px(17 if n == 1 else 15), canvas.theme.text)
        hits.append(Hit(box, str(action), None, f"{say(f'help.{action}', frame.language)} · {hint(action)}"))
    return hits


def speeds(canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
    theme, hits, x = canvas.theme, [], rect.x
    for factor in SPEEDS:
        is_max = factor == float("inf")
        text = say("timeline.fastest", frame.language) if is_max else f"{speed(factor).replace(GAP, '')}×"
        is_on = factor == frame.speed
        box = Rect(x, rect.y, canvas.lettering.width(text, BODY, True) + canvas.px(14), rect.h)
        if box.right > rect.right + canvas.px(10):
            break
        if is_on:
            canvas.rect(box, theme.accent, box.h // 2)
        canvas.text(text, box.center, BODY, theme.on_accent if is_on else theme.text_2, bold=True, align="centre")
        action = Action.FASTEST if is_max else Action.FASTER
        hits.append(Hit(box, "speed", factor, f"{text} · {hint(action)}"))
        x = box.right
    return hits


def hints(canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
    """Keys in little caps with what they do; each can be clicked; as many as there is room for."""
    theme, hits, x = canvas.theme, [], rect.x
    for action, key in HINTS:
        cap, text = hint(action), say(key, frame.language)
        cap_w = max(canvas.lettering.width(cap, CAPTION, True) + canvas.px(10), canvas.px(18))
        wide = cap_w + canvas.px(5) + canvas.lettering.width(text, CAPTION)
        if x + wide > rect.right:
            break
        box = Rect(x, rect.centery - canvas.px(9), cap_w, canvas.px(18))
        canvas.card(box, theme.raised, theme.line, canvas.px(4))
        canvas.text(cap, box.center, CAPTION, theme.text_2, bold=True, align="centre")
        canvas.text(text, (box.right + canvas.px(5), rect.centery), CAPTION, theme.text_2)
        hits.append(Hit(Rect(x, rect.y, wide, rect.h), str(action), None, say(f"help.{action}", frame.language)))
        x += wide + canvas.px(14)
    return hits
