"""Results fields as real receivers write them; hosts and addresses of uninvolved people
are replaced."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication.results import (
    AuthenticationResult,
    authentication_results,
    read_results,
)
from firsthop.evidence.authentication.spf.received_spf import read_received_spf, received_spf
from firsthop.mail.header import MAX_HEADER_BYTES
from firsthop.mail.message import Field, Message, Span

OUTLOOK = (
    "spf=fail (sender IP is 192.0.2.7) smtp.mailfrom=example.es; dkim=none (message not "
    "signed) header.d=none;"
    "dmarc=none action=none header.from=example.de;compauth=fail reason=001"
)
GMAIL = (
    "mx.google.com;\r\n       dkim=pass header.i=@example.com header.s=20161025 "
    "header.b=ehHYOeNl;\r\n       spf=pass (google.com: domain of jo@example.com "
    "designates 192.0.2.41 as permitted sender) smtp.mailfrom=jo@example.com;\r\n       "
    "dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.com"
)
POLICYD = (
    "lists.example.org; spf=pass (mailfrom) smtp.mailfrom=example.com (client-ip=192.0.2.1; "
    "helo=mx.example.com; envelope-from=prvs=1=jo@example.com; receiver=<UNKNOWN>)"
)
YAHOO_2008 = (
    "mta1.mail.example.com  from=example.com; domainkeys=neutral (no sig); from=example.com; "
    "dkim=pass (ok)"
)
YAHOO = (
    "atlas1.example.com;\r\n dkim=pass header.i=@example.com header.s=h1 "
    "arc_overridden_status=NOT_OVERRIDDEN;\r\n dmarc=pass(p=REJECT) header.from=example.com;"
)
EXCHANGE_FORWARDED = (
    "spf=pass (sender IP is 192.0.2.9) smtp.mailfrom=example.com; example.org; dkim=none "
    "(message not signed) header.d=none;"
    "example.org; dmarc=pass action=none header.from=example.com;"
)


def told(text: str) -> list[tuple[str | None, str | None]]:
    return [(result.method, result.result) for result in read_results(make(text))]


def make(text: str, name: str = "Authentication-Results") -> Field:
    raw = f"{name}: {text}\r\n".encode()
    return Field(name, raw, Span(100, 100 + len(raw)))


@pytest.mark.parametrize(
    ("text", "authserv_id", "expected"),
    [
        (
            OUTLOOK,
            None,
            [("spf", "fail"), ("dkim", "none"), ("dmarc", "none"), ("compauth", "fail")],
        ),
        (GMAIL, "mx.google.com", [("dkim", "pass"), ("spf", "pass"), ("dmarc", "pass")]),
        (POLICYD, "lists.example.org", [("spf", "pass")]),
        (YAHOO_2008, "mta1.mail.example.com", [("domainkeys", "neutral"), ("dkim", "pass")]),
        (YAHOO, "atlas1.example.com", [("dkim", "pass"), ("dmarc", "pass")]),
        (EXCHANGE_FORWARDED, None, [("spf", "pass"), ("dkim", "none"), ("dmarc", "pass")]),
        ("example.org 1; none", "example.org", [(None, "none")]),
        (
            "(who) example.org (what) 1 (version); (a(nested)b) spf (c) = (d) pass (e)",
            "example.org",
            [("spf", "pass")],
        ),
        (
            '"example.org"; dkim=fail reason="bad signature; sorry" header.d=example.com',
            "example.org",
            [("dkim", "fail")],
        ),
        (
            "example.org; dkim/2=pass header.d=a.example dkim=fail header.d=b.example",
            "example.org",
            [("dkim", "pass"), ("dkim", "fail")],
        ),
        (
            "example.org; spf=pass (never closed smtp.mailfrom=a.example; dkim=none",
            "example.org",
            [("spf", "pass"), ("dkim", "none")],
        ),
        (
            "mx.example.com smtp.user=<hidden>; auth=pass (PLAIN)",
            "mx.example.com",
            [("auth", "pass")],
        ),
        (
            "=?utf-8?B?c3BmPXBhc3MgKHNlbmRlciBJUCBpcyAxOTIuMC4yLjIpIHNtdHAubWFpbGZyb209YS5leGFtcGxlOyBka2ltPW5vbmU=?=",
            None,
            [("spf", "pass"), ("dkim", "none")],
        ),
        ("example.org", "example.org", [(None, None)]),
        ("", None, [(None, None)]),
    ],
)
def test_what_receivers_write_is_read(
    text: str, authserv_id: str | None, expected: list[tuple[str | None, str | None]]
) -> None:
    assert told(text) == expected
    assert {result.authserv_id for result in read_results(make(text))} == {authserv_id}


@pytest.mark.parametrize(
    ("text", "method", "name", "value"),
    [
        (OUTLOOK, "spf", "smtp.mailfrom", "example.es"),
        (OUTLOOK, "dmarc", "header.from", "example.de"),
        (GMAIL, "dkim", "header.b", "ehHYOeNl"),
        (YAHOO_2008, "domainkeys", "from", "example.com"),
        ('x.example; dkim=pass header.b="a/b=="', "dkim", "header.b", "a/b=="),
        (
            "x.example; spf=pass smtp.mailfrom=prvs=1=jo@example.com",
            "spf",
            "smtp.mailfrom",
            "prvs=1=jo@example.com",
        ),
        ("x.example; spf=pass smtp.mailfrom= smtp.helo=h.example", "spf", "smtp.mailfrom", ""),
        ("x.example; dkim=pass; header.i=@y.example", "dkim", "header.i", "@y.example"),
    ],
)
def test_properties_are_kept_under_their_names(
    text: str, method: str, name: str, value: str
) -> None:
    assert (
        next(result for result in read_results(make(text)) if result.method == method).get(name)
        == value
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OUTLOOK, "192.0.2.7"),
        (GMAIL, "192.0.2.41"),
        (POLICYD, "192.0.2.1"),
        ("x.example; arc=none smtp.remote-ip=2001:db8::1", "2001:db8::1"),
        (YAHOO, None),
    ],
)
def test_the_address_a_receiver_judged_is_found(text: str, expected: str | None) -> None:
    assert (
        next(
            (result.client_address for result in read_results(make(text)) if result.client_address),
            None,
        )
        == expected
    )


def test_reason_and_instance_have_their_own_places() -> None:
    assert read_results(make(OUTLOOK))[-1].reason == "001"
    assert [
        result.instance
        for result in read_results(
            make(
                "i=2; mx.example.com 1; spf=pass; arc=pass (0 oda=1)", "arc-authentication-results"
            )
        )
    ] == [2, 2]


@pytest.mark.parametrize("instance", [b"\xb2", b"\xb9\xb2", b"1\xb3", b"9" * 5_000])
def test_an_instance_that_is_no_number(instance: bytes) -> None:
    """Python calls a superscript a digit."""
    raw = b"ARC-Authentication-Results: i=" + instance + b"; mx.example.com; spf=pass\r\n"
    field = Field("ARC-Authentication-Results", raw, Span(0, len(raw)))
    assert [one.result for one in read_results(field) if one.method == "spf"] == ["pass"]


def test_what_breaks_the_grammar_is_named() -> None:
    assert read_results(make(OUTLOOK))[0].defects == ("no_authserv_id",)
    assert read_results(make(EXCHANGE_FORWARDED))[0].defects == (
        "no_authserv_id",
        "stray_text:example.org",
        "stray_text:example.org",
    )


def test_a_span_holds_the_bytes_of_its_result(mail: Callable[..., Message]) -> None:
    data = f"To: x\r\nAuthentication-Results: {GMAIL}\r\n\r\n".encode()
    spans = [result.span for result in read_results(mail(data).fields[1])]
    assert [data[start:stop].split(b"=")[0] for start, stop in spans] == [b"dkim", b"spf", b"dmarc"]
    assert data[slice(*spans[0])].endswith(b"header.b=ehHYOeNl")


@pytest.mark.parametrize(
    ("text", "result", "writer", "address", "domain"),
    [
        (
            (
                "Pass (protection.outlook.com: domain of example.com designates 192.0.2.1 as "
                "permitted sender) receiver=protection.outlook.com; client-ip=192.0.2.1; helo=h; "
                "pr=C"
            ),
            "pass",
            "protection.outlook.com",
            "192.0.2.1",
            "example.com",
        ),
        (
            (
                "SoftFail (protection.outlook.com: domain of transitioning example.com "
                "discourages use of 192.0.2.1 as permitted sender)"
            ),
            "softfail",
            "protection.outlook.com",
            "192.0.2.1",
            "example.com",
        ),
        (
            (
                "pass (google.com: domain of jo@example.com designates 2001:db8::1 as permitted "
                "sender) client-ip=2001:db8::1;"
            ),
            "pass",
            "google.com",
            "2001:db8::1",
            "jo@example.com",
        ),
        (
            "none (domain of example.com does not designate permitted sender hosts)",
            "none",
            None,
            None,
            "example.com",
        ),
        (
            "pass client-ip=192.0.2.3; envelope-from=<jo@example.com>; helo=h.example",
            "pass",
            None,
            "192.0.2.3",
            "jo@example.com",
        ),
        ("this is none", None, None, None, None),
    ],
)
def test_received_spf_is_read(
    text: str, result: str | None, writer: str | None, address: str | None, domain: str | None
) -> None:
    read = read_received_spf(make(text, "Received-SPF"))
    assert (
        read.method,
        read.result,
        read.authserv_id,
        read.client_address,
        read.get("domain") or read.get("envelope-from"),
    ) == (
        "spf",
        result,
        writer,
        address,
        domain,
    )


PIECES = st.sampled_from(
    [
        "spf=pass",
        "dkim",
        "=",
        ";",
        "(",
        ")",
        '"',
        "\\",
        " ",
        "\r\n ",
        "none",
        "i=1",
        "x.example",
        "header.d=a",
        "é",
        "\0",
        "reason=",
        "/1",
        "=?",
        "?=",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_raises_and_spans_stay_inside(text: str) -> None:
    field = make(text)
    for result in (*read_results(field), read_received_spf(field)):
        assert field.span.start <= result.span.start <= result.span.stop <= field.span.stop


LONGER = "bank.example.evil.example"  # the sender's own domain: its beginning is another's
OWN = "; dkim=pass header.d=evil.example"


@pytest.mark.parametrize("size", [1_000, 2_000, 19_990, 20_000, 20_010, 50_000, 100_000])
@pytest.mark.parametrize(
    "end",
    [
        f"; dkim=pass header.d={LONGER}",
        f'; dkim=pass header.i="@{LONGER}"',
        f"; spf=pass smtp.mailfrom={LONGER}",
        "; dkim=pass (of ; dkim=pass header.d=bank.example ; of) header.d=evil.example",
        '; dkim=pass reason="; dkim=pass header.d=bank.example ;" header.d=evil.example',
    ],
)
def test_no_length_of_a_field_makes_another_domain_of_the_sender_s(end: str, size: int) -> None:
    """A sender signs as often as it likes: the receiver's field grows with that."""
    front = "mx.receiver.example" + OWN * ((size - 200) // len(OWN))
    for more in (0, 1, 2, 7, len(end) // 2, len(end) - 1):
        results = read_results(make(f"{front} ({'x' * (size - len(front) - more)}){end}"))
        named = {value.lstrip("@") for one in results for _, value in one.properties}
        assert named <= {"evil.example", LONGER}
        assert len(results) == front.count("dkim=") + 1


def test_a_field_that_a_limit_cuts_says_nothing(mail: Callable[..., Message]) -> None:
    for name, text in (
        ("Authentication-Results", "mx.receiver.example; dkim=pass header.d=bank.example"),
        ("Received-SPF", "pass (mx.receiver.example: domain of a@bank.example) client-ip=1.2.3.4"),
    ):
        field = f"{name}: {text}\r\n"
        whole = mail(f"{field}From: a@bank.example\r\n\r\n")
        assert any(one.result == "pass" for one in _told(whole))
        filler = "X-Filler: " + "x" * (MAX_HEADER_BYTES - len(field) - 20) + "\r\n"
        cut = mail(f"{filler}{field} (goes on\r\n" + " here\r\n" * 20)
        assert cut.fields[-1].name == name
        assert [(one.result, one.defects) for one in _told(cut)] == [(None, ("cut_short",))]


def _told(message: Message) -> list[AuthenticationResult]:
    return [*authentication_results(message), *received_spf(message)]


@pytest.mark.parametrize(
    "front", ["", "mx.a.example; dkim=pass header.d=a.example ", "pass (a: b) "]
)
@pytest.mark.parametrize(
    "piece",
    [
        *("(", "((()", "()", "a=()", '"', '"\\', "a=", "=", ";", "a=b ", "\\(", "=?", "x("),
        *("1 ", "1 (a) ", "a (b)(c)=d ", "a (b) ", "; a=b (c)"),
    ],
)
def test_time_grows_with_the_length_only(piece: str, front: str) -> None:
    field = make(front + piece * (200_000 // len(piece)))
    for read in (read_results, read_received_spf):
        start = time.process_time()
        read(field)
        assert time.process_time() - start < 2


def test_the_corpora_are_read(corpus_messages: Path) -> None:
    """Every results field of the corpora gives a method with a result, or says that
    nothing was checked."""
    fields = [
        field
        for line in (corpus_messages / "MANIFEST.tsv").read_text().splitlines()[1:]
        for field in header_fields((corpus_messages / line.split("\t")[0]).read_bytes())
    ]
    results = [read_results(field) for field in fields if field.key != "received-spf"]
    received = [read_received_spf(field) for field in fields if field.key == "received-spf"]
    assert (len(results), sum(all(one.result for one in some) for some in results)) == (5117, 5117)
    assert (len(received), sum(bool(one.result) for one in received)) == (1762, 1762)


def header_fields(data: bytes) -> list[Field]:
    if not any(
        mark in data[:200_000].lower() for mark in (b"authentication-results", b"received-spf")
    ):
        return []
    from firsthop.mail.read import read_mail
    from firsthop.mail.sources.raw import raw_mail

    return [
        f
        for f in read_mail(raw_mail(data, "x", "eml")).fields
        if f.key == "received-spf"
        or f.key.endswith("authentication-results")
        or f.key == "authentication-results-original"
    ]
