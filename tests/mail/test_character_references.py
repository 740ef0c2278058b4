"""A number of more digits than Python reads is no character, and ends no reading."""

from __future__ import annotations

import pytest

from firsthop.evidence.content import read_content
from firsthop.mail.character_references import unescaped
from firsthop.mail.read import read_mail
from firsthop.mail.sources import read_bytes
from firsthop.mail.sources.raw import RawMail, raw_mail
from firsthop.publication.redaction.scan.escapes import _references

LONG = f"&#{'9' * 5_000};"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a", "a"), ("&amp;", "&"), (LONG, "\ufffd"), (f"{LONG}&#65;{LONG}&lt", "\ufffdA\ufffd<")],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert unescaped(text) == shown
    assert _references(text) == shown


def test_a_body_is_read() -> None:
    data = f"Content-Type: text/html\n\n<p>{LONG}</p>".encode()
    assert read_content(read_mail(raw_mail(data, "a.eml", "eml"))).text == " \ufffd "


def test_published_text_is_read() -> None:
    head = f"Received: by a; now\nFrom: a@b.example\nSubject: {LONG}\n"
    data = f"<html><body><pre>{head}</pre>".encode()
    (mail,) = [read_mail(one) for one in read_bytes(data, "a.txt") if isinstance(one, RawMail)]
    assert [field.value for field in mail.all("subject")] == ["\ufffd"]
