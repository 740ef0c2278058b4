"""What each reader can do now: those who get the mail, those who run mail servers, the
provider whose name is used, those whose relays were used. Relays are named as what they
are, the servers of others that somebody uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firsthop.campaign.explain.shared import is_shared, operator
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.path.adjacency import organization
from firsthop.publication.bulletin.choice import described
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Listed,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.counts import count_of
from firsthop.publication.bulletin.sections.elements_of import pairs_of, rule_of
from firsthop.publication.bulletin.suspects import suspects
from firsthop.publication.redaction.defang import defang

MOST_RELAYS = 6  # that are named to their operators
MOST_INDICATORS = 40  # rows; hops.parquet and campaigns.json have all


def actions(investigation: Investigation) -> tuple[Block, ...]:
    """A list of what to do, reader by reader."""
    return (Bullets(tuple(_actions(investigation))),) if investigation.summaries else ()


def _actions(investigation: Investigation) -> Iterator[Paragraph]:
    yield _users(investigation)
    total = len(investigation.summaries)
    if _marked(investigation):
        rule = "administrators"
    else:
        rule = "no_rule" if indicators(investigation) else "no_rule_bare"
    yield Paragraph(f"actions.{rule}", count_of(investigation, total))
    if provider := investigation.case_file.provider:
        yield Paragraph("actions.provider", {"provider": Quoted(provider)})
    relays, desks = _used_relays(investigation)
    if relays:
        shown = tuple(Quoted(defang(relay)) for relay in relays[:MOST_RELAYS])
        yield Paragraph("actions.relays", {"n": str(len(relays)), "relays": Listed(shown)})
    if desks:
        named = Listed(tuple(map(Quoted, desks[:MOST_RELAYS])))
        yield Paragraph("actions.desks", {"n": str(len(desks)), "operators": named})


def _users(investigation: Investigation) -> Paragraph:
    """What recipients do; those of messages that a domain vouches for do less."""
    total, n = len(investigation.summaries), len(suspects(investigation))
    if investigation.tally.answers["sender", "authorised"] == total:
        return Paragraph("actions.users_vouched", count_of(investigation, total))
    if 0 < n < total:
        return Paragraph("actions.users_mixed", count_of(investigation, n))
    return Paragraph("actions.users", count_of(investigation, total))


def _marked(investigation: Investigation) -> bool:
    """Whether a described campaign has an element to filter by."""
    signatures = (one.signature() for one in described(investigation))
    return any(one is not None and (rule_of(one) or pairs_of(one)) for one in signatures)


def _used_relays(investigation: Investigation) -> tuple[list[str], list[str]]:
    """The servers that accepted a suspect message from a client that had logged in, the
    busiest first (where they are many, those that accepted several under one HELO); and
    who runs those of them that everybody uses."""
    counts = Counter(
        t.relay
        for t in suspects(investigation)
        if t.relay and t.first and t.first.authenticated
        if organization(t.relay) is not None  # an inside name leads to nobody
    )
    desks = Counter({relay: n for relay, n in counts.items() if operator(relay)})
    counts -= desks
    if len(counts) > MOST_RELAYS:
        recurring = {group.relay for group in investigation.groups}
        counts = Counter({relay: n for relay, n in counts.items() if relay in recurring})
    operators = dict.fromkeys(name for relay in _busiest(desks) if (name := operator(relay)))
    return _busiest(counts), list(operators)


def _busiest(counts: Counter[str]) -> list[str]:
    return [name for name, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def indicators(investigation: Investigation) -> tuple[Block, ...]:
    """What can be looked for in logs, with the part it plays. Nothing here is a list of
    what to block: the relays are used by others, and addresses change hands. Only
    suspect messages give any; what everybody uses is none."""
    counts: Counter[tuple[str, str]] = Counter()
    for t in suspects(investigation):
        counts.update(_of_message(t))
    repeated = {pair: n for pair, n in counts.items() if n > 1 or len(counts) <= MOST_INDICATORS}
    ordered = sorted(repeated.items(), key=lambda one: (-one[1], one[0]))
    if not ordered:
        return ()
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (Word(f"indicator.{kind}"), Quoted(defang(value)), str(n), Word(f"part.{kind}"))
        for (kind, value), n in ordered[:MOST_INDICATORS]
    )
    columns = ("column.indicator", "column.value", "column.messages", "column.part")
    cut = {"shown": str(len(rows)), "total": str(len(counts))}
    return (
        Paragraph("indicators.how"),
        Table(columns, rows),
        *((Paragraph("indicators.cut", cut),) if len(rows) < len(counts) else ()),
    )


def _of_message(t: MessageSummary) -> Iterator[tuple[str, str]]:
    hop = t.first
    relay = "relay_used" if hop and hop.authenticated else "relay"
    if t.relay and operator(t.relay) is None:
        yield relay, t.relay
    if t.helo and "." in t.helo and not is_shared("helo", t.helo):
        yield "helo", t.helo
    address = hop.client_address if hop else None
    if address and space_of(address) is Space.PUBLIC and not is_shared("client_address", address):
        yield "address", address


def glossary(investigation: Investigation) -> tuple[Block, ...]:
    """The terms of the trade that the bulletin uses."""
    if not investigation.summaries:
        return ()
    terms = ("first_hop", "relay", "helo", "boundary", "queue_id", "signature", "shape", "tlp")
    return (Bullets(tuple(Paragraph(f"glossary.{term}") for term in terms)),)
