"""The objects of STIX 2.1 that a campaign is told in, each with the properties that are
used here, called as the specification calls them.

Form:       `as_json` leaves out what is None and what is empty: STIX has neither null
            nor empty lists.
Source:     OASIS, STIX Version 2.1 (10 June 2021), sections 3 to 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What objects have in common (section 3.2); what is seen has its id and its
    marking alone."""

    id: str
    created: str | None = None
    modified: str | None = None
    created_by_ref: str | None = None
    lang: str | None = None
    object_marking_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StixObject:
    """An object of any type."""

    type: ClassVar[str]
    head: Head

    @property
    def id(self) -> str:
        """Its identifier."""
        return self.head.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalReference:
    """Where more is told (section 2.5)."""

    source_name: str
    external_id: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingDefinition(StixObject):
    """How far objects may go (section 7.2.1)."""

    type: ClassVar[str] = "marking-definition"
    name: str
    extensions: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(StixObject):
    """An organisation or person (section 4.5)."""

    type: ClassVar[str] = "identity"
    name: str
    description: str | None = None
    identity_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackPattern(StixObject):
    """How it is done (section 4.1)."""

    type: ClassVar[str] = "attack-pattern"
    name: str
    description: str
    external_references: tuple[ExternalReference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(StixObject):
    """The campaign (section 4.2)."""

    type: ClassVar[str] = "campaign"
    name: str
    description: str
    aliases: tuple[str, ...] = ()
    first_seen: str | None
    last_seen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Infrastructure(StixObject):
    """Servers that the campaign uses (section 4.8)."""

    type: ClassVar[str] = "infrastructure"
    name: str
    description: str
    infrastructure_types: tuple[str, ...]
    first_seen: str | None
    last_seen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(StixObject):
    """Something to detect (section 4.7)."""

    type: ClassVar[str] = "indicator"
    name: str
    description: str
    indicator_types: tuple[str, ...]
    pattern: str
    pattern_type: str = "stix"
    pattern_version: str = "2.1"
    valid_from: str
    valid_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedData(StixObject):
    """What was seen (section 4.14)."""

    type: ClassVar[str] = "observed-data"
    first_observed: str
    last_observed: str
    number_observed: int
    object_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(StixObject):
    """What else is to be known of objects (section 4.13)."""

    type: ClassVar[str] = "note"
    abstract: str
    content: str
    object_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion(StixObject):
    """How far something is held true (section 4.15)."""

    type: ClassVar[str] = "opinion"
    confidence: int
    explanation: str
    opinion: str
    object_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(StixObject):
    """What ties all objects (section 4.16)."""

    type: ClassVar[str] = "report"
    name: str
    description: str
    report_types: tuple[str, ...]
    published: str
    object_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship(StixObject):
    """What one object is to another (section 5.1)."""

    type: ClassVar[str] = "relationship"
    relationship_type: str
    source_ref: str
    target_ref: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable(StixObject):
    """An address, a domain or a mail address (sections 6.4, 6.5, 6.9, 6.10); its type
    stands in its id."""

    type: ClassVar[str] = ""
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailMessage(StixObject):
    """A message (section 6.6)."""

    type: ClassVar[str] = "email-message"
    is_multipart: bool
    from_ref: str | None = None
    message_id: str | None = None


Json = str | int | bool | list["Json"] | dict[str, "Json"]


def as_json(one: StixObject) -> dict[str, Json]:
    """An object as JSON has it."""
    kind = one.type or one.id.partition("--")[0]
    return {"type": kind, "spec_version": "2.1", **_properties(one.head), **_properties(one)}


def _properties(one: StixObject | Head | ExternalReference) -> dict[str, Json]:
    told = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "head"}
    return {name: _json(value) for name, value in told.items() if value not in (None, ())}


def _json(value: object) -> Json:
    if isinstance(value, ExternalReference):
        return _properties(value)
    if isinstance(value, Mapping):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if isinstance(value, bool | int):
        return value
    return str(value)
