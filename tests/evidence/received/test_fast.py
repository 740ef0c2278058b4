"""Lines read by their form tell what `read_received` tells: every line of the corpora,
every dialect's examples with other names in them, and made-up ones."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthop.evidence.received import line_templates as fast
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.line_groups import USUAL_LINE
from firsthop.evidence.received.line_templates import read_hop
from firsthop.mail.header import find_block, split_block
from tests.evidence.received.other_texts import HOST, IPV4, IPV6, LABEL, with_other_texts

DATE = "Sat, 17 May 2014 21:59:37 +0900 (JST)"
LINE = USUAL_LINE.expression
EXAMPLES = [example["line"] for dialect in DIALECTS.values() for example in dialect.examples]
WITH_FORM = [line for line in EXAMPLES if LINE.fullmatch(line.rpartition("; ")[0])]


def thrice(line: str) -> list[Hop]:
    """A form is met, learnt, and filled in."""
    return [read_hop(line) for _ in range(3)]


def test_a_form_is_learnt_once_and_filled_in() -> None:
    lines = [
        (
            f"from h{n}.example (c{n}.example [192.0.2.{n}]) by mx.example.org (Postfix) with "
            f"ESMTP id {n}9E99E83CED1; {DATE}"
        )
        for n in range(1, 9)
    ]
    hops = [read_hop(line) for line in lines]
    assert [
        (hop.helo, hop.client_name, hop.client_address, hop.dialect, hop.client_name_verified)
        for hop in hops
    ] == [(f"h{n}.example", f"c{n}.example", f"192.0.2.{n}", "postfix", True) for n in range(1, 9)]
    assert hops == [read_received(line) for line in lines]


def test_a_time_without_a_semicolon_is_looked_for_anywhere() -> None:
    for line in ("ri, 7 Nov 2025 00:04:30 +0000 (envelope-from <a@b.example>)", f"x {DATE}", DATE):
        assert thrice(line) == [read_received(line)] * 3


@pytest.mark.parametrize("word", ["by", "BY", "from", "id", "by,"])
def test_a_weekday_that_is_a_word_of_the_line(word: str) -> None:
    line = "from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0"
    thrice(f"{line}; {DATE}")
    line = f"{line}; {word} 17 May 2014 21:59:37 +0900"
    assert thrice(line) == [read_received(line)] * 3


@pytest.mark.parametrize("sign", ['"', "\\", "<", "[", "]", "\x01"])
def test_a_sign_in_the_comment_of_a_time(sign: str) -> None:
    line = "from a.example [192.0.2.1] by localhost with IMAP (fetchmail-5.9.0) for jo@b.example"
    thrice(f"{line}; {DATE}")
    line = f"{line}; {DATE.replace('J', sign)}"
    assert thrice(line) == [read_received(line)] * 3


@pytest.mark.parametrize("line", [f"by a.example (Postfix, from userid {n})" for n in (0, 1002)])
def test_the_user_of_a_pickup_is_read_by_the_form(line: str) -> None:
    hops = thrice(f"{line} id 19E99E83CED1; {DATE}")
    assert {hop.ident for hop in hops} == {line.rpartition(" ")[2].strip(")")}
    assert hops == [read_received(f"{line} id 19E99E83CED1; {DATE}")] * 3


@pytest.mark.parametrize("greeting", ["[192.0.2.7]", "192.0.2.07", "[192.0.2.256]", "a.example"])
@pytest.mark.parametrize("client", ["[192.0.2.9] (port=25 helo={})", "a.b ([192.0.2.9] helo={})"])
def test_a_client_that_greets_with_an_address(client: str, greeting: str) -> None:
    text = f"from {client.format(greeting)} by b.example with esmtp (Exim 4.96) id 1rQzYF-003sSr-1t"
    hops = thrice(f"{text}; {DATE}")
    assert {hop.helo for hop in hops} == {greeting}
    assert hops == [read_received(f"{text}; {DATE}")] * 3


@pytest.mark.parametrize("line", WITH_FORM)
@given(st.data())
@settings(max_examples=25)
def test_the_examples_of_every_dialect_with_other_texts(line: str, data: st.DataObject) -> None:
    match = LINE.fullmatch(line.rpartition("; ")[0])
    assert match is not None
    changed = f"{with_other_texts(match, USUAL_LINE, data)}; {DATE}"
    assert thrice(changed) == [read_received(changed)] * 3


def test_every_line_of_the_corpora(corpus_messages: Path) -> None:
    lines = []
    for file in sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file()):
        data = file.read_bytes()
        lines += [
            field.value
            for field in split_block(data, find_block(data).stop)
            if field.key in ("received", "x-received")
        ]
    told = [read_received(line) for line in lines]
    assert [
        pair for pair in zip(map(read_hop, lines), told, strict=True) if pair[0] != pair[1]
    ] == []
    assert [
        pair for pair in zip(map(read_hop, lines), told, strict=True) if pair[0] != pair[1]
    ] == []
    usual = sum(LINE.fullmatch(line.rpartition("; ")[0]) is not None for line in lines)
    assert usual / len(lines) > 0.85


CLAUSES = st.fixed_dictionaries(
    {
        "from": st.sampled_from(
            [
                "",
                "from A ",
                "from A (B [4]) ",
                "from A ([4]) ",
                "from [4] (helo=A) ",
                "from A (u@B [4] (may be forged)) ",
                "from A (6) ",
                "(from u@B) ",
                "from A [4] ",
            ]
        ),
        "by": st.sampled_from(
            [
                "by A",
                "by A (4)",
                "by A (6)",
                "by 4",
                "by 6",
                "by A (Postfix)",
                "by A (8.12.1/8.12.1)",
                "by A (unknown)",
                "by by",
            ]
        ),
        "with": st.sampled_from(
            [
                "",
                " with ESMTP",
                " with esmtps (TLS1.2) tls X (Exim 4.94)",
                " with HTTP",
                " with IMAP (fetchmail-6.3)",
                " with id",
            ]
        ),
        "id": st.sampled_from(
            ["", " id T", " id <T>", " id T (version=TLSv1 cipher=X bits=1)", " id"]
        ),
        "via": st.sampled_from(["", " via Frontend Transport", " via A"]),
        "for": st.sampled_from(["", " for <u@B>", " for u@B (single-drop)", " for <>"]),
        "date": st.sampled_from(
            [f"; {DATE}", "; 1 Jan 2020 00:00:00", "", "; nonsense", f";{DATE}", f"; {DATE} x"]
        ),
    }
)
TEXTS = st.fixed_dictionaries({"A": HOST, "B": HOST, "4": IPV4, "6": IPV6, "T": LABEL})


@pytest.mark.slow
@given(CLAUSES, TEXTS)
@settings(max_examples=1_500)
def test_made_up_lines(clauses: dict[str, str], texts: dict[str, str]) -> None:
    line = re.sub(r"\b[AB46T]\b", lambda match: texts[match[0]], "".join(clauses.values()))
    assert thrice(line) == [read_received(line)] * 3


@given(st.text(max_size=120), st.sampled_from(["", f"; {DATE}"]))
def test_any_text(text: str, date: str) -> None:
    assert thrice(text + date) == [read_received(text + date)] * 3


def test_markers_are_of_the_form_they_stand_in() -> None:
    for line in WITH_FORM:
        match = LINE.fullmatch(line.rpartition("; ")[0])
        assert match is not None
        again = LINE.fullmatch(USUAL_LINE.marked(match))
        assert again is not None
        assert [bool(text) for text in again.groups()] == [bool(text) for text in match.groups()]


def test_forms_are_forgotten_beyond_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "MAX_FORMS", 5)
    for n in range(40):
        line = (
            f"from a.example ([192.0.2.1]) by b.example (Software{'x' * n}) with SMTP id 1; {DATE}"
        )
        assert thrice(line) == [read_received(line)] * 3
        assert len(fast._forms) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "a." * 480,
        "1" * 900,
        "a " * 450,
        "(" * 900,
        "x@" * 450,
        "from " * 190,
        "a-" * 450,
        ":" * 900,
        "by a with " + "A B " * 220,
    ],
)
def test_hostile_lines_take_bounded_time(text: str) -> None:
    start = time.process_time()
    for line in (
        text,
        f"from {text}",
        f"from {text} by a; {DATE}",
        f"from a by {text}; {DATE}",
        f"by a with {text}; {DATE}",
        f"by a (Postfix) id {text}; {DATE}",
    ):
        read_hop(line)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "changed",
    [
        "from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 19E9\\xcc",
        "from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 19\0E9",
        (
            f"from {'a.' * 200}example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP "
            "id 19E99E83CED1"
        ),
    ],
    ids=["backslash", "control", "long"],
)
def test_a_line_that_is_not_plain_is_of_no_form(changed: str) -> None:
    usual = "from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 19E99E83CE"
    thrice(f"{usual}; {DATE}")
    line = f"{changed}; {DATE}"
    assert thrice(line) == [read_received(line)] * 3


@pytest.mark.parametrize(
    "front",
    [
        "from a.example [192.0.2.1] by localhost with IMAP (fetchmail-5.9.0{}) for jo@b.example",
        "from a.example (b.example [192.0.2.1]) by c.example (Postfix{}) with ESMTP id 19E99E83CE",
        "from a.example ([192.0.2.1]) by c.example (Exim 4 (Debian{})) with ESMTP id 19E99E83CE",
        "from a.example ([192.0.2.1]) by c.example with ESMTP (TLSv1:AES256-SHA{}) id 19E99E83CE",
        (
            "from a.example ([192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits{})) "
            "by c.example (Postfix) with ESMTPS id 19E99E83CE"
        ),
    ],
)
def test_a_backslash_keeps_a_note_open_whatever_was_learnt(front: str) -> None:
    thrice(f"{front.format('')}; {DATE}")
    line = f"{front.format(chr(92))}; {DATE}"
    assert not LINE.fullmatch(line.rpartition("; ")[0])
    assert thrice(line) == [read_received(line)] * 3
