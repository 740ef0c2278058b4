"""Expands the macros of SPF (RFC 7208 section 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address

from firsthop.system.kept_expressions import compiled

_EXPAND = compiled(r"%(?:\{([A-Za-z])(\d*)([rR]?)([-.+,/_=]*)\}|([%_-]))")
_LITERAL = {"%": "%", "_": " ", "-": "%20"}
MAX_NAME = 253
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def expand(text: str, values: Mapping[str, Callable[[], str]]) -> str:
    """`text` with its macros replaced; `values` gives the value of each letter when it
    is needed."""

    def one(match: re.Match[str]) -> str:
        if match[5]:
            return _LITERAL[match[5]]
        letter, digits, reverse, delimiters = match[1], match[2], match[3], match[4] or "."
        parts = re.split(f"[{re.escape(delimiters)}]", values[letter.lower()]())
        if reverse:
            parts.reverse()
        if digits and int(digits) > 0:
            parts = parts[-int(digits) :]
        value = ".".join(parts)
        return percent_encoded(value) if letter.isupper() else value

    return _EXPAND.sub(one, text)


def percent_encoded(text: str) -> str:
    """RFC 7208 section 7.3: upper-case letters ask for URL escaping; what RFC 3986
    section 2.3 calls unreserved stays."""
    return "".join(
        chr(octet) if chr(octet) in UNRESERVED else f"%{octet:02X}" for octet in text.encode()
    )


def shorten(name: str) -> str:
    """RFC 7208 section 7.3: labels are dropped from the left until a name is at most
    253 octets."""
    while len(name) > MAX_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def dotted(address: IPv4Address | IPv6Address) -> str:
    """The value of %{i}: IPv4 as written, IPv6 as upper-case nibbles with dots."""
    return (
        str(address)
        if address.version == 4
        else ".".join(address.exploded.replace(":", "").upper())
    )


def reversed_name(address: IPv4Address | IPv6Address) -> str:
    """The name whose PTR records name the address (RFC 1035 section 3.5, RFC 3596
    section 2.5)."""
    return address.reverse_pointer
