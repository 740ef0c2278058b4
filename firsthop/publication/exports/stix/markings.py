"""TLP 2.0 as STIX 2.1 tells it: STIX itself has TLP 1 alone, so that the markings are
those of the extension, under its fixed identifiers.

Source:     OASIS CTI TC, cti-stix-common-objects, extension definition TLP 2.0.
"""

from __future__ import annotations

from firsthop.publication.exports.stix.objects import Head, MarkingDefinition

_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_CREATED = "2022-10-01T00:00:00.000Z"
_IDS = {
    "CLEAR": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "GREEN": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "AMBER+STRICT": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "e828b379-4e03-4974-9ac4-e53a884c97c1",
}


def marking(tlp: str) -> MarkingDefinition:
    """The marking of a level."""
    return MarkingDefinition(
        Head(id=f"marking-definition--{_IDS[tlp]}", created=_CREATED),
        name=f"TLP:{tlp}",
        extensions={_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": tlp.lower()}},
    )
