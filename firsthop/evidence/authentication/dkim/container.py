"""Undoes what containers do to the bytes of a body, where the signed hash proves that
it was done.

A repair cannot make a false pass: it counts only where the body that it gives has the
very hash that the signer wrote. It is tried only where the body as it is has another
one. The changes:

    mbox_from_unquoted   ">From " of mboxo, ">>From " too of mboxrd (RFC 4155 appendix
                         A; qmail's mbox(5) tells both)
    mbox_from_quoted     the other way: signed as ">From ", unquoted by whoever exported
                         it
    line_ends_undoubled  CR CR LF: CRLF written by a program that makes CRLF of each LF
    line_ends_restored   CR alone, of old Macintosh files
    smtp_dots_undone     doubled dots and the last dot of an SMTP stream (RFC 5321
                         section 4.5.2)
    padding_removed      NUL or SUB (0x1A) behind the end: records of fixed size, CP/M
                         and DOS text
    empty_line_removed   an empty line more between header and body
    empty_line_restored  one less: exporters that trim the body (2 messages of the
                         corpora)

What the canonical forms level anyway needs none: LF for CRLF, empty lines and a missing
line end at the end, and in the relaxed form white space at line ends. White space that
was trimmed from a body in the simple form is lost: nothing can be undone there.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from firsthop.evidence.authentication.dkim.canonical import canonical_body
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_BYTES = 4 << 20  # of a body that repairs are tried on
MAX_TRIES = 3  # hashes more for one signature

_MBOXRD = compiled(rb"^>(?=>*From )", re.MULTILINE)
_MBOXO = compiled(rb"^>(?=From )", re.MULTILINE)
_FROM = compiled(rb"^(?=From )", re.MULTILINE)
_STUFFED = compiled(rb"^\.\.", re.MULTILINE)
_HASHES = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}  # of signature.ALGORITHMS
_EMPTY_LINE = compiled(rb"\r?\n")
_EMPTY_LINE_RESTORED = "empty_line_restored"

SAYS = {
    "mbox_from_unquoted": "the mbox quoting of lines that begin with From",
    "mbox_from_quoted": "the unquoting of lines that begin with >From",
    "line_ends_undoubled": "doubled carriage returns",
    "line_ends_restored": "line ends of carriage returns alone",
    "smtp_dots_undone": "the dots of an SMTP stream",
    "padding_removed": "padding behind the end",
    "empty_line_removed": "an empty line too many before the body",
    _EMPTY_LINE_RESTORED: "a lost empty line before the body",
}


class Repaired(NamedTuple):
    """A repair that gives back the signed body."""

    name: str
    size: int  # canonical octets of the whole body so repaired


@lru_cache(maxsize=4)  # the signatures of one message mostly ask for the same
def repaired(
    body: bytes,
    form: str,
    hash_name: str,
    length: int | None,
    wanted: str,
) -> Repaired | None:
    """The repair after which the body has the hash `wanted`; None where there
    is none."""
    if len(body) > MAX_BYTES:
        return None
    for name, changed in islice(candidates(body), MAX_TRIES):
        data = _canonical(name, changed, body, form)
        if hash_of(data, hash_name, length) == wanted:
            return Repaired(name, len(data))
    return None


def _canonical(name: str, changed: bytes, body: bytes, form: str) -> bytes:
    """The canonical form of a repaired body. An empty line before it is one before the
    canonical form, if anything is left there: that form is known already."""
    if name != _EMPTY_LINE_RESTORED:
        return canonical_body(changed, form)
    known = canonical_body(body, form)
    return b"\r\n" + known if known not in (b"", b"\r\n") else known


def hash_of(data: bytes, hash_name: str, length: int | None) -> str:
    """The hash of a canonical body as bh= holds it; of its first octets, where l= says
    how many."""
    signed = data if length is None else data[:length]
    return base64.b64encode(_HASHES[hash_name](signed, usedforsecurity=False).digest()).decode()


def candidates(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The bodies that a container may have made this one of, each with the name of the
    repair."""
    seen = [body]  # few, and mostly of different lengths: no hash is made of them
    for name, change in _REPAIRS if b"From " in body else _OF_NO_QUOTING:
        changed = change(body)
        if changed is not None and changed not in seen:
            seen.append(changed)
            yield name, changed


def _without(pattern: re.Pattern[bytes]) -> Callable[[bytes], bytes | None]:
    return lambda body: pattern.sub(b"", body) if b">From " in body else None


def _quoted(body: bytes) -> bytes | None:
    return _FROM.sub(b">", body) if b"From " in body else None


def _single_ends(body: bytes) -> bytes | None:
    doubled = b"\r" in body and b"\r\r\n" in body  # one octet is found in a tenth of the time
    return body.replace(b"\r\r\n", b"\r\n") if doubled else None


def _line_feeds(body: bytes) -> bytes | None:
    return body.replace(b"\r", b"\r\n") if b"\n" not in body else None


def _without_dots(body: bytes) -> bytes | None:
    text = body.rstrip(b"\r\n")
    last = text == b"." or text.endswith((b"\n.", b"\r."))
    if not last and b"\n.." not in body and not body.startswith(b".."):
        return None
    return _STUFFED.sub(b".", text[:-1] if last else body)


def _without_padding(body: bytes) -> bytes:
    return body.rstrip(b"\0\x1a")


def _without_empty_line(body: bytes) -> bytes | None:
    return _EMPTY_LINE.sub(b"", body, count=1) if _EMPTY_LINE.match(body) else None


def _with_empty_line(body: bytes) -> bytes | None:
    return b"\r\n" + body if body else None


_REPAIRS: tuple[tuple[str, Callable[[bytes], bytes | None]], ...] = (
    ("mbox_from_unquoted", _without(_MBOXRD)),
    ("mbox_from_unquoted", _without(_MBOXO)),
    ("line_ends_undoubled", _single_ends),
    ("line_ends_restored", _line_feeds),
    ("padding_removed", _without_padding),
    ("smtp_dots_undone", _without_dots),
    ("empty_line_removed", _without_empty_line),
    (_EMPTY_LINE_RESTORED, _with_empty_line),
    ("mbox_from_quoted", _quoted),
)
_OF_NO_QUOTING = tuple(one for one in _REPAIRS if not one[0].startswith("mbox_from_"))
