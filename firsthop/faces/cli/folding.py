"""Folds lines as rich does, for what goes into a pipe: the console of rich costs as
much to import as reading a message. Of rich only the widths of signs are asked, and
only where a text may have wide ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from firsthop.system.kept_expressions import compiled

_WORD = compiled(r"\S+\s*")
# Latin, Greek and Cyrillic letters, and the program's own signs
_NARROW = compiled(r"[ -~\u00a1-\u00ac\u00ae-\u024f\u0370-\u0373\u0400-\u0482–—‘’“”•…←→−≤≥─▶✓]*+")


def is_narrow(text: str) -> bool:
    """Whether each sign of a text is surely one column wide."""
    return text.isascii() or _NARROW.fullmatch(text) is not None


def folded(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than `width` columns; a longer word is cut."""
    columns = _columns_of(text)
    lines, line, taken = list[str](), "", 0
    words: list[str] = _WORD.findall(text) or [""]
    words[0] = text[: len(text) - len(text.lstrip())] + words[0]
    for word in words:
        long = columns(word.rstrip())
        if taken + long <= width:
            line += word
            taken += columns(word)
            continue
        if line:
            lines.append(line)
        line = word
        if long > width:
            *full, line = _cut(word, width, columns)
            lines += full
        taken = columns(line)
    return [one.rstrip() for one in (*lines, line)]


def _columns_of(text: str) -> Callable[[str], int]:
    """What tells how many columns a piece of a text takes."""
    if is_narrow(text):
        return len
    from rich.cells import cell_len

    return cell_len


def _cut(word: str, width: int, columns: Callable[[str], int]) -> Iterator[str]:
    """A word in pieces, each as long as fits."""
    start, taken = 0, 0
    for place, sign in enumerate(word):
        of_sign = columns(sign)
        if taken + of_sign > width:
            yield word[start:place]
            start, taken = place, 0
        taken += of_sign
    yield word[start:]
