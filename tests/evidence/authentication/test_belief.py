"""Which results are believed: by the name they bear and the place they stand in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firsthop.evidence.authentication.trusted_results import MAX_RESULTS, weigh_results
from firsthop.evidence.path.path import trace_path
from firsthop.mail.message import Message
from firsthop.settings import OwnServers, own_servers

INNER = (
    "Received: from mx.example.org (mx.example.org [192.0.2.10]) by store.example.org (Postfix) "
    "with ESMTP id 1; Sat, 17 May 2014 12:00:02 +0000\n"
)
BORDER = (
    "Received: from h.evil.example (h.evil.example [203.0.113.5]) by mx.example.org (Postfix) "
    "with ESMTP id 2; Sat, 17 May 2014 12:00:01 +0000\n"
)
GMAIL = (
    "Received: from h.evil.example (h.evil.example. [203.0.113.5])\n        by mx.google.com "
    "with ESMTPS id a1si1234567qkb.1.2014.05.17.05.00.01\n"
    "        for <jo@gmail.com>;\n        Sat, 17 May 2014 05:00:01 -0700 (PDT)\n"
)
CLAIMED = (
    "Received: from a.example ([198.51.100.7]) by h.evil.example with SMTP id 3; Sat, 17 May "
    "2014 12:00:00 +0000\n"
)
RETURNED = (
    "Received: from a.example ([198.51.100.7]) by mx.example.org (Postfix) with ESMTP id 4; Sat, "
    "17 May 2014 11:00:00 +0000\n"
)
PROTON = (
    "Received: from h.evil.example (h.evil.example [203.0.113.5]) by mailin1.protonmail.ch "
    "(Postfix) with ESMTPS id 5; Sat, 17 May 2014 12:00:01 +0000\n"
)
OURS = "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a.example\n"
AGAIN = "Authentication-Results: mx.example.org; dkim=pass header.d=a.example\n"
OTHERWISE = "Authentication-Results: mx.example.org; spf=fail smtp.mailfrom=a.example\n"
THEIRS = "Authentication-Results: mx.evil.example; spf=pass smtp.mailfrom=a.example\n"
NAMELESS = "Authentication-Results: spf=pass (sender IP is 203.0.113.5) smtp.mailfrom=a.example\n"
OF_GOOGLE = "Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=a.example\n"
OF_PROTON = "Authentication-Results: mail.protonmail.ch; spf=pass smtp.mailfrom=a.example\n"
RECEIVED_SPF = (
    "Received-SPF: pass (mx.example.org: domain of a.example designates 203.0.113.5 as permitted "
    "sender) receiver=mx.example.org; client-ip=203.0.113.5\n"
)
BY_NAME = own_servers([".example.org"])
BY_ID = own_servers([".example.org"], ["mx.example.org"])
FORGED, RETURN, PLACE = "forged_authserv_id", "returned_authserv_id", "place_of_sender_and_server"


@pytest.mark.parametrize(
    ("own", "header", "expected"),
    [
        (OwnServers(), OURS + BORDER, [(None, "")]),
        (BY_NAME, OURS + BORDER + CLAIMED, [(True, "")]),
        (BY_NAME, INNER + OURS + BORDER, [(True, "")]),
        (BY_NAME, OURS + AGAIN + RECEIVED_SPF + BORDER, [(True, ""), (True, ""), (True, "")]),
        (BY_NAME, NAMELESS + BORDER, [(True, "")]),
        (BY_NAME, THEIRS + BORDER, [(False, "")]),
        (BY_NAME, BORDER + OURS, [(None, PLACE)]),
        (BY_ID, BORDER + OURS + AGAIN, [(True, ""), (True, "")]),
        (BY_ID, BORDER + OURS + OTHERWISE, [(True, ""), (False, FORGED)]),
        (BY_ID, OURS + BORDER + OTHERWISE, [(True, ""), (False, FORGED)]),
        (BY_NAME, BORDER + NAMELESS, [(False, "")]),
        (BY_NAME, BORDER + THEIRS, [(False, "")]),
        (BY_NAME, BORDER + CLAIMED + OURS, [(False, FORGED)]),
        (BY_ID, BORDER + CLAIMED + OURS, [(False, FORGED)]),
        (BY_ID, BORDER + CLAIMED + RECEIVED_SPF, [(False, FORGED)]),
        (BY_ID, BORDER + CLAIMED + OURS + RETURNED, [(False, RETURN)]),
        (own_servers(["mx.google.com"]), GMAIL + OF_GOOGLE, [(True, "")]),
        (own_servers(["mx.google.com"]), GMAIL + CLAIMED + OF_GOOGLE, [(False, FORGED)]),
        (
            own_servers([".protonmail.ch"], ["mail.protonmail.ch"]),
            PROTON + CLAIMED + OF_PROTON,
            [(True, "")],
        ),
        (own_servers([".protonmail.ch"]), PROTON + CLAIMED + OF_PROTON, [(None, PLACE)]),
    ],
)
def test_name_and_place_decide(
    mail: Callable[..., Message],
    own: OwnServers,
    header: str,
    expected: list[tuple[bool | None, str]],
) -> None:
    message = mail(header + "From: a@a.example\n\n")
    weighed = weigh_results(message, trace_path(message, own))
    named = [
        next((defect for defect in result.defects if defect in (FORGED, RETURN, PLACE)), "")
        for result in weighed
    ]
    assert [(result.inside, name) for result, name in zip(weighed, named, strict=True)] == expected


def test_two_signatures_of_one_domain_do_not_contradict_each_other(
    mail: Callable[..., Message],
) -> None:
    one = (
        "Authentication-Results: mx.example.org; dkim=pass header.d=a.example header.s=a "
        "header.b=x\n"
    )
    two = (
        "Authentication-Results: mx.example.org; dkim=fail header.d=a.example header.s=b "
        "header.b=y\n"
    )
    message = mail(BORDER + one + two + "From: a@a.example\n\n")
    assert [result.inside for result in weigh_results(message, trace_path(message, BY_ID))] == [
        True,
        True,
    ]


WORDS = "words_of_the_client"
PATH = '"a) header.d=bank.example; dkim=pass header.d=bank.example (x"'
PRINTED = PATH.replace('"', "")


@pytest.mark.parametrize(
    ("written", "results", "believed"),
    [
        # what the writer printed of the client as it came
        (f"Return-Path: <{PATH}@evil.example>\n", f"spf=pass (of {PRINTED}@evil.example)", False),
        (f"Return-Path: <{PATH}@evil.example>\n", f"spf=pass smtp.helo={PRINTED}", False),
        ("", f"spf=pass (of {PATH}@evil.example)", False),
        ("", 'spf=pass (of "a) smtp.mailfrom=i@bank.example (x"@evil.example designates)', False),
        ("", 'dkim=pass (of "a) header.d=bank.example (x"@evil.example)', False),
        ("", r'dkim=pass (of "a\" ) header.d=bank.example (x\""@evil.example)', False),
        (
            "DKIM-Signature: v=1; i=a=29=20header.d=3Dbank.example=3B=28@evil.example; b=x\n",
            "dkim=pass (of a) header.d=bank.example;(@evil.example)",
            False,
        ),
        # what contradicts itself
        ("", "dkim=pass header.d=bank.example; dmarc=fail header.from=bank.example", False),
        ("", "dkim=pass header.i=@bank.example; dmarc=fail header.from=bank.example", False),
        ("", "spf=pass smtp.mailfrom=a@bank.example; dmarc=fail header.from=bank.example", False),
        ("", "dmarc=pass header.from=bank.example; dmarc=fail header.from=bank.example", False),
        # what honest servers write of honest clients, and of odd ones
        ("", "dkim=pass header.d=bank.example; dmarc=pass header.from=bank.example", True),
        ("", "dkim=pass header.d=bank.example; dmarc=fail header.from=other.example", True),
        ("", 'spf=pass (domain of "jo x"@bank.example) smtp.mailfrom="jo x"@bank.example', True),
        (
            'Return-Path: <"jo (x); y"@bank.example>\n',
            'spf=pass smtp.mailfrom="jo (x); y"@bank.example',
            True,
        ),
        (
            "Return-Path: <prvs=1=jo@bank.example>\n",
            "spf=pass (client-ip=192.0.2.1; envelope-from=prvs=1=jo@bank.example)",
            True,
        ),
        (f"Return-Path: <{PATH}@evil.example>\n", "dkim=pass header.d=bank.example", True),
    ],
)
def test_no_pass_is_believed_that_a_client_may_have_written(
    mail: Callable[..., Message], written: str, results: str, believed: bool
) -> None:
    field = f"Authentication-Results: mx.example.org; {results}\n"
    message = mail(f"{field}{BORDER}{written}From: a@bank.example\n\n")
    weighed = weigh_results(message, trace_path(message, BY_NAME))
    passes = [one for one in weighed if one.result == "pass"]
    assert passes
    assert {bool(one.inside) for one in passes} == {believed}
    assert {WORDS in one.defects for one in passes} == {not believed}
    assert all(one.inside for one in weighed if one.result != "pass")


def test_a_sender_drives_no_result_of_the_receiver_out(mail: Callable[..., Message]) -> None:
    """Neither by fields below the hand-over line nor by signing often."""
    signed = "; ".join(["dkim=pass header.d=evil.example"] * (MAX_RESULTS + 1))
    ours = f"Authentication-Results: mx.example.org; {signed}; dmarc=fail header.from=a.example\n"
    theirs = f"Authentication-Results: mx.evil.example; {signed}\n" * 3
    message = mail(f"{ours}{RECEIVED_SPF}{BORDER}{theirs}From: a@a.example\n\n")
    weighed = weigh_results(message, trace_path(message, BY_NAME))
    told = [(one.method, one.result) for one in weighed if one.inside]
    assert ("dmarc", "fail") in told
    assert ("spf", "pass") in told
    assert len(weighed) <= MAX_RESULTS
