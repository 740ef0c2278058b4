"""The software view: what the program that made the message leaves in it, whatever it
calls itself."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from functools import lru_cache

from firsthop.campaign.features.header_names import HeaderNames
from firsthop.campaign.features.record import Feature, feature, new_feature
from firsthop.campaign.features.shapes import (
    affixes,
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

_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE)
_CHARSET = re.compile(r'charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
LOOSE = "@~"  # behind a shape without lengths, which says nothing of the host
_REMEMBERED = 200  # characters: what a longer Content-Type tells is not kept


def software(
    facts: MessageFacts, part: SenderPart, content: Content, names: HeaderNames
) -> list[Feature]:
    """The features of the software view."""
    kind = None if names.content_type is None else part.fields[names.content_type]
    boundary, charset = _told_by_type(kind.value) if kind else ("", None)
    features = _mailer(facts, part) + _id(facts, part)
    features += feature("boundary_shape", shape(boundary), kind)
    for affix in drawn_affixes(boundary):
        features += feature("boundary_affix", affix, kind)
    features += _fields(part, names)
    if facts.date and facts.date.raw and facts.date.utc_offset is not None:
        features += feature("zone", str(facts.date.utc_offset), facts.message.first("date"))
    features += feature(
        "structure", " ".join(content.types)[:120], facts.message.first("content-type")
    )
    features += feature("charset", charset, kind)
    return features + _toolmark(features, facts)


def _told_by_type(value: str) -> tuple[str, str | None]:
    return _remembered(value) if len(value) <= _REMEMBERED else _read_type(value)


def _read_type(value: str) -> tuple[str, str | None]:
    """The boundary and the charset that a Content-Type names."""
    boundary, charset = _BOUNDARY.search(value), _CHARSET.search(value)
    return (
        (boundary[1] or boundary[2] or "") if boundary else "",
        charset[1].lower() if charset else None,
    )


_remembered = lru_cache(maxsize=1_024)(_read_type)


def _mailer(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    field = facts.mailer.field
    if field is None or field not in part.fields:
        return []
    return feature("mailer", _program(field.value[:200]), field)


@lru_cache(maxsize=1_024)
def _program(value: str) -> str:
    try:
        text = decode_words(value)
    except (HeaderParseError, ValueError):
        text = value
    return _DIGITS.sub("#", text)[:80]


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


def _fields(part: SenderPart, names: HeaderNames) -> list[Feature]:
    features = [new_feature(("field_order", names.order, "header", None))] if names.order else []
    for name, place in names.extra:
        features += feature("extra_field", name, part.fields[place])
    if names.extras:
        features.append(new_feature(("extra_fields", names.extras, "header", None)))
    return features


def _toolmark(features: list[Feature], facts: MessageFacts) -> list[Feature]:
    """Once with the shape of the Message-ID, and where a program is named once with the
    shape without lengths, which words that are drawn keep."""
    shapes = [f.value for f in features if f.family == "id_shape"]
    host = (facts.message_id.value or "").rpartition("@")[2].lower()
    # where a provider's or service's own server made the id, its program made the rest
    if not shapes or shared_host(host) is not None:
        return []
    parts = {f.family: f.value for f in features}
    mailer, boundary = (parts.get(family, "none") for family in ("mailer", "boundary_shape"))
    return [
        one
        for id_shape in (shapes if "mailer" in parts else shapes[:1])
        for one in feature(
            "toolmark", f"{mailer} | {id_shape} | {boundary}", facts.message_id.field
        )
    ]
