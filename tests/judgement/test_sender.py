"""The sender verdict: it answers where a fact carries it, and never wrongs an honest
way."""

from pathlib import Path

import pytest

from benchmarks.sender import answer, own_of
from firsthop.evidence.dns.store import dns_store
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.mail.message import Evidence
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

OWN = own_servers(("mx.example.it",), ("mx.example.it",))
STAMP = "Thu, 18 Jan 2024 10:00:00 +0000 (UTC)"
LIBERO = (
    f"from smtp-36.italiaonline.it (smtp-36.italiaonline.it [213.209.10.36]) by mx.example.it "
    f"(Postfix) with ESMTPS id 4TFyZs0NcPz2xk8; {STAMP}"
)
STRANGER = (
    f"from relay.example.net (relay.example.net [85.65.59.147]) by mx.example.it (Postfix) with "
    f"ESMTP id 4TFyZs0NcPz2xk8; {STAMP}"
)
FROM = "From: Anna <anna@libero.it>\nSubject: x\nDate: Thu, 18 Jan 2024 09:59:00 +0000\n"


def facts(
    *fields: str, own: OwnServers = OWN, evidence: Evidence = Evidence.MESSAGE
) -> MessageFacts:
    data = "".join(f"{field}\n" for field in fields) + "\nbody\n"
    message = read_mail(raw_mail(data.encode(), "x.eml", "eml", evidence=evidence))
    return establish(message, own, dns_store(()))


def test_handed_over_by_the_provider_s_own_server() -> None:
    assert answer(facts(f"Received: {LIBERO}", FROM.rstrip())) == "authorised"


def test_without_settings_the_same_line_is_a_claim() -> None:
    assert answer(facts(f"Received: {LIBERO}", FROM.rstrip(), own=OwnServers())) == "insufficient"


def test_a_borrowed_name_is_not_the_provider_s_server() -> None:
    borrowed = LIBERO.replace(
        "(smtp-36.italiaonline.it [213.209.10.36])", "(unknown [85.65.59.147])"
    )
    assert answer(facts(f"Received: {borrowed}", FROM.rstrip())) == "not_from_provider"


@pytest.mark.parametrize("own", [OWN, OwnServers()])
def test_a_path_that_misses_the_provider(own: OwnServers) -> None:
    assert answer(facts(f"Received: {STRANGER}", FROM.rstrip(), own=own)) == "not_from_provider"


SIGNS = [
    "List-Id: <talk.example.org>",
    "Resent-From: b@example.org",
    "X-Forwarded-To: b@example.org",
    "Sender: owner@example.org",
    "Return-Path: <>",
    "X-BeenThere: talk@example.org",
    "Content-Type: text/calendar; method=REQUEST",
    "Precedence: list",
    "X-RT-Ticket: example #1",
    "Return-Path: <SRS0=ab+1=AB=libero.it=anna@example.org>",
    "Auto-Submitted: auto-replied",
    "Mailing-List: contact talk-help@example.org",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_field_that_the_sender_writes_switches_no_verdict_off(sign: str) -> None:
    assert answer(facts(f"Received: {STRANGER}", sign, FROM.rstrip())) == "not_from_provider"
    author = FROM.rstrip().replace("libero.it", "example.com")
    looked = (
        "Authentication-Results: mx.example.it; spf=none smtp.mailfrom=example.com; dkim=none; "
        "dmarc=none header.from=example.com"
    )
    assert answer(facts(looked, f"Received: {STRANGER}", sign, author)) == "unauthenticated"


LISTED = "List-Id: <talk.lists.example.net>"
TAKEN = (
    f"from other.example.com (other.example.com [198.51.100.7]) by relay.example.net (Postfix) "
    f"with ESMTP id 4TFyZs0NcPz2xk9; {STAMP}"
)


def test_a_list_that_is_really_on_the_path() -> None:
    assert (
        answer(facts(f"Received: {STRANGER}", f"Received: {TAKEN}", LISTED, FROM.rstrip()))
        == "indirect"
    )


def test_a_list_has_to_have_taken_the_message_over() -> None:
    own = (
        f"from localhost (localhost [127.0.0.1]) by relay.example.net (Postfix) with ESMTP id "
        f"4TFyZs0NcPz2xk9; {STAMP}"
    )
    assert (
        answer(facts(f"Received: {STRANGER}", f"Received: {own}", LISTED, FROM.rstrip()))
        == "not_from_provider"
    )


def test_a_list_on_the_path_goes_before_a_policy_and_a_service_does_not() -> None:
    refused = (
        "Authentication-Results: mx.example.it; dmarc=fail (p=reject dis=none) "
        "header.from=example.com"
    )
    author = FROM.rstrip().replace("libero.it", "example.com")
    way = (refused, f"Received: {STRANGER}", f"Received: {TAKEN}")
    assert answer(facts(*way, LISTED, author)) == "indirect"
    assert answer(facts(*way, "Sender: news@relay.example.net", author)) == "not_from_provider"


def test_srs_counts_with_the_host_that_wrote_it() -> None:
    path = (f"Received: {STRANGER}", "Return-Path: <SRS0=ab+1=AB=libero.it=anna@relay.example.net>")
    assert answer(facts(*path, FROM.rstrip())) == "indirect"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("dmarc=fail action=oreject header.from=example.com", "not_from_provider"),
        ("dmarc=fail action=quarantine header.from=example.com", "not_from_provider"),
        ("dmarc=fail (p=REJECT sp=REJECT dis=NONE) header.from=example.com", "not_from_provider"),
        ("dmarc=fail (p=none dis=none) header.from=example.com", "unauthenticated"),
        ("dmarc=fail action=none header.from=example.com", "unauthenticated"),
        # aspf=s
        (
            "dmarc=fail action=none header.from=example.com; spf=pass smtp.mailfrom=example.com",
            "unauthenticated",
        ),
        ("dmarc=none header.from=example.com", "unauthenticated"),
        ("spf=none smtp.mailfrom=x.example; dkim=none", "unauthenticated"),
        ("dkim=none", "insufficient"),
        ("spf=softfail smtp.mailfrom=example.com", "unauthenticated"),  # and no signature
        ("dmarc=pass header.from=example.com", "authorised"),
        ("dmarc=pass header.from=other.example", "insufficient"),
        (
            (
                "dmarc=bestguesspass action=none header.from=example.com; spf=pass "
                "smtp.mailfrom=example.com; dkim=none"
            ),
            "authorised",
        ),
        (
            (
                "spf=pass (google.com: best guess record for domain of a@example.com) "
                "smtp.mailfrom=example.com; dkim=none"
            ),
            "unauthenticated",
        ),
        ("dkim=pass header.d=mail.example.com", "authorised"),
        ("dkim=pass header.i=@example.com", "authorised"),
        ("dkim=pass header.d=example.org; spf=pass smtp.mailfrom=example.org", "unauthenticated"),
        ("dmarc=temperror header.from=example.com", "insufficient"),
    ],
)
def test_what_the_receiver_found_decides(result: str, expected: str) -> None:
    author = FROM.rstrip().replace("libero.it", "example.com")
    assert (
        answer(
            facts(
                f"Authentication-Results: mx.example.it; {result}", f"Received: {STRANGER}", author
            )
        )
        == expected
    )


def test_a_result_of_an_inner_server_about_an_inner_client_vouches_for_nobody() -> None:
    inner = (
        f"from mx.example.it (mx.example.it [192.0.2.8]) by store.example.it (Postfix) with "
        f"ESMTP id 4TFyZs0NcPz2xk7; {STAMP}"
    )
    own = own_servers(("mx.example.it", "store.example.it"))
    author = FROM.rstrip().replace("libero.it", "example.it")
    results = (
        "Authentication-Results: store.example.it; spf=pass (sender IP is 192.0.2.8) "
        "smtp.mailfrom=example.it; dmarc=pass header.from=example.it"
    )
    told = facts(results, f"Received: {inner}", f"Received: {STRANGER}", author, own=own)
    assert told.path.boundary.position == 1
    assert answer(told) == "insufficient"


def test_a_departure_below_a_broken_joint_speaks_for_nobody() -> None:
    forged = (
        f"from pc (pc [192.0.2.147]) by smtp-36.iol.local with ESMTPA id sUr2haJmBf6jXsUr2h0bpv; "
        f"{STAMP}"
    )
    assert (
        answer(facts(f"Received: {STRANGER}", f"Received: {forged}", FROM.rstrip()))
        == "not_from_provider"
    )


def test_a_shared_provider_s_server_vouches_for_no_author() -> None:
    line = (
        f"from mail-a.outbound.protection.outlook.com (mail-a.outbound.protection.outlook.com "
        f"[40.92.98.54]) by mx.example.it (Postfix) with ESMTPS id 4TFyZs0NcPz2xk8; {STAMP}"
    )
    assert (
        answer(facts(f"Received: {line}", FROM.rstrip().replace("libero.it", "outlook.com")))
        != "authorised"
    )


AT_LIBERO = "from {client} by smtp-32.iol.local with {protocol} id rXsUr2h0bpvrXsUr2h0bpv; " + STAMP


@pytest.mark.parametrize(
    "own", [own_servers((".iol.local", ".libero.it", ".italiaonline.it")), OwnServers(assume=True)]
)
@pytest.mark.parametrize(
    ("client", "protocol", "expected"),
    [
        # the provider's own hop is no departure
        ("r3.kawaz.jp ([85.65.59.147])", "ESMTP", "not_from_provider"),
        # a user of the provider logged in
        ("venice.bhome ([94.38.71.147])", "ESMTPA", "authorised"),
    ],
)
def test_mail_of_the_provider_received_at_the_provider(
    own: OwnServers, client: str, protocol: str, expected: str
) -> None:
    line = AT_LIBERO.format(client=client, protocol=protocol)
    assert answer(facts(f"Received: {line}", FROM.rstrip(), own=own)) == expected


def test_an_excerpt_decides_nothing() -> None:
    assert (
        answer(facts(f"Received: {STRANGER}", FROM.rstrip(), evidence=Evidence.PUBLICATION))
        == "insufficient"
    )


def test_a_domain_of_no_known_provider_decides_nothing() -> None:
    assert (
        answer(facts(f"Received: {STRANGER}", FROM.rstrip().replace("libero.it", "example.com")))
        == "insufficient"
    )


def test_a_result_of_an_own_server_is_believed_and_a_foreign_one_is_not() -> None:
    result = (
        "Authentication-Results: {}; dkim=pass header.d=example.com; dmarc=pass "
        "header.from=example.com"
    )
    author = FROM.rstrip().replace("libero.it", "example.com")
    assert (
        answer(facts(result.format("mx.example.it"), f"Received: {STRANGER}", author))
        == "authorised"
    )
    assert (
        answer(facts(result.format("mx.evil.example"), f"Received: {STRANGER}", author))
        == "insufficient"
    )


def test_a_result_for_another_domain_does_not_vouch() -> None:
    result = (
        "Authentication-Results: mx.example.it; dkim=pass header.d=evil.example; spf=pass "
        "smtp.mailfrom=evil.example"
    )
    assert answer(facts(result, f"Received: {STRANGER}", FROM.rstrip())) == "not_from_provider"


@pytest.mark.parametrize("settings", [False, True])
def test_no_legitimate_message_of_the_corpora_is_wronged(
    corpus_messages: Path, settings: bool
) -> None:
    rows = [
        row.split("\t")
        for row in (corpus_messages / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    ham = [
        path
        for path, label, source, *_ in rows
        if label == "ham"
        and source.startswith(("spamassassin_corpus", "lists_", "special_", "foff_milter"))
    ]
    assert len(ham) > 3_900
    wronged = []
    for path in ham:
        message = read_mail(raw_mail((corpus_messages / path).read_bytes(), path, "eml"))
        own = own_of(message) if settings else OwnServers()
        if answer(establish(message, own, dns_store(()))) == "not_from_provider":
            wronged.append(path)
    assert wronged == []


WAVE = (
    (
        "Received: from 7cho-me.com (unknown [85.65.59.147]) by r3.kawaz.jp (Postfix) with "
        "ESMTPA id 19E99E83CED1; Sat, 17 May 2014 21:59:37 +0900 (JST)"
    ),
    "From: Mario <mario@libero.it>",
    "Date: Sat, 17 May 2014 14:59:30 +0200",
    "Message-ID: <6b2daac63ab3e8955fa9b2ddd3a1b768@7cho-me.com>",
)


@pytest.mark.parametrize(
    "own",
    [
        OwnServers(assume=True),
        own_servers(("italiaonline",), receivers=RECEIVERS),
        own_servers((".libero.it", ".iol.local")),
    ],
)
@pytest.mark.parametrize("host", ["mx1.libero.it", "smtp-in.libero.it", "smtp-32.iol.local"])
def test_the_wave_of_2014_as_the_provider_would_have_received_it(
    own: OwnServers, host: str
) -> None:
    line = (
        f"from r3.kawaz.jp (r3.kawaz.jp [49.212.0.10]) by {host} with ESMTP id "
        f"sUr2haJmBf6jXsUr2h0bpv; Sat, 17 May 2014 14:59:50 +0200"
    )
    assert answer(facts(f"Received: {line}", *WAVE, own=own)) == "not_from_provider"
