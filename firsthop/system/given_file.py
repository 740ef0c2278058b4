"""Reads a file that the operator hands in, which somebody else may have written: a case
file that came with the mail, settings, DNS answers, a signature.

Never:      waits for the other end of a pipe, reads a device, or reads on beyond a
            named limit.
Raises:     SettingsError, one line that names the file.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from firsthop.errors import SettingsError

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_given(path: Path | str, most: int | None = None) -> bytes:
    """The bytes of a regular file (or of what a link to one leads to), at most so
    many."""
    try:
        descriptor = os.open(path, _READ)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SettingsError(f"{path}: no regular file")
            data = file.read() if most is None else file.read(most + 1)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise SettingsError(f"{path}: {error}") from error
    if most is not None and len(data) > most:
        raise SettingsError(f"{path}: longer than {most:,} bytes")
    return data


def demand_regular(path: Path | str) -> None:
    """SettingsError where a library would open something else than a file."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a text, as a library takes it
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error
    if not stat.S_ISREG(mode):
        raise SettingsError(f"{path}: no regular file")


def in_utf8(data: bytes, where: str) -> str:
    """The text of a file, without the mark that some editors put first."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{where}: not in UTF-8: {error.reason} at byte {error.start}"
        ) from error


def json_of(text: str | bytes) -> Any:
    """The value of a JSON text. ValueError where it is none, nested beyond any use
    included."""
    import json

    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def shown(value: object) -> str:
    """A value of such a file for a message: no longer than a line, and of any size."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of more digits than Python shows
        return f"a {type(value).__name__}"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


SHOWN = 80  # characters of a value in a message
