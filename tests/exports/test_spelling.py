"""Patterns in an engine's spelling mean what they meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.features.families import FAMILIES
from firsthop.publication.exports.rules import patterns
from firsthop.publication.exports.rules.conditions import FieldMatches, parts
from firsthop.publication.exports.rules.spelling import Spelling, either_case, spelled, tokens
from firsthop.publication.exports.rules.translate import Untranslatable, condition_of


def _code(one: str) -> str:
    return one if one.isascii() and one.isalnum() else re.escape(one)


CODES = Spelling(_code, r"\s", r"\A\s*", r"\s*\Z")


def test_tokens_of_a_pattern() -> None:
    assert [(one.kind, one.text) for one in tokens(r"^a\.[^ ()]{1,3}[]x](b|c)*\1$ ")] == [
        ("anchor", "^"),
        ("plain", "a"),
        ("escaped", "."),
        ("not_class", " ()"),
        ("repeat", "{1,3}"),
        ("class", "]x"),
        ("group", "("),
        ("plain", "b"),
        ("group", "|"),
        ("plain", "c"),
        ("group", ")"),
        ("repeat", "*"),
        ("reference", "1"),
        ("anchor", "$"),
        ("blank", " "),
    ]


@pytest.mark.parametrize("regex", ["[a", "\\d", "}", "a\\"])
def test_what_is_no_pattern_of_the_language_is_an_error(regex: str) -> None:
    with pytest.raises(ValueError, match="no token"):
        list(tokens(regex))


@given(st.text(min_size=1, max_size=30))
def test_a_literal_finds_itself_and_its_folded_form(text: str) -> None:
    text = " ".join(text.split())
    regex = patterns.literal(text)
    if regex is None:
        return
    found = re.compile(spelled(f"^{regex}$", CODES))
    assert found.search(text)
    assert found.search(text.replace(" ", "\r\n\t "))
    assert not found.search(f"x{text}")


@given(st.text(max_size=24), st.sampled_from([*FAMILIES]))
def test_every_condition_is_of_the_language(value: str, family: str) -> None:
    if family == "zone":
        value = "120"
    condition = condition_of(family, value)
    if isinstance(condition, Untranslatable):
        return
    for one in parts(condition):
        if isinstance(one, FieldMatches):
            re.compile(spelled(one.pattern.regex, CODES))


def test_letters_in_both_cases() -> None:
    assert either_case("\u00e9") == "(\u00e9|\u00c9)"
    assert either_case("\u4e2d") is None


def test_halves_of_characters_are_no_pattern() -> None:
    assert patterns.literal("a\ud800") is None
