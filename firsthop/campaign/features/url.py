"""The URL view: where links lead, by host and by the shape of their paths. They are
read as text; nothing is ever looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firsthop.campaign.features.links import PARTS, Link
from firsthop.campaign.features.record import Feature, feature, of_body
from firsthop.campaign.features.shapes import shape
from firsthop.campaign.features.well_known_sites import is_well_known
from firsthop.evidence.content import Content
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.identity.shared_hosts import shared_host
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.message import beginning

# pages of list managers: Mailman 2 and 3, LISTSERV, Sympa, ezmlm, groups
_OF_A_LIST = re.compile(
    r"/(?:mailman|listinfo|pipermail|hyperkitty|postorius|wa\.exe|sympa|ezmlm|lists?|groups?)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|ico)\Z", re.IGNORECASE)
_LONGEST_ENDING = 5  # characters of a picture's
_RUN = re.compile(r"[0-9]+|[A-Za-z]+")
_LONG_PART = 30  # characters of a part of a path that a generator writes
_FEWEST_RUNS = 7
_LONGEST_RUN = 10  # letters of a run that are counted
_LONGEST_NAME = 500  # characters of an author's name, address or Subject that are read
_MAX_DOMAINS = 10
_MAX_PATHS = 12


def url_features(
    links: Iterable[Link], author: Mailbox | None, subject: str | None
) -> list[Feature]:
    """The features of the links in the content; of whom and what the message says it
    is, the names of its author and its Subject."""
    values: dict[str, dict[str, None]] = {
        "url_domain": {},
        "url_host": {},
        "url_only": {},
        "url_path": {},
        "url_shape": {},
    }
    for link in links:
        for family, value in _read(link):
            if len(values[family]) < (
                _MAX_PATHS if family in ("url_path", "url_shape") else _MAX_DOMAINS
            ):
                values[family][value] = None
    only = _only_one(values["url_host"])
    if only is not None and not _is_named(only, author, subject):
        values["url_only"][only] = None
    return [of_body(family, value[:200]) for family, kept in values.items() for value in kept]


def _only_one(hosts: Iterable[str]) -> str | None:
    """The one host of all, beside those that everybody's mail leads to: what the
    message is there for."""
    own = [host for host in hosts if shared_host(host) is None and not is_well_known(host)]
    return own[0] if len(own) == 1 else None


def _is_named(host: str, author: Mailbox | None, subject: str | None) -> bool:
    """Whether the message names the host's domain as its author: it may be the site of
    whom it imitates."""
    label = (registrable_domain(host) or "").partition(".")[0] or host
    name = "".join(filter(str.isalnum, label))
    said = (author.display_name, author.address, subject) if author else (subject,)
    return any(
        name in "".join(filter(str.isalnum, text[:_LONGEST_NAME].lower())) for text in said if text
    )


def without_links_of_lists(content: Content, part: SenderPart) -> Content:
    """The content without the links that the mailing lists which passed the message on
    put below it: to the pages of a list manager at their own hosts."""
    if not part.lists:
        return content
    return content._replace(
        links=tuple(link for link in content.links if not _leads_to_a_list(link, part.lists))
    )


def _leads_to_a_list(link: str, lists: frozenset[str]) -> bool:
    match = PARTS.match(link)
    return (
        match is not None
        and _OF_A_LIST.search(match[2]) is not None
        and registrable_domain(match[1].lower()) in lists
    )


def _read(link: Link) -> list[tuple[str, str]]:
    (host, domain, of_all_customers, *_), path, query, fragment = link
    if not host or host.startswith("["):  # a placeholder that nobody filled in
        return []
    values = [("url_domain", domain)]
    if not _PICTURE.search(path[-_LONGEST_ENDING:]):  # lent to all who advertise the same
        values.append(("url_host", host))
    if len(path) > 3:
        values.append(("url_path", f"{host}{path[:80]}"))
    form = shape(path[:60])
    if query:
        names = "&".join([part.partition("=")[0] for part in query.split("&")])
        form = f"{form}?{names[:40]}"
    if len(form) > 6 and not of_all_customers:
        values.append(("url_shape", form))
    if "/" in fragment:  # a path that the server never sees
        values.append(("url_shape", f"#{shape(fragment[:60])}"))
    if (runs := _runs(path.rpartition("/")[2])) is not None:
        values.append(("url_shape", runs))
    return values


def _runs(part: str) -> str | None:
    """A long token as its generator writes it, whose length varies: the lengths of its
    runs of letters between numbers."""
    if len(part) < _LONG_PART or not part.isalnum() or not part.isascii():
        return None
    runs = _RUN.findall(part[:100])
    if len(runs) < _FEWEST_RUNS:
        return None
    return "~" + "".join("d" if run.isdigit() else _letters(len(run)) for run in runs)


def _letters(count: int) -> str:
    return f"w{count}" if count <= _LONGEST_RUN else "w+"


def unsubscribe(facts: MessageFacts) -> list[Feature]:
    """The domain that List-Unsubscribe leads to."""
    field = facts.message.first("list-unsubscribe")
    match = PARTS.search(beginning(field.value, 2_000)) if field else None
    host = match[1].lower() if match else ""
    return feature("unsubscribe_domain", registrable_domain(host) or host, field)
