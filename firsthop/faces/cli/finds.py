"""What a search for leaks found, as the commands that let files go out tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firsthop.faces.cli.screen import Screen
    from firsthop.publication.redaction.scan.scan import Find


def write_finds(screen: Screen, finds: Sequence[Find]) -> None:
    """Each find with its file and line, and that nothing was written; nothing where
    there is none."""
    for find in finds:
        screen.line((f"{find.file}:{find.line}", "bold red"), f": {find.explanation}")
    if finds:
        screen.line(
            f"{len(finds)} finds: nothing was written. They lie in no value that could be left "
            "out: take a narrower --tlp, or investigate again without the mail they come from"
        )
