"""Whether a body is the one that was signed (RFC 6376 section 3.7), or why the bytes
cannot tell.

A hash that fits is proof, wherever the bytes come from. One that does not fit speaks
against the message only where the bytes are those that were sent: not where a mail
program kept the text and firsthop put a body together from it, where a container was
cut, or where only the header is left. Never decides by what stands in the message: its
sender could write that."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from firsthop.evidence.authentication.dkim.canonical import canonical_body
from firsthop.evidence.authentication.dkim.container import hash_of, repaired
from firsthop.evidence.authentication.dkim.signature import ALGORITHMS, Signature
from firsthop.mail.message import BodyBytes, Evidence, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

PUBLISHED = ("published", "a published text is not the bytes that were signed")
NO_BODY = ("no_body", "only the header is at hand")
REBUILT = "rebuilt from the text that a mail program keeps: not the bytes that were signed"
COPIED = "copied out of the text of a report: not the bytes that were signed"
NOT_THE_SIGNED = {
    BodyBytes.REBUILT: ("rebuilt_body", f"the body at hand was {REBUILT}"),
    BodyBytes.CUT: ("cut_body", "the body at hand was cut: the rest of what was signed is missing"),
    BodyBytes.COPIED: ("copied_body", f"the body at hand was {COPIED}"),
}
_BOUNDARY = compiled(
    rb"\A(?:(?!multipart/).)*+multipart/[^;]*+;(?:(?!boundary\s*+=).)*+"
    rb'boundary\s*+=\s*+"?([^";\s]+)',
    re.IGNORECASE | re.DOTALL,
)


class BodyHash(StrEnum):
    """Whether the body is the one that was signed; needs no DNS."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_CHECKED = "not_checked"


class BodyCheck(NamedTuple):
    """What the body hash of one signature says."""

    hash: BodyHash
    why: tuple[str, str] | None = None  # a word and a sentence: why the bytes cannot tell
    repairs: tuple[str, ...] = ()  # what was undone of a container's changes (container.py)
    size: int | None = None  # canonical octets of the body, where l= makes them matter; else None


def check_body(message: Message, signature: Signature) -> BodyCheck:
    """Whether the body hash fits."""
    if message.source.evidence is Evidence.PUBLICATION:
        return BodyCheck(BodyHash.NOT_CHECKED, PUBLISHED)
    if signature.algorithm not in ALGORITHMS or not signature.body_hash:
        return BodyCheck(BodyHash.NOT_CHECKED)
    body, form, length = message.body, signature.body_form, signature.body_length
    name, wanted = ALGORITHMS[signature.algorithm][1], signature.body_hash
    size = None if length is None else len(canonical_body(body, form))
    if body_hash(body, form, name, length) == wanted:
        return BodyCheck(BodyHash.MATCHES, size=size)
    if repair := repaired(body, form, name, length, wanted):
        size = None if length is None else repair.size
        return BodyCheck(BodyHash.MATCHES, None, (repair.name,), size)
    if why := _not_the_signed(message):
        return BodyCheck(BodyHash.NOT_CHECKED, why)
    return BodyCheck(BodyHash.DIFFERS, size=size)


@lru_cache(maxsize=4)  # the signatures of one message mostly ask for the same
def body_hash(body: bytes, form: str, hash_name: str, length: int | None) -> str:
    """The hash of a body, as bh= holds it."""
    return hash_of(canonical_body(body, form), hash_name, length)


def _not_the_signed(message: Message) -> tuple[str, str] | None:
    """Why a body that does not fit is none that could."""
    state = message.source.body_bytes
    if state is BodyBytes.STORED and message.source.evidence is Evidence.ENCLOSED:
        state = BodyBytes.CUT if _is_cut(message) else state
    if state in NOT_THE_SIGNED:
        return NOT_THE_SIGNED[state]
    return NO_BODY if not message.body.strip() else None


def _is_cut(message: Message) -> bool:
    """Whether a report left the end of what it encloses out: a multipart without its
    last delimiter (RFC 2046 section 5.1.1)."""
    field = message.first("content-type")
    told = _BOUNDARY.search(field.raw) if field else None
    return told is not None and b"--" + told[1] + b"--" not in message.body
