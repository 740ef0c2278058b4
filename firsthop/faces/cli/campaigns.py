"""`firsthop campaigns`: the operations, campaigns and waves of a case, with what makes
each distinctive."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from firsthop.errors import CaseError
from firsthop.faces.cli.options import JSON, NO_COLOR

LEVELS = ("operation", "campaign", "wave")


@click.command("campaigns")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--level", type=click.Choice(LEVELS), help="Only this level.")
@click.option(
    "--graph",
    "graphed",
    metavar="ID",
    help="The graph of one operation, campaign or wave: GraphML, or JSON with --json.",
)
@JSON
@NO_COLOR
def command(
    case: Path, level: str | None, graphed: str | None, as_json: bool, no_color: bool
) -> int:
    """Show the campaigns of the folder CASE: operations hold campaigns, campaigns hold
    waves; each has two messages or more."""
    if graphed is not None:
        _write_graph(case, graphed, as_json)
        return 0
    told = [one for one in read_campaigns(case) if level in (None, one["level"])]
    if as_json:
        from firsthop.publication.json.message import json_line

        sys.stdout.write(json_line(told) + "\n")
    else:
        _write_text(told, no_color)
    return 0


def _write_graph(case: Path, cluster: str, as_json: bool) -> None:
    from firsthop.campaign.clustering.record import graphed
    from firsthop.publication.formats.graphml import graphml
    from firsthop.publication.json.message import json_line

    graph = graphed(case, cluster)
    if as_json:
        told = {
            "nodes": [node._asdict() for node in graph.nodes],
            "edges": [edge._asdict() for edge in graph.edges],
        }
        sys.stdout.write(json_line(told) + "\n")
    else:
        sys.stdout.write(graphml(graph))


def read_campaigns(case: Path) -> list[dict[str, Any]]:
    """The campaigns that a case holds. CaseError where it holds none."""
    from firsthop.investigation.investigate import CAMPAIGNS

    try:
        told: list[dict[str, Any]] = json.loads((case / CAMPAIGNS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError(f"{case} is no case with campaigns: run `firsthop investigate`") from error
    return told


def _write_text(told: list[dict[str, Any]], no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    if not told:
        screen.line("no two messages belong together")
    for one in _as_tree(told):
        indent = 2 * LEVELS.index(one["level"])
        times = f"{one['first_seen'] or '–'} to {one['last_seen'] or '–'}"
        screen.line(
            (f"{one['level']} {one['id']}", "bold"),
            f": {one['size']} messages, {times}{_bursts(one)}",
            indent=indent,
        )
        if one["level"] != "wave" and (origins := one.get("origins")) and origins["addresses"]:
            screen.line(_origins(origins), indent=indent + 4)
        for atom in one["signature"].get("any", {}).get("atoms", ()):
            k, n = atom["covered"]
            bk, bn = atom["background"]
            screen.line(
                f"{atom['family']} = {atom['value']}: {k} of {n}; elsewhere {bk} of {bn}",
                indent=indent + 4,
            )
        if words := one["signature"].get("any", {}).get("conjunction"):
            screen.line(
                "fewest: " + " and ".join(f"{word['family']} = {word['value']}" for word in words),
                indent=indent + 4,
            )


def _as_tree(told: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each cluster, then those it holds; one whose parent is not among them stands for
    itself."""
    held: dict[str | None, list[dict[str, Any]]] = {}
    known = {one["id"] for one in told}
    for one in told:
        held.setdefault(one["parent"] if one["parent"] in known else None, []).append(one)
    pending = held.get(None, [])[::-1]
    while pending:
        one = pending.pop()
        yield one
        pending += held.get(one["id"], [])[::-1]


def _bursts(one: dict[str, Any]) -> str:
    bursts = len(one["timeline"]["bursts"])
    return f", in {bursts} bursts" if bursts > 1 else ""


def _origins(origins: dict[str, Any]) -> str:
    """The client addresses of the first hops; with their countries where data were
    named."""
    shown = ", ".join(
        f"{one['country'] or '?'} {one['addresses']}" for one in origins["countries"] or ()
    )
    return (
        f"first hops: {origins['addresses']} client addresses in {origins['messages']} "
        f"messages{f' ({shown})' if shown else ''}"
    )
