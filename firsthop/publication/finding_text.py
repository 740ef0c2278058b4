"""The sentence of a finding in a language: its values put in, the names of marks among
them said in words."""

from __future__ import annotations

from collections.abc import Mapping

from firsthop.publication.words import say


def finding_text(language: str, key: str, values: Mapping[str, str]) -> str:
    """The sentence of a finding's message key."""
    marks = values.get("marks")
    if not marks:
        return say(language, key, values)
    *others, last = [say(language, f"mark.{mark}") for mark in marks.split(",")]
    told = f"{', '.join(others)}{say(language, 'list.last')}{last}" if others else last
    return say(language, key, {**values, "marks": told})
