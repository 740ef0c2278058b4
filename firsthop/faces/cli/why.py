"""`firsthop why`: the terms, in bits, that tie two messages of a case, and the fields
they come from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.errors import CaseError
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.named import names_in
from firsthop.faces.cli.options import JSON, NO_COLOR

if TYPE_CHECKING:
    from firsthop.campaign.explain.why import Because, Why
    from firsthop.faces.cli.screen import Screen


@click.command("why")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("a")
@click.argument("b")
@JSON
@NO_COLOR
def command(case: Path, a: str, b: str, as_json: bool, no_color: bool) -> int:
    """Explain what ties the messages A and B of the folder CASE; each is a Message-ID,
    a URI, URI@OFFSET or the SHA-256 of the message."""
    from firsthop.campaign.explain.case import explain_pair

    why = explain_pair(settled(case), a, b)
    if why is None:
        raise CaseError(f"{case} does not hold both {a} and {b}")
    if as_json:
        from firsthop.publication.json.explanations import why_object
        from firsthop.publication.json.message import json_line

        sys.stdout.write(json_line(why_object(why)) + "\n")
    else:
        _write_text(why, _names(case), no_color)
    return 0


def _names(case: Path) -> Mapping[str, str]:
    from firsthop.publication.json.campaigns import read_campaigns

    return names_in(case, read_campaigns(case))


def _write_text(why: Why, names: Mapping[str, str], no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    screen.line(
        (f"{round(why.bits, 2)} bits", "bold"),
        f": linked by themselves on {', '.join(why.linked) or 'no level'}; together on "
        f"{', '.join(why.together) or 'no level'}",
    )
    for level, cluster in zip(why.together, why.within, strict=True):
        screen.labelled(level, f"“{names[cluster]}” ({cluster})", indent=2, width=11)
    for because in why.terms:
        _write_term(screen, because)


def _write_term(screen: Screen, because: Because) -> None:
    term = because.term
    screen.labelled(
        f"{round(term.bits, 2):+.1f}",
        f"{term.view}: {because.explanation}",
        f" = {term.value}" if term.value else "",
        indent=2,
        width=7,
    )
    places = ", ".join(
        f"{f.field} at {f.span.start}-{f.span.stop}" for f in because.fields if f.span
    )
    if places:
        screen.line((places, "dim"), indent=9)
