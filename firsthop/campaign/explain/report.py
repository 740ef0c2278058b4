"""A gathered heap as plain dicts: the JSON forms of `firsthop campaigns` and `firsthop
why`, a contract that is extended and never broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from firsthop.campaign.clustering.chance import ChanceRate
from firsthop.campaign.clustering.clustering import Campaign, Clustering
from firsthop.campaign.explain.origins import origins_json
from firsthop.campaign.explain.timeline import infrastructure_table, timeline
from firsthop.campaign.explain.why import Why, says
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.signature.signature import Signature
from firsthop.campaign.signature.signatures import Signer
from firsthop.evidence.host.places import Gazetteer
from firsthop.evidence.timestamp import utc_text
from firsthop.system.progress import SILENT, Progress

# campaigns that get a signature, the largest first: what a signature costs grows with
# the heap it is tried on
SIGNED = 500


def campaigns_json(
    heap: Clustering,
    summaries: Iterable[MessageSummary] = (),
    gazetteer: Gazetteer | None = None,
    progress: Progress = SILENT,
) -> Iterator[dict[str, Any]]:
    """All clusters of two messages or more: operations, then campaigns, then waves;
    signatures for the SIGNED largest campaigns.

    `signature_sought` tells a cluster that was left out from one that has no signature.
    Origins come from the summaries of the messages."""
    by_place = {(one.uri, one.offset): one for one in summaries}
    clusters = heap.campaigns()
    signed = [c for c in clusters if c.level == "campaign"][:SIGNED]
    progress.begin("signing", len(signed))
    signer = Signer(heap) if signed else None
    signatures: dict[str, tuple[Signature, ...]] = {}
    for one in signed:
        signatures[one.id] = signer.signatures(one) if signer else ()
        progress.step()
    progress.begin("telling", len(clusters))
    for one in clusters:
        yield {
            **campaign_json(heap, one, signatures.get(one.id)),
            "origins": origins_json(_trails(heap, one, by_place), gazetteer or Gazetteer()),
        }
        progress.step()


def _trails(
    heap: Clustering, one: Campaign, by_place: Mapping[tuple[str, int], MessageSummary]
) -> Iterator[MessageSummary]:
    """The summaries of a cluster's messages, as far as there are any."""
    return (
        found for n in one.members if (found := by_place.get(heap.store.places[n][:2])) is not None
    )


def campaign_json(
    heap: Clustering, one: Campaign, signatures: Sequence[Signature] | None
) -> dict[str, Any]:
    """One cluster; without `signatures` none were sought."""
    places = [heap.store.places[n] for n in one.members]
    return {
        "id": one.id,
        "level": one.level,
        "parent": one.parent,
        "first_seen": _utc(one.first_seen),
        "last_seen": _utc(one.last_seen),
        "size": one.size,
        "members": [
            {"uri": uri, "offset": offset, "message_id": message_id}
            for uri, offset, message_id in places
        ],
        "signature": {s.form: signature_json(s) for s in signatures or ()},
        "signature_sought": signatures is not None,
        "aliases": [
            {"id": alias.old, "into": alias.new, "reason": alias.reason} for alias in one.aliases
        ],
        "timeline": _timeline(heap, one),
        "infrastructure": [
            {
                "family": h.family,
                "value": h.value,
                "messages": h.messages,
                "first_seen": _utc(h.first_seen),
                "last_seen": _utc(h.last_seen),
            }
            for h in infrastructure_table(heap.store, one.members)
        ],
    }


def signature_json(signature: Signature) -> dict[str, Any]:
    """A signature; `read_signature` takes it back."""
    table = asdict(signature)
    table["atoms"] = [atom._asdict() for atom in signature.atoms]
    table["conjunction"] = [
        {"family": family, "value": value} for family, value in signature.conjunction
    ]
    for key in ("false_positives", "conjunction_false_positives"):
        table[key] = getattr(signature, key)._asdict()
    return table


def chance_json(rates: tuple[ChanceRate, ...]) -> list[dict[str, Any]]:
    """What chance does in this heap."""
    return [rate._asdict() for rate in rates]


def why_json(found: Why) -> dict[str, Any]:
    """Why two messages hang together."""
    terms = [
        {
            "view": term.view,
            "family": term.family,
            "says": says(term),
            "value": term.value or None,
            "bits": round(term.bits, 2),
            "fields": [
                {
                    "field": f.field,
                    "start": f.span.start if f.span else None,
                    "stop": f.span.stop if f.span else None,
                }
                for f in fields
            ],
        }
        for term, fields in found.terms
    ]
    return {
        "bits": round(found.bits, 2),
        "linked": bool(found.linked),
        "levels": list(found.linked),
        "together": list(found.together),
        "claims_bits": round(found.claims_bits, 2),
        "thresholds": [round(tau, 2) for tau in found.thresholds],
        "terms": terms,
    }


def _timeline(heap: Clustering, one: Campaign) -> dict[str, Any]:
    line = timeline(heap.store, one.members)
    ends = {
        name: {"utc": _utc(m.instant), "source": m.source} if m else None
        for name, m in (("first", line.first_seen), ("last", line.last_seen))
    }
    bursts = [
        {"first": _utc(b.first), "last": _utc(b.last), "messages": b.messages} for b in line.bursts
    ]
    gaps = [{"from": _utc(a), "to": _utc(b), "seconds": b - a} for a, b in line.gaps]
    zones = [{"minutes": minutes, "messages": k} for minutes, k in line.zones]
    return {**ends, "bursts": bursts, "gaps": gaps, "zones": zones, "undated": line.undated}


def _utc(instant: int | None) -> str | None:
    return None if instant is None else utc_text(instant)
