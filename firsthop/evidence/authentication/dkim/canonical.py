"""The canonical forms that DKIM and ARC sign (RFC 6376 section 3.4). Pure functions on
bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from firsthop.mail.message import Field
from firsthop.system.kept_expressions import compiled

_SPACE = compiled(rb"[ \t]+")
_SPACES = compiled(rb"  +")
_FOLD = compiled(rb"\r\n(?=[ \t])")
_SIGNATURE = compiled(rb"(?P<before>(?:^|;)[\s]*b[\s]*=)[^;]*", re.DOTALL)


def wire_form(data: bytes) -> bytes:
    """The bytes with the line ends of the wire (RFC 5321 section 2.3.8): files often
    hold bare LF."""
    if b"\r" not in data:
        return data.replace(b"\n", b"\r\n")
    if data.count(b"\n") == data.count(b"\r\n"):
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@lru_cache(maxsize=4)  # the signatures of one message share its body
def canonical_body(body: bytes, form: str) -> bytes:
    """The body in canonical form `simple` (RFC 6376 section 3.4.3) or `relaxed`
    (section 3.4.4)."""
    if form == "relaxed":
        return _relaxed_body(body)
    data = wire_form(body)
    data = data[: _without_empty_lines(data)]
    if data in (b"", b"\r\n"):
        return b"\r\n"
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _relaxed_body(body: bytes) -> bytes:
    """White space within lines as one space, none at their ends, no empty lines at the
    end; the line ends of the wire come last, on what is left."""
    data = body.replace(b"\r\n", b"\n") if b"\r" in body else body
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    data = (
        _SPACES.sub(b" ", data if data.endswith(b"\n") else data + b"\n")
        .replace(b" \n", b"\n")
        .rstrip(b"\n")
    )
    return data.replace(b"\n", b"\r\n") + b"\r\n" if data else b""


def _without_empty_lines(data: bytes) -> int:
    """Where the empty lines at the end begin; the end of the last line that is not
    empty stays."""
    stop = len(data)
    while data.endswith(b"\r\n\r\n", 0, stop):
        stop -= 2
    return stop


def canonical_field(name: bytes, value: bytes, form: str) -> bytes:
    """One field, without its line end, in form `simple` (RFC 6376 section 3.4.1) or
    `relaxed` (section 3.4.2)."""
    if form == "relaxed":
        return (
            name.strip(b" \t").lower()
            + b":"
            + _SPACE.sub(b" ", _FOLD.sub(b"", value)).strip(b" \t\r\n")
        )
    return name + b":" + value.removesuffix(b"\r\n")


def split_field(field: Field) -> tuple[bytes, bytes]:
    """Name and value of a field, with the line ends of the wire."""
    name, _, value = wire_form(field.raw).partition(b":")
    return name, value


def without_signature(value: bytes) -> bytes:
    """A signature field's value with what b= holds taken out (RFC 6376 section 3.5)."""
    return _SIGNATURE.sub(rb"\g<before>", value, count=1)


def select_fields(fields: Sequence[Field], names: Iterable[str]) -> list[Field]:
    """The fields that h= names: each name takes the lowest instance not taken yet; a
    name without one is signed as absent (RFC 6376 section 5.4.2)."""
    left: dict[str, list[Field]] = {}
    for field in fields:
        left.setdefault(field.key.rstrip(), []).append(field)
    return [left[name].pop() for name in (name.lower() for name in names) if left.get(name)]


def signed_octets(fields: Iterable[Field], signature: Field, form: str) -> bytes:
    """What the signature is made over: the selected fields, then the signature field
    itself without b= and without a line end (RFC 6376 section 3.7)."""
    block = b"".join(canonical_field(*split_field(field), form) + b"\r\n" for field in fields)
    name, value = split_field(signature)
    return block + canonical_field(name, without_signature(value), form)
