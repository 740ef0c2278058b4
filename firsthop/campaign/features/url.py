"""The URL view: where links lead, by host and by the shape of their paths. They are
read as text; nothing is ever looked up."""

from __future__ import annotations

import re

from firsthop.campaign.features.record import Feature, feature
from firsthop.campaign.features.shapes import shape
from firsthop.evidence.content import Content
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain

_PARTS = re.compile(r"https?://([^/?#\s]{1,255})([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_MAX_DOMAINS = 10
_MAX_PATHS = 12


def url_features(facts: MessageFacts, content: Content) -> list[Feature]:
    """The features of the URL view."""
    values: dict[str, dict[str, None]] = {
        "url_domain": {},
        "url_host": {},
        "url_path": {},
        "url_shape": {},
    }
    for link in content.links:
        for family, value in _read(link):
            if len(values[family]) < (
                _MAX_PATHS if family in ("url_path", "url_shape") else _MAX_DOMAINS
            ):
                values[family][value] = None
    features = [
        Feature(family, value[:200], "body", None)
        for family, kept in values.items()
        for value in kept
    ]
    return features + _unsubscribe(facts)


def _read(link: str) -> list[tuple[str, str]]:
    match = _PARTS.match(link)
    if match is None:
        return []
    host = match[1].rpartition("@")[2].partition(":")[0].lower().strip(".")
    if not host or host.startswith("["):  # a placeholder that nobody filled in
        return []
    path, query = match[2] or "", match[3] or ""
    values = [("url_host", host), ("url_domain", registrable_domain(host) or host)]
    if len(path) > 3:
        values.append(("url_path", f"{host}{path[:80]}"))
    names = "&".join(part.partition("=")[0] for part in query.split("&"))[:40]
    form = f"{shape(path[:60])}{'?' + names if query else ''}"
    return [*values, ("url_shape", form)] if len(form) > 6 else values


def _unsubscribe(facts: MessageFacts) -> list[Feature]:
    field = facts.message.first("list-unsubscribe")
    match = _PARTS.search(field.value[:2000]) if field else None
    host = match[1].lower() if match else ""
    return feature("unsubscribe_domain", registrable_domain(host) or host, field)
