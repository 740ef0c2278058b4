"""Times that mail clients write into Message-IDs and boundaries, as seconds since 1970
of the clock they were read from. No clock is read here."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from firsthop.evidence.timestamp import days_from_civil

FILETIME_EPOCH = 11_644_473_600  # seconds from 1601-01-01 to 1970-01-01 (MS-DTYP section 2.3.3)


def filetime(words: re.Match[str]) -> float:
    """Two groups of eight hex digits, the high word first: 100 ns since 1601."""
    return ((int(words[1], 16) << 32) | int(words[2], 16)) / 1e7 - FILETIME_EPOCH


def hex_seconds(word: re.Match[str]) -> float:
    """One group of hex digits: seconds since 1970."""
    return int(word[1], 16)


def base64_seconds(word: re.Match[str]) -> float:
    """One group of base64 whose first four octets are seconds since 1970, the highest
    first (Mutt 2's ids: counted on the corpora)."""
    text = word[1][:8].replace("-", "+").replace("_", "/")
    return int.from_bytes(base64.b64decode(text)[:4], "big")


def seconds(digits: re.Match[str]) -> float:
    """One group of decimal digits: seconds since 1970."""
    return int(digits[1])


def milliseconds(digits: re.Match[str]) -> float:
    """One group of decimal digits: milliseconds since 1970."""
    return int(digits[1]) / 1000


def calendar(digits: re.Match[str]) -> float:
    """One group YYYYMMDDhhmm, with or without seconds, of a clock whose zone is not
    written. ValueError for a month that is none."""
    text = digits[1].ljust(14, "0")
    year, month, day, hour, minute, second = (
        int(text[:4]),
        *(int(text[i : i + 2]) for i in range(4, 14, 2)),
    )
    if not 1 <= month <= 12:
        raise ValueError(text)
    return days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second


CLOCKS: dict[str, Callable[[re.Match[str]], float]] = {
    clock.__name__: clock
    for clock in (filetime, hex_seconds, base64_seconds, seconds, milliseconds, calendar)
}
