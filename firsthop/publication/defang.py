"""Makes names and addresses in text for people inert, so that no mail program or chat
turns them into links: `hxxp`, `[.]`, `[@]`. Files for machines keep them live."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"\bhttp(?=s?://)", re.IGNORECASE)


def defanged(text: str) -> str:
    """A host name, an address or a link made inert; a colon of an IPv6 address too."""
    text = _SCHEME.sub("hxxp", text)
    if ":" in text and "/" not in text and "." not in text:
        return text.replace(":", "[:]", 1)
    return text.replace(".", "[.]").replace("@", "[@]")
