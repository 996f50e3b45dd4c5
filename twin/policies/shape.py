"""What all families share: a policy is a pure callable `snapshot -> decision` with frozen rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from twin.domain.errors import PolicyError as PolicyError

POLICY_FAULTS = (Exception, SystemExit)
"""What a policy may raise and a caller tells of: one that ends the interpreter has failed like any other."""

S_contra = TypeVar("S_contra", contravariant=True)
D_co = TypeVar("D_co", covariant=True)

RejectionCode = Literal[
    "status", "location_blocked", "owner", "lot", "expired", "shelf_life", "temperature", "segregation", "secure_zone",
    "packing_level", "no_units", "lot_mixing", "no_stock", "no_location", "mixing", "height", "mass", "volume",
    "no_place", "unknown_size", "beyond_horizon", "quota", "max_splits", "not_covered", "wip_cap", "cutoff_missed",
    "no_wall_place", "queue", "skill", "shift_end", "cold_exposure", "window", "no_lane", "quality_hold", "rotation",
    "no_supplier", "order_minimum", "not_in_batch",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Parameters of a family. `candidates_max`: rows a decision sees at most (0 = unlimited)."""

    candidates_max: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a decision may depend on. `left_out`: rows cut off by `candidates_max`."""

    now_ms: int
    book_version: int
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a candidate was refused: the code is for programs, the detail for people."""

    subject: str
    code: RejectionCode
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRef:
    """Which rule decided; goes into the record of every decision."""

    family: str
    name: str
    version: str
    rules_digest: str


class Policy(Protocol[S_contra, D_co]):
    """A WMS rule: the same snapshot gives the same decision; nothing is read, nothing is touched."""

    def __call__(self, snapshot: S_contra, /) -> D_co: ...
