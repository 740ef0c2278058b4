"""Real headers of the corpora and one of ours, handed over in every way that programs
and people have (deliveries.py): one message each, read as the original."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from firsthop.evidence.facts import establish
from firsthop.mail.damage import REPAIRS
from firsthop.mail.header import find_block
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers
from tests.mail import deliveries
from tests.mail.deliveries import WAYS, Delivery, Lines

CASE = Path(__file__).parents[1] / "cases" / "13-gmail-show-original" / "input.txt"
HEADERS = 40
A_SOURCE = 4  # headers at most
IDENTITIES = ("from", "to", "subject", "message-id", "date", "reply-to", "return-path")
# headers of 40 that are read in full; what is missing is told below
FULL = 39
EXPECTED: dict[Delivery, tuple[int, int]] = {  # path and identities, all fields
    deliveries.folds_wrapped: (37, 29),  # words at the margin that no field asks for
    deliveries.indent_lost: (38, 36),
    deliveries.blank_after_each: (37, 37),  # the first Received line has no zone on its first line
    deliveries.next_line_and_blank: (38, 38),  # Return-Path below From
    deliveries.html_table_apart: (38, 38),
    deliveries.chat: (39, 36),  # "Delivered-To:[removed]"; the next speaker after an empty field
    deliveries.code_fence: (39, 38),
    deliveries.markdown_bold: (39, 38),
    deliveries.bullets: (39, 38),
    deliveries.pdf_pages: (36, 36),  # addresses wrapped within a name
    deliveries.one_line: (36, 34),  # a subject that holds a name with a colon
}
REPAIRED = {
    deliveries.ticket_72: "unindented_fold",
    deliveries.indent_lost: "unindented_fold",
    deliveries.indented: "indented",
    deliveries.quoted: "quoted",
    deliveries.owa_next_line: "value_on_next_line",
    deliveries.two_columns: "in_columns",
    deliveries.html_table: "html_markup",
    deliveries.chat: "text_before_name",
    deliveries.line_numbers: "line_numbers",
    deliveries.links_added: "link_added",
    deliveries.one_line: "joined_lines",
    deliveries.no_break_spaces: "no_break_space",
    deliveries.zero_width: "invisible_characters",
    deliveries.blank_after_each: "blank_line_in_fold",
}


def told(message: Message) -> tuple[Any, Any, Any]:
    """Path, identities and fields of a message, however they were written."""
    facts = establish(message, OwnServers())
    hops = [
        (h.by, h.by_address, h.client_address, h.helo, h.stamp and h.stamp.instant, h.queue_id)
        for h in (step.hop for step in facts.path.steps)
    ]
    identities = [[one.value for one in message.all(name)] for name in IDENTITIES]
    return hops, identities, [(one.key, one.value) for one in message.fields]


def delivered(header: Lines, way: Delivery) -> list[Message]:
    data = way(header).encode()
    return [read_mail(one) for one in read_bytes(data, "paste.txt") if isinstance(one, RawMail)]


def own_header() -> Lines:
    text = CASE.read_text(encoding="utf-8")
    return text[text.index("Delivered-To") :].partition("\n\n")[0].split("\n")


def original(header: Lines) -> Message:
    data = ("\n".join(header) + "\n\n").encode()
    return read_mail(raw_mail(data, "x.eml", "eml"))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_our_header_in_every_way(way: Delivery) -> None:
    (found,) = delivered(own_header(), way)
    assert told(found) == told(original(own_header()))
    repairs = {name for field in found.fields for name in field.repairs}
    assert repairs <= set(REPAIRS)
    if way in REPAIRED:
        assert REPAIRED[way] in repairs


def headers_of(folder: Path) -> list[Lines]:
    """Whole headers in ASCII with a path, a few of each source."""
    rows = [line.split("\t") for line in (folder / "MANIFEST.tsv").read_text().splitlines()[1:]]
    random.Random(11).shuffle(rows)
    taken: dict[str, int] = {}
    found: list[Lines] = []
    for path, _, source, *_ in rows:
        data = (folder / path).read_bytes()
        if len(found) < HEADERS and taken.get(source, 0) < A_SOURCE and is_whole(data):
            taken[source] = taken.get(source, 0) + 1
            head = data[: find_block(data).stop].decode()
            found.append(head.replace("\r\n", "\n").rstrip("\n").split("\n"))
    return found


def is_whole(data: bytes) -> bool:
    if not data.isascii():
        return False
    message = read_mail(raw_mail(data, "x.eml", "eml"))
    wanted = message.first("from") and message.first("message-id")
    return bool(wanted) and not message.defects and len(message.all("received")) > 1


def test_headers_of_the_corpora_in_every_way(corpus_messages: Path) -> None:
    headers = headers_of(corpus_messages)
    assert len(headers) == HEADERS
    short = {}
    for way in WAYS:
        path = whole = 0
        for header in headers:
            wanted, found = told(original(header)), delivered(header, way)
            got = told(found[0]) if len(found) == 1 else ([], [], [])
            path += got[:2] == wanted[:2]
            whole += got == wanted
        expected = EXPECTED.get(way, (FULL, FULL))
        if (path, whole) < expected or whole < expected[1]:
            short[way.__name__] = (path, whole)
    assert short == {}
