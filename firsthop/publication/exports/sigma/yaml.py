"""Sigma's YAML, written so that no value can act in it: every text is a double-quoted
scalar of printable ASCII.

Source:     YAML 1.2.2, section 5.7 (escapes) and 7.3.1 (double-quoted style).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Node: TypeAlias = "str | Sequence[Node] | Mapping[str, Node] | None"


def document(node: Mapping[str, Node]) -> str:
    """A mapping as a document, in block style."""
    return "".join(f"{line}\n" for line in _of_mapping(node))


def quoted(text: str) -> str:
    """A text as a double-quoted scalar."""
    return f'"{"".join(map(_char, text))}"'


def _char(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if " " <= char <= "~":
        return char
    number = ord(char)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _of_mapping(node: Mapping[str, Node]) -> Iterator[str]:
    for key, value in node.items():
        yield from _under(f"{quoted(key)}:", value)


def _under(before: str, value: Node) -> Iterator[str]:
    if value is None:
        yield f"{before} null"
    elif isinstance(value, str):
        yield f"{before} {quoted(value)}"
    else:
        inner = _of_mapping(value) if isinstance(value, Mapping) else _of_list(value)
        yield before
        yield from (f"  {line}" for line in inner)


def _of_list(values: Sequence[Node]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            for n, line in enumerate(_of_mapping(value)):
                yield f"{'- ' if n == 0 else '  '}{line}"
        else:
            yield from _under("-", value)
