"""`firsthop campaigns`: the operations, campaigns and waves of a case, with what makes
each distinctive."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.named import names_in
from firsthop.faces.cli.options import JSON, NO_COLOR

if TYPE_CHECKING:
    from firsthop.campaign.explain.campaign import CampaignInFull
    from firsthop.campaign.explain.origins import Origins
    from firsthop.campaign.explain.timeline import Timeline
    from firsthop.campaign.signature.signature import Signature
    from firsthop.faces.cli.screen import Screen


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
    settled(case)
    if graphed is not None:
        _write_graph(case, graphed, as_json)
        return 0
    from firsthop.publication.json.campaigns import campaign_object, read_campaigns

    every = read_campaigns(case)
    chosen = [one for one in every if level in (None, one.campaign.level)]
    if as_json:
        from firsthop.publication.json.message import json_line

        sys.stdout.write(json_line([campaign_object(one) for one in chosen]) + "\n")
    else:
        _write_text(chosen, names_in(case, every), no_color)
    return 0


def _write_graph(case: Path, cluster: str, as_json: bool) -> None:
    from firsthop.campaign.explain.case import cluster_graph, current_name
    from firsthop.publication.formats.graphml import graphml
    from firsthop.publication.json.campaigns import read_campaigns
    from firsthop.publication.json.explanations import graph_object
    from firsthop.publication.json.message import json_line

    graph = cluster_graph(case, cluster)
    if as_json:
        sys.stdout.write(json_line(graph_object(graph)) + "\n")
    else:
        names = names_in(case, read_campaigns(case))
        sys.stdout.write(graphml(graph, names.get(current_name(case, cluster), "")))


def _write_text(chosen: list[CampaignInFull], names: Mapping[str, str], no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    if not chosen:
        screen.line("no two messages belong together")
    for one in _as_tree(chosen):
        _write_cluster(screen, one, names[one.campaign.id])


def _write_cluster(screen: Screen, full: CampaignInFull, name: str) -> None:
    from firsthop.publication.clock import utc

    one = full.campaign
    indent = 2 * LEVELS.index(one.level)
    screen.line(
        (f"{one.level} “{name}”", "bold"),
        f" ({one.id}): {one.size} messages, {utc(one.first_seen)} to {utc(one.last_seen)}"
        f"{_bursts(full.timeline)}",
        indent=indent,
    )
    if one.level != "wave" and one.origins.addresses:
        screen.line(_origins(one.origins), indent=indent + 4)
    if signature := one.signature():
        _write_signature(screen, signature, indent + 4)


def _write_signature(screen: Screen, signature: Signature, indent: int) -> None:
    for atom in signature.telling:
        k, n = atom.covered
        bk, bn = atom.background
        elsewhere = f"elsewhere at most {bk} of {bn}" if bn else "not counted elsewhere"
        screen.line(f"{atom.family} = {atom.value}: {k} of {n}; {elsewhere}", indent=indent)
    if signature.conjunction:
        pairs = (f"{family} = {value}" for family, value in signature.conjunction)
        screen.line("fewest: " + " and ".join(pairs), indent=indent)
    for pair in signature.pairs:
        both = " and ".join(f"{family} = {value}" for family, value in pair)
        screen.line(f"or the pair: {both}", indent=indent)
    if more := len(signature.atoms) - len(signature.telling):
        screen.line(f"{more} more in campaigns.json", indent=indent)


def _as_tree(chosen: list[CampaignInFull]) -> Iterator[CampaignInFull]:
    """Each cluster, then those it holds; one whose parent is not among them stands for
    itself."""
    held: dict[str | None, list[CampaignInFull]] = {}
    known = {one.campaign.id for one in chosen}
    for one in chosen:
        parent = one.campaign.parent
        held.setdefault(parent if parent in known else None, []).append(one)
    pending = held.get(None, [])[::-1]
    while pending:
        one = pending.pop()
        yield one
        pending += held.get(one.campaign.id, [])[::-1]


def _bursts(line: Timeline) -> str:
    return f", in {len(line.bursts)} bursts" if len(line.bursts) > 1 else ""


def _origins(origins: Origins) -> str:
    """The client addresses of the first hops; with their countries where data were
    named."""
    shown = ", ".join(f"{one.country or '?'} {one.addresses}" for one in origins.countries or ())
    return (
        f"first hops: {origins.addresses} client addresses in {origins.messages} "
        f"messages{f' ({shown})' if shown else ''}"
    )
