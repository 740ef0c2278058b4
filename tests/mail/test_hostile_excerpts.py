"""Published text made to be slow or endless: limits are kept and told, and what is
found does not depend on how it is searched."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.mail.damage import lines
from firsthop.mail.excerpts import find_excerpts
from firsthop.mail.header import MAX_FIELDS
from firsthop.mail.message import MAX_FIELD_BYTES
from firsthop.mail.read import read_mail
from firsthop.mail.sources.pasted import read_pasted

HOP = "Received: from a.example by mx.example with SMTP id AB12CD34EF;"
DATE = "Sat, 17 May 2014 21:59:37 +0900"
# how one sees in the whole text that a Received line has its time
DATED = re.compile(r";\s*\S.*\d\d?:\d\d", re.DOTALL)
PARTS = st.lists(
    st.lists(
        st.sampled_from([";", " ", "1", "12:34", "2:30", ":", "x"]), min_size=1, max_size=5
    ).map("".join),
    min_size=1,
    max_size=4,
)
TAGS = re.compile(
    rb"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>|</?[A-Za-z!?][^<>@]*>",
    re.IGNORECASE | re.DOTALL,
)


def test_a_line_with_its_time_ends_at_an_empty_line() -> None:
    (message,) = [
        read_mail(raw)
        for raw in read_pasted(
            f"{HOP}\n\n {DATE}\n\n(envelope-from <a@b.example>)\nFrom: a@b.example\n".encode(),
            "page.txt",
        )
    ]
    assert message.fields[0].value == f"{HOP[10:]} {DATE}"


@given(PARTS)
def test_a_time_is_seen_line_by_line_as_in_the_whole(parts: list[str]) -> None:
    text = (
        "Received: from a "
        + "\n ".join(part.strip() or "x" for part in parts)
        + "\n\n(a\nSubject: b\n"
    )
    finished = (
        DATED.search(text.partition("\n\n")[0].replace("\n ", " ").replace("Received:", ""))
        is not None
    )
    found = list(find_excerpts(text.encode()))
    assert (text.encode()[: found[0][1]].endswith(b"b\n")) is not finished


@given(
    st.lists(
        st.sampled_from(
            [
                b"<!--",
                b"-->",
                b"<script>",
                b"</script >",
                b"<style",
                b"<p>",
                b"a",
                b"<",
                b">",
                b"<br>",
                b"\r\n",
                b"&lt;",
                b"</",
            ]
        ),
        max_size=16,
    ).map(b"".join)
)
def test_tags_are_dropped_as_one_expression_would(page: bytes) -> None:
    shown = b"".join(line.text.encode() for line in lines(page, from_html=True))
    expected = TAGS.sub(b"", page).replace(b"&lt;", b"<")
    # ">" at the start of a line is a quotation mark
    assert re.sub(rb"[\s>]", b"", shown) == re.sub(rb"[\s>]", b"", expected)


@given(
    st.lists(
        st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b" ", b"\xc2\xa0", b"> "]), max_size=16
    ).map(b"".join)
)
def test_lines_cover_the_text(text: bytes) -> None:
    found = list(lines(text, from_html=False))
    assert [text[line.start : line.stop] for line in found] == text.splitlines(keepends=True)


def test_an_excerpt_ends_at_the_limit_of_fields() -> None:
    text = b"prose\n\n" + b"Received: from a by b; Sat, 17 May 2014 21:59:37 +0900\n" * (
        MAX_FIELDS + 5
    )
    first, second = (read_mail(raw) for raw in read_pasted(text, "page.txt"))
    assert (len(first.fields), len(second.fields)) == (MAX_FIELDS, 5)
    assert [d.name for d in first.defects] == ["excerpt", "too_many_fields"]
    assert [d.name for d in second.defects] == ["excerpt"]


def test_of_an_endless_field_the_start_is_read() -> None:
    (message,) = [
        read_mail(raw)
        for raw in read_pasted(b"Received: from a by b\n" + b" x\n" * MAX_FIELD_BYTES, "page.txt")
    ]
    assert len(message.fields[0].value) <= 2 * MAX_FIELD_BYTES
    assert message.fields[0].span.stop == len(message.fields[0].raw)
    assert [d.name for d in message.defects] == ["excerpt", "field_too_long"]


def seconds(text: bytes) -> float:
    start = time.process_time()
    for raw in read_pasted(text, "page.txt"):
        read_mail(raw)
    return time.process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        b"a\n",
        b"((\n",
        b'"<a\n',
        b"From:To:Cc\n",
        b"1 \n2 \n",
        b"Received:\n",
        b"X-A: b\n\n",
        b"a=\n",
    ],
)
@pytest.mark.parametrize(
    "name", [b"From: <a", b"DKIM-Signature: h=", b"X-Spam-Report: ", b"To: a,"]
)
def test_time_grows_with_the_text(name: bytes, unit: bytes) -> None:
    head = HOP.encode() + b" " + DATE.encode() + b"\n" + name + b"\n"
    once = seconds(head + unit * (100_000 // len(unit)))
    four_times = seconds(head + unit * (400_000 // len(unit)))
    assert four_times < 12 * once + 0.5
