"""Makes text of a mail fit for a terminal: whatever steers, hides or reorders is shown
as an escape.

Escaped:    C0 and C1 controls (ESC, CSI), bidirectional overrides and isolates,
            zero-width and other invisible characters, line and paragraph separators,
            tags, lone surrogates; a pile of combining marks is cut after the fourth.
"""

from __future__ import annotations

import re

from firsthop.system.kept_expressions import compiled

LONGEST = 2_000  # characters of one value that a terminal shows; --json has all of it
_UNSAFE = compiled(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = compiled(f"({_MARKS}{{4}}){_MARKS}+")


def clean(text: str, longest: int = LONGEST) -> str:
    """`text` on one line, without anything that a terminal would obey: ESC becomes
    \\x1b, U+202E becomes \\u202e."""
    shown = (
        text
        if len(text) <= longest
        else f"{text[:longest]}… ({len(text):,} characters; --json shows all)"
    )
    if shown.isascii() and shown.isprintable():
        return shown
    return _PILE.sub(r"\1…", _UNSAFE.sub(_escape, shown))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
