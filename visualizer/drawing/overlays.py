"""What lies over the screen: tips, short notices, dialogs and forms, and the badge of the top bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pygame import Rect

from visualizer.drawing.lettering import BODY, CAPTION, LABEL, TITLE
from visualizer.drawing.widgets import Look, Widgets
from visualizer.palette import Tone, mixed

TIP_AFTER_MS = 450
"""How long the pointer rests on something before its tip shows."""


class Choice(NamedTuple):
    """A button of a dialog."""

    label: str
    action: Any
    look: Look = "plain"
    key: str = ""


def tip(widgets: Widgets, now_ms: int) -> None:
    """The tip of what the pointer rests on: drawn last, kept inside the surface."""
    spot = widgets.spot_at(widgets.pointer)
    if spot is None or not spot.tip or widgets.pressed is not None or spot.name != widgets.hot:
        return
    if now_ms - widgets.hot_since_ms >= TIP_AFTER_MS:
        bubble(widgets, spot.tip, widgets.pointer)


def bubble(widgets: Widgets, text: str, pointer: tuple[int, int]) -> Rect:
    """Some words beside a point: a tip, or the number under the pointer."""
    canvas, theme = widgets.canvas, widgets.canvas.theme
    letters = canvas.lettering
    rows = letters.lines(text, BODY, canvas.px(280))
    wide, step = max(letters.width(row, BODY) for row in rows), letters.height(BODY)
    rect = Rect(0, 0, wide + 2 * canvas.px(9), step * len(rows) + 2 * canvas.px(4))
    rect.topleft = (pointer[0] + canvas.px(12), pointer[1] + canvas.px(16))
    window = canvas.surface.get_rect()
    if rect.bottom > window.bottom:
        rect.bottom = pointer[1] - canvas.px(8)
    rect.clamp_ip(window)
    canvas.card(rect, theme.raised, theme.text_3, canvas.px(5))
    for n, row in enumerate(rows):
        canvas.text(row, (rect.x + canvas.px(9), rect.y + canvas.px(4) + step * n + step // 2), BODY)
    return rect


def toast(widgets: Widgets, place: Rect, text: str, tone: Tone = "info") -> Rect:
    """A short notice in the middle of `place`, as wide as its words."""
    canvas, theme = widgets.canvas, widgets.canvas.theme
    dot = canvas.px(8)
    pad = canvas.px(14)
    room = place.w - 2 * pad - dot - canvas.px(8)
    wide = min(canvas.lettering.width(text, LABEL), room)
    rect = Rect(0, 0, wide + 2 * pad + dot + canvas.px(8), place.h)
    rect.center = place.center
    canvas.card(rect, theme.raised, theme.line, canvas.px(7))
    canvas.sign("circle", (rect.x + pad + dot / 2, rect.centery), dot, theme.tone(tone))
    canvas.text(text, (rect.x + pad + dot + canvas.px(8), rect.centery), LABEL, room=room)
    return rect


def frame(widgets: Widgets, rect: Rect, title: str, *, close: Any = None, is_modal: bool = True) -> Rect:
    """The ground of a dialog over the whole screen, with its title; the room inside it."""
    canvas, theme = widgets.canvas, widgets.canvas.theme
    if is_modal:
        widgets.modal()
        canvas.veil(canvas.surface.get_rect(), theme.background, 150)
    canvas.card(rect, theme.panel, theme.line, canvas.px(9))
    pad = canvas.px(20)
    top = rect.y + canvas.px(24)
    canvas.text(title, (rect.x + pad, top), TITLE, bold=True, room=rect.w - 2 * pad - canvas.px(30))
    if close is not None:
        side = canvas.px(26)
        where = Rect(rect.right - pad - side + canvas.px(6), top - side // 2, side, side)
        widgets.button("frame.close", where, "", close, look="quiet", sign="close")
    below = rect.y + canvas.px(48)
    return Rect(rect.x + pad, below, rect.w - 2 * pad, rect.bottom - below - canvas.px(16))


def dialog(
    widgets: Widgets,
    place: Rect,
    title: str,
    text: str,
    choices: Sequence[Choice],
    *,
    tone: Tone = "text_2",
    room_h: int = 0,
) -> Rect:
    """A question or a sentence with its buttons along the foot, in the middle of `place` and no higher than it needs.

    Enter gives the primary choice, as long as nothing else has the focus.
    Returns the room of `room_h` pixels between the two, for what a form asks.
    """
    canvas = widgets.canvas
    high, gap = canvas.px(32), canvas.px(14)
    rows = len(canvas.lettering.lines(text, LABEL, place.w - 2 * canvas.px(20)))
    text_h = rows * canvas.lettering.height(LABEL)
    rect = Rect(place.x, place.y, place.w, min(canvas.px(64) + text_h + room_h + gap + high, place.h))
    rect.center = place.center
    inside = frame(widgets, rect, title)
    foot = Rect(inside.x, inside.bottom - high, inside.w, high)
    words = Rect(inside.x, inside.y, inside.w, max(min(text_h, foot.y - inside.y - gap - room_h), 0))
    below = canvas.lines(text, words, LABEL, canvas.theme.tone(tone))
    buttons(widgets, foot, choices)
    if not widgets.has_focus_in_frame():
        widgets.focus_on(next((("choice", c.label) for c in choices if c.look == "primary"), None))
    return Rect(inside.x, below, inside.w, max(foot.y - gap - below, 0))


def buttons(widgets: Widgets, foot: Rect, choices: Sequence[Choice]) -> None:
    """Buttons side by side at the right end of `foot`, each as wide as its label and at least 88."""
    canvas = widgets.canvas
    gap = canvas.px(10)
    widths = [
        max(canvas.lettering.width(c.label, LABEL, True) + canvas.px(28) + _key_room(widgets, c.key), canvas.px(88))
        for c in choices
    ]
    x = foot.right - sum(widths) - gap * (len(widths) - 1)
    for choice, wide in zip(choices, widths, strict=True):
        where = Rect(x, foot.y, wide, foot.h)
        widgets.button(
            ("choice", choice.label), where, choice.label, choice.action, look=choice.look, key=choice.key
        )  # fmt: skip
        x += wide + gap


def _key_room(widgets: Widgets, key: str) -> int:
    return widgets.canvas.lettering.width(key, CAPTION, True) + widgets.canvas.px(8) if key else 0


def badge(widgets: Widgets, rect: Rect, label: str, *, is_live: bool) -> Rect:
    """LIVE on its red ground, or another word in an outline; from the left of `rect`, as wide as its words."""
    canvas, theme = widgets.canvas, widgets.canvas.theme
    dot = canvas.px(7) if is_live else 0
    gap = canvas.px(6) if is_live else 0
    wide = canvas.lettering.width(label, CAPTION, True) + dot + gap + 2 * canvas.px(10)
    rect = Rect(rect.x, rect.y, wide, rect.h)
    if is_live:
        canvas.rect(rect, theme.blocked, rect.h // 2)
        canvas.sign("circle", (rect.x + canvas.px(10) + dot / 2, rect.centery), dot, theme.on_badge)
    else:
        canvas.card(rect, mixed(theme.accent, theme.panel, 0.16), theme.accent, rect.h // 2)
    ink = theme.on_badge if is_live else theme.text
    canvas.text(label, (rect.x + canvas.px(10) + dot + gap, rect.centery), CAPTION, ink, bold=True)
    return rect


def key_cap(widgets: Widgets, corner: tuple[int, int], label: str) -> Rect:
    """A key as it is printed on a keyboard, for hints and help; where it stands."""
    canvas, theme = widgets.canvas, widgets.canvas.theme
    high = canvas.px(18)
    wide = max(canvas.lettering.width(label, CAPTION, True) + 2 * canvas.px(6), high)
    rect = Rect(*corner, wide, high)
    canvas.card(rect, theme.raised, theme.line, canvas.px(4))
    canvas.text(label, rect.center, CAPTION, theme.text_2, bold=True, align="centre")
    return rect
