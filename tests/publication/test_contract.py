"""The JSON contract: the seven excerpts of 2014 with every value, the keys in their order, and text that no strict JSON can hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firsthop.evidence.facts import establish
from firsthop.judgement.brief import Asserted, Brief
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes, read_sources
from firsthop.publication.contract import examine_object, json_line, trace_object
from firsthop.settings import OwnServers, own_servers

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "libero-2014" / "headers.txt"

# helo, client_name, client_address, by, mta, protocol, authenticated, queue_id, utc, message_id (its value or its state); "-" is null
EXPECTED = """
7cho-me.com  85.65.59.147.dynamic.barak-online.net  85.65.59.147  r3.kawaz.jp  Postfix  ESMTPA  True  19E99E83CED1  2014-05-17T12:59:37Z  6b2daac63ab3e8955fa9b2ddd3a1b768@7cho-me.com
7cho-me.com  unknown  112.171.218.7  r3.kawaz.jp  Postfix  ESMTPA  True  E9C16C5BEF1E  2014-05-29T23:17:15Z  2eb8469b285a8b6a9e0c185bfca62cd7@7cho-me.com
tafner.com.br  unknown  113.16.185.65  servidor.tafner.com.br  Postfix  ESMTPA  True  7B796208985  2014-05-29T04:07:31Z  absent
7cho-me.com  unknown  178.88.90.195  r3.kawaz.jp  Postfix  ESMTPA  True  69F40C5BF190  2014-05-30T02:40:53Z  value_lost
gmo-seo.jp  unknown  178.122.55.251  gmotech.jp  Postfix  ESMTP  False  7E0971188406  2014-05-29T14:18:38Z  absent
mustlovewine.com  -  109.86.164.213  server1.commentspot.net  Exim 4.67  esmtpa  True  1WqABD-0000h0-0r  2014-05-29T23:56:15Z  value_lost
weissy.com  frequenciless-standing.volia.net  93.73.165.90  websitetickets.com  Postfix  ESMTPA  True  34CA41DB2614  2014-05-29T16:22:35Z  value_lost
""".strip().splitlines()  # noqa: E501
DECODED = [(106137, 243519185), (957462, 207351582), (505750, 2132357), (433984, 207352208), (516247, 18383878), None, (216228, 31139348)]


def read(data: bytes, own: OwnServers | None = None) -> dict[str, Any]:
    """What the contract says of one message's bytes, through JSON and back."""
    mail = next(one for one in read_bytes(data, "test.eml") if isinstance(one, RawMail))
    return strict(json_line(trace_object(establish(read_mail(mail), own or OwnServers()))))


def strict(line: str) -> dict[str, Any]:
    """A line of JSON as a reader takes it that allows nothing beyond RFC 8259, and no lone surrogate."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    assert "\n" not in line
    assert line.isascii()
    value: dict[str, Any] = json.loads(line, parse_constant=refuse)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


@pytest.fixture(scope="module")
def excerpts() -> list[dict[str, Any]]:
    mails = [mail for mail in read_sources([EXAMPLE]) if isinstance(mail, RawMail)]
    return [strict(json_line(trace_object(establish(read_mail(mail), OwnServers())))) for mail in mails]


def test_the_seven_excerpts_have_every_value(excerpts: list[dict[str, Any]]) -> None:
    assert ["  ".join("-" if value is None else str(value) for value in values(message)) for message in excerpts] == EXPECTED


def values(message: dict[str, Any]) -> list[Any]:
    """The values of a message of one hop, in the columns of EXPECTED."""
    (hop,) = message["hops"]
    mta = " ".join(part for part in hop["mta"].values() if part)
    seen = [hop[key] for key in ("helo", "client_name", "client_address", "by")]
    claimed = message["message_id"]["value"] or message["message_id"]["state"]
    return [*seen, mta, hop["protocol"], hop["authenticated"], hop["queue_id"], hop["stamp"]["utc"], claimed]


def test_the_queue_ids_are_decoded(excerpts: list[dict[str, Any]]) -> None:
    decoded = [message["hops"][0]["queue_id_decoded"] for message in excerpts]
    assert [(d["microseconds"], d["inode"]) if d["scheme"] == "postfix_short" else None for d in decoded] == DECODED
    assert decoded[5] == {"scheme": "exim", "time": "2014-05-29T23:56:15Z", "microseconds": 26500, "inode": None, "pid": 2666, "possible": True}


def test_absent_and_lost_are_two_things(excerpts: list[dict[str, Any]]) -> None:
    assert [message["value_lost"] for message in excerpts] == [[], [], [], ["message_id"], [], ["message_id"], ["message_id"]]
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
        "subject",
        "date",
        "mailer",
        "hops",
        "waypoints",
        "boundary",
        "defects",
        "value_lost",
    ]
    keys = "position helo client_name client_name_verified client_address client_port by by_address mta protocol authenticated auth_mechanism auth_identity"
    keys += (
        " tls queue_id queue_id_decoded reverse_path forward_path ident via orcpt stamp dialect kind trust repairs value_lost unread notes span raw"
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
    assert told["from"] == {"address": "Mario@Example.org", "display_name": "Rossi, Mario", "value_lost": []}
    assert (told["subject"], told["message_id"]) == ("Città", {"value": "abc@example.org", "state": "present"})
    assert (told["date"]["utc"], told["date"]["offset"]) == ("2014-05-29T12:18:30Z", "+0200")
    (hop,) = told["hops"]
    assert hop["tls"] == {"version": "TLSv1.2", "cipher": "ECDHE-RSA-AES256-GCM-SHA384"}
    assert (hop["trust"], hop["forward_path"], hop["authenticated"]) == ("handover", "anna@example.com", False)
    assert told["boundary"]["position"] == 1
    assert MESSAGE[slice(*hop["span"])].startswith(b"Received: from mail")


def test_a_date_that_is_no_time_keeps_its_text() -> None:
    date = read(MESSAGE.replace(b"Thu, 29 May 2014 14:18:30 +0200", b"yesterday"))["date"]
    assert (date["raw"], date["utc"], date["defects"]) == ("yesterday", None, ["unreadable"])


@pytest.mark.parametrize(
    "subject",
    [b"\x1b]0;owned\x07 \x9b31m", "\u202egnp.exe".encode(), b"=?utf-7?q?+2AA-?=", b"=?raw_unicode_escape?q?=5Cud800?=", b"\xff\xfe\x00", b"a\x00b"],
)
def test_no_text_breaks_the_json(subject: bytes) -> None:
    told = read(MESSAGE.replace(b"=?utf-8?q?Citt=C3=A0?=", subject))
    assert isinstance(told["subject"], str)


@pytest.mark.parametrize("queue_id", ["zzzzzz-zzzzzzzzzzz-zzzz", "3yZ0k46bdWz" + "9" * 9_000, "FFFFF" + "F" * 16])
def test_an_invented_queue_id_gives_no_number_beyond_64_bits(queue_id: str) -> None:
    for mta in (b"Postfix", b"Exim 4.99"):
        line = MESSAGE.replace(b"4F2A91C0D3", queue_id.encode()).replace(b"Postfix", mta)
        decoded = read(line)["hops"][0]["queue_id_decoded"] or {}
        assert all(value < 2**63 for value in decoded.values() if isinstance(value, int))


def test_findings_point_at_bytes_and_verdicts_at_findings() -> None:
    first = next(iter(read_sources([EXAMPLE])))
    assert isinstance(first, RawMail)
    brief = Brief(asserted=(Asserted("x_mailer", "Microsoft Windows Live Mail 16.4.3522.110", "a bulletin"),))
    told = strict(json_line(examine_object(examine(establish(read_mail(first), OwnServers()), brief))))
    mailer = next(finding for finding in told["findings"] if finding["check"] == "mailer_message_id")
    assert list(mailer) == ["check", "outcome", "strength", "says", "fields"]
    assert list(mailer["strength"]) == ["likelihood_ratio", "bits", "base_rate"]
    assert {len(mailer["strength"]["base_rate"][side]) for side in ("holds", "fails")} == {2}
    asserted, shown = mailer["fields"]
    assert (asserted["asserted"], asserted["span"]) == (True, None)
    assert first.data[slice(*shown["span"])].startswith(b"Message-ID:")
    assert {verdict["question"]: verdict["answer"] for verdict in told["verdicts"]} == {"sender": "insufficient", "mailer": "contradicted"}
    assert "mailer_message_id" in next(verdict["because"] for verdict in told["verdicts"] if verdict["question"] == "mailer")
