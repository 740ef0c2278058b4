"""Sentences by language: keys in code, text in `words/*.toml`. A test demands the same
keys and placeholders in every language.

A text may have the forms `one` and `other`, chosen by the value `n`. Values are put in
as they are: escaping is the formats' business."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from firsthop.errors import TableError
from firsthop.system.toml_tables import package_tables


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys; a table of the forms one and other is a text."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and value.keys() != {"one", "other"}:
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


WORDS = {
    language: _flat(table) for language, table in package_tables("firsthop.publication", "words")
}
LANGUAGES = tuple(sorted(WORDS))


def template(language: str, key: str, n: str | None = None) -> str:
    """The text of a key, its placeholders still open. TableError where the language
    lacks it."""
    text = WORDS[language].get(key)
    if isinstance(text, dict):
        text = text["one" if n == "1" else "other"]
    if not isinstance(text, str):
        raise TableError(f"words/{language}.toml: key {key!r} is missing")
    return text


def say(language: str, key: str, values: Mapping[str, str] | None = None) -> str:
    """The sentence of a key with its values put in."""
    values = values or {}
    return template(language, key, values.get("n")).format_map(values)


def placeholders(text: str) -> set[str]:
    """The names a text leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
