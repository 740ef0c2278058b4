"""Whom to tell of a message, and what each can answer: the operator of the address that
handed it over, the sending service whose account its marks name, each relay below that
the path still reaches, the owner of the domain whose name is used.

A relay is asked for its own record, by its queue id and time (RFC 5321 section 4.4):
what it wrote below the hand-over is a claim until it confirms it. Nothing is looked up,
no contact is invented, and lines below a broken joint name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.path.adjacency import organization
from firsthop.evidence.path.claimed import unbroken
from firsthop.evidence.path.path import Path, Step, Trust
from firsthop.judgement.examine import Examination
from firsthop.system.named_tuple import NamedTuple

AT_MOST = 6  # relays
# What the owner of the author's domain is told, by the answer.
DOMAIN_ROLES = {"not_from_provider": "domain", "unauthenticated": "domain", "authorised": "account"}


class Contact(NamedTuple):
    """One to tell."""

    # handover | submitter | service | service_message | relay | domain | account
    role: str
    name: str  # address, host or domain
    queue_id: str | None = None  # of the asked one's own record
    instant: int | None = None  # seconds since 1970
    # what the record is about: the client it names; a service's account or message
    about: str | None = None
    logged_in: bool = False  # the record says that the client had logged in


def whom_to_tell(examination: Examination) -> tuple[Contact, ...]:
    """The contacts of a message, the surest first."""
    facts, contacts = examination.facts, []
    handover = facts.path.handover
    steps = unbroken(facts.path)
    if handover is not None:
        contacts += _of_handover(handover)
    for one in facts.service_accounts:
        role = "service" if one.account else "service_message"
        contacts.append(Contact(role, one.service, about=one.account or one.message))
    answer = next((v.answer for v in examination.verdicts if v.question == "sender"), "")
    if answer != "authorised":  # who vouches for a message answers for what is below
        contacts += _relays(steps, facts.path)
    told = facts.authentication.vouching
    if told and answer in DOMAIN_ROLES:
        contacts.append(Contact(DOMAIN_ROLES[answer], told.domain))
    return tuple(contacts)


def _relays(steps: Sequence[Step], path: Path) -> list[Contact]:
    """The relays that claimed lines name, one for each organization: the line nearest
    the origin, which tells from whom that organization had the message. A line that
    names a server of ours is no line of ours, and a machine's own (localhost) has no
    operator to ask."""
    relays: dict[str, Contact] = {}
    for step in steps:
        host = (step.hop.by or "").lower()
        if step.trust is not Trust.CLAIMED or "." not in host or path.receiving.wrote(step.hop):
            continue
        key = organization(host) or registrable_domain(host) or host
        if key not in relays or step.hop.client_address or step.hop.authenticated:
            relays[key] = _relay(step)
    return [*relays.values()][:AT_MOST]


def _of_handover(step: Step) -> list[Contact]:
    """Who handed over: the client's address, or the account that logged in at our own
    server."""
    hop, instant = step.hop, step.hop.stamp.instant if step.hop.stamp else None
    if hop.authenticated:
        about = hop.auth_identity or hop.client_address
        return [Contact("submitter", hop.by or "?", hop.queue_id, instant, about, True)]
    if hop.client_address is None or space_of(hop.client_address) is Space.INSIDE:
        return []
    return [Contact("handover", hop.client_address, None, instant, hop.client_name or hop.helo)]


def _relay(step: Step) -> Contact:
    hop = step.hop
    instant = hop.stamp.instant if hop.stamp else None
    about = hop.client_address or hop.client_name or hop.helo
    return Contact("relay", hop.by or "?", hop.queue_id, instant, about, hop.authenticated)
