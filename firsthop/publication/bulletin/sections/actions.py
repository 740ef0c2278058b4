"""What each reader can do now: those who get the mail, those who run mail servers, the
provider whose name is used, those whose relays were used. Relays are named as what they
are, the servers of others that somebody uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Joined,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.campaigns import described
from firsthop.publication.redaction.defang import defang

MOST_RELAYS = 6  # that are named to their operators
MOST_INDICATORS = 40  # rows; hops.parquet and campaigns.json have all


def actions(investigation: Investigation) -> tuple[Block, ...]:
    """A list of what to do, reader by reader."""
    return (Bullets(tuple(_actions(investigation))),) if investigation.summaries else ()


def _actions(investigation: Investigation) -> Iterator[Paragraph]:
    yield Paragraph("actions.users")
    yield Paragraph("actions.administrators" if _marked(investigation) else "actions.no_rule")
    if provider := investigation.case_file.provider:
        yield Paragraph("actions.provider", {"provider": Quoted(provider)})
    if relays := _used_relays(investigation):
        shown = tuple(Quoted(defang(relay)) for relay in relays[:MOST_RELAYS])
        yield Paragraph("actions.relays", {"n": str(len(relays)), "relays": Joined(shown)})


def _marked(investigation: Investigation) -> bool:
    """Whether a described campaign has an element to filter by."""
    clusters = investigation.campaigns
    return clusters is not None and any(
        (signature := one.signature()) is not None and signature.conjunction
        for one in described(clusters)
    )


def _used_relays(investigation: Investigation) -> list[str]:
    """The servers that accepted a message from a client that had logged in, the busiest
    first; where they are many, those that accepted several under one HELO."""
    counts = Counter(
        t.relay for t in investigation.summaries if t.relay and t.first and t.first.authenticated
    )
    if len(counts) > MOST_RELAYS:
        recurring = {group.relay for group in investigation.groups}
        counts = Counter({relay: n for relay, n in counts.items() if relay in recurring})
    return [relay for relay, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def indicators(investigation: Investigation) -> tuple[Block, ...]:
    """What can be looked for in logs, with the part it plays. Nothing here is a list of
    what to block: the relays are used by others, and addresses change hands."""
    counts: Counter[tuple[str, str]] = Counter()
    for t in investigation.summaries:
        counts.update(_of_message(t.relay, t.helo, t.first.client_address if t.first else None))
    repeated = {pair: n for pair, n in counts.items() if n > 1 or len(counts) <= MOST_INDICATORS}
    ordered = sorted(repeated.items(), key=lambda one: (-one[1], one[0]))
    if not ordered:
        return ()
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (Word(f"indicator.{kind}"), Quoted(defang(value)), str(n), Word(f"part.{kind}"))
        for (kind, value), n in ordered[:MOST_INDICATORS]
    )
    columns = ("column.indicator", "column.value", "column.messages", "column.part")
    return (Paragraph("indicators.how"), Table(columns, rows))


def _of_message(
    relay: str | None, helo: str | None, address: str | None
) -> Iterator[tuple[str, str]]:
    for kind, value in (("relay", relay), ("helo", helo), ("address", address)):
        if value:
            yield kind, value


def glossary(investigation: Investigation) -> tuple[Block, ...]:
    """The terms of the trade that the bulletin uses."""
    if not investigation.summaries:
        return ()
    terms = ("first_hop", "relay", "helo", "boundary", "queue_id", "signature", "tlp")
    return (Bullets(tuple(Paragraph(f"glossary.{term}") for term in terms)),)
