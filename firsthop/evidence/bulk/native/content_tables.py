"""What the kernel's reader of content is told: the limits, which bytes are which
characters in charsets of one byte a character, and what references to characters mean.
All of it comes from where the Python path has it."""

from __future__ import annotations

from encodings.aliases import aliases

from firsthop.evidence import content, markup
from firsthop.evidence.bulk.native import wire

_PYTHON, _UTF_8, _FIRST_TABLE = range(3)  # how a charset is read
# of one byte a character; what is in none of them Python reads
_ONE_BYTE = (
    *("ascii", "latin_1", "cp1250", "cp1251", "cp1252", "cp1254", "koi8_r"),
    *("iso8859_2", "iso8859_9", "iso8859_15"),
)
_LOW = 0xA0  # numbers below do not all mean the character of that number


def content_tables() -> bytes:
    """All of it, as the kernel reads it."""
    from html import unescape
    from html.entities import html5

    limits = (
        content.MAX_TEXT_BYTES,
        content.MAX_LINKS,
        content.MAX_TAGS,
        content.MAX_ATTACHMENTS,
        content.LIMITS.max_parts,
        content.LIMITS.max_mime_depth,
        content.FOOTER_AT_MOST,
        markup.MAX_MARKUP,
        markup.MAX_FORMS,
        markup.MAX_INPUTS,
        markup.MAX_NAMES,
    )
    return b"".join(
        (
            wire.u32s(limits),
            wire.many([_characters(name) for name in _ONE_BYTE]),
            wire.many([_text(name) + wire.u32(_way(name)) for name in sorted(content.CHARSETS)]),
            wire.many([_text(unescape(f"&#{number};")) for number in range(_LOW)]),
            wire.many([_text(name) + _text(text) for name, text in html5.items()]),
        )
    )


def _text(text: str) -> bytes:
    return wire.counted(text.encode())


def _characters(charset: str) -> bytes:
    """The character of each byte."""
    return wire.u32s(list(map(ord, bytes(range(256)).decode(charset, "replace"))))


def _way(name: str) -> int:
    charset = aliases.get(name, name)
    if charset == "utf_8":
        return _UTF_8
    return _FIRST_TABLE + _ONE_BYTE.index(charset) if charset in _ONE_BYTE else _PYTHON
