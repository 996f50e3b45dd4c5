"""Pick faces get their goods from reserve: when a face runs low, a move is asked for, reserved and put on the queue."""

from __future__ import annotations

from math import inf
from typing import Literal

from twin.domain.ids import LocationId
from twin.domain.records import builder
from twin.events.catalogue import StockReplenished
from twin.policies.replenishment import REPLENISHMENT, Face, Replenishment, ReplenishmentSnapshot
from twin.wms.book import Key, Stock
from twin.wms.messages import ReplenishConfirmed, ReplenishTask
from twin.wms.records import Records

_face, _snapshot = builder(Face), builder(ReplenishmentSnapshot)

WORK_MS = 120_000
"""A move is expected to take two minutes; an estimate for slack, never the floor's time."""


TRIGGERS: dict[str, Literal["level", "demand", "immediate", "idle"]] = {"immediate": "immediate", "top_up": "idle"}
TOP_UP_MOST = 1
"""SKUs that an idle replenisher fills at a time."""


class ReplenishmentDesk:
    """Watches the faces. A face whose reserve is empty is asked again when goods come in."""

    def __init__(self, records: Records) -> None:
        self.r = records
        self.coming: dict[tuple[LocationId, Key], int] = {}
        self.moves: dict[str, ReplenishTask] = {}
        self._expected_ms: dict[str, int] = {}
        self._units_coming: dict[Key, int] = {}
        self.dry: set[Key] = set()
        self.learn_policy()
        self._idle_at_ms = -1

    def learn_policy(self) -> None:
        """Read what it needs of the policy in use; again when it is changed."""
        policy = self.r.decisions.policies["replenishment"]
        self.name = policy.ref.name
        self.share_of_max: float = getattr(getattr(policy.decide, "rules", None), "share_of_max", 0.0)

    def look_at_faces(self, now: int) -> None:
        """Ask for every face that is low."""
        for stocks in list(self.r.book.by_sku.values()):
            for stock in [s for s in stocks if s.max_units]:
                self.face_wanted(stock, now)

    def face_wanted(self, stock: Stock, now: int) -> None:
        """Units of a face were reserved: is it low?"""
        if stock.account.key not in self.dry:
            face = stock if stock.max_units else self._face_beside(stock)
            if face is not None and self._is_low(face):
                self._ask(self._with_its_zone(face) if self.name == "zone_threshold" else [face], now)

    def stock_came(self, key: Key, now: int) -> None:
        """Goods of a SKU reached reserve: its faces may be filled again."""
        self.dry.discard(key)
        low = [s for s in self.r.book.by_sku.get(key, ()) if s.max_units and self._is_low(s)]
        if low:
            self._ask(low, now)

    def _with_its_zone(self, face: Stock) -> list[Stock]:
        """All faces of the SKU in the zone."""
        return [s for s in face.account.stocks if s.max_units and s.place.zone == face.place.zone]

    def _face_beside(self, stock: Stock) -> Stock | None:
        return next((s for s in stock.place.stocks if s.max_units and s.account is stock.account), None)

    def _is_low(self, face: Stock) -> bool:
        position = face.position() + self.coming.get((face.place.location, face.account.key), 0)
        if self.name == "percent_of_max":
            return position <= self.share_of_max * face.max_units
        if self.name == "immediate":
            return position <= 0
        if self.name == "top_up":
            return False  # asked when a replenisher has nothing else to do
        if self.name in REPLENISHMENT:
            return position < face.min_units
        return position < face.max_units  # a user's own rule says itself what is low

    def idle(self, now: int) -> None:
        """A replenisher has nothing to do: `top_up` may fill what is not full, the least covered SKU first."""
        if self.name != "top_up" or self._idle_at_ms == now:
            return
        self._idle_at_ms = now
        wanting: list[tuple[float, Key]] = []
        for key, stocks in self.r.book.by_sku.items():
            if key in self.dry or not any(not s.face and s.place.tier > 0 and s.usable and s.free > 0 for s in stocks):
                continue
            for s in stocks:
                if s.max_units:
                    position = s.position() + self.coming.get((s.place.location, key), 0)
                    if position < s.max_units:
                        days = position / s.sku.units_per_day if s.sku.units_per_day else inf
                        wanting.append((days, key))
        for _, key in sorted(wanting)[:TOP_UP_MOST]:
            self._ask([s for s in self.r.book.by_sku[key] if s.max_units], now)

    def coming_for(self, key: Key) -> tuple[tuple[LocationId, int, int], ...]:
        """Moves of a SKU under way: (face, units, expected at)."""
        return tuple(
            (t.location, t.units, self._expected_ms[name]) for name, t in self.moves.items() if (t.owner, t.sku) == key
        )

    def units_coming(self, key: Key) -> int:
        """Units of a SKU that moves under way bring to faces."""
        return self._units_coming.get(key, 0)

    def _ask(self, faces: list[Stock], now: int) -> None:
        r, book = self.r, self.r.book
        by_location: dict[LocationId, Stock] = {}
        for s in faces:  # lots of a SKU in one location share its face
            by_location.setdefault(s.place.location, s)
        account = faces[0].account
        key, sku = account.key, account.sku
        reserve = [s for s in account.stocks if not s.face and s.place.tier > 0 and s.usable]
        rows = tuple([
            _face(
                s.place.location, s.owner, s.sku_id, s.position(), self.coming.get((s.place.location, key), 0), 0,
                s.min_units, s.max_units, s.max_units, sku.units_per_day / 24, s.place.zone,
            )
            for s in by_location.values()
        ])  # fmt: skip
        snapshot = _snapshot(
            now, book.version, 0, rows, tuple([s.row or s.line() for s in reserve]), r.on_day(now),
            TRIGGERS.get(self.name, "level"),
        )  # fmt: skip
        decision: Replenishment = r.decisions.ask("replenishment", snapshot)
        if not decision.moves:
            if any(x.code == "no_stock" for x in decision.rejected) or not reserve:
                self.dry.add(key)
            return
        for stock_id, to, units, due_ms in decision.moves:
            stock = book.stocks.get(stock_id)
            if stock not in reserve or to not in by_location or not 0 < units <= stock.free:
                raise r.decisions.broken(
                    "replenishment", "a move takes 1 to the free units of a reserve line to an asking face", snapshot
                )
            cause = r.decisions.record(
                "replenishment", now, r.site, len(reserve), to, location=stock.place.location, units=units
            )
            book.reserve(stock, units)
            self.coming[to, key] = self.coming.get((to, key), 0) + units
            task = r.work.new_task_id("replenish")
            work = ReplenishTask(task, stock_id, stock.owner, stock.sku_id, stock.lot, units, stock.place.location, to)
            self.moves[task] = work
            self._expected_ms[task] = now + WORK_MS
            self._units_coming[key] = self._units_coming.get(key, 0) + units
            r.work.put(
                now, task, "replenish", work, starts_at=stock.place.location, latest_start_ms=due_ms, priority=3,
                work_ms=WORK_MS, units=units, cause=cause,
            )  # fmt: skip
            r.ready.add("replenish")

    def confirmed(self, m: ReplenishConfirmed) -> Key:
        """A move was reported: reserve falls, the face rises."""
        r, book, t = self.r, self.r.book, m.task
        self.moves.pop(t.task, None)
        self._expected_ms.pop(t.task, None)
        key = (t.owner, t.sku)
        self.coming[t.location, key] -= t.units
        stock = book.stocks[t.stock]
        book.release(stock, t.units)
        moved = min(m.units, stock.units)
        self._units_coming[key] -= t.units
        received = stock.received_at_ms
        if moved:
            book.take(stock, moved)
            book.add(t.location, key, t.lot, moved, at_ms=received, face=True)
        r.record(
            StockReplenished, m.at_ms, r.site, m.worker, t.owner, t.sku, moved, t.origin, t.location, t.lot, t.task
        )
        return key
