"""What all objects of one bundle share: who says it, when, and how far it may go."""

from __future__ import annotations

from dataclasses import dataclass

from firsthop.publication.exports.dates import dated
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.stix.ids import observable_id, stix_id
from firsthop.publication.exports.stix.markings import marking
from firsthop.publication.exports.stix.objects import (
    Head,
    Identity,
    MarkingDefinition,
    Observable,
    StixObject,
)
from firsthop.publication.json.values import time_text

NO_PUBLISHER = "publisher not named"


@dataclass(frozen=True, slots=True)
class Frame:
    """Of one bundle."""

    source: ExportSource
    at: int  # the clock of the case
    marking: MarkingDefinition
    publisher: str  # id

    def head(self, kind: str, *names: str) -> Head:
        """The head of a domain object of that type."""
        return Head(
            id=stix_id(self.source, kind, *names),
            created=stamp(self.at),
            modified=stamp(self.at),
            created_by_ref=self.publisher,
            lang="en",
            object_marking_refs=(self.marking.id,),
        )

    def observable(self, kind: str, value: str) -> Observable:
        """A value that was seen."""
        return Observable(self.seen_head(observable_id(kind, value)), value=value)

    def seen_head(self, name: str) -> Head:
        """The head of something that was seen."""
        return Head(id=name, object_marking_refs=(self.marking.id,))

    @property
    def reference(self) -> str:
        """The id of the campaign."""
        return stix_id(self.source, "campaign")


def stamp(instant: int) -> str:
    """A time as STIX writes it: with milliseconds (section 3.2)."""
    return (time_text(instant) or "1970-01-01T00:00:00Z").replace("Z", ".000Z")


def frame_of(source: ExportSource) -> tuple[Frame, tuple[StixObject, ...]]:
    """The frame, and its own objects: the marking and the publisher."""
    mark = marking(source.tlp)
    frame = Frame(source, dated(source), mark, stix_id(source, "identity", "publisher"))
    return frame, (mark, _publisher(frame))


def _publisher(frame: Frame) -> Identity:
    """Whom the case file names."""
    case_file = frame.source.investigation.case_file
    kind = "organization" if case_file.organisation else "individual"
    name = case_file.organisation or case_file.author
    return Identity(
        frame.head("identity", "publisher"),
        name=name or NO_PUBLISHER,
        description=None if name else "The case file names neither author nor organisation.",
        identity_class=kind if name else "unknown",
    )
