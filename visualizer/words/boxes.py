"""How wide the places are that words must fit, in pixels at scale 1, and a test whether they do."""

from __future__ import annotations

from typing import Final, NamedTuple

from visualizer.drawing.lettering import BODY, CAPTION, LABEL, TITLE, Lettering, Size
from visualizer.words import CATALOGUE, LANGUAGES, Language, placeholders, say


class Box(NamedTuple):
    """Room for the words of one key, or of all that begin with `keys` if it ends in a dot or a dash below.

    `longest` fills their placeholders.
    """

    keys: str
    width: int
    size: Size
    bold: bool = False
    longest: dict[str, str] = {}  # noqa: RUF012 read only

    def holds(self, key: str) -> bool:
        """Do the words of this key stand here."""
        return key.startswith(self.keys) if self.keys[-1] in "._" else key == self.keys


BOXES: Final[tuple[Box, ...]] = (
    Box("badge.", 58, CAPTION, True),
    Box("top.holding", 116, CAPTION, False, {"speed": "1000", "held": "612"}),
    Box("top.paused", 116, CAPTION),
    Box("weekday.", 40, CAPTION),
    Box("card.", 132, CAPTION),
    Box("layer.", 84, BODY),
    Box("colour.", 110, BODY),
    Box("heat.unit_", 90, CAPTION),
    Box("heat.window_", 84, BODY),
    Box("side.", 90, BODY),
    Box("chart.", 190, BODY),
    Box("queues.title", 120, TITLE, True),
    Box("queue.", 124, BODY, False, {"name": "P07"}),
    Box("inspect.title", 120, TITLE, True),
    Box("inspect.following", 120, BODY),
    Box("inspect.follow", 120, BODY),
    *(
        Box(f"inspect.{name}", 96, BODY)
        for name in (
            "role", "zone", "equipment", "state", "task", "next_stop", "shift", "scans", "lines", "wave", "batch",
            "tour", "due", "slack", "customer", "owner", "carrier", "priority", "where", "cycle", "lot", "expiry",
            "book", "floor", "difference", "reserved", "available", "blocked", "visits", "last_count", "abc",
            "capacity",
            "occupancy", "queue", "rate", "blockages", "next_planned", "departs", "loaded", "homes", "units",
        )
    ),
    Box("state.", 64, BODY),
    Box("role.", 110, BODY),
    Box("work.", 110, BODY),
    Box("part.", 124, BODY),
    Box("reason.", 190, BODY),
    Box("family.", 130, BODY),
    Box("rejection.", 190, CAPTION),
    *(Box(f"inspect.{name}", 280, BODY) for name in ("ask_alternatives", "asking_alternatives", "alternatives_later")),
    Box("snapshot.", 110, BODY),
    Box("compare.ask", 380, BODY),
    Box("event.", 160, BODY),
    Box("kpi.", 160, BODY),
    Box("metric.", 160, BODY),
    Box("timeline.title", 240, CAPTION),
    Box("timeline.marks", 380, CAPTION),
    Box("saturated.", 150, BODY),
    Box("timeline.fastest", 40, BODY),
    Box("group.", 200, TITLE, True),
    Box("help.", 206, BODY),
    Box("mouse.", 124, BODY),
    Box("hint.", 70, CAPTION),
    Box("key.", 44, CAPTION, True),
    Box("train.title", 160, TITLE, True),
    Box("train.part_", 116, BODY),
    Box("debrief.no_", 210, LABEL),
    *(
        Box(f"order.{name}", 150, BODY)
        for name in (
            "open_station", "close_station", "move_people", "add_workers", "hold_order", "release_order", "hold_wave",
            "release_wave", "request_count", "set_policy", "change_order", "cancel_order", "block_aisle",
            "unblock_aisle", "inject_fault", "for_minutes",
        )
    ),
    Box("inject.title", 200, TITLE, True),
    *(
        Box(f"inject.{name}", 150, BODY, False, {"count": "200", "min": "10"})
        for name in ("device", "agv", "aisle", "conveyor", "absent", "rush", "late_truck", "wms_outage", "network")
    ),
    *(Box(f"compare.{name}", 86, BODY) for name in ("policy", "candidates", "choice", "score", "length")),
    Box("compare.timeline", 400, CAPTION),
    Box("compare.minus", 60, CAPTION),
    Box("compare.title", 180, BODY),
    Box("goto.title", 400, TITLE, True),
    Box("break.title", 400, TITLE, True),
    Box("dialog.", 96, LABEL),
)  # fmt: skip


def fits(key: str, width: int, lettering: Lettering, size: Size = BODY, bold: bool = False, **values: str) -> bool:
    """Do the words stand within `width` (at scale 1) in both languages, at the scale of `lettering`."""
    room = round(width * lettering.ui_scale)
    return all(lettering.width(say(key, language, **values), size, bold) <= room for language in LANGUAGES)


def too_wide(lettering: Lettering) -> list[tuple[str, Language, int, int]]:
    """What stands out of its box: key, language, pixels it takes, pixels there are."""
    found: list[tuple[str, Language, int, int]] = []
    for box in BOXES:
        room = round(box.width * lettering.ui_scale)
        for key in CATALOGUE:
            if not box.holds(key):
                continue
            for language in LANGUAGES:
                needed = placeholders(say(key, language))
                text = say(key, language, **{name: box.longest[name] for name in needed})
                took = lettering.width(text, box.size, box.bold)
                if took > room:
                    found.append((key, language, took, room))
    return found
