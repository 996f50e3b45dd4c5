"""What all specs share: strict, frozen, no unknown keys; and the few scalar types of scenario files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


class Spec(BaseModel):
    """One mapping of a scenario file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


LARGEST = 1e9
"""Thirty years in seconds, more than any floor in metres: what is larger is a slip, and would not fit the clock."""
SLOWEST_M_PER_S = 0.001


def _moves(m_per_s: float) -> float:
    if m_per_s < SLOWEST_M_PER_S:
        raise ValueError(f"must be >= {SLOWEST_M_PER_S} (a millimetre a second), got {m_per_s:g}")
    return m_per_s


NotNegative = Annotated[float, Field(ge=0, le=LARGEST)]
Positive = Annotated[float, Field(gt=0, le=LARGEST)]
Speed = Annotated[float, Field(gt=0, le=LARGEST), AfterValidator(_moves)]
Coordinate = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Rate = Annotated[float, Field(ge=0, le=3600)]
"""How often in an hour, at most once a second."""
Money = Annotated[float, Field(ge=0, le=1e15)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
CountOrUnlimited = Annotated[int, Field(ge=0)] | Literal["unlimited"]
SomeOrUnlimited = Annotated[int, Field(ge=1)] | Literal["unlimited"]
CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$|^24:00$"
NAME_PATTERN = r"^[^\s/][^/\n]*$"
ClockTime = Annotated[str, StringConstraints(pattern=CLOCK_PATTERN)]
"""Local wall time, `HH:MM` or `HH:MM:SS`."""
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""An id inside a site: no slash, no leading blank."""


def choose_one(spec: Spec, *keys: str, least: int = 1) -> None:
    """At most one of these keys may say something, and at least so many; ValueError otherwise."""
    given = [key for key in keys if getattr(spec, key) is not None]
    if len(given) > 1:
        raise ValueError(f"give one of {', '.join(keys)}, got {' and '.join(given)}; {given[0]}: null takes one away")
    if len(given) < least:
        raise ValueError(f"give one of {', '.join(keys)}")
