"""From the facts of one message to its features, view by view: what lies below the
trust boundary, and nothing the receiver made.

Of a report that forwards a message within its text, what the text repeats is taken, and
none of the reporter's own traits. Bodies and links are read as text within named limits
(evidence/content.py). A published excerpt has infrastructure, relations and what its
source asserts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import NamedTuple

from firsthop.campaign.features.asserted import asserted
from firsthop.campaign.features.constants import constant_features, link_constants
from firsthop.campaign.features.content import content_features
from firsthop.campaign.features.families import FAMILIES, VIEWS, Family
from firsthop.campaign.features.header_names import HeaderNames, header_names
from firsthop.campaign.features.identity import author_features, identity
from firsthop.campaign.features.infrastructure import infrastructure
from firsthop.campaign.features.kit import kit_features
from firsthop.campaign.features.links import Links, read_links
from firsthop.campaign.features.recipients import Recipients, recipients_of
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
from firsthop.evidence.content import Content
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
    "features_of_all",
    "message_row",
]

_key = itemgetter(0, 1)  # family and value
_DMARC = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)
# the same of ASCII in lower case, by a literal that the search jumps to
_PLAIN_DMARC = re.compile(r"dmarc(?<!\wdmarc)\s*=\s*pass\b")


def features_of(facts: MessageFacts, case_file: CaseFile | None = None) -> MessageFeatures:
    """The features of a message; `case_file` brings what its publication asserts. Never
    raises."""
    return features_of_all([facts], case_file or CaseFile())[0]


def features_of_all(messages: Sequence[MessageFacts], case_file: CaseFile) -> list[MessageFeatures]:
    """The features of each of some messages. One view of all of them is taken, then the
    next one: its code and its tables stay at hand."""
    parts = [facts.sender_part for facts in messages]
    forwards = [inline_forward(facts) for facts in messages]
    itself = [
        not (forward or is_enclosing_report(facts))
        for facts, forward in zip(messages, forwards, strict=True)
    ]
    own = iter(_own(list(compress(messages, itself)), list(compress(parts, itself))))
    taken = [
        next(own) if is_itself else _forwarded(forward) if forward else []
        for is_itself, forward in zip(itself, forwards, strict=True)
    ]
    told = [asserted(facts.message, case_file) for facts in messages]
    return [
        _message_features(facts, part, forwarded=forward is not None, features=one + other)
        for facts, part, forward, one, other in zip(
            messages, parts, forwards, taken, told, strict=True
        )
    ]


def _message_features(
    facts: MessageFacts, part: SenderPart, features: list[Feature], *, forwarded: bool
) -> MessageFeatures:
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
        None if forwarded else _authenticated(facts, part),
        _once(features),
    )


def _once(features: list[Feature]) -> tuple[Feature, ...]:
    """Each value once: as it stood first, where it stood last."""
    if len(set(map(_key, features))) == len(features):
        return tuple(features)
    once = {_key(one): one for one in reversed(features)}
    return tuple(reversed(once.values()))


class _Own(NamedTuple):
    """A message whose own traits are taken, with what several views read of it."""

    facts: MessageFacts
    part: SenderPart
    content: Content
    names: HeaderNames
    links: Links
    recipients: Recipients


def _own(messages: Sequence[MessageFacts], parts: Sequence[SenderPart]) -> list[list[Feature]]:
    """The features of messages that are what they are, view by view."""
    contents = [facts.content for facts in messages]
    names = map(header_names, parts)
    links = [
        read_links(content.links, part.lists) for content, part in zip(contents, parts, strict=True)
    ]
    recipients = [recipients_of(facts.message) for facts in messages]
    own = list(map(_Own, messages, parts, contents, names, links, recipients))
    views = [[view(one) for one in own] for view in _OF_ITS_OWN]
    taken = map(list[Feature], map(chain.from_iterable, zip(*views, strict=True)))
    return [
        without_repeated_names(features, one.facts, one.part) if one.part.lists else features
        for features, one in zip(taken, own, strict=True)
    ]


def _infrastructure(one: _Own) -> list[Feature]:
    features = infrastructure(one.facts, one.part, one.names)
    if one.part.lists:  # the names of lists stand in other views, too
        return features
    return without_repeated_names(features, one.facts, one.part)


_OF_ITS_OWN: tuple[Callable[[_Own], list[Feature]], ...] = (
    _infrastructure,
    lambda one: software(one.facts, one.part, one.content, one.names),
    lambda one: identity(one.facts, one.part),
    lambda one: content_features(one.facts.subject, one.content),
    lambda one: kit_features(one.content),
    lambda one: url_features(one.links.named, one.facts.author, one.facts.subject.value),
    lambda one: unsubscribe(one.facts),
    lambda one: relation(one.facts, one.part, one.links, one.recipients),
    lambda one: constant_features(one.facts, one.part, one.names, one.recipients),
    lambda one: link_constants(one.links.named),
)


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
