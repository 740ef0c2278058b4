"""Sentences by language: keys in code, text in `words/*.toml`. A test demands the same
keys and placeholders in every language.

A text may have forms, of which `other` is one: `only`, `both` and `all` where it speaks
of all of `total` (one, two, more), `none` where of none, `one` and `two` by the value
`n`. Which of them a text has is its language's own affair. Values are put in as they
are: escaping is the formats' business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from firsthop.errors import TableError
from firsthop.system.package_files import package_folder
from firsthop.system.toml_tables import package_table

FORMS = frozenset({"only", "both", "all", "none", "one", "two", "other"})


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys; a table of forms is a text."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and not ("other" in value and value.keys() <= FORMS):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


LANGUAGES = tuple(
    sorted(
        file.name.removesuffix(".toml")
        for file in package_folder(__name__).iterdir()
        if file.name.endswith(".toml")
    )
)


@cache
def _words(language: str) -> dict[str, Any]:
    if language not in LANGUAGES:
        raise KeyError(language)
    return _flat(package_table(__name__, f"{language}.toml"))


class _Words(Mapping[str, dict[str, Any]]):
    """The texts by language, each read when it is first asked for."""

    def __getitem__(self, language: str) -> dict[str, Any]:
        return _words(language)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


WORDS = _Words()


def template(language: str, key: str, n: str | None = None, total: str | None = None) -> str:
    """The text of a key, its placeholders still open, in the form for `n` of `total`.
    TableError where the language lacks it."""
    text = _words(language).get(key)
    if isinstance(text, dict):
        wanted = (form for form in _forms(n, total) if form in text)
        text = text[next(wanted, "other")]
    if not isinstance(text, str):
        raise TableError(f"words/{language}.toml: key {key!r} is missing")
    return text


def _forms(n: str | None, total: str | None) -> Iterator[str]:
    """The forms that fit a number, the closest first."""
    if n == total:
        yield from {"1": ("only",), "2": ("both", "all")}.get(n or "", ("all",) if n else ())
    yield from {"0": ("none",), "1": ("one",), "2": ("two",)}.get(n or "", ())


def say(language: str, key: str, values: Mapping[str, str] | None = None) -> str:
    """The sentence of a key with its values put in."""
    values = values or {}
    return template(language, key, values.get("n"), values.get("total")).format_map(values)


def placeholders(text: str) -> set[str]:
    """The names a text leaves open."""
    from string import Formatter

    return {name for _, name, _, _ in Formatter().parse(text) if name}
