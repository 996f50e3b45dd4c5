"""One table of all ids and words of a run: a name for every small integer, and back."""

from __future__ import annotations

from collections.abc import Iterable

from twin.events.columns import MISSING


class _Codes(dict[str | None, int]):
    """Gives a new name the next code on first sight; None is missing."""

    def __init__(self, table: list[str]) -> None:
        super().__init__({None: MISSING})
        self.table = table

    def __missing__(self, name: str | None) -> int:
        if type(name) is not str:
            raise TypeError(f"an id or word must be text, got {name!r}")
        code = self[name] = len(self.table)
        self.table.append(name)
        return code


class Names:
    """`table[code]` is the name of a code; `codes[name]` its code, given on first sight."""

    __slots__ = ("codes", "table")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.table: list[str] = []
        self.codes: dict[str | None, int] = _Codes(self.table)
        for name in names:
            self.codes[name]

    def __len__(self) -> int:
        return len(self.table)

    def find(self, name: str) -> int:
        """The code of a name, or MISSING if no event spoke of it yet; gives no new code."""
        return self.codes.get(name, MISSING)

    def name(self, code: int) -> str | None:
        """The name of a code; None if missing."""
        return None if code == MISSING else self.table[code]
