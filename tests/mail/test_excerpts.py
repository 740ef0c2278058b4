"""Published text: the excerpts in it, what is repaired, and where one message ends."""

from firsthop.mail.excerpts import find_excerpts
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.pasted import read_pasted

HOP = (
    "Received: from a.example (a.example [192.0.2.1]) by mx.example (Postfix) with ESMTPA id "
    "19E99E83CED1;"
)
DATE = "Sat, 17 May 2014 21:59:37 +0900 (JST)"


def excerpts(text: str) -> list[Message]:
    return [read_mail(raw) for raw in read_pasted(text.encode(), "page.txt")]


def values(message: Message) -> list[tuple[str, str]]:
    return [(f.name, f.value) for f in message.fields]


def test_prose_is_no_header_and_ends_one() -> None:
    found = excerpts(
        f"Overview:\n\nSome prose: with a colon.\n\n{HOP}\n {DATE}\nMessage-ID: "
        f"<a@b.example>\nAs one can see, this goes on.\n{HOP}\n {DATE}\n"
    )
    assert [values(m) for m in found] == [
        [("Received", f"{HOP[10:]} {DATE}"), ("Message-ID", "<a@b.example>")],
        [("Received", f"{HOP[10:]} {DATE}")],
    ]


def test_blank_lines_and_no_break_spaces_in_a_fold() -> None:
    (message,) = excerpts(f"{HOP}\n\n\u00a0\u00a0 {DATE}\n\nMessage-ID:\n")
    assert message.fields[0].repairs == ("blank_line_in_fold", "no_break_space")
    assert message.fields[0].value == f"{HOP[10:]} {DATE}"
    assert message.fields[1].value == ""


def test_quoted_indented_and_defanged() -> None:
    quoted = excerpts(f"> {HOP}\n>  {DATE}\n> Subject: hi\n")
    assert "quoted" in quoted[0].fields[0].repairs
    assert quoted[0].fields[1].value == "hi"
    indented = excerpts(f"    {HOP}\n        {DATE}\n    From: a[@]b[.]example\n")
    assert values(indented[0])[1] == ("From", "a@b.example")
    assert "defanged" in indented[0].fields[1].repairs


def test_lost_folds_are_found_again() -> None:
    (message,) = excerpts(
        f"Received: from a.example (a.example [192.0.2.1])\nby mx.example (Postfix) with "
        f"ESMTP id AB12CD34EF\n; {DATE}\nFrom: a@b.example\n"
    )
    assert message.fields[0].value.endswith(DATE)
    assert "unindented_fold" in message.fields[0].repairs


def test_html_source() -> None:
    page = (
        f"<html><body><p>Text</p><pre>{HOP}\n  {DATE}\nMessage-ID: "
        f"&lt;x@y.example&gt;\n</pre><p>More text: here</p></body></html>"
    )
    (message,) = excerpts(page)
    assert values(message)[1] == ("Message-ID", "<x@y.example>")
    assert "html_markup" in message.fields[0].repairs


def test_two_hops_of_one_message_stay_together_and_strangers_part() -> None:
    lower = (
        "Received: from c.example (c.example [192.0.2.3]) by a.example (Postfix) with ESMTP id "
        "AB12CD34EF; Sat, 17 May 2014 12:59:30 +0000 (UTC)"
    )
    stranger = (
        "Received: from z.example (z.example [192.0.2.9]) by q.example (Postfix) with ESMTP id "
        "AB12CD34EF; Fri, 30 May 2014 12:59:30 +0000 (UTC)"
    )
    assert len(excerpts(f"{HOP} {DATE}\n\n{lower}\n")) == 1
    assert len(excerpts(f"{HOP} {DATE}\n\n{stranger}\n")) == 2
    # no empty line between: one block, however odd
    assert len(excerpts(f"{HOP} {DATE}\n{stranger}\n")) == 1


def test_bytes_of_an_excerpt_are_the_page_s_bytes() -> None:
    text = f"prose\n\n{HOP}\n\n {DATE}\n\nMessage-ID: <a@b.example>\n\nprose\n".encode()
    (raw,) = read_pasted(text, "page.txt")
    assert text[raw.source.offset : raw.source.offset + len(raw.data)] == raw.data
    assert b"".join(f.raw for f in read_mail(raw).fields) == raw.data


def test_a_text_without_headers_holds_none() -> None:
    assert list(find_excerpts(b"Dear all: from Monday by noon with love.\n")) == []
