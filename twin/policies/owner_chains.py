"""Chains by owner: the first entry that serves an owner decides for all of theirs; the entries before it left them.

Lots of one owner never serve another, so owners can be divided where stock of one SKU cannot. The last entry serves
whoever is left, so that every question has an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from twin.domain.ids import LocationId, OwnerId
from twin.policies.chains import AllocationChain, ChainEntry, PutawayChain
from twin.policies.shape import Rejection

if TYPE_CHECKING:
    from twin.policies.batching import Batching, BatchingSnapshot
    from twin.policies.dispatch import Dispatch, DispatchSnapshot
    from twin.policies.pick_exceptions import FaultSnapshot, Recovery
    from twin.policies.slotting import SlottingPlan, SlottingSnapshot


def _server(entries: tuple[ChainEntry, ...], owner: OwnerId) -> int:
    """The entry that serves an owner: the first that names it or names nobody."""
    return next(turn for turn, entry in enumerate(entries) if entry.serves(owner))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchingChain:
    """Orders of different owners are batched apart, each by the entry that serves them."""

    entries: tuple[ChainEntry, ...]

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        from twin.policies.batching import Batching

        batches: list[tuple[str, ...]] = []
        put_to: list[tuple[str, int]] = []
        rejected: list[Rejection] = []
        for turn, entry in enumerate(self.entries):
            mine = tuple([order for order in snapshot.orders if _server(self.entries, order.owner) == turn])
            if mine:
                found: Batching = entry.policy(replace(snapshot, orders=mine))
                batches += found.batches
                put_to += found.put_to
                rejected += found.rejected
        return Batching(batches=tuple(batches), put_to=tuple(put_to), rejected=tuple(rejected))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultChain:
    """A fault at the face is mended by the entry that serves the owner of the line."""

    entries: tuple[ChainEntry, ...]

    def __call__(self, snapshot: FaultSnapshot, /) -> Recovery:
        found: Recovery = self.entries[_server(self.entries, snapshot.line.owner)].policy(snapshot)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottingChain:
    """SKUs of each owner get homes by the entry that serves it, among those that the former entries left."""

    entries: tuple[ChainEntry, ...]

    def __call__(self, snapshot: SlottingSnapshot, /) -> SlottingPlan:
        from twin.policies.slotting import SlottingPlan

        homes: list[tuple[OwnerId, str, LocationId]] = []
        moves: list[tuple[OwnerId, str, LocationId, LocationId, int]] = []
        taken: set[LocationId] = set()
        for turn, entry in enumerate(self.entries):
            mine = tuple([row for row in snapshot.demand if _server(self.entries, row.owner) == turn])
            if not mine:
                continue
            owners = {row.owner for row in mine}
            found: SlottingPlan = entry.policy(
                replace(
                    snapshot,
                    demand=mine,
                    homes=tuple([home for home in snapshot.homes if home.location not in taken]),
                    ordered=tuple([row for row in snapshot.ordered if row[0] in owners]),
                )
            )
            homes += found.homes
            moves += found.moves
            taken |= {location for _, _, location in found.homes}
        return SlottingPlan(homes=tuple(homes), moves=tuple(moves))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchChain:
    """The first entry that finds the worker a task. Rejected is what every entry that was asked rejected."""

    entries: tuple[ChainEntry, ...]

    def __call__(self, snapshot: DispatchSnapshot, /) -> Dispatch:
        from twin.policies.dispatch import Dispatch

        found = Dispatch(task=None, interleaved=False, rejected=())
        refused: dict[str, Rejection] | None = None
        for entry in self.entries:
            found = entry.policy(snapshot)
            again = {row.subject: row for row in found.rejected}
            refused = again if refused is None else {name: row for name, row in refused.items() if name in again}
            if found.task is not None:
                break
        refused = refused or {}
        return replace(found, rejected=tuple([refused[name] for name in sorted(refused)]))


Chain = AllocationChain | PutawayChain | BatchingChain | FaultChain | SlottingChain | DispatchChain
CHAINS: dict[str, type[Chain]] = {
    "allocation": AllocationChain, "putaway": PutawayChain, "batching": BatchingChain, "slotting": SlottingChain,
    "pick_exceptions": FaultChain, "dispatch": DispatchChain,
}  # fmt: skip
LIMITS: dict[str, tuple[str, ...]] = {
    "allocation": ("zones", "owners"), "putaway": ("zones", "owners"), "batching": ("owners",),
    "slotting": ("owners",), "pick_exceptions": ("owners",), "dispatch": (),
}  # fmt: skip
"""By what an entry may be limited: rows of other families bear no zone, tasks of dispatch neither zone nor owner."""
LAST_SERVES_ALL = frozenset({"batching", "slotting", "pick_exceptions"})
WHY_NOT: dict[str, str] = {
    "promising": "a promise weighs all supplies of a SKU at once",
    "release": "waves and caps hold for the whole floor",
    "routing": "one tour has one way",
    "replenishment": "the rule also says when it is asked",
    "cycle_counting": "the rule also says when it is asked",
    "dock_assignment": "trailers share the doors",
}
"""Families without chains: there is nothing that a former entry could leave to the next."""
