"""Whom a link names: values are somebody's, what a program calls them is nobody's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.facts import establish
from firsthop.evidence.people import addresses_in, people
from firsthop.mail.message import MAX_FIELD_BYTES
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import Settings

SHOP = "http://shop.example.com/go"


def named(link: str) -> list[str | None]:
    data = f"From: a@example.org\n\nSee {link}\n".encode()
    facts = establish(read_mail(raw_mail(data, "a.eml", "eml")), Settings().own)
    return [one.value for one in people(facts) if one.kind == "link"]


@pytest.mark.parametrize(
    ("link", "values"),
    [
        ("?original=giulia.verdi&customer=1", ["giulia.verdi"]),
        ("?giulia.verdi", ["giulia.verdi"]),
        ("#giuliaverdi", ["giuliaverdi"]),
        ("?promotion=&category=giuliaverdi", ["giuliaverdi"]),
        ("?Z2l1bGlhLnZlcmRp=", ["Z2l1bGlhLnZlcmRp"]),  # base64 without a name
        ("?Z2l1bGlhLnZlcmRpMQ==", ["Z2l1bGlhLnZlcmRpMQ"]),
        ("?token=Z2l1bGlhLnZlcmRpMQ==", ["Z2l1bGlhLnZlcmRpMQ"]),
        ("?key=verification=giulia.verdi", ["verification", "giulia.verdi"]),
        ("?to=/original/giulia.verdi/documents", ["giulia.verdi"]),
        ("#https://images.example.net/original/giulia.verdi?verification=4711", ["giulia.verdi"]),
        ("?to=http://giulia@images.example.net/", ["//giulia@images.example.net"]),
    ],
)
def test_the_values_of_a_link_can_name_somebody(link: str, values: list[str]) -> None:
    assert named(SHOP + link) == values


def test_a_field_is_read_as_far_as_any_reader_reads_it() -> None:
    many = ",\n ".join(f"Some Body <{n}.{'x' * 60}@example.org>" for n in range(950))
    data = f"From: a@example.org\nTo: {many}\n\nhi\n".encode()
    assert 80_000 < len(data) < MAX_FIELD_BYTES
    facts = establish(read_mail(raw_mail(data, "a.eml", "eml")), Settings().own)
    told = [one.value for one in people(facts) if one.kind == "recipient"]
    assert told[-1] == f"949.{'x' * 60}@example.org"
    assert len(told) == 950


_ADDRESS = re.compile(r"([\w.!#$%&'*+/=?^`{|}~-]{1,64}+)@([\w-]{1,63}(?:\.[\w-]{1,63}){0,8})")
_PIECES = ["@", "a", "b.c", " ", "<", "é", "\u0301", "-", "x" * 63, "y" * 65, "a@b", "...", "\0"]


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_addresses_are_those_that_one_expression_finds(text: str) -> None:
    assert list(addresses_in(text)) == _ADDRESS.findall(text)
