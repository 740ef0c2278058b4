"""Reads IP addresses as mail servers write them: bare, bracketed, tagged, IPv4-mapped,
with a port, or doubled by damage."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
# without leading zeros, which the canonical form has not
_OCTETS = r"\.".join([rf"0*({_OCTET})"] * 4)
_V4 = compiled(_OCTETS, re.ASCII)  # digits of other scripts make no address
_WITH_PORT = compiled(rf"{_OCTETS}[.:](\d{{1,5}})", re.ASCII)
_PORT = compiled(r":[0-9]{1,5}")
_TAG = compiled(
    r"(?:(?:ipv6|tcp):)++(?:::ffff:(?=\d+\.))?|::ffff:(?=\d+\.)", re.IGNORECASE | re.ASCII
)
_HEX = frozenset(":0123456789abcdefABCDEF")
MAX_ADDRESS = 256  # characters: a longer text is no address, tags, zone index and doubling taken in


class Address(NamedTuple):
    """An address in its one canonical text form."""

    text: str
    port: int | None = None
    repairs: tuple[str, ...] = ()


def read_address(text: str) -> Address | None:
    """The address in `text`, or None where it is none. Brackets, an "IPv6:" tag (RFC
    5321 section 4.1.3) and a zone index are dropped."""
    return _read(text) if len(text) <= MAX_ADDRESS else None


@lru_cache(maxsize=16_384)
def _read(text: str) -> Address | None:
    if text[:1] in _HEX and ":" in text and "." not in text:  # the frequent form of an IPv6 address
        return _v6(text.strip(), None)
    port = None
    if text[:1] == "[":
        text, _, behind = text[1:].partition("]")
        if behind:
            if not _PORT.fullmatch(behind):
                return None
            port = int(behind[1:])
    text = text.strip()
    if match := _V4.fullmatch(text):
        return Address(".".join(match.groups()), port)
    if match := _TAG.match(text):
        text = text[match.end() :]
        if match := _V4.fullmatch(text):
            return Address(".".join(match.groups()), port)
    if ":" in text:
        return _v6(text, port)
    if match := _WITH_PORT.fullmatch(text):
        return _with_port(match)
    return _doubled(text)


def _with_port(match: re.Match[str]) -> Address:
    *octets, port = match.groups()
    return Address(".".join(octets), int(port))


def _v6(text: str, port: int | None) -> Address | None:
    if "." in text and (match := _WITH_PORT.fullmatch(text)):
        return _with_port(match)
    # what `socket` itself has it from, without its thousand constants
    from _socket import AF_INET6, inet_ntop, inet_pton

    text = text.partition("%")[0]
    try:
        # ten times as fast as ipaddress, and the same text but for dotted tails
        canonical = inet_ntop(AF_INET6, inet_pton(AF_INET6, text))
        if "." in canonical:
            address = IPv6Address(text)
            canonical = str(address.ipv4_mapped or address)
    except (ValueError, OSError):
        return None
    return Address(canonical, port)


def _doubled(text: str) -> Address | None:
    """An exact doubling of an address, as a published page shows it; a near one is not
    repaired."""
    half, odd = divmod(len(text), 2)
    if odd or half < 7 or text[:half] != text[half:] or not (match := _V4.fullmatch(text[:half])):
        return None
    return Address(".".join(match.groups()), None, ("duplicated_token",))
