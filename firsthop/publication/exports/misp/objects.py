"""What of a MISP event is written here, called as MISP calls it.

Source:     MISP core format (draft-dulaunoy-misp-core-format), sections 2.2 to 2.7; the
            object template `email`, version 19, of misp-objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Json = str | bool | list["Json"] | dict[str, "Json"]

EMAIL_TEMPLATE = "a0c666e0-fc65-4be8-b48f-3423d788b552"
EMAIL_VERSION = "19"


class Attribute(NamedTuple):
    """A value with its type. `to_ids`: whether it may be detected by."""

    uuid: str
    type: str
    category: str
    value: str
    to_ids: bool
    comment: str = ""
    first_seen: str | None = None
    last_seen: str | None = None
    correlates: bool = True
    tags: tuple[str, ...] = ()
    relation: str | None = None  # within an object

    def as_json(self, at: str) -> dict[str, Json]:
        """As MISP has it; `at` is the time of the last change."""
        told: dict[str, Json] = {
            "uuid": self.uuid,
            "type": self.type,
            "category": self.category,
            "value": self.value,
            "to_ids": self.to_ids,
            "comment": self.comment,
            "disable_correlation": not self.correlates,
            "distribution": "5",  # as the event
            "timestamp": at,
        }
        if self.relation is not None:
            told["object_relation"] = self.relation
        if self.first_seen is not None and self.last_seen is not None:
            told |= {"first_seen": self.first_seen, "last_seen": self.last_seen}
        return told | ({"Tag": tags(self.tags)} if self.tags else {})


class Email(NamedTuple):
    """An object of the template `email`."""

    uuid: str
    comment: str
    attributes: tuple[Attribute, ...]

    def as_json(self, at: str) -> dict[str, Json]:
        """As MISP has it."""
        return {
            "uuid": self.uuid,
            "name": "email",
            "meta-category": "network",
            "description": "Email object describing an email with meta-information",
            "template_uuid": EMAIL_TEMPLATE,
            "template_version": EMAIL_VERSION,
            "comment": self.comment,
            "distribution": "5",
            "timestamp": at,
            "Attribute": [one.as_json(at) for one in self.attributes],
        }


def tags(names: Sequence[str]) -> list[Json]:
    """Tags by their names."""
    return [{"name": name} for name in names]
