"""Trucks as the floor expects them."""

from __future__ import annotations


class OutboundVisit:
    """A scheduled departure; it may still be moved while it has not left."""

    __slots__ = ("arrives_ms", "at_gate", "carrier", "leaves_ms")

    def __init__(self, carrier: str, arrives_ms: int, leaves_ms: int) -> None:
        self.carrier = carrier
        self.arrives_ms = arrives_ms
        self.leaves_ms = leaves_ms
        self.at_gate = False


class InboundVisit:
    """A supplier's trailer that is on its way; its ASN says when it was meant to come."""

    __slots__ = ("arrives_ms", "supplier")

    def __init__(self, supplier: str, arrives_ms: int) -> None:
        self.supplier = supplier
        self.arrives_ms = arrives_ms
