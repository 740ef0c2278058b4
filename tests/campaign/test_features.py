"""What counts as the sender's, how it is told, and that every family is explained."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.features import FAMILIES, VIEWS, features_of
from firsthop.campaign.features.record import feature_hash, feature_rows
from firsthop.campaign.features.shapes import affixes, repetition, shape, template
from firsthop.settings import OwnServers
from tests.campaign.messages import OWN, facts_of, values

DIRECT = b"""Received: from relay.sender.example (relay.sender.example [203.0.113.9])
\tby mx1.reader.example (Postfix) with ESMTP id 1; Mon, 6 Jan 2025 10:00:02 +0100
Received: from pc.home (unknown [198.51.100.7])
\tby relay.sender.example (Postfix) with ESMTPSA id 2; Mon, 6 Jan 2025 09:00:00 +0000
Message-ID: <20250106.a1b2c3d4@sender.example>
From: "Ann 12" <ann@sender.example>
To: bob@reader.example
Subject: ann
Date: Mon, 6 Jan 2025 09:00:00 +0000
X-Mailer: Writer 1.2
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

A text.
"""


def test_the_hand_over_and_what_lies_below_it() -> None:
    one = features_of(facts_of(DIRECT))
    assert values(one, "client_address") == {"203.0.113.9"}
    assert values(one, "helo") == {"relay.sender.example"}
    assert values(one, "relay") == set()  # its own domain's
    assert values(one, "first_helo") == {"pc.home"}
    assert (one.instant_source, one.zone) == ("hand-over (hop 2): mx1.reader.example", 0)


def test_without_own_servers_the_receiver_is_presumed_and_says_so() -> None:
    one = features_of(facts_of(DIRECT, OwnServers()))
    assert values(one, "client_address") == {"203.0.113.9"}
    assert one.instant_source == "presumed hand-over (hop 2): mx1.reader.example"
    assert "mx1.reader.example" not in values(one, "relay")


def test_the_words_of_relations() -> None:
    assert "subject = local part of the author" in values(features_of(facts_of(DIRECT)), "relation")


def test_what_the_receiver_put_above_is_not_the_sender_s() -> None:
    above = (
        b"X-Own-Verdict: clean\nAuthentication-Results: mx1.reader.example; dmarc=pass "
        b"header.from=sender.example\n" + DIRECT
    )
    one = features_of(facts_of(above))
    assert values(one, "extra_field") == set()
    assert one.authenticated_domain == "sender.example"


def test_a_dmarc_result_below_the_boundary_is_the_sender_s_word() -> None:
    below = DIRECT.replace(
        b"Message-ID:", b"Authentication-Results: mx1.reader.example; dmarc=pass\nMessage-ID:"
    )
    assert features_of(facts_of(below)).authenticated_domain is None


def test_a_minted_message_id_is_no_mark() -> None:
    line = b"Received: from pc.home"
    minted = DIRECT.replace(b"Message-ID: <20250106.a1b2c3d4@sender.example>\n", b"")
    minted = minted.replace(line, b"Message-ID: <x12345678@mx1.reader.example>\n" + line)
    one = features_of(facts_of(minted))
    assert values(one, "id_shape") == values(one, "toolmark") == values(one, "id_domain") == set()


def test_forwarding_hides_the_client() -> None:
    forwarded = b"X-Forwarded-To: desk@reader.example\n" + DIRECT
    assert values(features_of(facts_of(forwarded)), "client_address") == set()


def test_a_list_is_passed_over_for_the_line_below_it() -> None:
    listed = b"""Received: from lists.example.org (lists.example.org [192.0.2.5])
\tby mail.reader.net (Postfix) with ESMTP id 1; Mon, 6 Jan 2025 10:00:09 +0100
Received: from relay.sender.net (relay.sender.net [203.0.113.9])
\tby lists.example.org (Postfix) with ESMTP id 2; Mon, 6 Jan 2025 10:00:02 +0100
From: ann@sender.net
Reply-To: talk@example.org
To: talk@example.org
List-Id: <talk.example.org>
Subject: A sale

Many words.
_______________________________________________
talk mailing list http://lists.example.org/talk
"""
    one = features_of(facts_of(listed, OwnServers()))
    assert values(one, "client_address") == {"203.0.113.9"}
    assert values(one, "reply_address") == values(one, "url_host") == set()


def test_what_a_list_manager_wrote_is_not_the_senders() -> None:
    passed = b"""Received: from lists.example.org (lists.example.org [192.0.2.5])
\tby mail.reader.net (Postfix) with ESMTP id 9D1; Mon, 6 Jan 2025 10:00:09 +0100
Received: from relay.sender.net (relay.sender.net [203.0.113.9])
\tby lists.example.org (Postfix) with ESMTP id B20BB2940B2; Mon, 6 Jan 2025 10:00:02 +0100
From: ann@sender.net
Message-ID: <20250106090002.B20BB2940B2@lists.example.org>
X-BeenThere: talk@example.org
Subject: A sale

https://lists.example.org/mailman/listinfo/talk and https://shop.example.org/sale/now
"""
    one = features_of(facts_of(passed, OwnServers()))
    assert values(one, "id_shape") == values(one, "id_domain") == values(one, "toolmark") == set()
    assert values(one, "url_host") == set()
    assert values(one, "url_domain") == {"example.org"}


@pytest.mark.parametrize(
    "message_id",
    ["<20250106090002.5D1F@relay.sender.net>", "<20250106090002.B20BB2940B2@relay.sender.net>"],
    ids=["another id", "another host"],
)
def test_an_id_that_only_looks_minted_is_the_senders(message_id: str) -> None:
    direct = re.sub(rb"Message-ID: .*", f"Message-ID: {message_id}".encode(), DIRECT)
    assert values(features_of(facts_of(direct)), "id_domain") == {"relay.sender.net"}


def test_every_family_is_explained_and_has_a_view() -> None:
    assert [
        f.name
        for f in FAMILIES.values()
        if not f.explanation or f.view not in VIEWS or not 0 < f.reliability <= 1
    ] == []
    assert all(f.against < 0 for f in FAMILIES.values() if f.opposes)


def test_the_hash_is_of_view_family_and_value() -> None:
    one = features_of(facts_of(DIRECT))
    rows = {
        (view, family, value): hashed for _, view, family, value, hashed, *_ in feature_rows(one)
    }
    assert rows["software", "mailer", "Writer #.#"] == feature_hash("mailer", "Writer #.#")
    assert -(1 << 63) <= feature_hash("mailer", "x") < 1 << 63


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6b2daac63ab3e8955fa9b2ddd3a1b768", "h32"),
        ("6B2DAAC6-3AB3-4955-AFA9", "H8-H4-H4-H4"),
        ("----=_NextPart_000_0008_01CF7C", "----=_NextPart_d3_H4_H6"),
        ("20250106.1234", "d8.d4"),
        ("", ""),
    ],
)
def test_shapes(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_a_shape_does_not_depend_on_the_draw() -> None:
    assert shape("00aa11bb-1234") == shape("99ff00ee-98ab")


def test_repetition_affix_and_template() -> None:
    assert repetition("kWTDeXt.0.0.kWTDeXt") == "kWTDeXt.0.0.\\1"
    assert repetition("abc.def") is None
    assert repetition("abc\\def") is None
    assert affixes("CAMPAIGN-x-123456789012345") == ("CAMPAIGN-x*",)
    assert template("Order 1234 for a1b2c3d4 <x@y.example>!") == "order # for {code} {address}"


@given(st.binary(max_size=2000))
def test_any_bytes_have_features(data: bytes) -> None:
    features_of(facts_of(data, OWN))
