"""Clauses: every token lands in exactly one, the quick cut gives what the tokens give,
and nothing makes it slow or raise."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.received import clauses as c
from firsthop.evidence.received.clauses import (
    CLAUSES,
    KEYWORDS,
    MAX_LINE,
    Clauses,
    read_clauses,
    tokens,
)
from firsthop.mail.header import find_block, split_block

DATE = "Sat, 17 May 2014 21:59:37 +0900 (JST)"
# Pieces that lines are made of, and what damage and malice put between them.
PIECES = st.sampled_from(
    [
        "from",
        "by",
        "via",
        "with",
        "id",
        "for",
        "From",
        "BY",
        "mx.example.org",
        "[192.0.2.1]",
        "(a [192.0.2.2])",
        "(x (y) z)",
        "(((a)))",
        "((((deep))))",
        "<jo@example.org>",
        "<>",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        '"by (x"',
        '"',
        ";",
        ",",
        "\\",
        "\\(",
        "(Postfix)",
        "SMTP",
        "19E99E83CED1",
        "tls",
        "TLS_AES",
        "é",
        "\0",
        "name[192.0.2.3]",
        "[::1]:25",
    ]
)
LINES = st.one_of(
    st.lists(PIECES, max_size=24).map(" ".join),
    st.lists(PIECES, max_size=24).map("".join),
    st.text(max_size=200),
)


def texts(clauses: Clauses) -> tuple[str, ...]:
    return tuple(str(text) for text in clauses[: len(CLAUSES)])


def slow(line: str) -> Clauses:
    front, stamp, tail = c._part_stamp(line[:MAX_LINE])
    return c._share_out(tokens(front), tokens(tail), stamp)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "from a (b [192.0.2.1]) by c (d) with E id f for <g>; " + DATE,
            ("", "a (b [192.0.2.1])", "c (d)", "", "E", "f", "<g>", ""),
        ),
        (
            "(m@v) by v via listexpand id S (ORCPT <rfc822;x@y>); " + DATE,
            ("(m@v)", "", "v", "listexpand", "", "S (ORCPT <rfc822;x@y>)", "", ""),
        ),
        ("FROM a BY b ID c ; " + DATE, ("", "a", "b", "", "", "c", "", "")),
        ("(from a [192.0.2.1] by b with C)", ("", "a [192.0.2.1]", "b", "", "C", "", "", "")),
        (
            "(from jo@localhost) by b (8.14.1/8.14.1/Submit)",
            ("(from jo@localhost)", "", "b (8.14.1/8.14.1/Submit)", "", "", "", "", ""),
        ),
        ("from with (x [192.0.2.1]) by b", ("", "with (x [192.0.2.1])", "b", "", "", "", "", "")),
        (
            "from a by b with esmtp; " + DATE + " id 00DB.4373",
            ("", "a", "b", "", "esmtp", "00DB.4373", "", ""),
        ),
        (
            "from a by b; " + DATE + " (envelope-from <x@y>)",
            ("", "a", "b", "", "", "", "", "(envelope-from <x@y>)"),
        ),
        ("from a (x) via SMTP by b, id c; " + DATE, ("", "a (x)", "b ,", "SMTP", "", "c", "", "")),
        ("from a (x by y (z)", ("", "a ( x", "y (z)", "", "", "", "", "")),
        ("from a (x (b) (c) by y (z)", ("", "a ( x (b) (c)", "y (z)", "", "", "", "", "")),
        ('from "by x" by b', ("", '"by x"', "b", "", "", "", "", "")),
    ],
)
def test_cuts(line: str, expected: tuple[str, ...]) -> None:
    assert texts(read_clauses(line)) == expected


def test_a_repeated_clause_is_noted() -> None:
    cut = read_clauses("from a by b with ESMTP with STARTTLS for <c> from <d>; " + DATE)
    assert cut.repeated == ("with", "from")
    assert (cut.with_, cut.from_) == ("ESMTP STARTTLS", "a <d>")


@given(LINES, st.booleans())
def test_every_token_lands_in_exactly_one_clause(line: str, dated: bool) -> None:
    front, stamp, tail = c._part_stamp(line + ("; " + DATE if dated else ""))
    found = tokens(front)
    if len(found) == 1 and found[0][1:6].lower() == "from ":
        return  # the whole line in parentheses is cut once more
    cut = c._share_out(found, tokens(tail), stamp)
    landed = sorted(t for text in texts(cut) for t in text.split())
    keywords = [t for t in found + tokens(tail) if t in KEYWORDS]
    missing = sorted(t for token in found + tokens(tail) for t in token.split())
    for token in landed:
        missing.remove(token)
    assert sorted(missing) == sorted(k for k in keywords if k in missing)


@given(LINES)
def test_the_quick_cut_gives_what_the_tokens_give(line: str) -> None:
    for text in (line, f"{line}; {DATE}", f"from a ({line}) by b with SMTP id c; {DATE}"):
        quick, tokenwise = read_clauses(text), slow(text)
        assert [tokens(t) for t in texts(quick)] == [tokens(t) for t in texts(tokenwise)]
        assert quick[len(CLAUSES) :] == tokenwise[len(CLAUSES) :]


def test_the_quick_cut_on_real_lines(corpus_messages: Path) -> None:
    for file in sorted(corpus_messages.glob("*/*/*.eml"))[::9]:
        data = file.read_bytes()
        for field in split_block(data, find_block(data).stop):
            if field.key == "received":
                quick, tokenwise = read_clauses(field.value), slow(field.value)
                assert [tokens(t) for t in texts(quick)] == [tokens(t) for t in texts(tokenwise)]


@given(st.text(alphabet='()[]<>"\\ ,;ab1.', max_size=60))
def test_tokens_lose_nothing_but_space(text: str) -> None:
    assert "".join("".join(tokens(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "line",
    [
        "(" * 100_000 + "x" + ")" * 100_000,
        "from a " + "(" * 8_000,
        "from a " + "(a (b) " * 1_000,
        '"' * 8_001,
        "[" * 8_000,
        "<" * 8_000,
        "\\(" * 4_000,
        "from " * 1_600,
        "1 Jan " * 1_300,
        "mon " * 2_000,
        "a" * 50_000_000,
        "\0" * 8_000,
    ],
    ids=lambda line: f"{line[:7]!r}-{len(line)}",
)
def test_hostile_lines_are_read_in_bounded_time(line: str) -> None:
    start = time.process_time()
    read_clauses(line)
    assert time.process_time() - start < 0.5
