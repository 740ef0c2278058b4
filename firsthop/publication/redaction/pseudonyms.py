"""Pseudonyms: HMAC-SHA-256 of a name under the key of the case. The same person has the
same one in all files and all runs of a case, and another one in any other case.

Never:      can be turned back, or compared across cases, without the key.
Source:     RFC 2104; the hosts end in .invalid (RFC 2606), which nobody can own.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256

from firsthop.publication.redaction.canonical import canonical

_LENGTH = 8  # base-32 digits: 40 bits


class Pseudonyms:
    """Gives the pseudonyms of one case, and knows those that it gave."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._given: dict[tuple[str, str], str] = {}
        self.given: set[str] = set()

    def person(self, name: str) -> str:
        """The pseudonym of a local part, a login or a display name."""
        return self._give("user", canonical(name) or name)

    def host(self, name: str, kind: str) -> str:
        """The pseudonym of a host; `kind` is "own" or "host"."""
        return f"{self._give(kind, name.lower().rstrip('.'))}.invalid"

    def withheld(self, value: str) -> str:
        """What stands in the place of a value that is left out."""
        return self._give("withheld", value)

    def _give(self, kind: str, name: str) -> str:
        known = self._given.get((kind, name))
        if known is None:
            text = f"{kind}|{name}".encode("utf-8", "backslashreplace")
            digest = hmac.new(self._key, text, sha256).digest()
            known = f"{kind}-{b32encode(digest).decode()[:_LENGTH].lower()}"
            self._given[kind, name] = known
            self.given.add(known)
        return known
