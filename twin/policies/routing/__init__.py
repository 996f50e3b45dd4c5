"""Routing: in which order a tour visits its stops."""

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.legs import leg_mm
from twin.policies.routing.optimal import Optimal
from twin.policies.routing.sweeps import Combined, LargestGap, Midpoint, Return, SShape
from twin.policies.routing.tour import RoutingRules, RoutingSnapshot, Tour, walked_mm
from twin.policies.shape import Policy

ROUTING: dict[str, type[Policy[RoutingSnapshot, Tour]]] = {
    "s_shape": SShape,
    "return": Return,
    "midpoint": Midpoint,
    "largest_gap": LargestGap,
    "combined": Combined,
    "optimal": Optimal,
}

__all__ = [
    "ROUTING",
    "AislePlan",
    "Combined",
    "LargestGap",
    "Midpoint",
    "Optimal",
    "Point",
    "Return",
    "RoutingRules",
    "RoutingSnapshot",
    "SShape",
    "Stop",
    "Tour",
    "leg_mm",
    "walked_mm",
]
