"""The five classes of error, each a sentence for the person who can mend it."""

from __future__ import annotations


class TwinError(Exception):
    """Any error that reaches a user as a sentence, never as a traceback."""


class SpecError(TwinError):
    """Your file."""


class PolicyError(TwinError):
    """Your rule: names the policy, the snapshot and the broken law."""


class DataError(TwinError):
    """Your CSV."""


class JournalError(TwinError):
    """Your recording."""


class ConservationError(TwinError):
    """Our bug: units appeared or vanished on the floor."""
