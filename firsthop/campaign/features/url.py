"""The URL view: where links lead, by host and by the shape of their paths. They are
read as text; nothing is ever looked up."""

from __future__ import annotations

import re

from firsthop.campaign.features.record import Feature, feature
from firsthop.campaign.features.shapes import shape
from firsthop.evidence.content import Content
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.sender_part import SenderPart

_PARTS = re.compile(r"https?://([^/?#\s]{1,255})([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
# pages of list managers: Mailman 2 and 3, LISTSERV, Sympa, ezmlm, groups
_OF_A_LIST = re.compile(
    r"/(?:mailman|listinfo|pipermail|hyperkitty|postorius|wa\.exe|sympa|ezmlm|lists?|groups?)\b",
    re.IGNORECASE,
)
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


def without_links_of_lists(content: Content, part: SenderPart) -> Content:
    """The content without the links that the mailing lists which passed the message on
    put below it: to the pages of a list manager at their own hosts."""
    if not part.lists:
        return content
    return content._replace(
        links=tuple(link for link in content.links if not _leads_to_a_list(link, part.lists))
    )


def _leads_to_a_list(link: str, lists: frozenset[str]) -> bool:
    match = _PARTS.match(link)
    return (
        match is not None
        and _OF_A_LIST.search(match[2]) is not None
        and registrable_domain(match[1].lower()) in lists
    )


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
