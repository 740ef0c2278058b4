"""Can the client addresses of the lines have existed on the Internet of their time?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import addresses_in_name
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "address_plausible"
_IMPOSSIBLE = (Space.RESERVED, Space.UNALLOCATED)


def implausible(hop: Hop) -> str | None:
    """Why a hop's client address cannot be: reserved | unallocated | other_than_name;
    "" where it can; None where there is none."""
    if not hop.client_address:
        return None
    space = space_of(hop.client_address, hop.stamp.instant if hop.stamp else None)
    if space in _IMPOSSIBLE:
        return str(space)
    if not (hop.client_name and hop.client_name_verified) or ":" in hop.client_address:
        return ""
    encoded = addresses_in_name(hop.client_name)
    if encoded and set(encoded[0].split(".")).isdisjoint(hop.client_address.split(".")):
        return "other_than_name"
    return ""


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    judged = [
        (step, why)
        for step in facts.path.claimed
        if step.hop.client_address and (why := implausible(step.hop)) is not None
    ]
    if not judged:
        return None
    bad = [(step, why) for step, why in judged if why]
    if not bad:
        return Finding(
            NAME,
            Outcome.SUPPORTS,
            base_rate(NAME, "plausible"),
            "address.plausible",
            (("n", str(len(judged))),),
        )
    step, why = bad[0]
    seen = tuple([observe("client_address", s.hop.client_address or "", s.field) for s, _ in bad])
    values = (("address", step.hop.client_address or "?"), ("name", step.hop.client_name or "?"))
    return Finding(
        NAME, Outcome.CONTRADICTS, base_rate(NAME, "implausible"), f"address.{why}", values, seen
    )


CHECK = Check(
    NAME,
    "path",
    "A client address that is reserved, lies in a block not yet handed out at the line's "
    "time, or shares no octet with the address in its verified name.",
    "Invented addresses are drawn without knowing what was in use when.",
    "Documentation addresses in anonymised samples; a wrong clock; names that carry numbers "
    "of another meaning.",
    "IANA IPv4 Address Space Registry 2023-12-18, RFC 6890, RFC 5737; counted on the corpora",
    _look,
)
