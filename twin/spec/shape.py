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
