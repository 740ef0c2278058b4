"""The software view: what the program that made the message leaves in it, whatever it
calls itself."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from functools import lru_cache

from firsthop.campaign.features.header_names import HeaderNames
from firsthop.campaign.features.record import Feature, add_feature, new_feature
from firsthop.campaign.features.shapes import (
    affixes,
    drawn_affixes,
    loose_shape,
    repetition_and_pattern,
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
    features: list[Feature] = []
    mailer = _mailer(facts, part)
    add_feature(features, "mailer", mailer, facts.mailer.field)
    shapes = _id(features, facts, part)
    formed = shape(boundary) if boundary else ""
    if boundary:
        add_feature(features, "boundary_shape", formed, kind)
        for affix in drawn_affixes(boundary):
            add_feature(features, "boundary_affix", affix, kind)
    _fields(features, part, names)
    date, first = facts.date, facts.message.first
    if date and date.raw and date.utc_offset is not None:
        add_feature(features, "zone", str(date.utc_offset), first("date"))
    add_feature(features, "structure", " ".join(content.types)[:120], first("content-type"))
    add_feature(features, "charset", charset, kind)
    if shapes:
        _toolmark(features, facts, mailer, shapes, formed)
    return features


def _told_by_type(value: str) -> tuple[str, str | None]:
    return _remembered(value) if len(value) <= _REMEMBERED else _read_type(value)


def _read_type(value: str) -> tuple[str, str | None]:
    """The boundary and the charset that a Content-Type names."""
    boundary = _BOUNDARY.search(value) if _may_hold("boundary", value) else None
    charset = _CHARSET.search(value) if _may_hold("charset", value) else None
    return (
        (boundary[1] or boundary[2] or "") if boundary else "",
        charset[1].lower() if charset else None,
    )


_remembered = lru_cache(maxsize=1_024)(_read_type)


def _may_hold(word: str, value: str) -> bool:
    """Whether a word in small letters may stand in a value, written in any case: beyond
    ASCII some letters count as others."""
    return not value.isascii() or word in value.lower()


def _mailer(facts: MessageFacts, part: SenderPart) -> str | None:
    field = facts.mailer.field
    if field is None or field not in part.fields:
        return None
    return _program(field.value[:200])


@lru_cache(maxsize=1_024)
def _program(value: str) -> str:
    try:
        text = decode_words(value)
    except (HeaderParseError, ValueError):
        text = value
    return _DIGITS.sub("#", text)[:80]


def _id(features: list[Feature], facts: MessageFacts, part: SenderPart) -> list[str]:
    """The features of the Message-ID; its shapes."""
    value, _, field = facts.message_id
    if part.minted or not value:
        return []
    local, _, host = value.rpartition("@") if "@" in value else (value, "", "")
    shapes = [f"{shape(local)} @{_host_relation(host.lower(), facts, part)}"]
    if (loose := loose_shape(local)) is not None:
        shapes.append(f"{loose} {LOOSE}")
    for one in shapes:
        add_feature(features, "id_shape", one, field)
    repeated, kept = repetition_and_pattern(local)
    add_feature(features, "id_repetition", repeated, field)
    add_feature(features, "id_pattern", kept, field)
    for affix in affixes(local):
        add_feature(features, "id_affix", affix, field)
    return shapes


def _host_relation(host: str, facts: MessageFacts, part: SenderPart) -> str:
    """What the host of a Message-ID repeats: author's domain, HELO, nothing; or that it
    has no dot."""
    if host and facts.author and host == facts.author.domain:
        return "author"
    for step in (*part.claimed, part.handover) if part.handover else part.claimed:
        helo = step.hop.helo
        if helo and host == helo.lower().strip("[]"):
            return "helo"
    return "none" if not host else "other" if "." in host else "dotless"


def _fields(features: list[Feature], part: SenderPart, names: HeaderNames) -> None:
    if names.order:
        features.append(new_feature(("field_order", names.order, "header", None)))
    for name, place in names.extra:
        add_feature(features, "extra_field", name, part.fields[place])
    if names.extras:
        features.append(new_feature(("extra_fields", names.extras, "header", None)))


def _toolmark(
    features: list[Feature],
    facts: MessageFacts,
    mailer: str | None,
    shapes: list[str],
    boundary: str,
) -> None:
    """Once with the shape of the Message-ID, and where a program is named once with the
    shape without lengths, which words that are drawn keep."""
    value, _, field = facts.message_id
    # where a provider's or service's own server made the id, its program made the rest
    if shared_host((value or "").rpartition("@")[2].lower()) is not None:
        return
    for one in shapes if mailer else shapes[:1]:
        whole = f"{mailer or 'none'} | {one} | {boundary or 'none'}"
        add_feature(features, "toolmark", whole, field)
