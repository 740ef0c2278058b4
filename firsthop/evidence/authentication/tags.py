"""Tag lists: `tag=value; tag=value` as DKIM, its keys, ARC and DMARC write them (RFC 6376 section 3.2)."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Tags(NamedTuple):
    """The tags of a list in order, and what breaks its form."""

    pairs: tuple[tuple[str, str], ...]
    defects: tuple[str, ...] = ()

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a tag; names are case-sensitive."""
        for tag, value in self.pairs:
            if tag == name:
                return value
        return default


def read_tags(text: str) -> Tags:
    """The tags of a list. A repeated tag makes the whole list invalid (RFC 6376 section 3.2): a defect says so, the first value stays."""
    pairs: dict[str, str] = {}
    defects: list[str] = []
    parts = text.split(";")
    for index, part in enumerate(parts):
        name, equals, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not name and not equals:
            if index < len(parts) - 1:
                defects.append("empty_tag")
        elif not equals or not _NAME.fullmatch(name):
            defects.append("no_tag")
        elif name in pairs:
            defects.append(f"repeated_tag:{name}")
        else:
            pairs[name] = value
    return Tags(tuple(pairs.items()), tuple(defects))


def without_space(value: str) -> str:
    """A value that folding white space may break anywhere: base64, colon lists."""
    return "".join(value.split())
