"""Splitting a header: every byte lands in one field, and what is broken is named."""

from hypothesis import given
from hypothesis import strategies as st

from firsthop.mail import header
from firsthop.mail.header import find_block, read_message
from firsthop.mail.message import MAX_FIELD_BYTES, Message
from firsthop.mail.sources.raw import raw_mail


def read(data: bytes) -> Message:
    return read_message(data, raw_mail(data, "x.eml", "eml").source)


def written(message: Message) -> bytes:
    return b"".join(field.raw for field in message.fields) + message.separator + message.body


@given(st.binary(max_size=400))
def test_any_bytes_come_back(data: bytes) -> None:
    assert written(read(data)) == data


@given(
    st.lists(
        st.sampled_from(
            [
                b"From: a@b\n",
                b"Received: x\r\n",
                b"\tfolded\n",
                b" \n",
                b"no colon\n",
                b"\n",
                b"\r\n",
                b"\r",
                b"X:\x00y\n",
            ]
        ),
        max_size=12,
    )
)
def test_any_lines_come_back(lines: list[bytes]) -> None:
    data = b"".join(lines)
    message = read(data)
    assert written(message) == data
    assert all(data[f.span.start : f.span.stop] == f.raw for f in message.fields)


def test_order_duplicates_and_folds_are_kept() -> None:
    message = read(b"Received: one\r\n\ttwo\r\nreceived: three\r\nSubject : spaced\r\n\r\nbody\r\n")
    assert [(f.name, f.value) for f in message.fields] == [
        ("Received", "one two"),
        ("received", "three"),
        ("Subject", "spaced"),
    ]
    assert message.separator == b"\r\n"
    assert message.body == b"body\r\n"
    assert [f.value for f in message.all("RECEIVED")] == ["one two", "three"]


def test_bytes_that_are_no_utf8_stay_visible() -> None:
    assert read(b"Subject: caff\xe8\n\n").fields[0].value == "caff\\xe8"


def test_defects_are_named() -> None:
    def names(data: bytes) -> list[str]:
        return [d.name for d in read(data).defects]

    assert names(b"") == ["no_header"]
    assert names(b"\nbody only") == ["no_header"]
    assert names(b"no colon\nFrom: a@b\n\n") == ["line_without_colon"]
    assert names(b"From x Thu\nFrom: a@b\n\n") == ["mbox_separator_in_header"]
    assert names(b" folded\nFrom: a@b\n\n") == ["folding_without_field"]
    assert names(b"From: a\rb@c\n\n") == ["bare_cr"]
    assert names(b"From: a\0b@c\n\n") == ["nul_in_header"]
    assert names(b"X: " + b"y" * MAX_FIELD_BYTES + b"\n\n") == ["field_too_long"]


def test_limits_lose_nothing() -> None:
    many = b"A: b\n" * (header.MAX_FIELDS + 5) + b"\nbody"
    assert written(read(many)) == many
    assert "too_many_fields" in [d.name for d in read(many).defects]
    endless = b"A: b\n" * (header.MAX_HEADER_BYTES // 5 + 10)
    assert written(read(endless)) == endless
    assert "header_too_long" in [d.name for d in read(endless).defects]


def test_the_header_ends_at_the_first_empty_line_of_either_form() -> None:
    assert find_block(b"A: b\r\n\r\nx\n\ny").body == 8
    assert find_block(b"A: b\n\nx\r\n\r\ny").body == 6
    # a line of white space folds (RFC 5322 section 4.2)
    assert find_block(b"A: b\n \nB: c\n\n").body == 13


def test_a_separator_of_a_mailbox_changes_no_field() -> None:
    """A field that asks for more takes a line only where something is broken; the
    separator that a mailbox puts before a message breaks nothing."""
    for block in (
        b"From: a@b\nDKIM-Signature: v=1; a=rsa-sha256; h=from:to:\nSubject:date\nTo: c\n\n",
        b"DKIM-Signature: v=1; d=\nSubject:date\n\n",
        b"Received: from a by b\nDate: Thu, 1 May 2014 10:00:00 +0200\n\n",
    ):
        alone = read(block)
        for separator in (b"From x Thu May  1 10:00:00 2014\n", b">From x\n"):
            kept = [(f.name, f.value) for f in read(separator + block).fields if f.name]
            assert kept == [(f.name, f.value) for f in alone.fields]
