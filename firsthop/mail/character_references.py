"""References to characters in HTML (HTML Living Standard, section 13.5), as the
standard library resolves them."""

from __future__ import annotations

from firsthop.system.kept_expressions import compiled

# beyond all characters; Python makes no number of more than 4,300 digits
_LONG_NUMBER = compiled(r"&#[0-9]{1000,}+")


def unescaped(text: str) -> str:
    """A text without references to characters; their table is loaded where there is
    one. Never raises."""
    if "&" not in text:
        return text
    from html import unescape

    try:
        return unescape(text)
    except ValueError:
        return unescape(_LONG_NUMBER.sub("&#x110000", text))
