"""All of it together, on one message and its dated DNS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DnsStore, dns_store
from firsthop.evidence.facts import establish
from firsthop.evidence.timestamp import read_stamp
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

DATE = "Sat, 17 May 2014 21:59:37 +0900"
DAY = read_stamp(DATE).instant or 0
OWN = own_servers(["mx.example.org"])
HANDOVER = (
    f"Received: from h.example.com (h.example.com [203.0.113.5]) by mx.example.org (Postfix) "
    f"with ESMTP id 2; {DATE}\n"
)
MESSAGE = (
    "Return-Path: <jo@example.com>\n"
    + HANDOVER
    + "From: Jo <jo@example.com>\nDate: Sun, 1 Jan 2034 00:00:00 +0000\n\nhi\n"
)
RECORDS: dict[str, dict[str, list[str] | str]] = {
    "example.com": {"TXT": ["v=spf1 ip4:203.0.113.0/24 -all"]},
    "_dmarc.example.com": {"TXT": ["v=DMARC1; p=reject"]},
}


def test_the_hand_over_is_the_client_and_the_moment(mail: Callable[..., Message]) -> None:
    found = establish(mail(MESSAGE), OWN, store_of(RECORDS, DAY, "test")).authentication
    assert found.judged_at == DAY
    assert found.dmarc is not None
    assert (found.spf.result, found.spf.identity, found.dmarc.result, str(found.arc.status)) == (
        "pass",
        "mailfrom",
        "pass",
        "none",
    )


@pytest.mark.parametrize(
    ("own", "store"), [(OwnServers(), store_of(RECORDS, DAY, "test")), (OWN, DnsStore())]
)
def test_without_boundary_or_dns_nothing_is_claimed(
    mail: Callable[..., Message], own: OwnServers, store: DnsStore
) -> None:
    found = establish(mail(MESSAGE), own, store).authentication
    assert found.dmarc is not None
    assert (found.spf.result, found.dmarc.result) == ("not_checkable", "not_checkable")
    assert found.dmarc.as_of == (DAY if own == OwnServers() else None)


def test_who_names_no_reverse_path_is_not_failed(mail: Callable[..., Message]) -> None:
    bare = mail(MESSAGE.partition("\n")[2])
    found = establish(bare, OWN, store_of(RECORDS, DAY, "test")).authentication
    assert found.dmarc is not None
    assert (found.spf.reason, found.dmarc.explanation) == (
        "no line tells the reverse-path",
        "it hangs on what cannot be checked: spf of a domain that is not known",
    )


def test_a_believed_receiver_stands_in_for_a_check_that_cannot_be_made(
    mail: Callable[..., Message],
) -> None:
    results = (
        "Authentication-Results: mx.example.org; dkim=pass header.d=mail.example.com; spf=fail "
        "smtp.mailfrom=jo@example.com\n"
    )
    store = store_of({"_dmarc.example.com": RECORDS["_dmarc.example.com"]}, DAY, "test")
    found = establish(mail(results + MESSAGE), OWN, store).authentication
    assert found.dmarc is not None
    assert (found.dmarc.result, [alignment.mechanism for alignment in found.dmarc.alignments]) == (
        "pass",
        ["dkim", "spf"],
    )
    below = MESSAGE.replace("From:", results + "From:", 1)
    outside = establish(mail(below), OWN, store).authentication
    assert outside.dmarc is not None
    assert outside.dmarc.result == "not_checkable"


def test_nothing_in_the_corpora_raises(corpus_messages: Path) -> None:
    own, store = own_servers([".google.com", ".outlook.com", ".kernel.org"]), dns_store()
    for line in (corpus_messages / "MANIFEST.tsv").read_text().splitlines()[1::5]:
        message = read_mail(
            raw_mail((corpus_messages / line.split("\t")[0]).read_bytes(), "x", "eml")
        )
        found = establish(message, own, store).authentication
        assert {str(result.outcome) for result in found.dkim} <= {
            "not_checkable",
            "fail",
            "permerror",
        }
