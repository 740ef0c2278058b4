"""A trait is a sender's where the sender chose it: not an address of a provider, a page
of a service, lent artwork, or one name told twice."""

from __future__ import annotations

from math import log2

import pytest

from firsthop.campaign.background import Background
from firsthop.campaign.features import features_of
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.similarity.everybodys import share_of_everybody
from firsthop.campaign.similarity.score import Scorer
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.within_platforms import shares_within_platforms
from firsthop.settings import OwnServers
from tests.campaign.messages import facts_of, values
from tests.campaign.test_gathering import credit, mail, weights

FROM_GMAIL = b"""%sReceived: from %s (209.85.222.198)
\tby mx1.reader.example (Postfix) with ESMTPS id 1; Mon, 6 Jan 2025 10:00:02 +0100
%sMessage-ID: <20250106.a1b2c3d4@sender.example>
From: Ann <ann@sender.example>
To: bob@reader.example
Subject: an offer
Date: Mon, 6 Jan 2025 09:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

%s
"""
PASS = b"Authentication-Results: mx1.reader.example; spf=pass smtp.mailfrom=sender.example\n"
RECEIVED_SPF = b"Received-SPF: Pass (mx1.reader.example: designates 209.85.222.198)\n"
GOOGLE = b"mail-qk1-f198.google.com"


def features(
    above: bytes = b"", helo: bytes = GOOGLE, below: bytes = b"", body: bytes = b"A text."
) -> dict[str, set[str]]:
    """The values of a message, by family."""
    one = features_of(facts_of(FROM_GMAIL % (above, helo, below, body), OwnServers()))
    return {family: values(one, family) for family in FAMILIES}


@pytest.mark.parametrize("told", [PASS, RECEIVED_SPF])
def test_a_providers_server_is_nobodys_address(told: bytes) -> None:
    assert features(above=told)["client_address"] == set()
    assert features(above=told)["client_network"] == set()


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (b"", b""),
        (b"", PASS),  # the sender's own word
        (b"", RECEIVED_SPF),
        (PASS.replace(b"pass", b"fail"), b""),
        (PASS.replace(b"spf=", b"not-spf="), b""),
        (RECEIVED_SPF.replace(b"Pass", b"Softfail, no pass"), b""),
    ],
)
def test_a_forged_provider_does_not_hide_the_address(above: bytes, below: bytes) -> None:
    """Anybody calls himself a provider's server: the wave of 2014 did."""
    assert features(above=above, below=below)["client_address"] == {"209.85.222.198"}


def test_any_other_client_keeps_its_address() -> None:
    assert features(above=PASS, helo=b"relay.sender.example")["client_address"]


def test_a_host_that_repeats_the_authors_domain_is_one_name() -> None:
    told = features(helo=b"sender.example")
    assert told["author_domain"] == {"sender.example"}
    for family in ("helo", "helo_domain", "id_domain"):
        assert told[family] == set(), family
    assert "HELO domain = author's domain" in told["relation"]


def test_a_host_below_the_authors_domain_is_a_machine() -> None:
    assert features(helo=b"mx7.sender.example")["helo"] == {"mx7.sender.example"}


RELAY = b"""Received: from pc7 (192.0.2.7)
\tby %s (Postfix) with ESMTPSA id 2; Mon, 6 Jan 2025 09:59:59 +0100
"""


@pytest.mark.parametrize(
    ("relay", "kept"),
    [
        (b"mail.sender.example", set()),
        (b"sender.example", set()),
        (b"mail.notsender.example", {"mail.notsender.example"}),
        (b"sender.example.relay.example", {"sender.example.relay.example"}),
    ],
)
def test_the_authors_own_servers_are_the_authors_domain(relay: bytes, kept: set[str]) -> None:
    told = features(below=RELAY % relay)
    assert told["relay"] == kept
    assert told["author_domain"] == {"sender.example"}
    assert told["client_address"] == {"209.85.222.198"}


LIST = b"""List-Id: <talk.lists.example>
List-Post: <https://lists.example/talk/post>, <mailto:%s>
DKIM-Signature: v=1; a=rsa-sha256; d=lists.example; s=m; h=from; bh=AA==; b=AA==
"""
PAGE = b"See https://archive.lists.example/talk/7 and https://kit.example/go here."


def test_what_names_a_list_is_no_writers() -> None:
    told = features(below=LIST % b"talk@lists.example" + RELAY % b"mx.lists.example", body=PAGE)
    assert told["relay"] == told["dkim_key"] == set()
    assert told["url_host"] == {"kit.example"}
    assert told["url_domain"] == {"lists.example", "kit.example"}
    assert told["author_address"] == {"ann@sender.example"}


@pytest.mark.parametrize(
    ("posted", "known"),
    [
        (b"ann@sender.example", False),
        (b"ANN@sender.example?subject=hello", False),
        (b"joann@sender.example", True),
        (b"ann@sender.example.lists.example", True),
    ],
)
def test_a_list_that_writes_in_the_place_of_its_authors_is_no_author(
    posted: bytes, known: bool
) -> None:
    told = features(below=LIST % posted)
    for family in ("author_address", "author_domain", "local_shape"):
        assert bool(told[family]) is known, family
    assert told["display_name"] == {"ann"}


def test_a_sender_who_calls_himself_a_list_hides_its_names_alone() -> None:
    """What is left of him: addresses, the domain of his links, text and program."""
    claims = LIST.replace(b"lists.example", b"kit.example") % b"talk@kit.example"
    plain, hidden = (
        features(helo=b"mx.kit.example", below=below, body=PAGE) for below in (b"", claims)
    )
    assert plain["url_host"] - hidden["url_host"] == {"kit.example"}
    for family in ("client_address", "helo_domain", "url_domain", "author_address", "short_text"):
        assert hidden[family] >= plain[family] != set(), family


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("kit9.com.br", set()),
        ("kit9.gov.uk", set()),
        ("a.kit9.com.br", set()),
        ("x7.a.kit9.com.br", {"a.kit9.com.br"}),
        ("kit9.github.io", {"github.io"}),
        ("192.0.2.7", {"192.0.2"}),
    ],
)
def test_a_registrys_suffix_is_no_parent_of_hosts(host: str, kept: set[str]) -> None:
    assert features(body=f"See http://{host}/go now.".encode())["url_parent"] == kept


@pytest.mark.parametrize(
    ("boundary", "kept"),
    [
        ("===============5185943244==", {"*85943244=="}),
        ("----=_NextPart_000_0008_01CF7C55", {"*8_01CF7C55"}),
        ("Apple-Mail=_94B5AABE-458F", {"*5AABE-458F"}),
        ("b1_0a9f3c77e2d14b65", {"b1_0a9f3c7*", "*77e2d14b65"}),
    ],
)
def test_a_programs_words_in_a_boundary_are_no_constant(boundary: str, kept: set[str]) -> None:
    field = f'Content-Type: multipart/mixed; boundary="{boundary}"\n'.encode()
    one = features_of(
        facts_of(
            (FROM_GMAIL % (b"", GOOGLE, b"", b"")).replace(
                b"Content-Type: text/plain; charset=utf-8\n", field
            ),
            OwnServers(),
        )
    )
    assert values(one, "boundary_affix") == kept


@pytest.mark.parametrize(
    ("family", "value", "everybodys"),
    [
        ("url_host", "git.kernel.org", True),
        ("url_domain", "kernel.org", True),
        ("url_parent", "git.kernel.org", True),
        ("url_path", "git.kernel.org/cgit", True),
        ("url_path", "git.kernel.org/pub/scm/kit9.git", False),
        ("url_host", "kit.github.io", False),
        ("url_host", "notkernel.org", False),
        ("url_host", "kernel.org.kit.example", False),
        ("url_page", "removeme.html", True),
        ("url_page", "take_me_off.php", True),
        ("url_page", "opt-out.asp", True),
        ("url_page", "takeover.php", False),
    ],
)
def test_a_site_that_everybody_reads_tells_nobody(
    family: str, value: str, everybodys: bool
) -> None:
    assert bool(share_of_everybody(family, value)) is everybodys


@pytest.mark.parametrize(
    ("link", "family", "value"),
    [
        ("https://www.w3.org/TR/xhtml/loose9.dtd", "url_shape", set()),
        ("https://click.sendgrid.net/track/PrivacyPolicy.jsp", "url_page", set()),
        ("https://kit.example/track/PrivacyPolicy.jsp", "url_page", {"PrivacyPolicy.jsp"}),
        ("https://art.example/up/Logo.PNG", "url_host", set()),
        ("https://art.example/up/Logo.PNG", "url_domain", {"art.example"}),
        ("https://art.example/up/logo.png/go", "url_host", {"art.example"}),
        ("https://art.example/go?logo.png", "url_host", {"art.example"}),
    ],
)
def test_whose_the_parts_of_a_link_are(link: str, family: str, value: set[str]) -> None:
    assert features(body=f"See {link} now.".encode())[family] == value


BOX, TEXT, LINK = (
    ("reply_address", "box@example.org"),
    ("passage", "five words that nobody writes"),
    ("url_host", "kit.example"),
)


@pytest.mark.parametrize(("value", "views"), [(BOX, 2), (LINK, 2), (TEXT, 1)])
def test_a_senders_own_constant_alone_is_two_views(value: tuple[str, str], views: int) -> None:
    many = [mail(f"m{n}", ("relay", f"r{n}.example")) for n in range(9_000)]
    store, epoch = weights([mail("a", value), mail("b", value), *many], Background())
    assert Scorer(store, epoch).pair(0, 1).views == views


def test_a_campaign_counts_the_others_that_have_a_value() -> None:
    many = [mail(f"m{n}", ("relay", f"r{n}.example")) for n in range(2_000)]
    bits = {}
    for carriers in (1, 2, 5):
        ours = [mail(f"a{n}", TEXT) for n in range(carriers)]
        labels = list(range(len(many) + carriers))
        store, epoch = weights([*ours, *many], Background(), labels)
        bits[carriers] = credit(store, epoch, *TEXT)
    assert bits[1] > bits[2]
    for carriers in (2, 5):
        share = (carriers - 1) / (len(many) + carriers - 1)
        assert bits[carriers] == pytest.approx(-0.9 * log2(share), abs=0.001)


def test_what_a_list_sends_in_its_own_name_is_the_lists() -> None:
    sent = b"List-Id: <talk.lists.example>\nList-Unsubscribe: <https://lists.example/leave>\n"
    envelope = b"Return-Path: <talk@lists.example>\n"
    for below, expected in ((sent, set()), (sent.partition(b"\n")[2], {"lists.example"})):
        told = features(above=envelope, below=below)
        assert told["unsubscribe_domain"] == expected
        assert told["envelope_domain"] == expected


def test_a_key_of_the_authors_own_domain_is_one_name() -> None:
    for domain, kept in ((b"sender.example", 0), (b"mailer.example", 1)):
        signed = b"DKIM-Signature: v=1; d=" + domain + b"; s=one; b=aaaa\n"
        assert len(features(below=signed)["dkim_key"]) == kept


@pytest.mark.parametrize(
    ("family", "value"),
    [
        ("display_name", "wordpress"),
        ("url_page", "wp-login.php"),
        ("kit_comment", "open tracking pixel"),
        ("kit_comment", "saved from url=(0022)http://internet.e-mail"),
        ("url_host", "internet.e-mail"),
    ],
)
def test_what_programs_preset_is_everybodys(family: str, value: str) -> None:
    assert share_of_everybody(family, value) >= 1 / 16


@pytest.mark.parametrize(
    ("family", "value"),
    [("display_name", "wordpress news"), ("url_page", "wp-logins.php"), ("kit_comment", "open")],
)
def test_what_only_resembles_it_is_not(family: str, value: str) -> None:
    assert share_of_everybody(family, value) == 0


def test_customers_of_a_platform_count_each() -> None:
    """What all projects of one campaign have may be the platform's own."""
    order = ("field_order", "From Date Subject #1")
    through = [
        mail(f"g{n}", ("id_domain", "mail.gmail.com"), order, ("author_domain", f"p{n}.example"))
        for n in range(30)
    ]
    store = Store()
    store.extend(through)
    shares = shares_within_platforms(store, [0] * 30, Background())
    assert {store.texts[value]: share for value, share in shares.items()} == {order[1]: 1.0}
