"""From values of features to patterns: a literal, a host, a shape, a template. The
other way of `campaign/features/shapes.py`.

Never:      lets a character of a value act in a pattern: what is not a letter, a digit
            or harmless is escaped, control characters make a value that is no pattern.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[.\[\]{}()*+?^$|\\]")
_TOKEN = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
_CLASSES = {"d": "[0-9]", "h": "[0-9a-f]", "H": "[0-9A-F]", "w": "[A-Za-z0-9]"}
_CLASS = re.compile(r"([dhHw])([0-9]+)")
_MASK = re.compile(r"\{address\}|\{code\}|#")
_MASKS = {"{address}": "[^ ]{1,64}@[^ ]{1,255}", "{code}": "[A-Za-z0-9]{5,}", "#": "[0-9]+"}
_DIGITS = "([0-9]+|#)"  # a program may write the sign that masks digits
SHAPE_CUT = 64  # a shape that is so long was cut: what follows is not known
MAX_COUNT = 255  # POSIX's RE_DUP_MAX: an engine may refuse a larger {n}


def literal(text: str) -> str | None:
    """A pattern for the text itself; None where it holds a control character, or half
    of one that no encoding writes."""
    if not text or any(ord(c) < 32 or ord(c) == 127 or "\ud800" <= c <= "\udfff" for c in text):
        return None
    return _SPECIAL.sub(lambda m: f"\\{m[0]}", text)


def shaped(shape: str, end: str) -> str | None:
    """A pattern for all texts of a shape. `end` must follow, unless the shape was
    cut."""
    cut = len(shape) >= SHAPE_CUT
    tokens = _TOKEN.findall(shape)
    if cut:
        tokens = tokens[:-1]
    pieces = [_shape_piece(token) for token in tokens]
    if not pieces or None in pieces:
        return None
    return "".join(filter(None, pieces)) + ("" if cut else end)


def repeating(shape: str) -> str | None:
    """A pattern for a shape with back-references: each token that one of them means is
    a group."""
    pieces = re.findall(r"\\[0-9]+|[A-Za-z0-9]+|[^A-Za-z0-9]", shape)
    if len(shape) >= SHAPE_CUT:
        pieces = pieces[:-1]
    out: list[str] = []
    for piece in pieces:
        if piece.startswith("\\") and len(piece) > 1:
            if not "1" <= piece[1:] <= "9" or len(piece) > 2:
                return None
            out.append(piece)
            continue
        one = _shape_piece(piece)
        if one is None:
            return None
        out.append(f"({one})" if _length(piece) >= 3 else one)
    return "".join(out) if any(piece.startswith("\\") for piece in pieces) else None


def long_tokens_masked(value: str) -> str | None:
    """A pattern for a text whose long tokens are masked as `*`, and as a back-reference
    where one comes back (`shapes.pattern`)."""
    pieces = re.findall(r"\\[1-9]|\*|[A-Za-z0-9]+|[^A-Za-z0-9]", value)
    known = [_token_piece(piece) for piece in pieces]
    return None if None in known else "".join(filter(None, known))


def _token_piece(piece: str) -> str | None:
    if piece == "*":
        return "([A-Za-z0-9]{3,})"
    return piece if len(piece) == 2 and piece.startswith("\\") else literal(piece)


def worded(template: str) -> str | None:
    """A pattern for a template of words (`shapes.template`), between which anything
    that is no letter may stand; to be searched without regard to case."""
    words = [_masked(word) for word in template.split()]
    if not words or None in words:
        return None
    return "[^A-Za-z0-9]+".join(filter(None, words))


def spaced(words: str) -> str | None:
    """A pattern for words in a row of a text; `#` stands for a number, or itself."""
    pieces = [_DIGITS if word == "#" else literal(word) for word in words.split(" ")]
    return None if None in pieces else " ".join(filter(None, pieces))


def digits_masked(text: str) -> str | None:
    """A pattern for a text in which `#` stands for digits, or itself."""
    pieces = [literal(piece) if piece else "" for piece in text.split("#")]
    return None if None in pieces else _DIGITS.join(piece or "" for piece in pieces)


def _shape_piece(token: str) -> str | None:
    match = _CLASS.fullmatch(token)
    if match is None:
        return literal(token)
    return f"{_CLASSES[match[1]]}{{{match[2]}}}" if int(match[2]) <= MAX_COUNT else None


def _length(token: str) -> int:
    match = _CLASS.fullmatch(token)
    return int(match[2]) if match else len(token)


def _masked(word: str) -> str | None:
    pieces: list[str] = []
    end = 0
    for mask in _MASK.finditer(word):
        if before := word[end : mask.start()]:
            pieces.append(literal(before) or "")
        pieces.append(_MASKS[mask[0]])
        end = mask.end()
    if rest := word[end:]:
        pieces.append(literal(rest) or "")
    return "".join(pieces) if all(pieces) else None
