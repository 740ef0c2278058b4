"""From the facts of one message to its features, view by view: what lies below the
trust boundary, and nothing the receiver made.

Of a report that forwards a message within its text, what the text repeats is taken, and
none of the reporter's own traits. Bodies and links are read as text within named limits
(evidence/content.py). A published excerpt has infrastructure, relations and what its
source asserts."""

from __future__ import annotations

import re

from firsthop.campaign.features.asserted import asserted
from firsthop.campaign.features.constants import constant_features, link_constants
from firsthop.campaign.features.content import content_features
from firsthop.campaign.features.families import FAMILIES, VIEWS, Family
from firsthop.campaign.features.header_names import header_names
from firsthop.campaign.features.identity import author_features, identity
from firsthop.campaign.features.infrastructure import infrastructure
from firsthop.campaign.features.kit import kit_features
from firsthop.campaign.features.links import read_links
from firsthop.campaign.features.record import (
    Feature,
    MessageFeatures,
    feature_hash,
    feature_rows,
    message_row,
)
from firsthop.campaign.features.relation import relation
from firsthop.campaign.features.repeated_names import without_repeated_names
from firsthop.campaign.features.software import software
from firsthop.campaign.features.url import unsubscribe, url_features, without_links_of_lists
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.identities import Claim, FieldState
from firsthop.evidence.inline_forward import InlineForward, inline_forward, is_enclosing_report
from firsthop.evidence.sender_part import SenderPart

__all__ = [
    "FAMILIES",
    "VIEWS",
    "Family",
    "Feature",
    "MessageFeatures",
    "feature_hash",
    "feature_rows",
    "features_of",
    "message_row",
]

_DMARC = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)


def features_of(facts: MessageFacts, case_file: CaseFile | None = None) -> MessageFeatures:
    """The features of a message; `case_file` brings what its publication asserts. Never
    raises."""
    part = facts.sender_part
    forward = inline_forward(facts)
    if forward:
        features = _forwarded(forward)
    else:
        features = [] if is_enclosing_report(facts) else _own(facts, part)
    features += asserted(facts.message, case_file or CaseFile())
    source = facts.message.source
    instant, told_by, zone = _moment(facts, part)
    return MessageFeatures(
        source.sha256,
        source.uri,
        source.offset,
        facts.message_id.value,
        instant,
        told_by,
        zone,
        None if forward else _authenticated(facts, part),
        _once(features),
    )


def _once(features: list[Feature]) -> tuple[Feature, ...]:
    """Each value once: as it stood first, where it stood last."""
    once = {one[:2]: one for one in reversed(features)}
    return tuple(features if len(once) == len(features) else reversed(once.values()))


def _own(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    content = without_links_of_lists(facts.content, part)
    names = header_names(part)
    features = infrastructure(facts, part, names) + software(facts, part, content, names)
    features += identity(facts, part)
    features += content_features(facts.subject, content) + kit_features(content)
    links = read_links(content.links)
    features += url_features(links, facts.author, facts.subject.value)
    features += unsubscribe(facts) + relation(facts, part, content)
    features += constant_features(facts, part, links, names)
    return without_repeated_names(features, facts, part)


def _forwarded(forward: InlineForward) -> list[Feature]:
    """Of a report, what it forwards: who reports, and by what program, is no trait of
    what is reported."""
    content = forward.content
    subject = Claim(forward.subject, FieldState.PRESENT)
    features = author_features(forward.author, None) + content_features(subject, content)
    links = read_links(content.links)
    features += url_features(links, forward.author, forward.subject)
    features += kit_features(content) + link_constants(links)
    return [one._replace(field="body") for one in features]


def _moment(facts: MessageFacts, part: SenderPart) -> tuple[int | None, str | None, int | None]:
    """When the message was taken over, who says so, and the offset of the clock nearest
    the origin."""
    first = facts.path.first_smtp
    zone = (
        facts.date.utc_offset
        if facts.date
        else first.hop.stamp.utc_offset
        if first and first.hop.stamp
        else None
    )
    for step, role in (
        (part.handover, "hand-over" if not part.presumed else "presumed hand-over"),
        (first, "first hop"),
    ):
        if step and step.hop.stamp and step.hop.stamp.instant is not None:
            return (
                step.hop.stamp.instant,
                f"{role} (hop {step.position}): {step.hop.by or 'unnamed server'}",
                zone,
            )
    return (
        (facts.date.instant, "Date field", zone)
        if facts.date and facts.date.instant is not None
        else (None, None, zone)
    )


def _authenticated(facts: MessageFacts, part: SenderPart) -> str | None:
    """The author's registrable domain where a result above the sender's part says that
    DMARC passed: how far a value is shared is counted by it."""
    if facts.author is None or not facts.author.domain:
        return None
    limit = part.handover.field.span.stop if part.handover else 0
    passed = any(
        f.span.start < limit and _DMARC.search(f.value)
        for f in facts.message.all("authentication-results")
    )
    return registrable_domain(facts.author.domain) if passed else None
