"""Identifiers of STIX objects: of what is seen as the specification makes them, of all
else in this program's own namespace.

Source:     STIX 2.1, section 2.9, and the ID contributing properties of section 6;
            their JSON is that of RFC 8785, which for one text is the text in quotes.
"""

from __future__ import annotations

import json
from hashlib import sha256
from uuid import UUID, uuid5

from firsthop.publication.exports.identifiers import identifier
from firsthop.publication.exports.source import ExportSource

_OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")


def stix_id(source: ExportSource, kind: str, *names: str) -> str:
    """The id of an object of that type, by its names."""
    return f"{kind}--{identifier(source, 'stix', kind, *names)}"


def observable_id(kind: str, value: str) -> str:
    """The id of an observable that is its value and nothing else: all producers give
    it the same one."""
    told = json.dumps({"value": value}, ensure_ascii=False, separators=(",", ":"))
    return f"{kind}--{uuid5(_OBSERVABLES, told)}"


def message_object_id(tlp: str, digest: str) -> str:
    """The id of a message, by the digest of its bytes. What the specification would
    make it of (author, subject, body) is not all known, so that two messages would have
    one id; without any of these it demands the form of version 4."""
    told = sha256(f"firsthop email-message {tlp} {digest}".encode()).digest()
    return f"email-message--{UUID(bytes=told[:16], version=4)}"
