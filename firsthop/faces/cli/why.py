"""`firsthop why`: the terms, in bits, that tie two messages of a case, and the fields
they come from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from firsthop.errors import CaseError
from firsthop.faces.cli.options import JSON, NO_COLOR


@click.command("why")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("a")
@click.argument("b")
@JSON
@NO_COLOR
def command(case: Path, a: str, b: str, as_json: bool, no_color: bool) -> int:
    """Explain what ties the messages A and B of the folder CASE; each is a Message-ID,
    a URI, URI@OFFSET or the SHA-256 of the message."""
    from firsthop.campaign.clustering.record import explained

    told = explained(case, a, b)
    if told is None:
        raise CaseError(f"{case} does not hold both {a} and {b}")
    if as_json:
        from firsthop.publication.json.message import json_line

        sys.stdout.write(json_line(told) + "\n")
    else:
        _write_text(told, no_color)
    return 0


def _write_text(told: dict[str, Any], no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    linked = ", ".join(told["levels"]) or "no level"
    screen.line(
        (f"{told['bits']} bits", "bold"),
        f": linked by themselves on {linked}; together on "
        f"{', '.join(told['together']) or 'no level'}",
    )
    for term in told["terms"]:
        places = ", ".join(
            f"{f['field']} at {f['start']}-{f['stop']}"
            for f in term["fields"]
            if f["start"] is not None
        )
        screen.labelled(
            f"{term['bits']:+.1f}",
            f"{term['view']}: {term['says']}",
            f" = {term['value']}" if term["value"] else "",
            indent=2,
            width=7,
        )
        if places:
            screen.line((places, "dim"), indent=9)
