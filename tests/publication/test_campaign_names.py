"""What campaigns are called: by what they imitate, how they are sent and since when, in
both languages, no two of a case the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.explain.names import names_of
from firsthop.campaign.explain.origins import Origins
from firsthop.campaign.explain.senders import AuthorDomain, Senders
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.publication.bulletin.names import name_in_words, said_names
from firsthop.publication.bulletin.render import visible, words

ROME = "Europe/Rome"
FIRST = 1400331577  # 2014-05-17 12:59:37 UTC
DAY = 86_400
RELAY, HELO = ("relay", "r3.kawaz.jp"), ("first_helo", "7cho-me.com")
SHARED = (("relay", "smtp.gmail.com"), ("url_domain", "t.co"), ("author_domain", "gmail.com"))


def atom(family: str, value: str, k: int = 3) -> Atom:
    return Atom(family, value, (k, 3), (0, 9), 0.1, 9.0, 5.0)


def campaign(*pairs: tuple[str, str], **other: object) -> Campaign:
    return made(tuple(atom(*pair) for pair in pairs), **other)


def made(atoms: tuple[Atom, ...], **other: object) -> Campaign:
    none = Rate(0, 9, 0.1)
    signature = Signature(
        "ca-1", "any", atoms, 1.0, (), (3, 3), (0, 0), (0, 0), none, none, enough=True
    )
    signatures = (signature,) if atoms else ()
    told = Campaign(
        "ca-1", "campaign", None, FIRST, FIRST, 3, signatures, Origins(0, 0, 0, None, ())
    )
    return replace(told, **other)  # type: ignore[arg-type]


def called(one: Campaign, language: str = "en") -> str:
    return said_names((one,), ROME, language)[one.id]


def test_a_name_says_how_it_is_sent_and_since_when() -> None:
    pairs = (("relay_domain", "kawaz.jp"), HELO, RELAY, ("id_domain", "x"))
    one = campaign(*pairs)
    assert called(one) == "through r3.kawaz.jp, HELO 7cho-me.com, since May 2014"
    assert called(one, "it") == "tramite r3.kawaz.jp, HELO 7cho-me.com, da maggio 2014"
    assert called(campaign(*reversed(pairs))) == called(one)


def test_a_name_says_whose_name_is_used_where_most_messages_use_it() -> None:
    often = Senders(messages=3, domains=(AuthorDomain("bank.example", 2),))
    seldom = Senders(messages=3, domains=(AuthorDomain("bank.example", 1),))
    assert called(campaign(RELAY, senders=often)) == (
        "in the name of bank.example, through r3.kawaz.jp, since May 2014"
    )
    assert called(campaign(RELAY, senders=seldom)) == "through r3.kawaz.jp, since May 2014"


def test_mail_that_is_added_in_the_same_month_changes_no_name() -> None:
    one = campaign(RELAY, HELO)
    earlier = replace(one, first_seen=FIRST - 9 * DAY, size=30)
    assert called(earlier) == called(one)


def test_what_only_some_messages_have_names_it_where_nothing_else_does() -> None:
    seldom = atom("author_domain", "thrown-away.example", k=1)
    assert called(made((seldom, atom(*RELAY)))) == "through r3.kawaz.jp, since May 2014"
    assert called(made((seldom,))) == "in the name of thrown-away.example, since May 2014"


def test_what_readers_are_not_told_names_it_where_nothing_else_does() -> None:
    atoms = (atom("zone", "-540"), atom(*RELAY), atom("url_host", "pay.example"))
    one = made(atoms)
    untold = replace(one.signatures[0], told=1)
    assert called(replace(one, signatures=(untold,))) == called(one)
    told = replace(one.signatures[0], told=2)
    assert called(replace(one, signatures=(told,))) == "through r3.kawaz.jp, since May 2014"


def test_what_everybody_uses_is_in_no_name() -> None:
    one = campaign(*SHARED, ("client_network", "192.0.2"))
    assert called(one) == "from the network 192.0.2.0/24, since May 2014"
    assert called(campaign(("relay", "10.217.136.93"), HELO)) == "HELO 7cho-me.com, since May 2014"
    rewritten = ("url_host", "clicktime.symantec.com")
    assert called(campaign(rewritten, HELO)) == "HELO 7cho-me.com, since May 2014"
    assert called(campaign(*SHARED), "it") == "senza un tratto proprio, da maggio 2014"
    gmail = Senders(messages=3, domains=(AuthorDomain("gmail.com", 3),))
    assert called(campaign(*SHARED, senders=gmail)) == "senders at gmail.com, since May 2014"


def test_no_person_and_no_form_of_a_program_is_in_a_name() -> None:
    pairs = (
        ("author_address", "anna@bank.example"),
        ("display_name", "anna bianchi"),
        ("subject_template", "your parcel"),
        ("mailer", "Roundcube Webmail/#.#.#"),
        ("mailer", "#"),
    )
    assert called(campaign(*pairs)) == "without a mark of its own, since May 2014"
    assert called(campaign(("mailer", "Smart_Send_#_#_#"))) == (
        "written with Smart_Send, since May 2014"
    )


def test_two_that_would_be_called_the_same_are_told_apart() -> None:
    links = ("url_domain", "pay.example")
    clusters = [
        campaign(RELAY, HELO, id="ca-1"),
        campaign(RELAY, HELO, links, id="ca-2"),
        campaign(RELAY, HELO, id="ca-3", first_seen=FIRST + DAY),
        campaign(RELAY, HELO, id="ca-4", first_seen=FIRST + DAY),
        campaign(RELAY, HELO, id="ca-5", first_seen=FIRST + 40 * DAY),
    ]
    assert list(said_names(clusters, ROME).values()) == [
        "through r3.kawaz.jp, HELO 7cho-me.com, since 17 May 2014",
        "through r3.kawaz.jp, HELO 7cho-me.com, links to pay.example, since May 2014",
        "through r3.kawaz.jp, HELO 7cho-me.com, since 18 May 2014",
        "through r3.kawaz.jp, HELO 7cho-me.com, since 18 May 2014, no. 2",
        "through r3.kawaz.jp, HELO 7cho-me.com, since June 2014",
    ]
    assert names_of(clusters[::-1], ROME) == names_of(clusters, ROME)


@pytest.mark.parametrize("n", [2, 30])
def test_no_two_of_a_level_are_called_the_same(n: int) -> None:
    clusters = [campaign(id=f"ca-{k}", first_seen=None) for k in range(n)]
    assert len(set(said_names(clusters, ROME, "it").values())) == n


def test_operations_and_waves_are_called_after_their_campaign() -> None:
    small = campaign(HELO, id="ca-2", parent="op-1", size=2)
    large = campaign(RELAY, id="ca-1", parent="op-1", size=9)
    operation = campaign(id="op-1", level="operation", size=11, first_seen=FIRST - 40 * DAY)
    wave = campaign(id="wa-1", level="wave", parent="ca-2", first_seen=FIRST + DAY)
    names = said_names((operation, small, large, wave), ROME)
    assert names["op-1"] == "through r3.kawaz.jp, since April 2014"
    assert names["wa-1"] == "HELO 7cho-me.com, since 18 May 2014"


def test_hostile_values_stay_quoted() -> None:
    one = campaign(("relay", "<script>`*x*`\x1b[31m.example"))
    name = name_in_words(names_of((one,), ROME)["ca-1"], ROME)
    quoted: list[str] = []

    def quote(text: str) -> str:
        quoted.append(text)
        return "Q"

    assert words(name, "en", quote, str) == "through Q, since May 2014"
    assert "\x1b" not in words(name, "en", visible, visible)
    assert quoted == ["<script>`*x*`\x1b[31m.example"]


def test_names_cost_the_same_for_each_campaign() -> None:
    clusters: Sequence[Campaign] = [
        campaign(RELAY, id=f"ca-{n:05}", first_seen=FIRST) for n in range(3_000)
    ]
    assert names_of(clusters, ROME)["ca-02999"].number == 3_000
