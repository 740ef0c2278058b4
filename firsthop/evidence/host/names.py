"""Compares host names as organisations: the same host, the same registrable domain, or
unrelated (Public Suffix List, offline copy)."""

from __future__ import annotations

from functools import lru_cache

from firsthop.evidence.host.suffixes import private_suffix, public_suffix
from firsthop.system.kept_expressions import compiled

MAX_NAME = 255  # RFC 1035 section 2.3.4; no memory grows with what a sender writes
_NUMBERS = compiled(r"(?<!\d)(\d{1,3})[.x_-](\d{1,3})[.x_-](\d{1,3})[.x_-](\d{1,3})(?!\d)")


def registrable_domain(host: str) -> str | None:
    """The registrable domain of a host name in lower case, or None for a name without
    one (localhost, addresses, public suffixes, over-long ones)."""
    return _registrable(host) if len(host) <= MAX_NAME else None


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str | None:
    name = host.lower().strip(".[]")
    if "." not in name or ":" in name or (name[-1].isdigit() and name.replace(".", "").isdigit()):
        return None
    return private_suffix(name)


@lru_cache(maxsize=4096)
def is_platform_name(host: str) -> bool:
    """Whether a name stands under a suffix that a platform keeps for its customers,
    such as example.web.app: the Public Suffix List's private part."""
    name = host.lower().strip(".")
    if len(name) > MAX_NAME or "." not in name:
        return False
    private = public_suffix(name)
    return private is not None and private != public_suffix(name, registries_only=True)


def addresses_in_name(host: str) -> tuple[str, ...]:
    """The IPv4 addresses that a dial-up style name encodes, as written and reversed;
    empty where it encodes none."""
    match = _NUMBERS.search(host)
    if match is None or any(int(octet) > 255 for octet in match.groups()):
        return ()
    octets = [str(int(octet)) for octet in match.groups()]
    return ".".join(octets), ".".join(reversed(octets))
