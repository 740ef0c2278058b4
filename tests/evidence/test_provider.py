"""Every provider table runs its own examples: what must be claimed, and the look-alikes
that must not."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

import pytest

from firsthop.errors import TableError
from firsthop.evidence.providers.provider import PROVIDERS, provider_of, read_provider
from firsthop.evidence.received.line import read_received
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

EXAMPLES = [
    (key, n, example)
    for key, provider in PROVIDERS.items()
    for n, example in enumerate(provider.examples)
]
FAR_PAST = calendar.timegm((1990, 1, 1, 0, 0, 0))


def at(day: date | None) -> int | None:
    return None if day is None else calendar.timegm(day.timetuple())


@pytest.mark.parametrize(
    ("key", "example"), [pytest.param(key, e, id=f"{key}-{n}") for key, n, e in EXAMPLES]
)
def test_examples(key: str, example: dict[str, Any]) -> None:
    provider = PROVIDERS[key]
    if "received" in example:
        touch = provider.touched_by(read_received(example["received"]))
        assert example.get("touch") == (list(touch[:2]) if touch else None)
    elif "field" in example:
        message = read_mail(raw_mail(example["field"].encode() + b"\n\n", "m", "eml"))
        seen = {s.entry.name: s.presence for s in provider.own_fields(message)}
        assert example["presence"] == seen[example["field"].partition(":")[0].lower()]
    else:
        assert example.get("fits") is provider.message_id_fits(
            example["message_id"], at(example.get("date"))
        )


def test_every_table_has_an_example_and_a_look_alike() -> None:
    claimed = {key for key, _, e in EXAMPLES if "touch" in e or e.get("fits") is True}
    refused = {
        key
        for key, _, e in EXAMPLES
        if not ({"touch"} & e.keys() or e.get("fits") is True or e.get("presence") == "present")
    }
    assert sorted(set(PROVIDERS) - claimed) == [], "no [[example]] that such a table claims"
    assert sorted(set(PROVIDERS) - refused) == [], "no [[example]] of a look-alike it refuses"
    assert claimed == set(PROVIDERS) == refused


def test_no_other_provider_claims_a_departure() -> None:
    carried = {("aol", "yahoo"), ("yahoo", "aol")}  # AOL's mail leaves through Yahoo's servers
    for key, _, example in EXAMPLES:
        if "received" in example and example.get("touch", [""])[0] == "outbound":
            hop = read_received(example["received"])
            others = {
                k for k, p in PROVIDERS.items() if (t := p.touched_by(hop)) and t.role == "outbound"
            } - {key}
            assert all((key, other) in carried for other in others)


def test_each_entry_names_its_source() -> None:
    for provider in PROVIDERS.values():
        entries: tuple[Any, ...] = (
            *provider.domains,
            *provider.policies,
            *provider.outbound,
            *provider.inside,
            *provider.arrival,
            *provider.customers,
            *provider.ranges,
        )
        more: tuple[Any, ...] = (
            *provider.id_shapes,
            *provider.fields,
            *provider.signatures,
            *provider.sealers,
            *provider.helos,
            *provider.authserv_ids,
        )
        assert all(len(entry.source) > 6 for entry in (*entries, *more))


def test_provider_of_goes_by_whole_domains() -> None:
    assert provider_of("Libero.IT") is PROVIDERS["libero"]
    assert provider_of("gmail.com.") is PROVIDERS["google"]
    assert provider_of("evil-libero.it") is None
    assert provider_of("libero.it.example.com") is None
    assert provider_of("example.org") is None
    assert provider_of("x" * 5000) is None


def test_host_names_are_compared_by_whole_labels() -> None:
    libero = PROVIDERS["libero"]
    assert libero.is_outbound_host("SMTP-36.ItaliaOnline.it.")
    assert not libero.is_outbound_host("smtp-36.evil-italiaonline.it")
    assert not libero.is_outbound_host("smtp-36.italiaonline.it.example.com")
    assert libero.is_inside_host("smtp-36.iol.local")
    assert not libero.is_inside_host("smtp-36.iol.local.example.com")
    assert not libero.is_own_host("notlibero.it")


def test_periods_are_kept() -> None:
    libero = PROVIDERS["libero"]
    assert libero.is_outbound_host("outrelay03.libero.it", at(date(2014, 5, 17)))
    assert not libero.is_outbound_host("outrelay03.libero.it", at(date(2025, 5, 17)))
    assert libero.owns_address("212.52.84.103", at(date(2014, 5, 17))) is True
    assert libero.owns_address("212.52.84.103", at(date(2025, 5, 17))) is None
    assert libero.covers(at(date(2014, 5, 17)))
    assert not libero.covers(None)
    assert libero.dkim_domains(at(date(2022, 1, 1))) == {"libero.it", "inwind.it"}
    assert libero.signs_with("libero.it", "s2021", at(date(2022, 1, 1))) is True
    assert libero.signs_with("libero.it", "s2014", at(date(2022, 1, 1))) is False
    assert libero.signs_with("example.org", "s1", at(date(2022, 1, 1))) is None


def test_an_address_that_is_none_is_not_owned() -> None:
    assert PROVIDERS["google"].owns_address("unknown") is None
    assert PROVIDERS["google"].owns_address("2a00:1450:4864:20::42") is True
    assert PROVIDERS["google"].owns_address("192.0.2.1", at(date(2024, 5, 1))) is False
    assert PROVIDERS["google"].owns_address("192.0.2.1", FAR_PAST) is None
    assert PROVIDERS["fastmail"].owns_address("66.111.4.25", FAR_PAST) is None


def test_exclusive_is_never_false() -> None:
    yahoo, google = PROVIDERS["yahoo"], PROVIDERS["google"]
    assert yahoo.exclusive("yahoo.com", at(date(2014, 5, 1))) is True
    assert yahoo.exclusive("yahoo.com", at(date(2014, 4, 1))) is None
    assert google.exclusive("gmail.com", at(date(2024, 5, 1))) is None
    assert google.dmarc_policy("gmail.com", at(date(2024, 5, 1))) == "none"
    assert yahoo.exclusive("yahoo.com", None) is None


def test_helo_alone_never_touches() -> None:
    for provider in PROVIDERS.values():
        for domain in (word for fact in provider.domains for word in fact.words):
            hop = read_received(
                f"from {domain} (unknown [192.0.2.1]) by mx.example.org (Postfix) with ESMTP "
                f"id 4F2; Sat, 17 May 2014 05:59:47 +0200 (CEST)"
            )
            assert hop.helo == domain
            assert provider.touched_by(hop) is None


def test_a_claimed_name_beside_a_foreign_address_says_so() -> None:
    line = (
        "from x (mail-lf1-f45.google.com [192.0.2.31]) by mx.example.org (8.11.6/8.11.6) with "
        "ESMTP id g72; Fri, 2 Aug 2024 21:03:05 +0100"
    )
    touch = PROVIDERS["google"].touched_by(read_received(line))
    assert touch is not None
    assert touch.in_range is False


def test_mail_that_came_in_has_not_departed() -> None:
    top = (
        "from X.namprd19.prod.outlook.com (2603:10b6:510:133::22) by Y.namprd19.prod.outlook.com "
        "with Microsoft SMTP Server id 15.20; Mon, 6 Nov 2023 12:00:01 +0000"
    )
    came = (
        "from hotmail.com (103.160.216.200) by VE1EUR01FT075.mail.protection.outlook.com with "
        "Microsoft SMTP Server id 15.20; Mon, 6 Nov 2023 12:00:00 +0000"
    )
    below = (
        "from [192.168.1.2] (unknown [192.0.2.7]) by mx.example.org (Postfix) with ESMTP id 4F2; "
        "Mon, 6 Nov 2023 11:59:59 +0000 (UTC)"
    )
    hops = [read_received(line) for line in (top, came, below)]
    assert PROVIDERS["microsoft"].departure(hops) is None
    left = (
        "from Y.namprd19.prod.outlook.com ([fe80::1]) by Y.namprd19.prod.outlook.com ([fe80::1]) "
        "with mapi id 15.20; Mon, 6 Nov 2023 11:59:58 +0000"
    )
    found = PROVIDERS["microsoft"].departure([*hops[:2], read_received(left)])
    assert found is not None
    assert found[0] == 2


def test_mail_passed_on_within_the_provider_has_not_come_in() -> None:
    line = (
        "from aol.com (mow-m19.webmail.aol.com [64.12.180.135]) by air-id09.mx.aol.com "
        "(v86_r1.16) with ESMTP id MAILINID92; Thu, 08 Aug 2002 12:00:00 -0400"
    )
    touch = PROVIDERS["aol"].touched_by(read_received(line))
    assert touch is not None
    assert touch.role == "inside"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"outbound": [{"domain": "a.it", "source": "x", "from": "2014"}]}, "no day"),
        (
            {
                "outbound": [
                    {
                        "domain": "a.it",
                        "source": "x",
                        "from": date(2015, 1, 1),
                        "until": date(2014, 1, 1),
                    }
                ]
            },
            "ends before",
        ),
        (
            {"field": [{"name": "X-A", "by": "magic", "presence": "always", "source": "x"}]},
            "unknown word",
        ),
        ({"policy": [{"domains": ["a.it"], "dmarc": "reject"}]}, "'source' is missing"),
    ],
)
def test_a_broken_table_names_file_and_key(change: dict[str, Any], says: str) -> None:
    table = {"name": "A", "source": "x", "domains": [], "example": []} | change
    with pytest.raises(TableError, match=r"providers/a\.toml") as error:
        read_provider("a", table)
    assert says in str(error.value)


def test_every_network_of_the_tables_is_one() -> None:
    assert all(one.networks for provider in PROVIDERS.values() for one in provider.ranges)


def test_a_broken_network_is_named_when_it_is_asked() -> None:
    ranges = [{"networks": ["10.0.0.1/8"], "basis": "spf", "source": "x"}]
    table = {"name": "A", "source": "x", "domains": [], "example": [], "range": ranges}
    with pytest.raises(TableError, match=r"providers/a\.toml range.*10\.0\.0\.1/8"):
        read_provider("a", table).ranges[0].holds("10.1.2.3")


def test_a_broken_expression_is_named_when_it_is_asked() -> None:
    outbound = [{"domain": "a.it", "host": "(", "source": "x"}]
    table = {"name": "A", "source": "x", "domains": [], "example": [], "outbound": outbound}
    with pytest.raises(TableError, match=r"providers/a\.toml: '\('"):
        read_provider("a", table).outbound[0].matches("mx.a.it")
