"""The sender verdict: it answers where a fact carries it, and never wrongs an honest way."""

from pathlib import Path

import pytest

from benchmarks.sender import answer, own_of
from firsthop.evidence.authentication.check import with_authentication
from firsthop.evidence.dns import dns_store
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.mail.message import Evidence
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

OWN = own_servers(("mx.example.it",), ("mx.example.it",))
STAMP = "Thu, 18 Jan 2024 10:00:00 +0000 (UTC)"
LIBERO = f"from smtp-36.italiaonline.it (smtp-36.italiaonline.it [213.209.10.36]) by mx.example.it (Postfix) with ESMTPS id 4TFyZs0NcPz2xk8; {STAMP}"
STRANGER = f"from relay.example.net (relay.example.net [85.65.59.147]) by mx.example.it (Postfix) with ESMTP id 4TFyZs0NcPz2xk8; {STAMP}"
FROM = "From: Anna <anna@libero.it>\nSubject: x\nDate: Thu, 18 Jan 2024 09:59:00 +0000\n"


def facts(*fields: str, own: OwnServers = OWN, evidence: Evidence = Evidence.MESSAGE) -> MessageFacts:
    data = "".join(f"{field}\n" for field in fields) + "\nbody\n"
    message = read_mail(raw_mail(data.encode(), "x.eml", "eml", evidence=evidence))
    return with_authentication(establish(message, own), own, dns_store(()))


def test_handed_over_by_the_provider_s_own_server() -> None:
    assert answer(facts(f"Received: {LIBERO}", FROM.rstrip())) == "authorised"


def test_without_settings_the_same_line_is_a_claim() -> None:
    assert answer(facts(f"Received: {LIBERO}", FROM.rstrip(), own=OwnServers())) == "insufficient"


def test_a_borrowed_name_is_not_the_provider_s_server() -> None:
    borrowed = LIBERO.replace("(smtp-36.italiaonline.it [213.209.10.36])", "(unknown [85.65.59.147])")
    assert answer(facts(f"Received: {borrowed}", FROM.rstrip())) == "not_from_provider"


@pytest.mark.parametrize("own", [OWN, OwnServers()])
def test_a_path_that_misses_the_provider(own: OwnServers) -> None:
    assert answer(facts(f"Received: {STRANGER}", FROM.rstrip(), own=own)) == "not_from_provider"


@pytest.mark.parametrize(
    "sign",
    [
        "List-Id: <talk.example.org>", "Resent-From: b@example.org", "X-Forwarded-To: b@example.org", "Sender: owner@example.org", "Return-Path: <>",
        "X-BeenThere: talk@example.org", "Content-Type: text/calendar; method=REQUEST", "Precedence: list", "X-RT-Ticket: example #1",
    ],
)  # fmt: skip
def test_an_indirect_way_is_never_called_foreign(sign: str) -> None:
    assert answer(facts(f"Received: {STRANGER}", sign, FROM.rstrip())) == "indirect"


def test_an_excerpt_decides_nothing() -> None:
    assert answer(facts(f"Received: {STRANGER}", FROM.rstrip(), evidence=Evidence.PUBLICATION)) == "insufficient"


def test_a_domain_of_no_known_provider_decides_nothing() -> None:
    assert answer(facts(f"Received: {STRANGER}", FROM.rstrip().replace("libero.it", "example.com"))) == "insufficient"


def test_a_result_of_an_own_server_is_believed_and_a_foreign_one_is_not() -> None:
    result = "Authentication-Results: {}; dkim=pass header.d=example.com; dmarc=pass header.from=example.com"
    author = FROM.rstrip().replace("libero.it", "example.com")
    assert answer(facts(result.format("mx.example.it"), f"Received: {STRANGER}", author)) == "authorised"
    assert answer(facts(result.format("mx.evil.example"), f"Received: {STRANGER}", author)) == "insufficient"


def test_a_result_for_another_domain_does_not_vouch() -> None:
    result = "Authentication-Results: mx.example.it; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example"
    assert answer(facts(result, f"Received: {STRANGER}", FROM.rstrip())) == "not_from_provider"


@pytest.mark.parametrize("settings", [False, True])
def test_no_legitimate_message_of_the_corpora_is_wronged(corpus_messages: Path, settings: bool) -> None:
    rows = [row.split("\t") for row in (corpus_messages / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    ham = [
        path for path, label, source, *_ in rows if label == "ham" and source.startswith(("spamassassin_corpus", "lists_", "special_", "foff_milter"))
    ]
    assert len(ham) > 3_900
    wronged = []
    for path in ham:
        message = read_mail(raw_mail((corpus_messages / path).read_bytes(), path, "eml"))
        own = own_of(message) if settings else OwnServers()
        if answer(with_authentication(establish(message, own), own, dns_store(()))) == "not_from_provider":
            wronged.append(path)
    assert wronged == []
