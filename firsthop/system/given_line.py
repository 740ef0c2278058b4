"""Checks a text that the operator hands in and a publication repeats: one line, of a
length with a limit, with nothing in it that steers a terminal or turns around what
stands beside it."""

from __future__ import annotations

from typing import Any

from firsthop.errors import SettingsError
from firsthop.system.kept_expressions import compiled

MAX_TEXT = 1_000  # characters of a value
# Control characters, line and paragraph separators, what turns the direction of writing
# (UAX #9), tags, lone surrogates, noncharacters
_STEERING = compiled(
    "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def given_line(value: Any, where: str, most: int = MAX_TEXT) -> str:
    """The text. SettingsError names what is wrong with it."""
    if not isinstance(value, str):
        raise SettingsError(f"{where} must be a text")
    if len(value) > most:
        raise SettingsError(f"{where} is longer than {most:,} characters")
    if (match := _STEERING.search(value)) is not None:
        raise SettingsError(f"{where} holds the control character U+{ord(match[0]):04X}")
    return value


def steers(text: str) -> bool:
    """Whether a text holds such a character."""
    return _STEERING.search(text) is not None
