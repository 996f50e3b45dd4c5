"""A sentence over the screen: what did not work, and why."""

from __future__ import annotations

from typing import Any

from visualizer.controlling.keys import Action
from visualizer.drawing.overlays import Choice, dialog
from visualizer.drawing.widgets import Widgets
from visualizer.places import Places
from visualizer.stage import Overlay
from visualizer.words import Language, say


class Note:
    """An overlay. What was open before comes back when it is closed."""

    name = "note"

    def __init__(self, title: str, text: str, *, back: Overlay | None) -> None:
        self.title, self.text = title, text
        self.back: Overlay | None = back.back if isinstance(back, Note) else back

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen."""
        choice = Choice(say("dialog.ok", language), Action.CLOSE, "primary")
        dialog(widgets, places["dialog"], self.title, self.text, [choice], tone="text")

    def hear(self, event: Any) -> bool:
        """Keys go to whoever is asked next: Esc closes."""
        return False
