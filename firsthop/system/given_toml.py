"""Reads TOML that the operator hands in. Its parser takes time that grows with the
square of the parts of a key, and descends into brackets by recursion: both are counted
before it begins, in one pass.

Raises:     SettingsError, one line that names the file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from firsthop.errors import SettingsError
from firsthop.system.given_file import in_utf8, read_given
from firsthop.system.kept_expressions import compiled

MAX_TOML_BYTES = 1 << 20
MAX_TOML_DEPTH = 16  # brackets within brackets
MAX_TOML_KEY_PARTS = 16  # of one dotted key

# Strings are passed over whole (of several lines, of one), a comment up to its line's
# end. A string that is not closed is an error to the parser, which reads no further: it
# is passed over up to the end. What is left are the marks that count.
_TOKEN = compiled(
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"{3,5}|\Z)'
    r"|'''[^']*(?:'(?!'')[^']*)*(?:'{3,5}|\Z)"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"|.*)'
    r"|'[^'\n]*(?:'|.*)"
    r"|#[^\n]*"
    r"|(?P<mark>[\[\]{}.=,\n])",
    re.DOTALL,
)


def read_given_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file."""
    import tomllib

    text = in_utf8(read_given(path, MAX_TOML_BYTES), str(path))
    _demand_flat(text, path)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise SettingsError(f"{path}: nested too deeply") from error
    except ValueError as error:  # no TOML, a number or a date that is none
        raise SettingsError(f"{path}: {error}") from error


def _demand_flat(text: str, path: Path) -> None:
    """SettingsError for brackets or keys beyond the limits."""
    depth = parts = 0
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        if mark is None:
            continue
        parts = parts + 1 if mark == "." else 0
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
        if depth > MAX_TOML_DEPTH:
            raise SettingsError(f"{path}: more than {MAX_TOML_DEPTH} brackets within brackets")
        if parts >= MAX_TOML_KEY_PARTS:
            raise SettingsError(f"{path}: a key of more than {MAX_TOML_KEY_PARTS} parts")
