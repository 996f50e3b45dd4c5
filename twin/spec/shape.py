"""What all specs share: strict, frozen, no unknown keys; and the few scalar types of scenario files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Spec(BaseModel):
    """One mapping of a scenario file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
CountOrUnlimited = Annotated[int, Field(ge=0)] | Literal["unlimited"]
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
