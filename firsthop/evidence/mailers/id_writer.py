"""Whose is the Message-ID? What the message's own path and fields tell of the server,
news server or gateway that made it, whatever program is named.

A submission server adds an id where a message has none (RFC 6409 section 8.3), a news
server gives an article its own (RFC 5536 section 3.1.3, RFC 5537 section 3.5), a
gateway may put a token before the id it found. It looks at ids only, never at who is
right about the sender: a forger who makes an id look like a server's has only made it
say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.mailers.traces import Traces
from firsthop.mail.field_names import NEWS
from firsthop.system.kept_expressions import compiled

LEAST_QUEUE_ID = 6  # signs of a queue id that are no chance
MOST_TOKENS = 8  # places at which a gateway's token may end
_NEWS_HOST = compiled(r"^(?:news|nntp|nnrp|usenet|newsgroups?)\d*(?:[-.]|$)|[.]gmane[.]org$")
_TOKEN_END = compiled(r"[^0-9A-Za-z]")


def split_id(message_id: str) -> tuple[str, str]:
    """The part left of the last @ and the host right of it, in lower case."""
    left, _, host = message_id.rpartition("@")
    return left, host.lower().rstrip(".")


def made_by_news(traces: Traces) -> bool:
    """Whether the message was posted through a news server: its fields or the host in
    its id."""
    host = split_id(traces.message_id or "")[1]
    return not NEWS.isdisjoint(traces.fields) or _NEWS_HOST.search(host) is not None


def made_by_server(traces: Traces) -> bool:
    """Whether the id bears the name or a queue id of a server that wrote a Received
    line."""
    if not traces.message_id or traces.path is None:
        return False
    left, host = split_id(traces.message_id)
    hops = [step.hop for step in traces.path.steps]
    if any(host and hop.by and hop.by.lower() == host for hop in hops):
        return True
    queue_ids = (hop.queue_id for hop in hops)
    if any(q and len(q) >= LEAST_QUEUE_ID and q.lower() in left.lower() for q in queue_ids):
        return True
    first = hops[-1].by if hops else None
    return host != traces.author_domain and _one_organisation(first, host)


def _one_organisation(one: str | None, other: str) -> bool:
    domain = registrable_domain(one) if one else None
    return domain is not None and domain == registrable_domain(other)


def without_token(message_id: str) -> Iterator[str]:
    """The ids that stand behind a token a gateway may have put in front, the longest
    first."""
    left = split_id(message_id)[0]
    for count, end in enumerate(_TOKEN_END.finditer(left)):
        if count == MOST_TOKENS:
            return
        yield message_id[end.end() :]
