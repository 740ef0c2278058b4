"""JSON over several lines, one blank for each level: the text that `json.dumps` makes
with indent=1, which has no C code for it and takes twice as long.

Raises:     ValueError for a number that is not finite, TypeError for what is no JSON.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from math import isfinite
from typing import Any

_scalar = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def indented(value: Any, line: str = "\n") -> str:
    """`value` in ASCII, its keys in their order; with `line` a line of its level
    begins."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if value is None:
        return "null"
    if kind is int or (kind is float and isfinite(value)):
        return repr(value)
    if isinstance(value, dict):
        return _object(value, line)
    if isinstance(value, list | tuple):
        return _list(value, line)
    return _scalar(value)


def _object(value: dict[Any, Any], line: str) -> str:
    if not value:
        return "{}"
    inner = f"{line} "
    members = [
        f"{_key(key)}{_quoted(one) if type(one) is str else indented(one, inner)}"
        for key, one in value.items()
    ]
    return f"{{{inner}{f',{inner}'.join(members)}{line}}}"


def _list(value: list[Any] | tuple[Any, ...], line: str) -> str:
    if not value:
        return "[]"
    inner = f"{line} "
    items = [_quoted(one) if type(one) is str else indented(one, inner) for one in value]
    return f"[{inner}{f',{inner}'.join(items)}{line}]"


@lru_cache(1_024)
def _key(key: Any) -> str:
    """A key as JSON allows it, a text, and its colon; `json` would write numbers as
    texts."""
    if not isinstance(key, str):
        raise TypeError(f"a key of JSON is a text, not {type(key).__name__}")
    return f"{_quoted(key)}: "
