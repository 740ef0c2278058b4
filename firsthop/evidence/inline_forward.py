"""A message that a user who reports it has forwarded within the text of his own: the
author and Subject that the head in the text repeats, and what stands below it. And
which messages are reports that enclose one.

The text is believed only where the outer message is a report: written to a mailbox that
takes reports, or to the author's own organisation, and not from outside where the own
servers are known. Who writes a forged head into his phishing is no reporter, and keeps
his traits.

Never:      takes what the head says for evidence of who wrote it: it is quoted by a
            reporter. Judges nothing.
Source:     habits of mail programs, without a standard (inline_forward.toml).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from firsthop.evidence.content import Content, Texts, content_of, read_texts
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.address_field import REMEMBERED
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.identity.shared_hosts import is_placeholder, shared_host
from firsthop.mail.character_references import unescaped
from firsthop.system.toml_tables import package_table

MAX_LINES = 400  # of a text in which the head is looked for
MAX_HEAD = 12  # lines, with those that a long To takes
MAX_RICH = 128 << 10  # characters of HTML that are turned into lines
_LONGEST_LABEL = 20
_LONGEST_LINE = 300
_FEWEST = 3  # fields of a head
_GAP = 3  # lines of another kind between its fields
_TABLE = package_table(__package__, "inline_forward.toml")
_ROLES = {label: role for role, labels in reversed(_TABLE["labels"].items()) for label in labels}
_PREFIX = re.compile(
    rf"[\s\[(*]*(?:{'|'.join(map(re.escape, _TABLE['prefixes']['words']))})\s*[:：]", re.IGNORECASE
)
_MAILBOX = re.compile(
    rf"(?<![a-z])(?:{'|'.join(map(re.escape, _TABLE['mailboxes']['words']))})(?![a-z])",
    re.IGNORECASE,
)
_ENCLOSED_TYPES = frozenset(("message/rfc822", "message/global", "application/vnd.ms-outlook"))
_ENCLOSED_NAMES = (".eml", ".msg")
_LINE = re.compile(r"[^\n]*\n?")
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)++", re.MULTILINE)
_BREAK = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]{0,10})[^<>]{0,4000}>")
_ENDS_LINE = frozenset({"br", "/div", "/p", "/tr", "/li", "div", "p", "tr", "hr", "blockquote"})
_HOST = re.compile(r"[a-z]+://(?:[^/?#@]*@)?([^/?#:\s]+)", re.IGNORECASE)
_LABEL = re.compile(rf"[\s*_]*+([^\W\d_][^:：\n]{{0,{_LONGEST_LABEL}}}?)[\s*_]*[:：][\s*_]*(.*)")


class Head(NamedTuple):
    """The head of a forwarded message in a text."""

    author: str  # as written
    subject: str
    stop: int  # where it ends


class InlineForward(NamedTuple):
    """What a reporter forwards within his own text."""

    author: Mailbox | None
    subject: str
    content: Content  # below the head, without links to the reporter's own site


def inline_forward(facts: MessageFacts) -> InlineForward | None:
    """The message that a report forwards in its text; None where the message is no
    report, or its text repeats no head. Never raises."""
    if not _is_report(facts):
        return None
    texts = read_texts(facts.message)
    plain = _QUOTED.sub("", texts.plain)
    in_plain, in_rich = _head(plain), _head_of_html(texts.rich)
    head = in_plain or in_rich
    if head is None:
        return None
    below = texts._replace(
        plain=plain[in_plain.stop :] if in_plain else "",
        rich=texts.rich[in_rich.stop :] if in_rich else "",
    )
    boxes = mailboxes(head.author)
    return InlineForward(boxes[0] if boxes else None, head.subject, _foreign(below, facts))


def is_enclosing_report(facts: MessageFacts) -> bool:
    """Whether the message is a report that encloses what it reports as a message of its
    own: whoever reports, by what program and in which words, is no trait of that."""
    content = facts.content
    return (
        not _ENCLOSED_TYPES.isdisjoint(content.types)
        or any(one.name.lower().endswith(_ENCLOSED_NAMES) for one in content.attachments)
    ) and _is_report(facts)


def _is_report(facts: MessageFacts) -> bool:
    """Whether the message goes to a mailbox that takes reports; or says in its Subject
    that it forwards, and goes to the author's own organisation and not from outside.
    What a mailing list passed on is none."""
    to = facts.message.first("to")
    if to is None or facts.sender_part.lists:
        return False
    value = to.value
    read = _recipients if len(value) <= REMEMBERED else _recipients.__wrapped__
    to_reports, domains = read(value)
    if to_reports:
        return True
    if not domains or not _PREFIX.match(facts.subject.value or ""):
        return False
    own = registrable_domain((facts.author and facts.author.domain) or "")
    if own is None or own not in domains:
        return False
    return shared_host(own) is None and not _is_from_outside(facts)


@lru_cache(maxsize=1_024)
def _recipients(value: str) -> tuple[bool, frozenset[str]]:
    """Whether a recipient takes reports; the organisations of the recipients."""
    boxes = mailboxes(value)[:3]
    domains = frozenset(filter(None, [registrable_domain(box.domain or "") for box in boxes]))
    return any(map(_takes_reports, boxes)), domains


def _takes_reports(box: Mailbox) -> bool:
    """A collector's placeholder stands for any recipient."""
    named = _MAILBOX.search(box.local_part or "") is not None
    return named and not is_placeholder(box.address or "")


def _is_from_outside(facts: MessageFacts) -> bool:
    """Whether the own servers are known, and a client that is not theirs handed the
    message over."""
    part = facts.sender_part
    if part.presumed or part.handover is None:
        return False
    address = part.handover.hop.client_address
    return address is not None and space_of(address) is Space.PUBLIC


def _foreign(texts: Texts, facts: MessageFacts) -> Content:
    content = content_of(texts)
    own = registrable_domain((facts.author and facts.author.domain) or "")
    kept = (link for link in content.links if own is None or _organisation(link) != own)
    return content._replace(links=tuple(kept))


def _organisation(link: str) -> str | None:
    host = _HOST.match(link)
    return registrable_domain(host[1].lower()) if host else None


def _head(text: str) -> Head | None:
    """The first head in a text: three of its fields or more, with the author's, in
    lines near each other."""
    told: dict[str, str] = {}
    between = stop = 0
    for line in islice(_LINE.finditer(text), MAX_LINES):
        role, value = _field(line[0])
        if role is not None:
            told.setdefault(role, value)
            between, stop = 0, line.end()
            continue
        between += 1
        if _is_head(told) and ("subject" in told or between > _GAP):
            break
        if between > MAX_HEAD:
            told = {}
    return Head(told["from"], told.get("subject", ""), stop) if _is_head(told) else None


def _is_head(told: dict[str, str]) -> bool:
    return "from" in told and len(told) >= _FEWEST


def _field(line: str) -> tuple[str | None, str]:
    match = _LABEL.match(line[:_LONGEST_LINE])
    if match is None:
        return None, ""
    return _ROLES.get(match[1].lower().strip()), match[2].strip()


def _head_of_html(rich: str) -> Head | None:
    """The head that HTML shows, with the place in the HTML where it ends."""
    if not rich:
        return None
    shown, places = [], []
    length = start = 0
    for match in _BREAK.finditer(rich[:MAX_RICH]):
        piece = unescaped(rich[start : match.start()].replace("\n", " ").replace("\r", " "))
        piece += "\n" if match[1].lower() in _ENDS_LINE else ""
        shown.append(piece)
        length += len(piece)
        start = match.end()
        places.append((length, start))
    head = _head("".join(shown))
    if head is None:
        return None
    return head._replace(stop=next((at for end, at in places if end >= head.stop), len(rich)))
