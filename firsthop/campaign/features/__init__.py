"""From the facts of one message to its features, view by view: what lies below the
trust boundary, and nothing the receiver made.

Of a report that forwards a message within its text, what the text repeats is taken, and
none of the reporter's own traits. Bodies and links are read as text within named limits
(evidence/content.py). A published excerpt has infrastructure, relations and what its
source asserts."""

from __future__ import annotations

import re
from operator import itemgetter

from firsthop.campaign.features.asserted import asserted
from firsthop.campaign.features.constants import constant_features, link_constants
from firsthop.campaign.features.content import content_features
from firsthop.campaign.features.families import FAMILIES, VIEWS, Family
from firsthop.campaign.features.header_names import header_names
from firsthop.campaign.features.identity import author_features, identity
from firsthop.campaign.features.infrastructure import infrastructure
from firsthop.campaign.features.kit import kit_features
from firsthop.campaign.features.links import read_links
from firsthop.campaign.features.recipients import recipients_of
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
from firsthop.campaign.features.url import unsubscribe, url_features
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

_key = itemgetter(0, 1)  # family and value
_DMARC = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)
# the same of ASCII in lower case, by a literal that the search jumps to
_PLAIN_DMARC = re.compile(r"dmarc(?<!\wdmarc)\s*=\s*pass\b")


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
    if len(set(map(_key, features))) == len(features):
        return tuple(features)
    once = {_key(one): one for one in reversed(features)}
    return tuple(reversed(once.values()))


def _own(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    content, names = facts.content, header_names(part)
    links, recipients = read_links(content.links, part.lists), recipients_of(facts.message)
    features = infrastructure(facts, part, names)
    if not part.lists:
        features = without_repeated_names(features, facts, part)
    features += software(facts, part, content, names)
    features += identity(facts, part)
    features += content_features(facts.subject, content) + kit_features(content)
    features += url_features(links.named, facts.author, facts.subject.value)
    features += unsubscribe(facts) + relation(facts, part, links, recipients)
    features += constant_features(facts, part, names, recipients) + link_constants(links.named)
    return without_repeated_names(features, facts, part) if part.lists else features


def _forwarded(forward: InlineForward) -> list[Feature]:
    """Of a report, what it forwards: who reports, and by what program, is no trait of
    what is reported."""
    content = forward.content
    subject = Claim(forward.subject, FieldState.PRESENT)
    features = author_features(forward.author, None) + content_features(subject, content)
    links = read_links(content.links).named
    features += url_features(links, forward.author, forward.subject)
    features += kit_features(content) + link_constants(links)
    return [one._replace(field="body") for one in features]


def _moment(facts: MessageFacts, part: SenderPart) -> tuple[int | None, str | None, int | None]:
    """When the message was taken over, who says so, and the offset of the clock nearest
    the origin."""
    date, first = facts.date, facts.path.first_smtp
    stamp = date or (first.hop.stamp if first else None)
    zone = stamp.utc_offset if stamp else None
    for step in (part.handover, first):
        stamp = step.hop.stamp if step else None
        if step and stamp and stamp.instant is not None:
            role = "first hop"
            if step is part.handover:
                role = "presumed hand-over" if part.presumed else "hand-over"
            by = step.hop.by or "unnamed server"
            return stamp.instant, f"{role} (hop {step.position}): {by}", zone
    if date and date.instant is not None:
        return date.instant, "Date field", zone
    return None, None, zone


def _authenticated(facts: MessageFacts, part: SenderPart) -> str | None:
    """The author's registrable domain where a result above the sender's part says that
    DMARC passed: how far a value is shared is counted by it."""
    author, handover = facts.author, part.handover
    if author is None or not author.domain or handover is None:
        return None
    limit = handover.field.span.stop
    for field in facts.message.all("authentication-results"):
        if field.span.start < limit and _dmarc_passed(field.value):
            return registrable_domain(author.domain)
    return None


def _dmarc_passed(value: str) -> bool:
    if not value.isascii():  # some letters count as others, in any case
        return _DMARC.search(value) is not None
    return _PLAIN_DMARC.search(value.lower()) is not None
