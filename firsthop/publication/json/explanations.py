"""The JSON of what is said about campaigns: `gathering.json` of a case, the answers of
`why`, `match` and `campaigns --graph` with --json. A contract that is extended and
never broken; campaigns.py has the campaigns themselves."""

from __future__ import annotations

import json
from pathlib import Path

from firsthop.campaign.clustering.chance import ChanceRate
from firsthop.campaign.explain.graph import Graph
from firsthop.campaign.explain.method import BackgroundSource, MethodSummary
from firsthop.campaign.schema.why import WHY
from firsthop.campaign.signature.match import Match
from firsthop.errors import CaseError
from firsthop.evidence.host.places import PlaceData
from firsthop.publication.json.campaigns import seen_object
from firsthop.publication.json.values import Object
from firsthop.publication.json.writer import writer

GATHERING = "gathering.json"


def method_object(method: MethodSummary) -> Object:
    """How a clustering was done."""
    return {
        "messages": method.messages,
        "background": [
            {"name": source.name, "says": source.explanation, "messages": source.messages}
            for source in method.background
        ],
        "places": [data._asdict() for data in method.places],
        "chance": [rate._asdict() for rate in method.chance],
        "raised": method.raised,
    }


why_object = writer(WHY)
"""Why two messages hang together, as JSON."""


def match_object(match: Match) -> Object:
    """A message that a signature finds."""
    return {
        "uri": match.uri,
        "offset": match.offset,
        "message_id": match.message_id,
        "bits": round(match.bits, 2),
        "threshold": round(match.threshold, 2),
        "by": [
            {"family": atom.family, "value": atom.value, "bits": round(atom.bits, 2)}
            for atom in match.by
        ],
        "pair": [{"family": family, "value": value} for family, value in match.pair or ()],
    }


def graph_object(graph: Graph) -> Object:
    """The graph of a cluster."""
    return {
        "nodes": [seen_object(node._asdict()) for node in graph.nodes],
        "edges": [edge._asdict() for edge in graph.edges],
    }


def read_method(case: Path) -> MethodSummary:
    """How the clustering of a case was done, from its `gathering.json`. CaseError where
    there is none that can be read."""
    try:
        table = json.loads((case / GATHERING).read_text(encoding="utf-8"))
        return MethodSummary(
            table["messages"],
            tuple(
                BackgroundSource(one["name"], one["says"], one["messages"])
                for one in table["background"]
            ),
            tuple(PlaceData(**one) for one in table["places"]),
            tuple(ChanceRate(**one) for one in table["chance"]),
            table["raised"],
        )
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CaseError(f"{case} is no case with campaigns: run `firsthop investigate`") from error
