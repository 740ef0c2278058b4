"""How much a message looks like one that reports another, and when a header that is
quoted in it counts as evidence.

Many write about headers without reporting any: a list that discusses them, a newsletter
that explains them. So a header in a message's own text counts by two things together:
how whole it is, and what carries it. A header with its path counts in anyone's mail; in
a report one that names its message is enough; in a list's mail none counts, unless it
was sent to those who take reports."""

from __future__ import annotations

import re
from enum import IntEnum

from firsthop.mail.damage import lines
from firsthop.mail.field_names import ADDRESSED_TO, AUTHORED, ORIGINATOR
from firsthop.mail.mime import field_values, lowered
from firsthop.system.kept_expressions import compiled

_LIST = compiled(
    rb"\n(?:list-(?:id|post|unsubscribe|archive)|x-beenthere|mailing-list|x-mailing-list)[ \t]*:"
    rb"|\nprecedence[ \t]*:[ \t]*(?:list|bulk)"
)
# the local parts of those who take reports (RFC 2142 section 4, and habit)
_DESK = compiled(
    rb"\b(?:abuse|spam|not-?spam|junk|phish\w{0,9}|scams?|fraud|stop-?spam|postmaster|security"
    rb"|soc|noc|cert|csirt|incidents?|complaints?|reports?|reporting|segnala\w{0,9}|sicurezza|frodi"
    rb"|missbrauch|signal\w{0,9}|fbl|arf)[\w.+-]{0,64}@"
)
_SUBJECT = compiled(
    rb"abuse|spam|phish|scam|fraud|malware|virus|suspicious|spoof|forged|fake|complaint|report"
    rb"|incident|sospett|segnal|truff|frod|verd(?:ae|\xc3\xa4)chtig|missbrauch|betrug|signalement"
    rb"|suspect|hameconnage|sospechos|estafa|dmarc|failure|header|intestazion"
    rb"|\[[^\]\n]{0,40}#\s?\d|\bticket\b|\bcase\b|(?:\A|\s)(?:fwd?|wg|tr|i|rv|enc)[ \t]*:"
)
_FEEDBACK = b"feedback-report"  # RFC 5965
_RECIPIENTS = tuple(name.encode() for name in ADDRESSED_TO)
_AUTHOR = ORIGINATOR | {"return-path"}
_OWN = frozenset(name.encode() for name in AUTHORED)
_NEEDED = frozenset(name.encode() for name in AUTHORED - {"subject"})
_NAME = compiled(r"^[ \t]*([A-Za-z][!-9;-~]{0,75})[ \t]*:", re.MULTILINE)
_BY = compiled(r"\bby\s+\S")
_CLOCK = compiled(r"\d:\d\d")
_HEADER_BYTES = 1 << 16  # of a quoted header that are looked at
# some of it stands in every header that counts
HEADER_SIGNS = (b"eceived:", b"eceived<", b"essage-I", b"ECEIVED:")


class Carrier(IntEnum):
    """What a message looks like that has a header in its text."""

    LIST = 0
    ANY = 1
    REPORT = 2


def carrier_of(header: bytes) -> Carrier:
    """What the message with this header looks like."""
    lower = lowered(header)
    recipients = b" ".join(value for name in _RECIPIENTS for value in field_values(header, name))
    if _DESK.search(recipients.lower()) or _FEEDBACK in lower:
        return Carrier.REPORT
    if _LIST.search(lower):
        return Carrier.LIST
    subject = b" ".join(field_values(header, b"subject"))
    return Carrier.REPORT if _SUBJECT.search(subject.lower()) else Carrier.ANY


def may_hold_header(text: bytes) -> bool:
    """Whether a header that counts can stand in `text`: a look that costs little."""
    received, in_html, message_id, upper = HEADER_SIGNS
    return (
        (b"eceived" in text and (received in text or in_html in text))
        or message_id in text
        or upper in text
    )


def is_worth(block: bytes, from_html: bool, carrier: Carrier) -> bool:
    """Whether a header that stands in the text of such a message counts."""
    if carrier is Carrier.LIST:
        return False
    text = "\n".join(line.text for line in lines(block[:_HEADER_BYTES], from_html))
    names = {name.lower() for name in _NAME.findall(text)}
    traced = "received" in names and bool(_BY.search(text)) and bool(_CLOCK.search(text))
    author = names & _AUTHOR
    if carrier is Carrier.ANY:
        return traced and len(author) >= 3
    return (traced and bool(author)) or (
        {"from", "message-id"} <= author and bool({"date", "subject"} & author)
    )


def is_whole(names: list[bytes]) -> bool:
    """Whether a header with these fields (in lower case) is a message's own, and not
    the lines with which people introduce a quotation."""
    known = frozenset(names)
    if known & {b"received", b"return-path"}:
        return bool(known & _OWN)
    return known >= _NEEDED
