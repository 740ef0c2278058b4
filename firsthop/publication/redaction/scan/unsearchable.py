"""What of a file nobody has searched."""

from __future__ import annotations


class UnsearchableError(ValueError):
    """A part of a file that cannot be searched; the text says why."""
