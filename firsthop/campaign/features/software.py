"""The software view: what the program that made the message leaves in it, whatever it
calls itself."""

from __future__ import annotations

import re
from email.errors import HeaderParseError

from firsthop.campaign.features.record import Feature, feature
from firsthop.campaign.features.shapes import (
    affixes,
    digest,
    drawn_affixes,
    loose_shape,
    pattern,
    repetition,
    shape,
)
from firsthop.evidence.content import Content
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.identities import decode_words
from firsthop.evidence.identity.shared_hosts import shared_host
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.field_names import COMMON
from firsthop.mail.message import Field

_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE)
_CHARSET = re.compile(r'charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
LOOSE = "@~"  # behind a shape without lengths, which says nothing of the host
_MAX_EXTRA = 20  # names of extra fields of one message


def software(facts: MessageFacts, part: SenderPart, content: Content) -> list[Feature]:
    """The features of the software view."""
    features = _mailer(facts, part) + _id(facts, part) + _boundary(part) + _fields(part)
    if facts.date and facts.date.raw and facts.date.utc_offset is not None:
        features += feature("zone", str(facts.date.utc_offset), facts.message.first("date"))
    features += feature(
        "structure", " ".join(content.types)[:120], facts.message.first("content-type")
    )
    kind = _first(part, "content-type")
    charset = _CHARSET.search(kind.value) if kind else None
    features += feature("charset", charset[1].lower() if charset else None, kind)
    return features + _toolmark(features, facts)


def _first(part: SenderPart, key: str) -> Field | None:
    return next((f for f in part.fields if f.key == key), None)


def _mailer(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    field = facts.mailer.field
    if field is None or field not in part.fields:
        return []
    try:
        text = decode_words(field.value[:200])
    except (HeaderParseError, ValueError):
        text = field.value[:200]
    return feature("mailer", _DIGITS.sub("#", text)[:80], field)


def _id(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    value, field = facts.message_id.value or "", facts.message_id.field
    if part.minted or not value:
        return []
    local, _, host = value.rpartition("@") if "@" in value else (value, "", "")
    features = feature(
        "id_shape", f"{shape(local)} @{_host_relation(host.lower(), facts, part)}", field
    )
    if (loose := loose_shape(local)) is not None:
        features += feature("id_shape", f"{loose} {LOOSE}", field)
    features += feature("id_repetition", repetition(local), field)
    features += feature("id_pattern", pattern(local), field)
    for affix in affixes(local):
        features += feature("id_affix", affix, field)
    return features


def _host_relation(host: str, facts: MessageFacts, part: SenderPart) -> str:
    """What the host of a Message-ID repeats: author's domain, HELO, nothing; or that it
    has no dot."""
    if host and facts.author and host == facts.author.domain:
        return "author"
    helos = {
        step.hop.helo.lower().strip("[]")
        for step in (*part.claimed, *([part.handover] if part.handover else []))
        if step.hop.helo
    }
    if host in helos:
        return "helo"
    return "none" if not host else "other" if "." in host else "dotless"


def _boundary(part: SenderPart) -> list[Feature]:
    field = _first(part, "content-type")
    match = _BOUNDARY.search(field.value) if field else None
    text = (match[1] or match[2] or "") if match else ""
    features = feature("boundary_shape", shape(text), field)
    for affix in drawn_affixes(text):
        features += feature("boundary_affix", affix, field)
    return features


def _fields(part: SenderPart) -> list[Feature]:
    if not part.fields:
        return []
    names = [f.name for f in part.fields]
    extra = {f.key: f for f in part.fields if f.key not in COMMON}
    features = (
        [Feature("field_order", digest(" ".join(names)), "header", None)] if len(names) >= 4 else []
    )
    for field in list(extra.values())[:_MAX_EXTRA]:
        features += feature("extra_field", field.key, field)
    if len(extra) >= 2:
        features.append(Feature("extra_fields", digest(" ".join(sorted(extra))), "header", None))
    return features


def _toolmark(features: list[Feature], facts: MessageFacts) -> list[Feature]:
    """Once with the shape of the Message-ID, and where a program is named once with the
    shape without lengths, which words that are drawn keep."""
    parts = {f.family: f.value for f in reversed(features)}
    host = (facts.message_id.value or "").rpartition("@")[2].lower()
    # where a provider's or service's own server made the id, its program made the rest
    if "id_shape" not in parts or shared_host(host) is not None:
        return []
    shapes = [f.value for f in features if f.family == "id_shape"]
    mailer, boundary = (parts.get(family, "none") for family in ("mailer", "boundary_shape"))
    return [
        one
        for id_shape in (shapes if "mailer" in parts else shapes[:1])
        for one in feature(
            "toolmark", f"{mailer} | {id_shape} | {boundary}", facts.message_id.field
        )
    ]
