"""Which HELO, server and network of clients occur together in the first hops, as a
picture: the most frequent ones, and how many there are beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import nsmallest

from firsthop.campaign.first_hops.tally import Together
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.host.names import registrable_domain
from firsthop.publication.bulletin.document import (
    Block,
    Edge,
    Paragraph,
    Quoted,
    Relations,
    Table,
    Value,
    Word,
)

MOST_NODES = 8  # of a column; the others are one node together
MOST_ROWS = 20  # of the table that says the same in words
HEADS = ("relations.helo", "relations.relay", "relations.network")
_OTHERS = "\x00"  # no value of a line: they hold no such character as a whole


def relations(investigation: Investigation) -> tuple[Block, ...]:
    """The picture; nothing for a single first hop."""
    every = investigation.tally.together
    if every.total() < 2:
        return ()
    triples = _grouped(every)
    counts = [_column(triples, n) for n in range(3)]
    shown = [_shown(count) for count in counts]
    nodes = _nodes(triples, shown)
    columns = [
        some if n == 1 else _beside(some, nodes, n, shown[1], counts[n])
        for n, some in enumerate(shown)
    ]
    return (_picture(nodes, counts, columns, _alt(every), _said(triples)),)


def _grouped(triples: Counter[Together]) -> Counter[Together]:
    """The same; where HELO names or servers are too many, those of one domain as
    one."""
    for number in (0, 1):
        if len({triple[number] for triple in triples}) > MOST_NODES:
            some: Counter[Together] = Counter()
            for triple, n in triples.items():
                values = list(triple)
                values[number] = _domain(triple[number])
                some[values[0], values[1], values[2]] += n
            triples = some
    return triples


def _domain(host: str | None) -> str | None:
    domain = registrable_domain(host) if host else None
    return f"*.{domain}" if domain and domain != host else host


def _beside(
    some: Sequence[str | None],
    nodes: Counter[Together],
    number: int,
    servers: Sequence[str | None],
    count: Counter[str | None],
) -> list[str | None]:
    """An outer column: each node beside its servers, the others at the end."""
    places = {one: _height(nodes, number, one, servers) for one in some}
    return sorted(some, key=lambda one: (one == _OTHERS, places[one], _order(count, one)))


def _column(triples: Counter[Together], number: int) -> Counter[str | None]:
    column: Counter[str | None] = Counter()
    for triple, n in triples.items():
        column[triple[number]] += n
    return column


def _order(count: Mapping[str | None, int], one: str | None) -> tuple[int, bool, str]:
    return -count.get(one, 0), one is None, one or ""


def _shown(count: Counter[str | None]) -> list[str | None]:
    """The nodes of a column: the most frequent ones, then the others."""
    ordered = sorted(count, key=lambda one: _order(count, one))
    if len(ordered) <= MOST_NODES:
        return ordered
    return [*ordered[: MOST_NODES - 1], _OTHERS]


def _nodes(triples: Counter[Together], shown: Sequence[Sequence[str | None]]) -> Counter[Together]:
    """The same with nodes in the place of values: there are few."""
    nodes: Counter[Together] = Counter()
    helos, relays, networks = map(frozenset, shown)
    for (helo, relay, network), n in triples.items():
        nodes[
            helo if helo in helos else _OTHERS,
            relay if relay in relays else _OTHERS,
            network if network in networks else _OTHERS,
        ] += n
    return nodes


def _height(
    nodes: Counter[Together], number: int, one: str | None, servers: Sequence[str | None]
) -> float:
    """Where the servers of a node stand on the average, so that few lines cross."""
    places = total = 0
    for triple, n in nodes.items():
        if triple[number] == one:
            places += n * servers.index(triple[1])
            total += n
    return places / total if total else 0.0


def _picture(
    nodes: Counter[Together],
    counts: Sequence[Counter[str | None]],
    columns: Sequence[Sequence[str | None]],
    alt: Paragraph,
    said: tuple[Paragraph | Table, ...],
) -> Relations:
    edges: Counter[tuple[int, int, int]] = Counter()
    for triple, n in nodes.items():
        ends = [column.index(one) for one, column in zip(triple, columns, strict=True)]
        for left in (0, 1):
            edges[left, ends[left], ends[left + 1]] += n
    return Relations(
        HEADS,
        tuple(
            tuple((_label(one, count, some), _total(one, count, some)) for one in some)
            for count, some in zip(counts, columns, strict=True)
        ),
        tuple(Edge(*ends, n) for ends, n in sorted(edges.items())),
        alt,
        said,
    )


def _alt(every: Counter[Together]) -> Paragraph:
    helos, relays, networks = (str(len(_column(every, n))) for n in range(3))
    values = {"helos": helos, "relays": relays, "networks": networks}
    return Paragraph("relations.alt", {"n": str(every.total()), **values, "most": str(MOST_NODES)})


def _label(one: str | None, count: Counter[str | None], some: Sequence[str | None]) -> Value:
    if one == _OTHERS:
        return Word("relations.others", {"n": str(len(count) - len(some) + 1)})
    if one and one.endswith(".0/24"):
        return Quoted(f"{one.removesuffix('.0/24')}.*")
    return Quoted(one) if one else Word("relations.not_told")


def _total(one: str | None, count: Counter[str | None], some: Sequence[str | None]) -> int:
    if one == _OTHERS:
        return count.total() - sum(count[other] for other in some if other != _OTHERS)
    return count[one]


def _said(triples: Counter[Together]) -> tuple[Paragraph | Table, ...]:
    """The same as a table, the most frequent ones first."""
    first = nsmallest(
        MOST_ROWS, triples.items(), key=lambda one: (-one[1], *(v or "" for v in one[0]))
    )
    rows = tuple(
        (*(Quoted(v) if v else Word("relations.not_told") for v in triple), str(n))
        for triple, n in first
    )
    table = Table((*HEADS, "column.messages"), rows)
    if len(triples) <= MOST_ROWS:
        return (table,)
    return (table, Paragraph("relations.cut", {"n": str(len(triples) - MOST_ROWS)}))
