"""The start screen: what was opened last, runs at hand, scenarios; or a path typed, or a folder dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygame import Rect

from visualizer.drawing.entries import Scroll, TextEntry, clipboard
from visualizer.drawing.lettering import BODY, CLOCK, LABEL, TITLE
from visualizer.drawing.widgets import Widgets
from visualizer.opening import Offer
from visualizer.places import Places
from visualizer.words import Language, say

if TYPE_CHECKING:
    from visualizer.stage import Stage

ROW_H = 42
SHARES = (0.27, 0.27, 0.46)
"""Of the width: recent, runs, scenarios."""


class Start:
    """An overlay over an empty window, or over the run that is shown."""

    name = "start"

    def __init__(self, app: Stage, *, beside: bool = False) -> None:
        self._app, self._beside = app, beside
        self.entry = TextEntry(paste=clipboard)
        self._scrolls = (Scroll(), Scroll(), Scroll())
        self._offers: Sequence[Offer] | None = None

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen."""
        canvas, theme = widgets.canvas, widgets.canvas.theme
        if self._offers is None:
            self._offers = self._app.opener.offers()
        widgets.modal()
        canvas.fill(theme.background)
        rect = places["start"]
        canvas.card(rect, theme.panel, theme.line, canvas.px(9))
        inside = rect.inflate(-canvas.px(56), -canvas.px(52))
        side = canvas.px(34)
        canvas.sign("building", (inside.x + side / 2, inside.y + side / 2), side, theme.accent)
        canvas.text(say("app.name", language), (inside.x + side + canvas.px(14), inside.y + canvas.px(9)), CLOCK,
                    bold=True)  # fmt: skip
        title = say("compare.open" if self._beside else "start.title", language)
        canvas.text(title, (inside.x + side + canvas.px(14), inside.y + canvas.px(32)), LABEL, theme.text_2)
        field = Rect(inside.x, inside.y + canvas.px(56), inside.w - canvas.px(104), canvas.px(34))
        widgets.text_field("start.path", field, self.entry, self.take, prompt=say("start.path", language))
        go = Rect(field.right + canvas.px(12), field.y, canvas.px(92), field.h)
        widgets.button("start.go", go, say("start.go", language), self.take, look="primary",
                       is_enabled=self._app.pending is None)  # fmt: skip
        below = field.bottom + canvas.px(6)
        text, ink = say("start.drop", language), theme.text_3
        if self._app.pending is not None:
            name = Path(self._app.pending.path).name
            text, ink = say("start.loading", language, name=name, share="…"), theme.info
        canvas.text(text, (inside.x, below + canvas.px(8)), BODY, ink, room=inside.w)
        self._columns(widgets, Rect(inside.x, below + canvas.px(28), inside.w, inside.bottom - below - canvas.px(28)),
                      language)  # fmt: skip

    def _columns(self, widgets: Widgets, rect: Rect, language: Language) -> None:
        recent = [Offer("run", Path(p).name or p, p, str(Path(p).parent)) for p in self._app.settings.recent]
        offers = self._offers or ()
        lists = (
            ("start.recent", recent), ("start.runs", [o for o in offers if o.sort == "run"]),
            ("start.scenarios", [o for o in offers if o.sort == "scenario" and not self._beside]),
        )  # fmt: skip
        gap = widgets.canvas.px(16)
        x = rect.x
        for (title, listed), scroll, share in zip(lists, self._scrolls, SHARES, strict=True):
            wide = round((rect.w - 2 * gap) * share)
            self._column(widgets, Rect(x, rect.y, wide, rect.h), say(title, language), listed, scroll,
                         say("start.none", language))  # fmt: skip
            x += wide + gap

    def _column(
        self, widgets: Widgets, rect: Rect, title: str, offers: Sequence[Offer], scroll: Scroll, none: str
    ) -> None:
        canvas, theme = widgets.canvas, widgets.canvas.theme
        canvas.text(title, (rect.x, rect.y + canvas.px(10)), TITLE, bold=True)
        canvas.fill(theme.line, Rect(rect.x, rect.y + canvas.px(24), rect.w, canvas.px(1)))
        inside = Rect(rect.x, rect.y + canvas.px(30), rect.w, rect.h - canvas.px(30))
        if not offers:
            canvas.text(none, (rect.x, inside.y + canvas.px(14)), BODY, theme.text_3, room=rect.w)
            return

        def row(n: int, where: Rect, is_hot: bool) -> None:
            pad = canvas.px(8)
            x = where.x + pad
            canvas.text(offers[n].name, (x, where.y + canvas.px(13)), LABEL, bold=True, room=where.w - 2 * pad)
            canvas.text(offers[n].about, (x, where.y + canvas.px(30)), BODY, theme.text_3, room=where.w - 2 * pad)

        widgets.rows(("start", title), inside, scroll, len(offers), canvas.px(ROW_H), row, self._opening(offers))

    def _opening(self, offers: Sequence[Offer]) -> Callable[[int], Any]:
        return lambda n: lambda: self._app.open(offers[n].path, beside=self._beside)

    def take(self) -> None:
        """What was typed."""
        if self.entry.text.strip():
            self._app.open(self.entry.text.strip(), beside=self._beside)

    def hear(self, event: Any) -> bool:
        """Keys go to the field."""
        return False
