"""The JSON of what is said about campaigns: `gathering.json` of a case, the answers of
`why`, `match` and `campaigns --graph` with --json. A contract that is extended and
never broken; campaigns.py has the campaigns themselves."""

from __future__ import annotations

from firsthop.campaign.explain.graph import Graph
from firsthop.campaign.explain.method import MethodSummary
from firsthop.campaign.explain.why import Because, Why
from firsthop.campaign.signature.match import Match
from firsthop.publication.json.campaigns import seen_object
from firsthop.publication.json.values import Object

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


def why_object(why: Why) -> Object:
    """Why two messages hang together."""
    return {
        "bits": round(why.bits, 2),
        "linked": bool(why.linked),
        "levels": list(why.linked),
        "together": list(why.together),
        "claims_bits": round(why.claims_bits, 2),
        "thresholds": [round(tau, 2) for tau in why.thresholds],
        "terms": [_term_object(because) for because in why.terms],
    }


def _term_object(because: Because) -> Object:
    term = because.term
    return {
        "view": term.view,
        "family": term.family,
        "says": because.explanation,
        "value": term.value or None,
        "bits": round(term.bits, 2),
        "fields": [
            {
                "field": f.field,
                "start": f.span.start if f.span else None,
                "stop": f.span.stop if f.span else None,
            }
            for f in because.fields
        ],
    }


def match_object(match: Match) -> Object:
    """A message that reaches a signature's threshold."""
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
    }


def graph_object(graph: Graph) -> Object:
    """The graph of a cluster."""
    return {
        "nodes": [seen_object(node._asdict()) for node in graph.nodes],
        "edges": [edge._asdict() for edge in graph.edges],
    }
