"""Who people are, and what is known of them at this moment."""

from __future__ import annotations

from simpy.events import Event as SimEvent

from twin.domain.ids import LocationId
from twin.spec.people import QUEUE_OF_ROLE, ROLES, CrewSpec, WorkforceSpec

FAR_MS = 1 << 50
ANY_NUMBER = 1 << 30
LOCAL_QUEUES = ("pack", "key")


class Worker:
    """One person. `wake` is the event an idle worker waits for; `called`: the queue whose work he was woken for."""

    __slots__ = (
        "asked_at", "away_until_ms", "break_ms", "called", "cart_positions", "fails_at_ms", "failures", "is_here",
        "last_kind", "location", "method", "name", "next_role", "queues", "role", "shift_ends_ms", "skills",
        "slip_factor", "speed_mm_per_ms", "time_factor", "used_ms", "wake", "wms_queues",
    )  # fmt: skip

    def __init__(self, name: str, role: str, spec: CrewSpec, location: LocationId, speed_mm_per_ms: float) -> None:
        self.name = name
        self.role = role
        self.queues: tuple[str, ...] = (QUEUE_OF_ROLE[role], *spec.also)
        self.wms_queues = tuple(q for q in self.queues if q not in LOCAL_QUEUES)
        self.skills = frozenset(spec.skills)
        self.location = location
        self.speed_mm_per_ms = speed_mm_per_ms
        self.time_factor = spec.time_factor
        self.slip_factor = spec.slip_factor
        self.method = spec.method
        self.cart_positions = ANY_NUMBER if spec.cart_positions == "unlimited" else spec.cart_positions or 0
        self.is_here = False
        self.next_role: tuple[str, CrewSpec] | None = None
        self.shift_ends_ms = FAR_MS
        self.away_until_ms = 0
        self.break_ms = 0
        self.wake: SimEvent | None = None
        self.called: str | None = None
        self.last_kind: str | None = None
        self.asked_at = -1
        self.used_ms = 0
        self.fails_at_ms = FAR_MS
        self.failures = 0


def crew_specs(workforce: WorkforceSpec) -> list[tuple[str, CrewSpec]]:
    """Each crew of a workforce with its role."""
    specs: list[tuple[str, CrewSpec]] = []
    for plural, role in ROLES.items():
        crew = getattr(workforce, plural)
        for spec in crew if isinstance(crew, tuple) else (crew,):
            specs.append((role, spec))
    return specs
