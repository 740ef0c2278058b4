"""Turns a written token into its shape: what stays equal when a program makes the next
one. Nothing is judged here.

A shape merges classes that differ by chance only: a hexadecimal token is hexadecimal
whether or not one of its draws happens to be all digits."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from hashlib import sha256

_TOKEN = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
_CLASSED_TOKEN = re.compile(r"([A-Za-z0-9]+|[^\x00-\x7f])")  # the others stay as they are
_ALNUM = re.compile(r"[A-Za-z0-9]+")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9]{3,}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}+@[\w.-]{1,255}")
_CODE = re.compile(r"\b(?=[^\W\d]*\d)\w{5,}\b")
_NO_WORD = re.compile(r"[^\w{}]+|_")
_NUMBER = re.compile(r"\d+")
_CLASSED = re.compile(r"(?<![A-Za-z0-9])([dhHw])\d+(?![A-Za-z0-9])")
_SMALL = re.compile(r"(?<![A-Za-z0-9])[a-z]{2,}(?![A-Za-z0-9#])")
_SHORT_END = re.compile(r"(?=\d*[a-z])[a-z0-9]{2,3}")
_LEAST_HEX = 4  # characters of a hexadecimal token
_UPPER_HEX, _LOWER_HEX = "0123456789ABCDEF", "0123456789abcdef"
_LONGEST = 64  # characters of a shape that are kept
_PATTERN_AT_MOST = 120  # characters of a text that has one


@lru_cache(maxsize=16_384)
def shape(text: str) -> str:
    """`text` with its tokens as classes and lengths: d digits, h/H lower/upper
    hexadecimal, w mixed; short words stay as they are."""
    pieces = _CLASSED_TOKEN.split(text[:256])  # every second is a token
    numbers: list[tuple[int, int]] = []  # places and sizes of what may be hexadecimal
    small: list[tuple[int, int]] = []
    upper = lower = False
    for place in range(1, len(pieces), 2):
        token = pieces[place]
        size = len(token)
        if token.isdigit():
            if size >= _LEAST_HEX:
                numbers.append((place, size))
            pieces[place] = f"d{size}"
        elif size >= _LEAST_HEX and not token.strip(_UPPER_HEX):
            upper = True
            pieces[place] = f"H{size}"
        else:
            letters = token.isalpha()
            if size >= _LEAST_HEX and not token.strip(_LOWER_HEX):
                lower = lower or not letters
                small.append((place, size))
            if letters:  # a literal, such as NextPart
                if size > 10 or (size > 6 and token.islower()):
                    pieces[place] = f"w{size}"
            elif size > 1 or token.isalnum():
                pieces[place] = f"w{size}"
    if upper or lower:  # digits, and letters alone, are what another token shows them to be
        _put(pieces, numbers, "H" if upper else "h")
        _put(pieces, small if lower else [], "h")
    return "".join(pieces)[:_LONGEST]


def _put(pieces: list[str], sizes: list[tuple[int, int]], kind: str) -> None:
    for place, size in sizes:
        pieces[place] = f"{kind}{size}"


def repetition(text: str) -> str | None:
    """The shape with back-references where `text` repeats a token of three characters
    or more; None where it does not."""
    long = [token.lower() for token in _LONG_TOKEN.findall(text[:256])]
    if not _comes_back(long):
        return None
    seen: dict[str, int] = {}
    out = []
    for token in _TOKEN.findall(text[:256]):
        known = seen.get(token.lower())
        if known:
            out.append(f"\\{known}")
        elif len(token) >= 3:
            seen[token.lower()] = len(seen) + 1
            out.append(shape(token))
        else:
            out.append(token)
    return "".join(out)[:_LONGEST]


def loose_shape(text: str) -> str | None:
    """The shape without lengths, `d#` for digits and so on, and `w#` for small letters:
    what words that are drawn keep. None for a text that holds the sign itself, and for
    one that is a single token: what is left of that is everybody's."""
    if "#" in text or text.isalnum():
        return None
    return _without_lengths(shape(text))


@lru_cache(maxsize=16_384)
def _without_lengths(shaped: str) -> str:
    return _SMALL.sub("w#", _CLASSED.sub(r"\1#", shaped))


def pattern(text: str) -> str | None:
    """`text` with its tokens of four characters or more masked as `*`, and as `\\n`
    where the n-th of them comes back (then three characters will do): what one program
    keeps while lengths vary. None where nothing comes back and neither end is a short
    token with a letter, and for a text that is too long or holds such signs itself."""
    if len(text) > _PATTERN_AT_MOST or "*" in text or "\\" in text:
        return None
    tokens = _TOKEN.findall(text.lower())
    long = [token for token in tokens if len(token) >= 3]
    if not _comes_back(long) and not any(map(_SHORT_END.fullmatch, (*tokens[:1], *tokens[-1:]))):
        return None
    often = Counter(tokens)
    seen: dict[str, int] = {}
    out = []
    for token in tokens:
        if token in seen:
            out.append(f"\\{seen[token]}")
        elif len(token) >= 4 or (len(token) == 3 and often[token] > 1):
            seen[token] = len(seen) + 1
            out.append("*")
        else:
            out.append(token)
    joined = "".join(out)
    told = "\\" in joined or any(map(_SHORT_END.fullmatch, (*out[:1], *out[-1:])))
    return joined if told and 0 < len(seen) < 10 and len(joined) <= _LONGEST else None


def _comes_back(tokens: list[str]) -> bool:
    return len(set(tokens)) < len(tokens)


def repetition_and_pattern(text: str) -> tuple[str | None, str | None]:
    """Both; most texts have neither, and a look at their tokens tells."""
    if not text.isascii():
        return repetition(text), pattern(text)
    tokens = _ALNUM.findall(text[:256].lower())
    long = [token for token in tokens if len(token) >= 3]
    if len(set(long)) < len(long):
        return repetition(text), pattern(text)
    if len(text) > _PATTERN_AT_MOST or not tokens:
        return None, None
    first, last = tokens[0], tokens[-1]
    short = (len(first) <= 3 and first == text[: len(first)].lower()) or (
        len(last) <= 3 and last == text[-len(last) :].lower()
    )
    return None, pattern(text) if short else None


def affixes(text: str, size: int = 10) -> tuple[str, ...]:
    """First and last `size` characters of a long enough token, unless they are digits
    only."""
    if len(text) < size + 4:
        return ()
    first, last = text[:size], text[-size:]
    if first.isdigit():
        return () if last.isdigit() else (f"*{last}",)
    return (f"{first}*",) if last.isdigit() else (f"{first}*", f"*{last}")


def drawn_affixes(text: str) -> tuple[str, ...]:
    """Those affixes that the shape does not keep letter by letter: no signs and words
    that a program writes into all that it makes."""
    shaped = shape(text)
    return tuple(
        one
        for one in affixes(text)
        if not (shaped.startswith(one[:-1]) if one[-1] == "*" else shaped.endswith(one[1:]))
    )


@lru_cache(maxsize=16_384)
def template(text: str) -> str:
    """Words of a text with addresses, codes and digits masked, in lower case (NFKC)."""
    words = unicodedata.normalize("NFKC", text[:400]).lower()
    if "@" in words:
        words = _ADDRESS.sub(" {address} ", words)
    words = _NO_WORD.sub(" ", words)
    if _NUMBER.search(words):
        words = _NUMBER.sub("#", _CODE.sub("{code}", words))
    return " ".join(words.split())


def digest(text: str) -> str:
    """A long text as a short value; the first words stay readable."""
    return f"{text[:60]} #{sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"
