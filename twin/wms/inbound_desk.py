"""Goods that come in: the ASN, receiving tasks at the door, where each pallet goes, and what the book then holds."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import NamedTuple

from twin.domain.goods import Lot
from twin.domain.ids import LocationId, LotId, Lpn, TrailerId
from twin.domain.orders import Asn
from twin.events.catalogue import HandlingUnitReceived, StockPutAway
from twin.policies.putaway import OpenLocation, PutawayChoice, PutawaySnapshot
from twin.wms.book import Key, Place
from twin.wms.messages import GoodsReceived, NewAsn, PutawayConfirmed, PutawayTask, ReceiveTask
from twin.wms.outbound_desk import Caller
from twin.wms.records import Records


class Pallet(NamedTuple):
    """A pallet that was counted in and stands in the lane of its door."""

    lpn: Lpn
    key: Key
    lot: LotId | None
    units: int
    lane: LocationId


class Announced(NamedTuple):
    """Units of a pallet on their way to a place: announced, or counted in and not yet put away."""

    units: int
    at_ms: int
    expires_on_day: int | None


class InboundDesk:
    """ASNs, receiving and putaway."""

    def __init__(self, records: Records) -> None:
        self.r = records
        self.asns: dict[TrailerId, Asn] = {}
        self.announced: dict[Key, dict[Lpn, Announced]] = {}
        self.not_announced: dict[TrailerId, tuple[Caller, LocationId, LocationId]] = {}
        self.last_used: LocationId | None = None
        self.stranded: list[Pallet] = []
        reserve = [p for p in records.book.places.values() if p.tier > 0]
        storage = reserve or list(records.book.places.values())
        self.tiers = {p.tier for p in storage}
        self.empty: list[tuple[int, LocationId]] = sorted((p.distance_mm, p.location) for p in storage if not p.stocks)

    def announce(self, m: NewAsn) -> None:
        """An ASN is known, and its lots, in place of an earlier one. A trailer at its door can be unloaded now."""
        earlier = self.asns.get(m.asn.trailer)
        for line in earlier.lines if earlier is not None else ():
            self.announced[line.owner, line.sku].pop(line.lpn, None)
        self.asns[m.asn.trailer] = m.asn
        lots = self.r.book.lots
        for line in m.asn.lines:
            coming = Announced(line.units, m.asn.expected_at_ms, line.expires_on_day)
            self.announced.setdefault((line.owner, line.sku), {})[line.lpn] = coming
            if line.lot is not None:
                lot = Lot(
                    owner=line.owner, sku=line.sku, lot=line.lot, expires_on_day=line.expires_on_day,
                    remove_on_day=line.expires_on_day, alert_on_day=line.expires_on_day,
                )  # fmt: skip
                lots.setdefault(lot.key, lot)

        waiting = self.not_announced.pop(m.asn.trailer, None)
        if waiting is not None:
            self.open_trailer(*waiting, m.at_ms)

    def trailer_left(self, trailer: str) -> None:
        """What a trailer took away again is neither unloaded nor expected."""
        self.not_announced.pop(TrailerId(trailer), None)
        for queued in self.r.work.open_in("receive"):
            work: ReceiveTask = queued.work
            if work.trailer == trailer:
                self.r.work.withdraw(work.task, "receive")
                self.announced[work.owner, work.sku].pop(work.lpn, None)

    def units_announced(self, trailer: str) -> int | None:
        """Units on the ASN of a trailer."""
        asn = self.asns.get(TrailerId(trailer))
        return sum(x.units for x in asn.lines) if asn else None

    def open_trailer(self, caller: Caller, door: LocationId, lane: LocationId, now: int) -> None:
        """A trailer is at its door: a receiving task per announced pallet; without an ASN it waits for one."""
        r = self.r
        asn = self.asns.pop(caller.trailer, None)
        if asn is None:
            self.not_announced[TrailerId(caller.trailer)] = (caller, door, lane)
            return
        for line in asn.lines:
            task = r.work.new_task_id("receive")
            work = ReceiveTask(
                task, caller.trailer, line.lpn, line.owner, line.sku, line.lot, line.units, line.expires_on_day,
                door, lane,
            )  # fmt: skip
            r.work.put(
                now, task, "receive", work, starts_at=door, latest_start_ms=caller.leaves_at_ms or now + 3_600_000,
                priority=4, work_ms=150_000, units=line.units, handling_unit=line.lpn,
            )  # fmt: skip
            r.ready.add("receive")

    def received(self, m: GoodsReceived) -> None:
        """A pallet was counted in: compare with the ASN, choose its place."""
        r, t, now = self.r, m.task, m.at_ms
        r.record(
            HandlingUnitReceived, now, r.site, m.worker, t.lpn, t.trailer, t.owner, t.sku, m.units, t.units, t.lane,
            t.lot, None, "putaway",
        )  # fmt: skip
        coming = self.announced.get((t.owner, t.sku), {})
        if t.lpn in coming:
            coming[t.lpn] = coming[t.lpn]._replace(units=m.units)
        if m.units <= 0:
            coming.pop(t.lpn, None)
            return
        if not self._find_place(Pallet(t.lpn, (t.owner, t.sku), t.lot, m.units, t.lane), now):
            self.stranded.append(Pallet(t.lpn, (t.owner, t.sku), t.lot, m.units, t.lane))

    def _find_place(self, pallet: Pallet, now: int) -> bool:
        """Ask for a place and send the pallet there; False if there is none."""
        r = self.r
        lpn, key, lot, units, lane = pallet
        location, cause = self._choose(pallet, now)
        if location is None:
            return False
        task = r.work.new_task_id("putaway")
        place = r.book.places[location]
        place.coming += 1
        place.row = None
        r.work.put(
            now, task, "putaway", PutawayTask(task, lpn, key[0], key[1], lot, units, lane, location), starts_at=lane,
            latest_start_ms=now + 3_600_000, priority=4, work_ms=120_000, units=units, handling_unit=lpn, cause=cause,
        )  # fmt: skip
        r.ready.add("putaway")
        return True

    def ask_again(self, now: int) -> None:
        """Another policy decides from now on: it is asked about each pallet that waits for a place."""
        self.stranded = [pallet for pallet in self.stranded if not self._find_place(pallet, now)]

    def _candidates(self, key: Key, most: int) -> tuple[list[Place], int]:
        book = self.r.book
        tiers = self.tiers
        same = {s.place.location: s.place for s in book.by_sku.get(key, ()) if s.place.tier in tiers and not s.face}
        places = [same[k] for k in sorted(same)]
        room = len(self.empty) if not most else max(0, most - len(places))
        places += [book.places[location] for _, location in self.empty[:room]]
        return places, max(0, len(self.empty) - room)

    def _among_empty(self, place: Place) -> int | None:
        slot = (place.distance_mm, place.location)
        at = bisect_left(self.empty, slot)
        return at if at < len(self.empty) and self.empty[at] == slot else None

    def _row(self, place: Place) -> OpenLocation:
        row = place.row = self.picture(place)
        return row

    def picture(self, place: Place) -> OpenLocation:
        """A location as the putaway policy sees it now."""
        book = self.r.book
        here = [s for s in book.by_location.get(place.location, ()) if s.units]
        kg = sum(s.units * s.sku.mass_kg for s in here)
        litres = sum(s.units * s.sku.volume_l for s in here)
        pallets = len({s.lpn or s.stock for s in here})
        return OpenLocation(
            location=place.location, zone=place.zone, kind=place.kind, blocked=place.blocked,
            storage=place.storage,  # type: ignore[arg-type]
            secure=place.secure, mix=place.mix,  # type: ignore[arg-type]
            holds=tuple((s.owner, s.sku_id, s.lot, s.units) for s in here), free_kg=place.max_kg - kg,
            free_l=place.volume_l - litres, free_places=place.places - pallets,
            height_mm=place.height_mm, coming_handling_units=place.coming, fixed_for=None, velocity=place.velocity,
        )  # fmt: skip

    def _choose(self, pallet: Pallet, now: int) -> tuple[LocationId | None, int]:
        r, book = self.r, self.r.book
        lpn, key, lot, units, _ = pallet
        sku = book.accounts[key].sku
        policy = r.decisions.policies["putaway"]
        most = policy.candidates_max
        face = min([s.place.location for s in book.by_sku.get(key, ()) if s.face], default=None)
        while True:
            places, left_out = self._candidates(key, most)
            distance_mm = tuple([p.distance_mm for p in places])
            snapshot = PutawaySnapshot(
                now_ms=now, book_version=book.version, left_out=left_out, lpn=lpn, owner=key[0], sku=key[1],
                lot=lot, units=units, mass_kg=units * sku.mass_kg, volume_l=units * sku.volume_l, height_mm=1500,
                handling_unit_kind="pallet", storage=sku.storage, secure=sku.secure, segregation=sku.segregation,
                velocity=sku.velocity, last_used=self.last_used,
                candidates=tuple([p.row or self._row(p) for p in places]),
                distance_mm=distance_mm,
                face_distance_mm=distance_mm if face is None
                else tuple([r.graph.distance_mm(face, p.location) for p in places]),
            )  # fmt: skip
            choice: PutawayChoice = r.decisions.ask("putaway", snapshot)
            if choice.location is None and left_out:
                most *= 2
                continue
            break
        chosen = next((row for row in snapshot.candidates if row.location == choice.location), None)
        if choice.location is not None and (
            chosen is None or chosen.blocked or chosen.free_places - chosen.coming_handling_units < 1
        ):
            raise r.decisions.broken("putaway", "the location is one of the candidates with a free place", snapshot)
        cause = r.decisions.record(
            "putaway", now, r.site, len(places), choice.location or "no_location", handling_unit=lpn,
            location=choice.location, units=units,
        )  # fmt: skip
        if choice.location is not None:
            self.last_used = choice.location
            place = book.places[choice.location]
            at = self._among_empty(place)
            if at is not None and place.coming + 1 >= place.places:
                del self.empty[at]
        return choice.location, cause

    def put_away(self, m: PutawayConfirmed) -> Key:
        """A pallet was reported in its location: its units are on hand."""
        r, book, t = self.r, self.r.book, m.task
        key = (t.owner, t.sku)
        planned = book.places[t.location]
        planned.coming = max(0, planned.coming - 1)
        planned.row = None
        stock = book.add(m.location, key, t.lot, m.units, at_ms=m.at_ms, lpn=t.lpn)
        self.announced.get(key, {}).pop(t.lpn, None)
        if m.location != t.location:
            self.left(t.location, m.at_ms)
        r.record(
            StockPutAway, m.at_ms, r.site, m.worker, t.lpn, t.owner, t.sku, m.units, m.location, t.lot, t.origin,
            t.task, None, "reserve" if stock.place.tier else "face",
        )  # fmt: skip
        return key

    def left(self, location: LocationId, now: int) -> None:
        """Goods left a location, or did not come to it: if it is storage with room, those that wait for a place go."""
        place = self.r.book.places[location]
        if place.tier not in self.tiers:
            return
        if not place.stocks and not place.coming and self._among_empty(place) is None:
            insort(self.empty, (place.distance_mm, place.location))
        if self.stranded and self._has_room(place):
            for pallet in tuple(self.stranded):
                if self._find_place(pallet, now):
                    self.stranded.remove(pallet)
                elif not self._has_room(place):
                    break

    def _has_room(self, place: Place) -> bool:
        there = len({s.lpn or s.stock for s in place.stocks if s.units}) + place.coming
        return there < place.places and self._among_empty(place) is not None
