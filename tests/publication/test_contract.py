"""The JSON contract: the seven excerpts of 2014 with every value, the keys in their
order, and text that no strict JSON can hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firsthop.case_file import Asserted, CaseFile
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes, read_sources
from firsthop.publication.json.message import (
    examine_object,
    item_text,
    json_line,
    json_text,
    json_texts,
    trace_object,
)
from firsthop.settings import OwnServers, own_servers

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "libero-2014" / "headers.txt"

# helo, client_name, client_address, by, mta, protocol, authenticated, queue_id, utc,
# message_id (its value or its state); "-" is null
EXPECTED = """
7cho-me.com  85.65.59.147.dynamic.barak-online.net  85.65.59.147  r3.kawaz.jp  Postfix  ESMTPA  True  19E99E83CED1  2014-05-17T12:59:37Z  6b2daac63ab3e8955fa9b2ddd3a1b768@7cho-me.com
7cho-me.com  unknown  112.171.218.7  r3.kawaz.jp  Postfix  ESMTPA  True  E9C16C5BEF1E  2014-05-29T23:17:15Z  2eb8469b285a8b6a9e0c185bfca62cd7@7cho-me.com
tafner.com.br  unknown  113.16.185.65  servidor.tafner.com.br  Postfix  ESMTPA  True  7B796208985  2014-05-29T04:07:31Z  absent
7cho-me.com  unknown  178.88.90.195  r3.kawaz.jp  Postfix  ESMTPA  True  69F40C5BF190  2014-05-30T02:40:53Z  value_lost
gmo-seo.jp  unknown  178.122.55.251  gmotech.jp  Postfix  ESMTP  False  7E0971188406  2014-05-29T14:18:38Z  absent
mustlovewine.com  -  109.86.164.213  server1.commentspot.net  Exim 4.67  esmtpa  True  1WqABD-0000h0-0r  2014-05-29T23:56:15Z  value_lost
weissy.com  frequenciless-standing.volia.net  93.73.165.90  websitetickets.com  Postfix  ESMTPA  True  34CA41DB2614  2014-05-29T16:22:35Z  value_lost
""".strip().splitlines()  # noqa: E501 - as it is written
DECODED = [
    (106137, 243519185),
    (957462, 207351582),
    (505750, 2132357),
    (433984, 207352208),
    (516247, 18383878),
    None,
    (216228, 31139348),
]


def read(data: bytes, own: OwnServers | None = None) -> dict[str, Any]:
    """What the contract says of one message's bytes, through JSON and back."""
    mail = next(one for one in read_bytes(data, "test.eml") if isinstance(one, RawMail))
    return strict(json_line(trace_object(establish(read_mail(mail), own or OwnServers()))))


def strict(line: str) -> dict[str, Any]:
    """A line of JSON as a reader takes it that allows nothing beyond RFC 8259, and no
    lone surrogate."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    assert "\n" not in line
    assert line.isascii()
    value: dict[str, Any] = json.loads(line, parse_constant=refuse)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


@pytest.mark.parametrize("before", ["", "a", "\ud83d\ude00", "\\"])
@pytest.mark.parametrize("behind", ["", "a", "\ud83d\ude00"])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\ud83d\ude00", "\U0001f600"),
        ("\ud83d", "\\ud83d"),
        ("\ude00", "\\ude00"),
        ("\ude00\ud83d", "\\ude00\\ud83d"),
        ("\ud83dx\ude00", "\\ud83dx\\ude00"),
    ],
)
def test_a_lone_surrogate_is_shown(text: str, shown: str, before: str, behind: str) -> None:
    told = json.loads(json_line([before + text + behind]))[0]
    assert shown in told
    told.encode("utf-8")


@pytest.fixture(scope="module")
def excerpts() -> list[dict[str, Any]]:
    mails = [mail for mail in read_sources([EXAMPLE]) if isinstance(mail, RawMail)]
    return [
        strict(json_line(trace_object(establish(read_mail(mail), OwnServers())))) for mail in mails
    ]


def test_the_seven_excerpts_have_every_value(excerpts: list[dict[str, Any]]) -> None:
    assert [
        "  ".join("-" if value is None else str(value) for value in values(message))
        for message in excerpts
    ] == EXPECTED


def values(message: dict[str, Any]) -> list[Any]:
    """The values of a message of one hop, in the columns of EXPECTED."""
    (hop,) = message["hops"]
    mta = " ".join(part for part in hop["mta"].values() if part)
    seen = [hop[key] for key in ("helo", "client_name", "client_address", "by")]
    claimed = message["message_id"]["value"] or message["message_id"]["state"]
    return [
        *seen,
        mta,
        hop["protocol"],
        hop["authenticated"],
        hop["queue_id"],
        hop["stamp"]["utc"],
        claimed,
    ]


def test_the_queue_ids_are_decoded(excerpts: list[dict[str, Any]]) -> None:
    decoded = [message["hops"][0]["queue_id_decoded"] for message in excerpts]
    assert [
        (d["microseconds"], d["inode"]) if d["scheme"] == "postfix_short" else None for d in decoded
    ] == DECODED
    assert decoded[5] == {
        "scheme": "exim",
        "time": "2014-05-29T23:56:15Z",
        "microseconds": 26500,
        "inode": None,
        "pid": 2666,
        "possible": True,
    }


def test_absent_and_lost_are_two_things(excerpts: list[dict[str, Any]]) -> None:
    assert [message["value_lost"] for message in excerpts] == [
        [],
        [],
        [],
        ["message_id"],
        [],
        ["message_id"],
        ["message_id"],
    ]
    sixth = excerpts[5]["hops"][0]
    assert (sixth["reverse_path"], sixth["value_lost"]) == (None, ["reverse_path"])
    assert "duplicated_token" in sixth["repairs"]
    assert "109.86.164.213109.86.164.213" in sixth["raw"]


def test_an_excerpt_says_that_it_is_one(excerpts: list[dict[str, Any]]) -> None:
    assert {message["source"]["evidence"] for message in excerpts} == {"publication"}
    assert {message["boundary"]["position"] for message in excerpts} == {None}


def test_keys_keep_their_order(excerpts: list[dict[str, Any]]) -> None:
    assert list(excerpts[0]) == [
        "source",
        "message_id",
        "from",
        "authorship",
        "subject",
        "date",
        "mailer",
        "hops",
        "waypoints",
        "boundary",
        "defects",
        "value_lost",
        "identities",
        "service_accounts",
    ]
    keys = (
        "position helo client_name client_name_verified client_address client_port by by_address "
        "mta protocol authenticated auth_mechanism auth_identity"
    )
    keys += (
        " tls queue_id queue_id_decoded reverse_path forward_path ident via orcpt stamp dialect "
        "kind trust repairs value_lost unread notes span raw"
    )
    assert list(excerpts[0]["hops"][0]) == keys.split()


MESSAGE = b"""\
Received: from mail.example.net (mail.example.net [192.0.2.7])
\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))
\tby mx.example.com (Postfix) with ESMTPS id 4F2A91C0D3
\tfor <anna@example.com>; Thu, 29 May 2014 14:18:38 +0200 (CEST)
From: "Rossi, Mario" <Mario@Example.org>
Subject: =?utf-8?q?Citt=C3=A0?=
Message-ID: <abc@example.org>
Date: Thu, 29 May 2014 14:18:30 +0200

body
"""


def test_a_whole_message() -> None:
    told = read(MESSAGE, own_servers(["mx.example.com"]))
    assert told["from"] == {
        "address": "Mario@Example.org",
        "display_name": "Rossi, Mario",
        "value_lost": [],
    }
    assert (told["subject"], told["message_id"]) == (
        "Città",
        {"value": "abc@example.org", "state": "present"},
    )
    assert (told["date"]["utc"], told["date"]["offset"]) == ("2014-05-29T12:18:30Z", "+0200")
    (hop,) = told["hops"]
    assert hop["tls"] == {"version": "TLSv1.2", "cipher": "ECDHE-RSA-AES256-GCM-SHA384"}
    assert (hop["trust"], hop["forward_path"], hop["authenticated"]) == (
        "handover",
        "anna@example.com",
        False,
    )
    assert told["boundary"]["position"] == 1
    assert MESSAGE[slice(*hop["span"])].startswith(b"Received: from mail")


def test_a_date_that_is_no_time_keeps_its_text() -> None:
    date = read(MESSAGE.replace(b"Thu, 29 May 2014 14:18:30 +0200", b"yesterday"))["date"]
    assert (date["raw"], date["utc"], date["defects"]) == ("yesterday", None, ["unreadable"])


SUBJECTS = [
    b"\x1b]0;owned\x07 \x9b31m",
    "\u202egnp.exe".encode(),
    b"=?utf-7?q?+2AA-?=",
    b"=?raw_unicode_escape?q?=5Cud800?=",
    b"\xff\xfe\x00",
    b"a\x00b",
]
QUEUE_IDS = ["zzzzzz-zzzzzzzzzzz-zzzz", "3yZ0k46bdWz" + "9" * 9_000, "FFFFF" + "F" * 16]
TEXTS = [b"\xff\xfe\x00\x1b]0;x\x07", "\u202e".encode(), b"=?utf-7?q?+2AA-?="]


def with_subject(subject: bytes) -> bytes:
    return MESSAGE.replace(b"=?utf-8?q?Citt=C3=A0?=", subject)


def with_queue_id(queue_id: str, mta: bytes) -> bytes:
    return MESSAGE.replace(b"4F2A91C0D3", queue_id.encode()).replace(b"Postfix", mta)


def with_results(text: bytes) -> bytes:
    """The message with `text` wherever a field of authentication has some."""
    line = b"%s: %s; dkim=%s header.d=%s (%s)\n"
    names = (b"Authentication-Results", b"Received-SPF")
    hostile = b"".join(line % (name, text, text, text, text) for name in names)
    hostile += b"DKIM-Signature: v=1; a=%s; d=%s; s=%s; i=%s; bh=%s; b=%s; h=%s\n" % ((text,) * 7)
    return hostile + MESSAGE


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_text_breaks_the_json(subject: bytes) -> None:
    told = read(with_subject(subject))
    assert isinstance(told["subject"], str)


@pytest.mark.parametrize("queue_id", QUEUE_IDS)
def test_an_invented_queue_id_gives_no_number_beyond_64_bits(queue_id: str) -> None:
    for mta in (b"Postfix", b"Exim 4.99"):
        decoded = read(with_queue_id(queue_id, mta))["hops"][0]["queue_id_decoded"] or {}
        assert all(value < 2**63 for value in decoded.values() if isinstance(value, int))


def test_findings_point_at_bytes_and_verdicts_at_findings() -> None:
    first = next(iter(read_sources([EXAMPLE])))
    assert isinstance(first, RawMail)
    case_file = CaseFile(
        asserted=(Asserted("x_mailer", "Microsoft Windows Live Mail 16.4.3522.110", "a bulletin"),)
    )
    told = strict(
        json_line(examine_object(examine(establish(read_mail(first), OwnServers()), case_file)))
    )
    mailer = next(
        finding for finding in told["findings"] if finding["check"] == "mailer_message_id"
    )
    assert list(mailer) == ["check", "outcome", "strength", "says", "fields"]
    assert list(mailer["strength"]) == ["likelihood_ratio", "bits", "base_rate"]
    assert {len(mailer["strength"]["base_rate"][side]) for side in ("holds", "fails")} == {2}
    asserted, shown = mailer["fields"]
    assert (asserted["asserted"], asserted["span"]) == (True, None)
    assert first.data[slice(*shown["span"])].startswith(b"Message-ID:")
    assert {verdict["question"]: verdict["answer"] for verdict in told["verdicts"]} == {
        "sender": "insufficient",
        "mailer": "contradicted",
    }
    assert "mailer_message_id" in next(
        verdict["because"] for verdict in told["verdicts"] if verdict["question"] == "mailer"
    )


KEYS = {
    "authentication": "judged_at results dkim arc spf dmarc vouching",
    "results": "method result reason properties comment authserv_id instance inside "
    "defects field span",
    "dkim": "outcome reason says domain selector identity algorithm signed_at expires body as_of "
    "notes field span covers repairs",
    "covers": "whole open from_fields signed_from author_signed unsigned added octets_beyond age",
    "arc": "status reason says oldest_pass as_of errors sets",
    "spf": "result says domain identity term explanation as_of trace",
    "dmarc": "result says author_domain rules policy policy_domain record as_of alignments",
    "alignments": "mechanism domain aligned strict organization says",
    "sets": "instance domain selector cv span",
    "vouching": "domain vouchers refusal looked gateway changed rebuilt",
    "vouchers": "mechanism domain checked open",
}
ARC = b"""\
ARC-Seal: i=1; a=rsa-sha256; t=99999999999999999999; cv=none; d=list.example; s=s; b=AAAA
ARC-Message-Signature: i=1; a=rsa-sha256; d=list.example; s=s; h=from; bh=AAAA; b=AAAA
ARC-Authentication-Results: i=1; list.example; dkim=pass header.d=example.org
Authentication-Results: mx.example.com; spf=pass (it is \xff) smtp.mailfrom=mario@example.org;
 dkim=pass reason="good" header.d=example.org header.b=a header.b=b
"""
SIGNATURE = (
    b"DKIM-Signature: v=1; a=rsa-sha256; t=99999999999999999999; c=relaxed; d=Example.org; s=s; "
    b"h=from; bh=AAAA; b=AAAA\n"
)
RECORDS: dict[str, dict[str, list[str] | str]] = {
    "example.org": {"TXT": ["v=spf1 ip4:192.0.2.7 -all"]},
    "_dmarc.example.org": {"TXT": ["v=DMARC1; p=reject"]},
}


def signed() -> bytes:
    """The message with ARC, results and a signature, each with a time that no mail can
    have."""
    signature = SIGNATURE + b"Return-Path: <mario@example.org>\nFrom:"
    return ARC + MESSAGE.replace(b"From:", signature, 1)


def judged(data: bytes, store: DnsStore | None = None) -> dict[str, Any]:
    """What `examine --json` says of one message of mx.example.com's mail."""
    own = own_servers(["mx.example.com"])
    mail = next(one for one in read_bytes(data, "test.eml") if isinstance(one, RawMail))
    return strict(
        json_line(
            examine_object(
                examine(
                    establish(read_mail(mail), own, store or DnsStore()),
                    CaseFile(),
                )
            )
        )
    )


def keys(value: dict[str, Any]) -> str:
    return " ".join(value)


def test_what_vouches_has_its_keys_in_order() -> None:
    day = 1_401_365_918
    data = signed()
    told = judged(data, store_of(RECORDS, day, "test"))
    assert list(told)[-4:] == ["authentication", "indirect", "findings", "verdicts"]
    found = told["authentication"]
    assert keys(found) == KEYS["authentication"]
    for part in ("results", "dkim"):
        assert {keys(one) for one in found[part]} == {KEYS[part]}
    for part in ("arc", "spf", "dmarc", "vouching"):
        assert keys(found[part]) == KEYS[part]
    assert {keys(one) for one in found["dmarc"]["alignments"]} == {KEYS["alignments"]}
    assert {keys(one) for one in found["arc"]["sets"]} == {KEYS["sets"]}
    assert {keys(one) for one in found["spf"]["trace"]} == {"depth domain term says"}
    assert {keys(one["covers"]) for one in found["dkim"]} == {KEYS["covers"]}
    assert {keys(one) for one in found["vouching"]["vouchers"]} == {KEYS["vouchers"]}


def test_the_boundary_and_the_verdicts_have_their_keys_in_order() -> None:
    told = judged(MESSAGE)
    assert keys(told["boundary"]) == "position reason basis receiver receiver_key"
    assert keys(told["authorship"]) == "why single authors defects shown"
    assert [keys(one) for one in told["verdicts"]] == [
        "question answer because reason rests_on",
        "question answer because",
    ]


def test_what_vouches_has_its_values() -> None:
    day = 1_401_365_918
    data = signed()
    found = judged(data, store_of(RECORDS, day, "test"))["authentication"]
    assert (found["judged_at"], found["spf"]["result"], found["spf"]["as_of"]) == (
        "2014-05-29T12:18:38Z",
        "pass",
        "2014-05-29T12:18:38Z",
    )
    assert (found["dmarc"]["result"], found["dmarc"]["policy"], found["dmarc"]["record"]) == (
        "pass",
        "reject",
        "v=DMARC1; p=reject",
    )
    assert (found["arc"]["status"], found["arc"]["sets"][0]["domain"]) == ("fail", "list.example")
    (signature,) = found["dkim"]
    assert (signature["domain"], signature["signed_at"], signature["body"]) == (
        "example.org",
        None,
        "differs",
    )
    assert data[slice(*signature["span"])] == SIGNATURE
    believed = [one for one in found["results"] if one["inside"]]
    assert [(one["method"], one["result"], one["authserv_id"]) for one in believed] == [
        ("spf", "pass", "mx.example.com"),
        ("dkim", "pass", "mx.example.com"),
    ]
    assert believed[1]["reason"] == "good"
    assert [pair["value"] for pair in believed[1]["properties"] if pair["name"] == "header.b"] == [
        "a",
        "b",
    ]


def test_without_dns_every_check_says_that_it_could_not_look(
    excerpts: list[dict[str, Any]],
) -> None:
    first = next(iter(read_sources([EXAMPLE])))
    assert isinstance(first, RawMail)
    told = strict(
        json_line(examine_object(examine(establish(read_mail(first), OwnServers()), CaseFile())))
    )
    assert (told["authentication"]["spf"]["result"], told["indirect"]) == ("not_checkable", [])
    assert "authentication" not in excerpts[0]


def test_every_identity_with_its_bytes() -> None:
    data = (
        MESSAGE.replace(
            b"From:",
            b"Reply-To: x <a@b.example>, c@d.example\nList-Id: the list <l.example.net>\nFrom:",
            1,
        )
        + b"\n"
    )
    told = judged(data)
    seen = [
        (one["role"], one["address"], one["domain"], one["display_name"])
        for one in told["identities"]
    ]
    assert seen == [
        ("reply_to", "a@b.example", "b.example", "x"),
        ("reply_to", "c@d.example", "d.example", None),
        ("list_id", None, "l.example.net", None),
        ("author", "Mario@Example.org", "example.org", "Rossi, Mario"),
        ("message_id", None, "example.org", None),
        ("helo", None, "mail.example.net", None),
    ]
    assert all(
        data[slice(*one["span"])].lower().startswith(one["field"].lower().encode())
        for one in told["identities"]
    )
    (sign,) = told["indirect"]
    assert (list(sign), sign["flow"], sign["field"]) == (
        ["flow", "says", "field", "span", "hosts", "on_path", "claimed"],
        "list",
        "List-Id",
    )


@pytest.mark.parametrize("text", TEXTS)
def test_no_field_of_authentication_breaks_the_json(text: bytes) -> None:
    judged(with_results(text))


@pytest.mark.parametrize(
    "values", [[], [{}], [{"a": [1, {"b": None}], "\udc80": "\ud800"}, [], "x\ny"]]
)
def test_a_list_piece_by_piece_is_the_same_text(values: list[object]) -> None:
    assert "".join(json_texts(map(item_text, values))) == json_text(values)
