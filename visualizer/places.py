"""Where everything stands: one table of rectangles for any window, scaled by `ui_scale`, and what folds when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pygame import Rect

Variant = Literal["floor", "compare", "training", "trainer"]
Box = tuple[int, int, int, int]

SCALES: Final = (1.0, 1.25, 1.5, 2.0)
TOP_H, PANEL_W, CHARTS_H, TIMELINE_H = 58, 410, 118, 126
PART_H: Final[dict[str, int]] = {"inspector": 206, "queues": 180, "training": 300, "inject": 156, "log": 96}
"""The parts of the right panel; the log is at least this high and takes what the others leave."""

PANELS: Final[dict[Variant, tuple[str, ...]]] = {
    "floor": ("inspector", "queues", "log"),
    "compare": ("inspector", "queues", "log"),
    "training": ("inspector", "queues", "training", "log"),
    "trainer": ("inspector", "queues", "training", "inject"),
}
GIVES_WAY: Final = ("log", "queues", "inspector", "inject", "training")
"""Which part of the panel is left out first where the window is low."""

NARROW_W, LOW_H = 1280, 760
"""Below this width the right panel is a drawer, below this height the charts fold into the timeline."""

SMALLEST: Final = (640, 400)
"""The least window, in pixels at scale 1; a smaller one is laid out as this and cut off."""

CARDS_X, CARDS_MAX, CARD_MIN_W = 448, 6, 152
CHARTS_MAX, CHART_MIN_W = 4, 200
FOOT_H, FOOT_MIN_W = 34, 440
"""The foot of the map, with layers and legend, stays beside an open drawer where it keeps this width."""


@dataclass(frozen=True)
class Places:
    """All rectangles of one window, in its pixels. What is folded away has none."""

    variant: Variant
    size: tuple[int, int]
    scale: float
    is_narrow: bool
    charts_folded: bool
    rects: Mapping[str, Rect]
    cards: tuple[Rect, ...]
    charts: tuple[Rect, ...]

    def __getitem__(self, name: str) -> Rect:
        return self.rects[name]

    def __contains__(self, name: object) -> bool:
        return name in self.rects

    def get(self, name: str) -> Rect | None:
        """The rectangle of a part, None where it is folded away."""
        return self.rects.get(name)

    def px(self, length: float) -> int:
        """A length of the table in pixels of this window."""
        return round(length * self.scale)

    def part_at(self, position: tuple[int, int]) -> str | None:
        """The part of the screen under a point; what lies over another comes first."""
        return next((n for n in ON_TOP_FIRST if n in self.rects and self.rects[n].collidepoint(position)), None)


ON_TOP_FIRST: Final = (
    "inject", "training", "log", "queues", "inspector", "panel", "top", "minimap", "legend", "layers", "timeline",
    "chart_strip", "map_b", "map_a", "map",
)  # fmt: skip


def lay_out(
    size: tuple[int, int],
    scale: float = 1.0,
    variant: Variant = "floor",
    *,
    drawer_open: bool = False,
    front: str | None = None,
    inspector_h: int | None = None,
) -> Places:
    """The places of a window of `size` pixels.

    `drawer_open` matters where the right panel is a drawer: over the map, never over the timeline. `front` is the part
    of it that stays when not all fit. `inspector_h`: its height where the log beside it can give way.
    """
    w, h = max(round(size[0] / scale), SMALLEST[0]), max(round(size[1] / scale), SMALLEST[1])
    narrow = w < NARROW_W or variant == "compare"
    folded = h < LOW_H
    left_w = w if narrow else w - PANEL_W
    timeline_y = h - TIMELINE_H
    charts_y = timeline_y if folded else timeline_y - CHARTS_H
    drawer_w = min(PANEL_W, w - 40) if narrow and drawer_open else 0
    seen_w = left_w - drawer_w if left_w - drawer_w >= FOOT_MIN_W else left_w
    boxes: dict[str, Box] = {"window": (0, 0, w, h), **_top(w), **_maps(left_w, seen_w, charts_y, variant)}
    charts: list[Box] = []
    if not folded:
        boxes["chart_strip"] = (0, charts_y, left_w, CHARTS_H)
        charts = _charts(left_w, charts_y)
    boxes |= _timeline(left_w, timeline_y)
    if not narrow or drawer_open:
        boxes |= _panel(w, timeline_y if narrow else h, variant, front, inspector_h)
    boxes |= _overlays(w, h, charts_y)
    return Places(
        variant, size, scale, narrow, folded, {name: _scaled(box, scale) for name, box in boxes.items()},
        tuple(_scaled(box, scale) for box in _cards(w)), tuple(_scaled(box, scale) for box in charts),
    )  # fmt: skip


def _scaled(box: Box, scale: float) -> Rect:
    """Edges are rounded, not lengths, so that neighbours touch."""
    x, y, w, h = box
    left, top = round(x * scale), round(y * scale)
    return Rect(left, top, round((x + w) * scale) - left, round((y + h) * scale) - top)


def _top(w: int) -> dict[str, Box]:
    return {
        "top": (0, 0, w, TOP_H), "sign": (14, 15, 28, 28), "scenario": (50, 8, 180, 22), "policy": (50, 31, 180, 18),
        "badge": (236, 18, 78, 22), "clock": (324, 6, 116, 28), "speed": (324, 36, 116, 16),
    }  # fmt: skip


def _cards(w: int) -> list[Box]:
    room = w - CARDS_X
    count = min(CARDS_MAX, max(room // CARD_MIN_W, 1))
    each = room // count
    return [(CARDS_X + n * each, 0, each, TOP_H) for n in range(count)]


def _maps(w: int, seen_w: int, foot: int, variant: Variant) -> dict[str, Box]:
    h = foot - TOP_H
    layers = (14, foot - 28, max(seen_w - 14 - 232 - 24, 120), 22)
    legend = (seen_w - 10 - 232, foot - 30, 232, 24)
    found: dict[str, Box] = {
        "map": (0, TOP_H, w, h), "map_view": (0, TOP_H, w, h - FOOT_H), "layers": layers, "legend": legend,
        "minimap": (seen_w - 10 - 176, foot - 38 - 88, 176, 88), "breadcrumb": (14, TOP_H + 8, w // 2, 20),
    }  # fmt: skip
    if variant == "compare":
        half = (w - 2) // 2
        found |= {
            "map_a": (0, TOP_H, half, h), "map_b": (half + 2, TOP_H, w - half - 2, h),
            "divider": (half, TOP_H, 2, h), "map_view_a": (0, TOP_H, half, h - FOOT_H),
            "map_view_b": (half + 2, TOP_H, w - half - 2, h - FOOT_H),
        }  # fmt: skip
    return found


def _charts(w: int, y: int) -> list[Box]:
    left, right, gap = 14, 21, 17
    count = CHARTS_MAX
    while count > 1 and (w - left - right - gap * (count - 1)) // count < CHART_MIN_W:
        count -= 1
    each = (w - left - right - gap * (count - 1)) // count
    return [(left + n * (each + gap), y + 28, each, 80) for n in range(count)]


def _timeline(w: int, y: int) -> dict[str, Box]:
    transport_w, speeds_w = 108, 306
    hints_x = 14 + transport_w + 12 + speeds_w + 16
    return {
        "timeline": (0, y, w, TIMELINE_H), "timeline_title": (14, y + 5, w - 28, 16),
        "timeline_markers": (24, y + 22, w - 48, 16), "timeline_track": (24, y + 30, w - 48, 30),
        "timeline_bar": (24, y + 62, w - 48, 5), "timeline_ticks": (24, y + 70, w - 48, 16),
        "transport": (14, y + 92, transport_w, 28), "speeds": (14 + transport_w + 12, y + 94, speeds_w, 24),
        "hints": (hints_x, y + 94, max(w - hints_x - 14, 0), 24),
    }  # fmt: skip


def _panel(w: int, bottom: int, variant: Variant, front: str | None, inspector_h: int | None = None) -> dict[str, Box]:
    width = min(PANEL_W, w - 40)
    x, y = w - width, TOP_H
    found: dict[str, Box] = {"panel": (x, y, width, bottom - y)}
    for name, height in _stacked(PANELS[variant], bottom - y, front, inspector_h):
        found[name] = (x, y, width, height)
        y += height
    return found


def _stacked(
    parts: tuple[str, ...], room: int, front: str | None, inspector_h: int | None = None
) -> list[tuple[str, int]]:
    """The parts that fit, from top to bottom; the one that stretches, or else the last, takes what is left."""
    kept = list(parts)
    for name in GIVES_WAY:
        if sum(PART_H[part] for part in kept) <= room:
            break
        if name in kept and name != front and len(kept) > 1:
            kept.remove(name)
    heights = {name: PART_H[name] for name in kept}
    stretched = next((name for name in ("log", "training") if name in heights), kept[-1])
    spare = room - sum(heights.values())
    if inspector_h is not None and stretched == "log" and "inspector" in heights:
        grown = min(max(inspector_h - heights["inspector"], 0), max(spare, 0))
        heights["inspector"] += grown
        spare -= grown
    heights[stretched] += spare
    return list(heights.items())


def _overlays(w: int, h: int, foot: int) -> dict[str, Box]:
    def centred(width: int, height: int, top: int | None = None) -> Box:
        width, height = min(width, w - 24), min(height, h - 24)
        y = (h - height) // 2 if top is None else min(top, h - height - 12)
        return ((w - width) // 2, y, width, height)

    return {
        "find": centred(560, 420, 90), "help": centred(1040, 700), "start": centred(760, 600),
        "dialog": centred(460, 260), "form": centred(460, 320), "debrief": centred(1040, 720),
        "toast": centred(520, 34, foot - 84),
        "frame_times": (12, TOP_H + 12, 250, 190),
    }  # fmt: skip


def suggested_scale(desktop: tuple[int, int]) -> float:
    """What suits a desktop: pygame cannot ask the system. 1 up to 2048 wide, 2 from 3840 on."""
    w, h = desktop
    return max((s for s, least in zip(SCALES, ((0, 0), (2400, 1350), (3000, 1680), (3840, 2100)), strict=True)
                if w >= least[0] and h >= least[1]), default=1.0)  # fmt: skip


def next_scale(scale: float, step: int) -> float:
    """The next of the four scales up or down; the ends stay."""
    nearest = min(range(len(SCALES)), key=lambda n: abs(SCALES[n] - scale))
    return SCALES[min(max(nearest + step, 0), len(SCALES) - 1)]
