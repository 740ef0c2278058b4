"""A graph as GraphML (http://graphml.graphdrawing.org), which Gephi, Cytoscape, yEd and
networkx read."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from firsthop.campaign.explain.graph import Edge, Graph, Node
from firsthop.evidence.timestamp import utc_text
from firsthop.publication.bulletin.render import visible

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    '<key id="kind" for="all" attr.name="kind" attr.type="string"/>',
    '<key id="label" for="node" attr.name="label" attr.type="string"/>',
    '<key id="first_seen" for="node" attr.name="first_seen" attr.type="string"/>',
    '<key id="last_seen" for="node" attr.name="last_seen" attr.type="string"/>',
    '<key id="bits" for="edge" attr.name="bits" attr.type="double"/>',
    '<graph edgedefault="undirected">',
)


def graphml(graph: Graph, name: str = "") -> str:
    """The graph as a GraphML document, with what it shows; control characters are shown
    as escapes, for XML can hold none."""
    told = (f"<desc>{escape(visible(name))}</desc>",) if name else ()
    lines = [
        *_HEAD,
        *told,
        *map(_node, graph.nodes),
        *map(_edge, graph.edges),
        "</graph>",
        "</graphml>",
    ]
    return "\n".join(lines) + "\n"


def _node(node: Node) -> str:
    data = (
        ("kind", node.kind),
        ("label", node.label),
        ("first_seen", _time(node.first_seen)),
        ("last_seen", _time(node.last_seen)),
    )
    return f"<node id={quoteattr(visible(node.id))}>{''.join(_data(data))}</node>"


def _edge(edge: Edge) -> str:
    data = (("kind", edge.kind), ("bits", None if edge.bits is None else str(edge.bits)))
    return (
        f"<edge source={quoteattr(visible(edge.source))} "
        f"target={quoteattr(visible(edge.target))}>{''.join(_data(data))}</edge>"
    )


def _time(instant: int | None) -> str | None:
    """RFC 3339: a graph is read by programs."""
    return None if instant is None else utc_text(instant)


def _data(values: tuple[tuple[str, str | None], ...]) -> Iterator[str]:
    return (
        f'<data key="{key}">{escape(visible(value))}</data>'
        for key, value in values
        if value is not None
    )
