"""Patterns as expressions over octets, held against Python's `re`: over text and over
the octets of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.publication.exports.rules.conditions import LinkMatches, Pattern
from firsthop.publication.exports.rules.octets import (
    NO_CHARACTERS,
    link_in_text,
    octets,
    why_no_octets,
)
from firsthop.publication.exports.rules.patterns import literal
from firsthop.publication.exports.rules.translate import condition_of

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(TEXT)
def test_a_literal_finds_its_text_and_only_harmless_signs_are_written(text: str) -> None:
    regex = octets(Pattern(literal(text) or ""))
    assert re.fullmatch(regex.encode("ascii"), text.encode())
    assert re.fullmatch(r"[A-Za-z0-9_:=;,<> \\()?|-]*", regex)


@given(TEXT, TEXT)
def test_a_literal_finds_no_other_text(text: str, other: str) -> None:
    regex = octets(Pattern(f"^{literal(text)}$")).encode("ascii")
    assert (re.fullmatch(regex, other.encode()) is not None) == (text == other)


@pytest.mark.parametrize(
    ("regex", "finds", "not_found"),
    [
        ("^[^A-Za-z0-9]*gr\u00f6sse", "- GR\u00d6SSE", "grosse"),
        ('a[]) >;,"]', "a]", "a\\"),
        (r"(^| )by ([^ ()]*\.)?relay\.example[ ;()]", "x by a.relay.example;", "by relayxexample;"),
        ("[0-9A-F]{4}-[a-f-]{2}", "0AF9--a", "0AG9--a"),
        (r"a\/b\#c\@d", "a/b#c@d", "a/b"),
        ("[^;]*b", "ab", "a;\n"),
    ],
)
def test_classes_and_counts_mean_the_same(regex: str, finds: str, not_found: str) -> None:
    written = re.compile(octets(Pattern(regex, caseless=True)).encode("ascii"), re.IGNORECASE)
    assert written.search(finds.encode())
    assert not written.search(not_found.encode())


def test_back_references_stay() -> None:
    pattern = Pattern(r"^<?([a-z]{3})\.\1@", caseless=True, repeats=True)
    written = re.compile(octets(pattern).encode("ascii"), re.IGNORECASE)
    assert written.search(b"<abc.ABC@x")
    assert not written.search(b"<abc.abd@x")


def test_a_negated_class_stays_in_its_line() -> None:
    written = re.compile(octets(Pattern("^a[^b]*c")).encode("ascii"), re.MULTILINE)
    assert written.search(b"a..c")
    assert not written.search(b"a..\nc")


def test_blanks_are_what_the_engine_sees_of_them() -> None:
    pattern = Pattern("a b *c", caseless=True)
    assert octets(pattern, r"[ \t]", "+") == r"a[ \t]+b[ \t]*c"
    assert octets(pattern, r"\s", "*") == r"a\s*b\s*c"


def test_an_expression_never_begins_with_an_at_sign() -> None:
    """The search for addresses would take the delimiter for a local part."""
    assert octets(Pattern("@kit\\.example")) == r"(?:)\x40kit\x2eexample"


def test_octets_that_are_no_characters_are_refused() -> None:
    assert why_no_octets(Pattern("a\udc80")) == NO_CHARACTERS
    assert why_no_octets(Pattern("\u00e9")) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'<html xmlns="http://schemas.kit.example/w">', True),
        (b"http://kit.example", True),
        (b'<a href="http://other.example">kit.example</a>', False),
        (b"http://kit.example.net/", False),
    ],
)
def test_a_link_is_found_where_it_stands_in_a_text(text: bytes, found: bool) -> None:
    condition = condition_of("url_domain", "kit.example")
    assert isinstance(condition, LinkMatches)
    written = re.compile(octets(link_in_text(condition.pattern)).encode("ascii"))
    assert (written.search(text) is not None) == found
