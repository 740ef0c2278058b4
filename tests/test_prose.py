"""Prose of the documentation is wrapped, and wrapping changes nothing that a reader
sees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.prose import WIDTH, long_lines, wrapped

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = {"examples", "tests"}  # what the program writes, and mail, is no prose of ours
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not OUTPUT & set(path.relative_to(ROOT).parts)
    and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_of_prose_is_longer_than_the_width(page: Path) -> None:
    assert long_lines(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 50 + " " + "b" * 50, ["a" * 50, "b" * 50]),
        ("- " + "a" * 50 + " " + "b" * 50, ["- " + "a" * 50, "  " + "b" * 50]),
        ("> " + "a" * 50 + " " + "b" * 50, ["> " + "a" * 50, "> " + "b" * 50]),
        ("1. " + "a" * 50 + " " + "b" * 50, ["1. " + "a" * 50, "   " + "b" * 50]),
        ("| " + "a " * 60 + "|", ["| " + "a " * 60 + "|"]),
        ("```\n" + "a " * 60 + "\n```", ["```", "a " * 60, "```"]),
        ("    " + "a " * 60, ["    " + "a " * 60]),
        ("# " + "a " * 60, ["# " + "a " * 60]),
        ("a" * 83 + " `b c d`", ["a" * 83, "`b c d`"]),
        ("a" * 84 + " 95 % b", ["a" * 84, "95 % b"]),
        ("a" * 85 + " 7 - 8", ["a" * 85, "7 - 8"]),
    ],
)
def test_what_is_wrapped_and_what_is_not(text: str, expected: list[str]) -> None:
    assert wrapped(text).split("\n") == expected


WORDS = st.lists(st.sampled_from(["mail", "a", "`x y`", "[b c](d)", "7", "-", "%", "hop." * 9]))


@given(st.lists(WORDS, max_size=4), st.sampled_from(["", "- ", "1. ", "> "]))
def test_wrapping_twice_is_wrapping_once_and_loses_no_word(
    paragraphs: list[list[str]], lead: str
) -> None:
    text = "\n\n".join(lead + " ".join(["word", *words] * 6) for words in paragraphs)
    once = wrapped(text)
    assert wrapped(once) == once
    assert long_lines(once) == []
    plain = re.compile(r"^(?:> |- |1\. )?\s*", re.MULTILINE)
    assert plain.sub("", once).split() == plain.sub("", text).split()
    assert all(len(line) <= WIDTH for line in once.split("\n"))
