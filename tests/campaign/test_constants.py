"""What stays in values that vary, and what everybody has."""

from __future__ import annotations

import pytest

from firsthop.campaign.features import features_of
from firsthop.campaign.features.constants import telling
from firsthop.campaign.similarity.everybodys import SHARED, share_of_everybody
from firsthop.settings import OwnServers
from tests.campaign.messages import OWN, facts_of, values

MAIL = """\
Return-Path: <bounce-4711234-anna=x9k2mq@news.sender.example>
Received: from q7f.news.sender.example (host-17.pool.hoster.example [192.0.2.7])
\tby mx1.reader.example (Postfix) with ESMTP id 3Q1A7B; Mon, 03 Mar 2025 09:00:00 +0100
Message-ID: <Zk3Wq8-ZF3lf1bGTw-2025030309-word_abc0def1@sender.example>
From: Sender <news@sender.example>
To: anna@reader.example
Subject: news
Date: Mon, 03 Mar 2025 09:00:00 +0100
Feedback-ID: 325-anexp#nret-fa:account-notifier:ab
X-Campaign-ID: 20250303
X-Job: 1234567
List-Unsubscribe: <https://list.example/u/Aa1Bb2Cc3>
Content-Type: text/plain

http://rnd1.eu.shop.example/cl/2459859/Ab1Cd2/next.php?x=1
http://203.0.113.9/wp-content/logo.png
"""


def test_the_parts_that_may_stay_are_features() -> None:
    one = features_of(facts_of(MAIL.replace("\n", "\r\n").encode(), OWN))
    assert values(one, "id_token") == {"Zk3Wq8", "ZF3lf1bGTw"}
    assert values(one, "field_token") == {
        "feedback-id 325-anexp#nret-fa",
        "feedback-id account-notifier",
        "x-job 1234567",
    }
    assert values(one, "envelope_token") == {"4711234", "x9k2mq"}
    assert values(one, "client_parent") == {"pool.hoster.example"}
    assert values(one, "url_parent") == {"eu.shop.example", "203.0.113"}
    assert values(one, "url_token") == {"2459859", "Ab1Cd2"}
    assert values(one, "url_page") == {"next.php"}


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("ZF3lf1bGTw", True),
        ("Y9ADdP", True),
        ("Q8AU9KYO1L", True),
        ("JavaMail", False),
        ("NextPart", False),
        ("Received", False),
        ("geopod", False),
        ("20250303", False),
        ("0000abcd1234", False),
        ("Ab1", False),
        ("A1" * 30, False),
    ],
)
def test_which_tokens_tell(token: str, expected: bool) -> None:
    assert telling(token) is expected


def test_nothing_hostile_comes_out_of_long_or_broken_fields() -> None:
    lines = ("Message-ID: <" + "aB1cD2-" * 5_000, "Feedback-ID: " + "a-1:" * 5_000)
    data = "\r\n".join((*lines, "", "http://" + "a." * 200 + "b/" + "Ab1Cd2/" * 40)).encode()
    for own in (OWN, OwnServers()):
        found = features_of(facts_of(data, own)).features
        new = [f for f in found if f.family in ("id_token", "field_token", "url_token")]
        assert len(new) <= 4 + 6 + 8
        assert all(len(f.value) <= 200 for f in new)


@pytest.mark.parametrize(
    ("family", "value"),
    [
        ("url_domain", "t.co"),
        ("url_host", "i.imgur.com"),
        ("url_path", "www.w3.org/1999/xhtml"),
        ("helo", "mail-oo1-f72.google.com"),
        ("helo", "127.0.1.1"),
        ("relay_domain", "outlook.com"),
        ("dkim_key", "gmail.com 20230601"),
        ("unsubscribe_domain", "sendgrid.net"),
        ("envelope_domain", "eu-west-1.amazonses.com"),
        ("client_parent", "ap-northeast-1.compute.amazonaws.com"),
        ("extra_field", "x-sg-eid"),
        ("url_page", "unsubscribe.htm"),
        ("url_shape", "/w7.png"),
        ("attachment_name", "w8.jpg"),
        ("id_affix", "*ishing@pot"),
        ("passage", "if you no longer wish to"),
        ("passage", "abmelden klicken sie bitte hier"),
    ],
)
def test_what_everybody_has_never_makes_a_view_count(family: str, value: str) -> None:
    assert share_of_everybody(family, value) >= 1 / 32


@pytest.mark.parametrize(
    ("family", "value"),
    [
        ("url_host", "bucket.s3.amazonaws.com"),
        ("url_path", "t.co/XewQvINpIC"),
        ("envelope_domain", "sco20269487.onmicrosoft.com"),
        ("dkim_key", "phao38.onmicrosoft.com selector1"),
        ("url_domain", "worldwidesupp.com"),
        ("passage", "your parcel waits at customs"),
    ],
)
def test_what_a_customer_has_below_them_is_his(family: str, value: str) -> None:
    assert share_of_everybody(family, value) == 0.0


def test_a_shared_host_is_no_bit_too_many() -> None:
    assert SHARED == 1 / 8


FORWARDED = """\
Received: from out.forwarder.example (out.forwarder.example [198.51.100.7])
\tby mx.list.example (8.12.5/8.12.5) with ESMTP id g6M8LihY005031
\tfor <reports@list.example>; Mon, 22 Jul 2002 03:21:45 -0500
\t(envelope-from anna@forwarder.example)
Received: from in.forwarder.example (in.forwarder.example [198.51.100.8])
\tby out.forwarder.example (8.11.6/8.11.6) with ESMTP id g6M8LhJ22731
\tfor <{delivered}>; Mon, 22 Jul 2002 04:21:43 -0400
Received: from spammer.example (unknown [192.0.2.99])
\tby in.forwarder.example (8.11.6/8.11.6) with SMTP id g6M8LcJ22719
\tfor <{delivered}>; Mon, 22 Jul 2002 04:21:39 -0400
From: someone@other.example
Subject: offer

text
"""


@pytest.mark.parametrize(
    ("delivered", "client"),
    [("anna@forwarder.example", "192.0.2.99"), ("bob@forwarder.example", "198.51.100.7")],
)
def test_who_received_it_and_sent_it_on_is_no_mark_of_the_sender(
    delivered: str, client: str
) -> None:
    data = FORWARDED.format(delivered=delivered).replace("\n", "\r\n").encode()
    found = features_of(facts_of(data, OwnServers()))
    assert values(found, "client_address") == {client}


HIDDEN = """\
Return-Path: <2942-643-3134-568-anna=reader.example@mail.sender.example>
From: Bank <notice@869798rctaregular>
To: anna@reader.example

https://www.bank.example-pt482@card-883605406607.south1.run.app/next
http://x.example/4aTdiz6822Mlqn63nylzzhvhtv80FCAWRASIJECJZZQ285239JHHY429355f4
http://y.example/5STpiB11708QYIe287mermxzmvhe80GZLTYQXPDNGZFCN285239RBUL430153M4
http://z.example/pages/x.html#cl/9133_md/4049/26088
"""


def test_constants_inside_longer_values_are_features() -> None:
    one = features_of(facts_of(HIDDEN.replace("\n", "\r\n").encode(), OWN))
    assert values(one, "envelope_token") == {"2942-643", "643-3134", "3134-568"}
    tokens = values(one, "url_token")
    assert {"883605406607", "285239"} <= tokens
    shapes = values(one, "url_shape")
    assert "~dw5dw4dw10dw+dw4dw1d" in shapes
    assert any(shape.startswith("#cl/") for shape in shapes)
    assert {
        "the author's domain has no dot",
        "a link names a user before its host",
    } <= values(one, "relation")


def test_an_at_sign_behind_the_host_names_no_user() -> None:
    mail = b"From: a@b.example\r\n\r\nhttp://x.example?to=a@b.example http://x.example/a@b\r\n"
    relations = values(features_of(facts_of(mail)), "relation")
    assert "a link names a user before its host" not in relations


@pytest.mark.parametrize(
    ("helo", "expected"),
    [
        ("qktt.whbzt3", True),
        ("mail.sender.example", False),
        ("pc.lan", False),
        ("u3.domain", False),
        ("localhost", False),
        ("[192.0.2.7]", False),
        ("smtp.sender.com", False),
    ],
)
def test_a_helo_below_no_registry_is_a_relation(helo: str, expected: bool) -> None:
    mail = (
        f"Received: from {helo} (unknown [192.0.2.7])\r\n"
        "\tby mx1.reader.example (Postfix) with ESMTP id 3Q1A7B; Mon, 03 Mar 2025 09:00:00 +0100"
        "\r\nFrom: a@sender.example\r\n\r\nHi\r\n"
    )
    relations = values(features_of(facts_of(mail.encode(), OWN)), "relation")
    assert ("the HELO ends in a name that no registry has" in relations) is expected
