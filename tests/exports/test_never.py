"""What never enters a list by which mail is blocked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firsthop.campaign.signature.cover import OtherMail
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.publication.exports import never
from firsthop.publication.exports.never import read_network, why_never
from firsthop.publication.exports.source import ExportSource
from firsthop.settings import own_servers
from tests.exports import judged


@pytest.fixture(scope="module")
def wave() -> ExportSource:
    """The wave of 2014: authors of Libero, four abused relays, clients of the open
    Internet."""
    return judged.opened("2014")[0]


REFUSED = [
    ("relay", "r3.kawaz.jp", never.RELAY),
    ("url_host", "www.kawaz.jp", never.RELAY),
    ("relay_domain", "tafner.com.br", never.RELAY),
    ("author_domain", "libero.it", "it is the imitated provider's (Libero"),
    ("url_host", "smtp-17.italiaonline.it", "it is the imitated provider's (Libero"),
    ("client_address", "212.52.84.41", "it is the imitated provider's (Libero"),
    ("envelope_domain", "gmail.com", "it is a provider's, whose users it serves (Gmail"),
    ("url_host", "mail-a.protection.outlook.com", "it is a provider's, whose users it serves"),
    ("client_address", "10.1.2.3", never.INSIDE),
    ("client_address", "127.0.0.1", never.INSIDE),
    ("client_address", "192.0.2.20", never.INSIDE),
    ("first_address", "::1", never.INSIDE),
    ("client_network", "10.1.2", never.INSIDE),
    ("url_host", "pc.local", never.INSIDE),
    ("url_host", "localhost", never.INSIDE),
    ("envelope_domain", "com", never.INSIDE),
    ("envelope_domain", "em1.sendgrid.net", "it is of a sending service"),
    ("url_host", "bit.ly", "it is of a shortener of links"),
    ("envelope_domain", "mg.postgun.com", "it is of an organization that sends others' mail"),
    ("url_host", "shop.web.app", never.PLATFORM),
    ("helo", "7cho-me.com", never.CLAIM),
    ("id_domain", "7cho-me.com", never.CLAIM),
    ("dkim_key", "evil.biz s1", never.CLAIM),
    ("subject_template", "cena", never.NO_HOST),
    ("passage", "a b c d e", never.NO_HOST),
    ("client_address", "no address", never.UNREADABLE),
    ("client_network", "300.1.2", never.UNREADABLE),
    ("url_host", 'a" REJECT', never.UNREADABLE),
    ("envelope_domain", "", never.UNREADABLE),
]


@pytest.mark.parametrize(("family", "value", "reason"), REFUSED)
def test_refused(wave: ExportSource, family: str, value: str, reason: str) -> None:
    assert (why_never(wave, family, value) or "").startswith(reason)


ALLOWED = [
    ("first_address", "85.65.59.147"),
    ("client_address", "178.122.55.251"),
    ("client_network", "85.65.59"),
    ("client_network", "2a02:27ab:1"),
    ("envelope_domain", "offers-of-evil.biz"),
    ("url_host", "www.offers-of-evil.biz"),
    ("reply_address", "boss@offers-of-evil.biz"),
    ("url_path", "offers-of-evil.biz/a/b"),
]


@pytest.mark.parametrize(("family", "value"), ALLOWED)
def test_not_refused(wave: ExportSource, family: str, value: str) -> None:
    assert why_never(wave, family, value) is None


def test_every_domain_of_every_provider_is_refused(wave: ExportSource) -> None:
    for provider in PROVIDERS.values():
        for domain in (*provider.owned, *(word for one in provider.domains for word in one.words)):
            assert why_never(wave, "envelope_domain", domain), domain


def test_every_relay_and_author_of_the_wave_is_refused(wave: ExportSource) -> None:
    for one in wave.summaries:
        assert why_never(wave, "relay", one.relay or "") == never.RELAY
        assert why_never(wave, "author_domain", one.author_domain or "")


def test_own_servers_are_refused(wave: ExportSource) -> None:
    own = replace(wave, own=own_servers(["mx.ours.biz", ".inside.biz", "93.184.216.0/24"]))
    for family, value in (
        ("url_host", "mx.ours.biz"),
        ("relay", "a.inside.biz"),
        ("client_address", "93.184.216.7"),
        ("client_network", "93.184.216"),
        ("client_network", "93.184.0.0/16"),
    ):
        assert why_never(own, family, value) == never.OWN
        assert why_never(wave, family, value) is None


def test_a_server_that_took_mail_in_alone_is_the_receivers_own(wave: ExportSource) -> None:
    alone = replace(wave, summaries=(wave.summaries[0]._replace(hops=1),))
    assert why_never(alone, "url_host", "r3.kawaz.jp") == never.OWN


def test_addresses_of_relays_are_refused(wave: ExportSource) -> None:
    """One that handed mail over and began none is a relay's, whatever it calls
    itself."""
    handed = frozenset({("client_address", "93.184.216.7")})
    relayed = replace(wave, members=(handed, *wave.members))
    assert why_never(wave, "client_address", "93.184.216.7") is None
    assert why_never(relayed, "client_address", "93.184.216.7") == never.RELAY
    in_network = replace(wave, members=(handed | {("client_network", "93.184.216")}, *wave.members))
    assert why_never(in_network, "client_network", "93.184.216") == never.RELAY


def test_what_other_mail_has_is_refused(wave: ExportSource) -> None:
    for family, asked in (("url_host", "url_host"), ("first_address", "client_address")):
        value = "203.1.2.3" if "address" in family else "shared-by-many.biz"
        other = OtherMail((frozenset({(family, value)}),), wave.other.background)
        assert why_never(wave, asked, value) is None
        assert why_never(replace(wave, other=other), asked, value) == never.OTHER_MAIL
    network = OtherMail((frozenset({("client_network", "203.1.2")}),), wave.other.background)
    assert why_never(replace(wave, other=network), "client_network", "203.1.2") == never.OTHER_MAIL


def test_what_mail_elsewhere_has_is_refused(wave: ExportSource) -> None:
    assert why_never(wave, "url_host", "boingboing.net") == never.BACKGROUND


def test_a_domain_whose_mail_was_authorised_is_nobody_imitated(wave: ExportSource) -> None:
    one = wave.summaries[0]._replace(author_domain="evil.biz", answers=())
    forged = replace(wave, summaries=(one,))
    assert why_never(forged, "author_domain", "evil.biz") == never.AUTHOR
    vouched = one._replace(answers=(("sender", "authorised"),))
    assert why_never(replace(wave, summaries=(vouched,)), "author_domain", "evil.biz") is None


def test_networks() -> None:
    assert str(read_network("192.0.2")) == "192.0.2.0/24"
    assert str(read_network("2001:db8:1")) == "2001:db8:1::/48"
    assert str(read_network("2001:db8:")) == "2001:db8::/48"
    assert str(read_network("192.0.0.0/16")) == "192.0.0.0/16"
    assert read_network("x") is None
