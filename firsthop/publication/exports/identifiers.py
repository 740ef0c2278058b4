"""Identifiers of what an export speaks of (RFC 9562, version 5): made of its content,
so that the same campaign gives the same ones, and two campaigns or two levels of
redaction never share one.

Never:      uses a namespace of somebody else's.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from firsthop.publication.exports.source import ExportSource

FIRSTHOP = UUID("6f1d9a3c-5b0e-5c43-9a52-1f7d6c8e2b40")  # the namespace of this program's ids


def identifier(source: ExportSource, *names: str) -> str:
    """The id of something of a campaign, by its names."""
    return of_content(source.campaign.id, source.tlp, *names)


def of_content(*names: str) -> str:
    """The id of something that is the same for all campaigns. Names are told apart by
    their lengths."""
    told = "".join(f"{len(name)}:{name}" for name in names)
    return str(uuid5(FIRSTHOP, told.encode("utf-8", "backslashreplace").decode()))
