"""The book of one site: what the WMS believes lies where. Only scans, counts and keyed sheets change it."""

from __future__ import annotations

from twin.domain.aisles import Stop
from twin.domain.goods import Lot, LotKey, Sku
from twin.domain.ids import LocationId, LotId, Lpn, OwnerId, SkuId, StockId, StockStatus, Zone
from twin.domain.records import builder
from twin.policies.allocation import StockLine
from twin.policies.putaway import OpenLocation

_stock_line = builder(StockLine)
Key = tuple[OwnerId, SkuId]


class Place:
    """What the book knows of a location; fixed, but for `blocked`, the `stocks` there and what is on its way to it.

    `row` is its immutable picture with what stands there, made again after a change; `stop`: as tours visit it.
    """

    __slots__ = (
        "blocked", "coming", "distance_mm", "height_mm", "kind", "location", "max_kg", "mix", "pick_rank", "places",
        "row", "secure", "stocks", "stop", "storage", "tier", "velocity", "volume_l", "zone",
    )  # fmt: skip

    def __init__(
        self, location: LocationId, zone: Zone, *, kind: str, tier: int, pick_rank: int, distance_mm: int,
        storage: str, secure: bool, mix: str, max_kg: float, volume_l: float, places: int, height_mm: int,
        velocity: int,
    ) -> None:  # fmt: skip
        self.location = location
        self.zone = zone
        self.kind = kind
        self.tier = tier
        self.pick_rank = pick_rank
        self.distance_mm = distance_mm
        self.storage = storage
        self.secure = secure
        self.mix = mix
        self.max_kg = max_kg
        self.volume_l = volume_l
        self.places = places
        self.height_mm = height_mm
        self.velocity = velocity
        self.blocked = False
        self.coming = 0
        self.stocks: list[Stock] = []
        self.row: OpenLocation | None = None
        self.stop: Stop | None = None


class Account:
    """What the book holds of one SKU, under its `key`; lines and stock know theirs, so that nobody looks it up twice.

    `home_zone`: where its face or its first stock lies. `stocked`: some of it has been on hand; `dated`: some expires.
    """

    __slots__ = ("dated", "held", "home_zone", "key", "on_hand", "sku", "stocked", "stocks")

    def __init__(self, key: Key, sku: Sku) -> None:
        self.key = key
        self.sku = sku
        self.on_hand = 0
        self.held = 0
        self.stocks: list[Stock] = []
        self.home_zone = ""
        self.stocked = False
        self.dated = False

    @property
    def free(self) -> int:
        """Units that no order holds."""
        return self.on_hand - self.held


class Stock:
    """Units of one SKU, lot and status in one place; `row` is its immutable picture, made again after a change."""

    __slots__ = (
        "account", "blocked", "expires_on_day", "face", "lot", "lpn", "max_units", "min_units", "owner", "place",
        "received_at_ms", "remove_on_day", "reserved", "row", "sku", "sku_id", "status", "stock", "units",
    )  # fmt: skip

    def __init__(
        self, stock: StockId, place: Place, account: Account, lot: Lot | None, *, lpn: Lpn | None, units: int,
        status: StockStatus, received_at_ms: int, face: bool, min_units: int, max_units: int,
    ) -> None:  # fmt: skip
        sku = account.sku
        self.stock = stock
        self.place = place
        self.account = account
        self.owner = sku.owner
        self.sku_id = sku.sku
        self.sku = sku
        self.lot: LotId | None = lot.lot if lot else None
        self.expires_on_day = lot.expires_on_day if lot else None
        self.remove_on_day = lot.remove_on_day if lot else None
        self.lpn = lpn
        self.units = units
        self.reserved = 0
        self.status = status
        self.blocked = False
        self.received_at_ms = received_at_ms
        self.face = face
        self.min_units = min_units
        self.max_units = max_units
        self.row: StockLine | None = None

    @property
    def free(self) -> int:
        """Units that may still be reserved."""
        return self.units - self.reserved

    @property
    def usable(self) -> bool:
        """Counts as on hand for promises."""
        return self.status == "available" and not self.blocked

    def serves(self, account: Account) -> bool:
        """It is of this SKU, and neither it nor its place is blocked."""
        return self.account is account and self.status == "available" and not self.blocked and not self.place.blocked

    def position(self) -> int:
        """Usable units of its SKU in its place that nobody has reserved, over all lots."""
        units = 0
        for s in self.place.stocks:
            if s.account is self.account and s.status == "available":
                units += s.units - s.reserved
        return units

    def line(self) -> StockLine:
        """The immutable row that policies see."""
        row = self.row
        if row is None:
            place = self.place
            row = self.row = _stock_line(
                self.stock, place.location, place.zone, place.tier, place.pick_rank, place.distance_mm, self.lot,
                self.lpn, self.owner, self.status, self.blocked or place.blocked, self.units, self.reserved,
                self.sku.units_per_pack, self.face, self.received_at_ms, self.expires_on_day, self.remove_on_day,
                place.storage, False, self.sku.segregation, place.secure,
            )  # fmt: skip
        return row


class Book:
    """Stock, holds and reservations of one site; an account for each SKU."""

    def __init__(self, site: str, places: dict[LocationId, Place], skus: dict[Key, Sku], lots: dict[LotKey, Lot]):
        self.site = site
        self.places = places
        self.accounts: dict[Key, Account] = {key: Account(key, sku) for key, sku in skus.items()}
        self.lots = lots
        self.version = 0
        self.stocks: dict[StockId, Stock] = {}
        self.by_sku: dict[Key, list[Stock]] = {}
        self.by_location: dict[LocationId, list[Stock]] = {}
        self._last_stock = 0

    @property
    def on_hand(self) -> dict[Key, int]:
        """Usable units of every SKU that was on hand."""
        return {key: account.on_hand for key, account in self.accounts.items() if account.stocked}

    @property
    def held(self) -> dict[Key, int]:
        """Units that orders hold of every SKU that was on hand."""
        return {key: account.held for key, account in self.accounts.items() if account.stocked}

    def add(
        self, location: LocationId, key: Key, lot: LotId | None, units: int, *, at_ms: int, lpn: Lpn | None = None,
        status: StockStatus = "available", face: bool = False, min_units: int = 0, max_units: int = 0,
    ) -> Stock:  # fmt: skip
        """Book units into a location; they join what is there alike, which keeps its older date of receipt."""
        self.version += 1
        place = self.places[location]
        here = self.by_location.setdefault(location, place.stocks)
        place.row = None
        for stock in here:
            if (
                stock.owner == key[0] and stock.sku_id == key[1] and stock.lot == lot and stock.status == status
                and not stock.blocked and (stock.face or stock.lpn == lpn)
            ):  # fmt: skip
                stock.units += units
                stock.received_at_ms = min(stock.received_at_ms, at_ms)
                stock.row = None
                if stock.usable:
                    stock.account.on_hand += units
                    stock.account.stocked = True
                return stock
        self._last_stock += 1
        account = self.accounts[key]
        stock = Stock(
            StockId(f"{self.site}/S{self._last_stock:06d}"), place, account,
            self.lots.get((key[0], key[1], lot)) if lot is not None else None, lpn=lpn, units=units, status=status,
            received_at_ms=at_ms, face=face, min_units=min_units, max_units=max_units,
        )  # fmt: skip
        stock.lot = lot
        if stock.expires_on_day is not None:
            account.dated = True
        self.stocks[stock.stock] = stock
        self.by_sku.setdefault(key, account.stocks).append(stock)
        here.append(stock)
        if stock.usable:
            account.on_hand += units
            account.stocked = True
        return stock

    def take(self, stock: Stock, units: int) -> None:
        """Lower on hand; an emptied line that is no pick face is forgotten."""
        self.version += 1
        stock.units -= units
        stock.row = stock.place.row = None
        if stock.status == "available" and not stock.blocked:
            stock.account.on_hand -= units
        if stock.units == 0 and stock.reserved == 0 and not stock.max_units:
            self.forget(stock)

    def forget(self, stock: Stock) -> None:
        """Drop an empty stock line."""
        if self.stocks.pop(stock.stock, None) is not None:
            stock.account.stocks.remove(stock)
            stock.place.stocks.remove(stock)

    def reserve(self, stock: Stock, units: int) -> None:
        """Units of a stock line now belong to a line or a move."""
        self.version += 1
        stock.reserved += units
        stock.row = None

    def release(self, stock: Stock, units: int) -> None:
        """Give reserved units back."""
        self.version += 1
        stock.reserved -= units
        stock.row = None
        if stock.units == 0 and stock.reserved == 0 and not stock.max_units:
            self.forget(stock)

    def block(self, stock: Stock, units: int, status: StockStatus = "blocked") -> int:
        """Take `units`, at most what is free, out of use; returns how many."""
        units = min(units, stock.free)
        if units <= 0 or not stock.usable:
            return 0
        key = (stock.owner, stock.sku_id)
        self.take(stock, units)
        self.add(stock.place.location, key, stock.lot, units, at_ms=stock.received_at_ms, status=status)
        return units

    def units_at(self, location: LocationId, key: Key) -> int:
        """Booked units of a SKU in a location, whatever their status."""
        return sum(s.units for s in self.by_location.get(location, ()) if (s.owner, s.sku_id) == key)
