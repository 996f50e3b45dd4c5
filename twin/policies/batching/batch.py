"""What batching sees and what it answers: which orders share a tour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.ids import LocationId, OrderId, OwnerId, StorageClass
from twin.policies.shape import Rejection, Rules, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """A released order that waits for a tour. mass_kg, volume_l: None if unknown; batch: named in the order data."""

    order: OrderId
    owner: OwnerId
    stops: tuple[Stop, ...]
    lines: int
    mass_kg: float | None
    volume_l: float | None
    cutoff_at_ms: int
    work_ms: int
    storage: StorageClass
    segregation: str | None
    batch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchingSnapshot(Snapshot):
    """Orders and one cart. cart_positions, max_lines: 0 = unlimited; max_mass_kg, max_volume_l: inf = unlimited."""

    orders: tuple[BatchOrder, ...]
    plan: AislePlan | None
    start: Point
    end: Point
    ways: tuple[tuple[LocationId, LocationId, int], ...] = ()
    cart_positions: int
    max_lines: int
    max_mass_kg: float
    max_volume_l: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchingRules(Rules):
    """routing: the policy that measures a tour while batches are built; the others bound the searches."""

    routing: str = "s_shape"
    max_improvements: int = 10_000
    seed: int = 0
    max_rounds: int = 1_000
    max_tours: int = 100_000
    destroy_share: float = 0.2


RULES = BatchingRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """The batches, most pressing first; put_to: (order, cart position from 0)."""

    batches: tuple[tuple[OrderId, ...], ...]
    put_to: tuple[tuple[OrderId, int], ...]
    rejected: tuple[Rejection, ...]


def batching(batches: Sequence[Sequence[BatchOrder]], rejected: Sequence[Rejection] = ()) -> Batching:
    """The decision: positions are given in the order in which the orders joined."""
    named = tuple([tuple([o.order for o in batch]) for batch in batches])
    return Batching(
        batches=named,
        put_to=tuple([(order, i) for batch in named for i, order in enumerate(batch)]),
        rejected=tuple(rejected),
    )
