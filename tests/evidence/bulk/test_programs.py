"""The kernel's machine finds what Python's `re` finds: with every expression that it is
given, on real and damaged texts, groups and all."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.bulk.native.clauses import LINE
from firsthop.evidence.bulk.native.library import library, matched
from firsthop.evidence.bulk.native.programs import program
from firsthop.evidence.received import dialects
from firsthop.evidence.received.dialects import DIALECTS, own_values
from firsthop.evidence.received.line_groups import USUAL_LINE

pytestmark = pytest.mark.skipif(library() is None, reason="no native kernel was built")
UNSET = 0xFFFF_FFFF
compiled = cache(program)
NO_PROGRAM = program(r"(?P<a>x*)*")
ASKED = {
    (one.pattern, one.flags)
    for part in ("by_comment", "by", "from", "id")
    for _, one in dialects._ASKING[part].all
} | {
    (one.pattern, one.flags)
    for dialect in DIALECTS.values()
    if (phrases := own_values(dialect, "from"))
    for one in phrases.expressions()
}
FRONTS = [
    example["line"].rpartition("; ")[0]
    for dialect in DIALECTS.values()
    for example in dialect.examples
    if example["line"].isascii()
]
PIECES = [
    *("from by with id for via Postfix ESMTP SMTP (Exim HELO helo= unknown localhost".split()),
    *("a.example [192.0.2.1] 192.0.2.1 2001:db8::1 <a@b.example> a@b 19E99E83CED1 9 x".split()),
    *('( ) < > [ ] : ; , . - _ @ " \\ = /'.split()),
    *(" ", "  ", "\t"),
]


def groups_of(found: re.Match[str] | None) -> list[int] | None:
    """As the machine tells them."""
    if found is None:
        return None
    spans = [found.span(number) for number in range(1, found.re.groups + 1)]
    return [UNSET if place < 0 else place for span in spans for place in span]


def machine(pattern: str, flags: int, text: str, *, search: bool) -> list[int] | None:
    loaded = library()
    assert loaded is not None
    groups = re.compile(pattern, flags).groups
    return matched(loaded, compiled(pattern, flags), text.encode(), groups, search=search)


def check(pattern: str, flags: int, text: str) -> None:
    python = re.compile(pattern, flags)
    full = machine(pattern, flags, text, search=False)
    assert full == groups_of(python.fullmatch(text))
    assert (machine(pattern, flags, text, search=True) is None) == (python.search(text) is None)


def test_every_expression_has_a_program() -> None:
    assert len(ASKED) > 70
    assert [pattern for pattern, flags in ASKED if program(pattern, flags) == NO_PROGRAM] == []
    for one in (LINE.expression, USUAL_LINE.expression):
        assert program(one.pattern, one.flags) != NO_PROGRAM


def test_the_lines_of_all_dialects() -> None:
    for front in FRONTS:
        check(LINE.expression.pattern, LINE.expression.flags, front)


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_made_up_lines(pieces: list[str], between: str) -> None:
    check(LINE.expression.pattern, LINE.expression.flags, between.join(pieces))


@given(st.sampled_from(FRONTS), st.integers(0, 300), st.sampled_from(["", *PIECES]))
def test_damaged_lines(front: str, place: int, piece: str) -> None:
    place %= len(front) + 1
    check(
        LINE.expression.pattern, LINE.expression.flags, front[:place] + piece + front[place + 1 :]
    )


@pytest.mark.parametrize("asked", sorted(ASKED), ids=lambda asked: asked[0][:30])
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_what_dialects_ask(asked: tuple[str, int], text: str) -> None:
    pattern, flags = asked
    known = re.sub(r"\\(.)|[\^$]|\(\?[:!=]|[()?*+]", r"\1", pattern)  # much like what it matches
    for one in (text, known, known + text):
        if one.isascii():
            check(pattern, flags, one)


FORMS = [
    r"(a|ab)(c|bcd)(d*)",
    r"(?:(a)|b)*?c",
    r"(a+)(?=b)(b*)",
    r"x(?!yz)y?(z)?",
    r"(?<=a)b|(?<!a)c",
    r"(?i:Ab[c-e])\b",
    r"(\w)\1",
    r"(?>a*)ab?|a",
    r"(?:ab?)++c?",
    r"[^\W\d_]{1,3}?b{2}",
    r"^a.$|\Ab\Z",
    r"(?s:a.)b?",
    r"(?:a{2}){1,2}",
    r"\s\S\D",
    r"(?:a(?:b|c+)d|a?b|(?:a)d?(b)|a\B[x-z]*y|(?=a)a(?!b)c|aa+b?)",
    r"(?:(?:x(a)?y|xa*z|x{2,}|x|(?>x+)a)(b|))(?:b(?=c)|bc|b$|bd{0,2})?",
    r"(?:a(b)| ab|(?:a)bc)*( (?:a|b)| (?:ab|ac))?",
]


@pytest.mark.parametrize("pattern", FORMS)
@given(text=st.text("abcdxyzABE \n\x1c", max_size=8))
def test_any_form(pattern: str, text: str) -> None:
    assert program(pattern) != NO_PROGRAM
    check(pattern, 0, text)


@pytest.mark.parametrize("pattern", [r"(?:x*)*", r"(?i:(a)\1)", r"(?m:^a$)", r"(?<=a|b)c(?(1)a)"])
def test_what_the_machine_has_not_is_left_to_python(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:
        pytest.skip("no expression of this Python")
    assert program(pattern) == NO_PROGRAM
