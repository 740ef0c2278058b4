"""The URL view: where links lead, by host and by the shape of their paths. They are
read as text; nothing is ever looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from firsthop.campaign.features.links import PARTS, Link
from firsthop.campaign.features.record import LONGEST, Feature, feature, new_feature
from firsthop.campaign.features.shapes import shape
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.mail.message import beginning

_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|ico)\Z", re.IGNORECASE)
_LONGEST_ENDING = 5  # characters of a picture's
_NO_NAME = re.compile(r"[\W_]+")  # all but letters and digits
_RUN = re.compile(r"[0-9]+|[A-Za-z]+")
_LONG_PART = 30  # characters of a part of a path that a generator writes
_FEWEST_RUNS = 7
_LONGEST_RUN = 10  # letters of a run that are counted
# by their number, of a part of which 100 characters are read
_LETTERS = [f"w{count}" if count <= _LONGEST_RUN else "w+" for count in range(101)]
_LONGEST_NAME = 500  # characters of an author's name, address or Subject that are read
_MAX_DOMAINS = 10
_MAX_PATHS = 12


def url_features(
    links: Sequence[Link], author: Mailbox | None, subject: str | None
) -> list[Feature]:
    """The features of the links in the content; of whom and what the message says it
    is, the names of its author and its Subject."""
    if not links:
        return []
    domains: dict[str, None] = {}
    hosts: dict[str, bool] = {}  # whether everybody uses one
    paths: dict[str, None] = {}
    shapes: dict[str, None] = {}
    for (host, domain, of_all_customers, of_everybody, *_), path, query, fragment in links:
        if not host or host[0] == "[":  # a placeholder that nobody filled in
            continue
        domains[domain] = None
        if not _is_picture(path):
            hosts[host] = of_everybody
        if len(path) > 3:
            paths[f"{host}{path[:80]}"] = None
        if len(shapes) < _MAX_PATHS:
            _add_shapes(shapes, path, query, fragment, of_all_customers=of_all_customers)
    kept = list(hosts)[:_MAX_DOMAINS]
    only = [host for host in kept if not hosts[host]]
    if len(only) != 1 or _is_named(only[0], author, subject):
        only = []
    return [
        new_feature((family, value[:LONGEST], "body", None))
        for family, values in (
            ("url_domain", list(domains)[:_MAX_DOMAINS]),
            ("url_host", kept),
            ("url_only", only),  # what the message is there for
            ("url_path", list(paths)[:_MAX_PATHS]),
            ("url_shape", list(shapes)[:_MAX_PATHS]),
        )
        for value in values
    ]


def _is_named(host: str, author: Mailbox | None, subject: str | None) -> bool:
    """Whether the message names the host's domain as its author: it may be the site of
    whom it imitates."""
    label = (registrable_domain(host) or "").partition(".")[0] or host
    name = _NO_NAME.sub("", label)
    said = (author.display_name, author.address, subject) if author else (subject,)
    return any(name in _NO_NAME.sub("", text[:_LONGEST_NAME].lower()) for text in said if text)


def _is_picture(path: str) -> bool:
    """Whether a link leads to a picture: it is lent to all who advertise the same."""
    ending = path[-_LONGEST_ENDING:]
    return "." in ending and _PICTURE.search(ending) is not None


def _add_shapes(
    shapes: dict[str, None], path: str, query: str, fragment: str, *, of_all_customers: bool
) -> None:
    if not of_all_customers:
        form = shape(path[:60]) if path else ""
        if query:
            names = "&".join([part.partition("=")[0] for part in query.split("&")])
            form = f"{form}?{names[:40]}"
        if len(form) > 6:
            shapes[form] = None
    if "/" in fragment:  # a path that the server never sees
        shapes[f"#{shape(fragment[:60])}"] = None
    if len(path) >= _LONG_PART and (runs := _runs(path.rpartition("/")[2])) is not None:
        shapes[runs] = None


def _runs(part: str) -> str | None:
    """A long token as its generator writes it, whose length varies: the lengths of its
    runs of letters between numbers."""
    if len(part) < _LONG_PART or not part.isalnum() or not part.isascii():
        return None
    runs = _RUN.findall(part[:100])
    if len(runs) < _FEWEST_RUNS:
        return None
    return "~" + "".join(["d" if run[0] <= "9" else _LETTERS[len(run)] for run in runs])


def unsubscribe(facts: MessageFacts) -> list[Feature]:
    """The domain that List-Unsubscribe leads to."""
    field = facts.message.first("list-unsubscribe")
    if field is None or (match := PARTS.search(beginning(field.value, 2_000))) is None:
        return []
    host = match[1].lower()
    return feature("unsubscribe_domain", registrable_domain(host) or host, field)
