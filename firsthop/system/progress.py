"""How far a long run is, told to whoever watches: a face that draws a bar, a benchmark
that takes the time."""

from __future__ import annotations


class Progress:
    """Is told of phases and of steps within them. This one tells nobody."""

    def begin(self, phase: str, total: int | None = None) -> None:
        """A phase begins that has `total` steps (None: nobody knows)."""

    def step(self, place: str = "", size: int = 0) -> None:
        """One step more; `place` says where, if that is of interest, and `size` how
        many bytes of the input it took."""

    def skip(self, place: str, reason: str) -> None:
        """An input could not be read, and the run gives nothing that would say so."""


SILENT = Progress()
