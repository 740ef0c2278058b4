"""Folds lines as rich does, for texts in which every sign is one column wide: what goes
into a pipe needs no rich, whose import costs as much as reading a message."""

from __future__ import annotations

from firsthop.system.kept_expressions import compiled

_WORD = compiled(r"\S+\s*")
# Latin, Greek and Cyrillic letters, and the program's own signs
_NARROW = compiled(r"[ -~\u00a1-\u00ac\u00ae-\u024f\u0370-\u0373\u0400-\u0482–—‘’“”•…←→−≤≥─▶✓]*+")


def is_narrow(text: str) -> bool:
    """Whether each sign of a text is surely one column wide."""
    return text.isascii() or _NARROW.fullmatch(text) is not None


def folded(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than `width`; a longer word is cut."""
    lines, line = list[str](), ""
    words: list[str] = _WORD.findall(text) or [""]
    words[0] = text[: len(text) - len(text.lstrip())] + words[0]
    for word in words:
        long = len(word.rstrip())
        if len(line) + long <= width:
            line += word
            continue
        if line:
            lines.append(line)
        line = word
        if long > width:
            *full, line = (word[at : at + width] for at in range(0, len(word), width))
            lines += full
    return [one.rstrip() for one in (*lines, line)]
