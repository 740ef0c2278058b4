"""Decodes queue ids: the time, process or inode a mail server wrote into its own name
for a message.

A decode refutes more than it confirms: a form that cannot have been written by the
server named beside it is a contradiction, a form that can is worth what chance makes it
(95 % of random upper-case hex passes as a short Postfix id). The date in the line is
only used to check, never to decode, except where the id holds a remainder of the time
(sendmail's year)."""

from __future__ import annotations

from firsthop.evidence.timestamp import days_from_civil
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

BASE62 = {
    c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}
# Postfix's base 52 leaves out the vowels (src/global/safe_ultostr.h); sendmail's base
# 60 ends at "x" (sendmail/queue.c, QueueIdChars).
BASE52 = {c: i for i, c in enumerate("0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz")}
# the inode's digits, so that "z" can part it from the time
BASE51 = {c: i for c, i in BASE52.items() if c != "z"}
BASE60 = {
    c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx")
}

EXIM_OLD = compiled(r"([0-9A-Za-z]{6})-([0-9A-Za-z]{6})-([0-9A-Za-z]{2})")
EXIM_NEW = compiled(r"([0-9A-Za-z]{6})-([0-9A-Za-z]{11})-([0-9A-Za-z]{4})")
POSTFIX_SHORT = compiled(r"([0-9A-F]{5})([0-9A-F]{1,16})")
POSTFIX_LONG = compiled(
    r"([0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{6})([0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{4})z"
    r"([0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]+)"
)
# One character of a counter and %05d of the process until 8.11, two and %06d since
# 8.12.
SENDMAIL = compiled(
    r"([0-9A-Za-x])([0-9A-C])([1-9A-V])([0-9A-N])([0-9A-Za-x])([0-9A-Za-x])(?:[0-9A-Za-x]"
    r"(\d{5,6})|[0-9A-Za-x]{2}(\d{6,10}))"
)


DECODED = frozenset(("Exim", "Postfix", "Sendmail"))  # servers whose ids are known


_new = tuple.__new__  # a NamedTuple in half the time of its own constructor


class QueueId(NamedTuple):
    """What a queue id decodes to. Absent parts are None."""

    scheme: str  # exim | postfix_short | postfix_long | sendmail
    instant: int | None = None  # seconds since 1970 UTC
    microseconds: int | None = None  # 0..999,999 within the second
    inode: int | None = None  # of the queue file
    pid: int | None = None  # of the server process
    possible: bool = True  # False: the server that is named cannot have made this id


def decode_queue_id(queue_id: str, mta: str | None, year: int | None = None) -> QueueId | None:
    """What `queue_id` of the server software `mta` says, or None where no source
    supports a decode.

    `year`: of the stamp beside it; sendmail writes UTC with the year only modulo 60.
    Sources: Exim src/src/receive.c and spec chapter "How Exim receives and delivers
             mail", section "Message identification" (4.97 widened it);
    Postfix src/global/mail_queue.h; sendmail/queue.c assign_queueid(), which takes
    gmtime(). Proofpoint's ids look like sendmail's and do not hold the line's time
    (dialects/proofpoint.toml), so its lines have another `mta`."""
    if mta == "Exim":
        return _exim(queue_id)
    if mta == "Postfix":
        return _postfix(queue_id)
    return _sendmail(queue_id, year) if mta == "Sendmail" else None


def _exim(queue_id: str) -> QueueId | None:
    for form, ticks in ((EXIM_OLD, 2000), (EXIM_NEW, 1_000_000)):
        if match := form.fullmatch(queue_id):
            seconds, pid, fraction = (base(part, BASE62) for part in match.groups())
            return QueueId("exim", seconds, _microseconds(fraction, ticks), pid=pid)
    return None


def _microseconds(fraction: int, ticks: int) -> int | None:
    """Exim counts 1/2000 s, since 4.97 microseconds; out of range it is not known.

    Where localhost_number is set it counts 1/200 s beside that number, which cannot be
    told apart (src/src/receive.c, id_resolution)."""
    micros = fraction * (1_000_000 // ticks)
    return micros if micros < 1_000_000 else None


def _postfix(queue_id: str) -> QueueId | None:
    if match := POSTFIX_SHORT.fullmatch(queue_id):
        micros = int(match[1], 16)
        inode, possible = int(match[2], 16), micros < 1_000_000
        return _new(QueueId, ("postfix_short", None, micros, inode, None, possible))
    if match := POSTFIX_LONG.fullmatch(queue_id):
        seconds, micros, inode = (
            base(match[1], BASE52),
            base(match[2], BASE52),
            base(match[3], BASE51),
        )
        return QueueId("postfix_long", seconds, micros, inode, possible=micros < 1_000_000)
    return None


def _sendmail(queue_id: str, year: int | None) -> QueueId | None:
    match = SENDMAIL.fullmatch(queue_id)
    if match is None or year is None:
        return None
    written, month, day, hour, minute, second = [BASE60[c] for c in queue_id[:6]]
    full_year = year + (written - (year - 1900) % 60 + 30) % 60 - 30
    possible = month < 12 and 1 <= day <= 31 and hour < 24
    instant = (
        days_from_civil(full_year, month + 1, day) * 86400 + hour * 3600 + minute * 60 + second
        if possible
        else None
    )
    pid = int(match[7] or match[8])
    return _new(QueueId, ("sendmail", instant, None, None, pid, possible))


def base(text: str, digits: dict[str, int]) -> int:
    """`text` as a number in the base whose digits are given."""
    number, radix = 0, len(digits)
    for c in text:
        number = number * radix + digits[c]
    return number
