"""Tag lists: `tag=value; tag=value` as DKIM, its keys, ARC and DMARC write them (RFC
6376 section 3.2)."""

from __future__ import annotations

from collections.abc import Mapping

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_NAME = compiled(r"[A-Za-z][A-Za-z0-9_]*")
_KNOWN = frozenset("v a b bh c d h i l q s t x z cv k n p g".split())  # nearly all there are


class Tags(NamedTuple):
    """The tags of a list in order, and what breaks its form."""

    values: Mapping[str, str]  # by name; names are case-sensitive
    defects: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each."""
        return tuple(self.values.items())

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a tag."""
        return self.values.get(name, default)


def read_tags(text: str) -> Tags:
    """The tags of a list. A repeated tag makes the whole list invalid (RFC 6376 section
    3.2): a defect says so, the first value stays."""
    pairs: dict[str, str] = {}
    defects: list[str] = []
    parts = text.split(";")
    for index, part in enumerate(parts):
        name, equals, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not name and not equals:
            if index < len(parts) - 1:
                defects.append("empty_tag")
        elif not equals or not (name in _KNOWN or _NAME.fullmatch(name)):
            defects.append("no_tag")
        elif name in pairs:
            defects.append(f"repeated_tag:{name}")
        else:
            pairs[name] = value
    return Tags(pairs, tuple(defects))


def told_first(text: str, *names: str) -> tuple[tuple[str, str], ...]:
    """The tags of these names in the order of the list, each with the first word of its
    value; those without a value are left out. The form is not judged."""
    told: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals and (name := name.strip()) in names:
            told.setdefault(name, value)
    return tuple(
        (name, words[0]) for name, value in told.items() if (words := value.split(None, 1))
    )


def without_space(value: str) -> str:
    """A value that folding white space may break anywhere: base64, colon lists."""
    return "".join(value.split())
