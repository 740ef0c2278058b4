"""DMARC: both editions, by the mail's date."""

from __future__ import annotations

from typing import Any

import pytest

from firsthop.evidence.authentication.dmarc.evaluate import Authenticated, check_dmarc
from firsthop.evidence.authentication.dmarc.organization import (
    RFC_9989,
    Rules,
    rules_of,
    suffix_organization,
    tree_walk,
    walk_names,
    walk_organization,
)
from firsthop.evidence.authentication.dmarc.record import read_dmarc
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DAY, DnsStore

OLD, NEW = RFC_9989 - DAY, RFC_9989 + DAY


def store(records: dict[str, str], at: int, complete: bool = True) -> DnsStore:
    known: dict[str, dict[str, Any]] = {
        f"_dmarc.{name}": {"TXT": [text]} for name, text in records.items()
    }
    return store_of(known, at, "test", complete=complete)


@pytest.mark.parametrize(
    ("instant", "rules"),
    [(None, Rules.RFC_7489), (OLD, Rules.RFC_7489), (RFC_9989, Rules.RFC_9989)],
)
def test_the_date_of_the_mail_chooses_the_edition(instant: int | None, rules: Rules) -> None:
    assert rules_of(instant) is rules


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("Example.IT.", "example.it"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
    ],
)
def test_the_public_suffix_list_draws_the_old_border(domain: str, expected: str) -> None:
    assert suffix_organization(domain) == expected


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("a.example.com", ["a.example.com", "example.com", "com"]),
        (
            "1.2.3.4.5.6.7.com",
            [
                "1.2.3.4.5.6.7.com",
                "2.3.4.5.6.7.com",
                "3.4.5.6.7.com",
                "4.5.6.7.com",
                "5.6.7.com",
                "6.7.com",
                "7.com",
                "com",
            ],
        ),
        (
            "a.b.c.1.2.3.4.5.6.com",
            [
                "a.b.c.1.2.3.4.5.6.com",
                "1.2.3.4.5.6.com",
                "2.3.4.5.6.com",
                "3.4.5.6.com",
                "4.5.6.com",
                "5.6.com",
                "6.com",
                "com",
            ],
        ),
    ],
)
def test_the_walk_asks_at_most_eight_names(domain: str, expected: list[str]) -> None:
    assert walk_names(domain) == expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({}, "a.b.example.com"),
        ({"example.com": "v=DMARC1; p=none"}, "example.com"),
        ({"b.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=none"}, "example.com"),
        (
            {"b.example.com": "v=DMARC1; p=none; psd=n", "example.com": "v=DMARC1; p=none"},
            "b.example.com",
        ),
        ({"example.com": "v=DMARC1; p=none; psd=y"}, "b.example.com"),
        ({"com": "v=DMARC1; p=none; psd=y"}, "example.com"),
        (
            {"a.b.example.com": "v=DMARC1; p=none; psd=y", "example.com": "v=DMARC1; p=none"},
            "a.b.example.com",
        ),
        ({"example.com": "v=DMARC2; p=none"}, "a.b.example.com"),
    ],
)
def test_the_tree_walk_draws_the_new_border(records: dict[str, str], expected: str) -> None:
    assert walk_organization(tree_walk("a.b.example.com", store(records, NEW).at(NEW))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "v=DMARC1; p=reject; sp=none; adkim=s; pct=20",
            ("reject", "none", "none", True, False, 20),
        ),
        (
            "v=DMARC1;p=Quarantine;np=reject;aspf=s;t=y",
            ("quarantine", "quarantine", "reject", False, True, 100),
        ),
        ("v=DMARC1; rua=mailto:a@example.com", ("none", "none", "none", False, False, 100)),
        ("v=DMARC1; p=none; pct=000", ("none", "none", "none", False, False, 0)),
        # what is no number of RFC 7489, though Python takes some for digits
        ("v=DMARC1; p=none; pct=\u00b2", ("none", "none", "none", False, False, 100)),
        ("v=DMARC1; p=none; pct=\u0661", ("none", "none", "none", False, False, 100)),
        ("v=DMARC1; p=none; pct=101", ("none", "none", "none", False, False, 100)),
        (f"v=DMARC1; p=none; pct={'9' * 5_000}", ("none", "none", "none", False, False, 100)),
        (
            "v=DMARC1; p=wrong; rua=mailto:a@example.com",
            ("none", "none", "none", False, False, 100),
        ),
        ("v=DMARC1; p=wrong", None),
        ("p=none; v=DMARC1", None),
        ("v=dmarc1; p=none", None),
    ],
)
def test_records_are_read(text: str, expected: tuple[Any, ...] | None) -> None:
    read = read_dmarc([text, "v=spf1 -all"])
    assert (
        read
        and (
            read.policy,
            read.subdomain_policy,
            read.missing_policy,
            read.strict_dkim,
            read.strict_spf,
            read.percent,
        )
    ) == expected


def test_several_records_are_none() -> None:
    assert read_dmarc(["v=DMARC1; p=none", "v=DMARC1; p=reject"]) is None


RECORDS = {
    "example.co.uk": "v=DMARC1; p=reject; sp=quarantine",
    "strict.example.com": "v=DMARC1; p=reject; adkim=s; aspf=s",
}


@pytest.mark.parametrize("when", [OLD, NEW])
@pytest.mark.parametrize(
    ("author", "authenticated", "expected"),
    [
        ("example.co.uk", [("dkim", "example.co.uk", "pass")], ("pass", "reject")),
        ("example.co.uk", [("dkim", "mail.example.co.uk", "pass")], ("pass", "reject")),
        ("news.example.co.uk", [("spf", "mail.example.co.uk", "pass")], ("pass", "quarantine")),
        (
            "example.co.uk",
            [("dkim", "other.co.uk", "pass"), ("spf", "example.co.uk", "fail")],
            ("fail", "reject"),
        ),
        ("example.co.uk", [], ("fail", "reject")),
        (
            "example.co.uk",
            [("dkim", "example.co.uk", "not_checkable"), ("spf", "other.example", "pass")],
            ("not_checkable", "reject"),
        ),
        (
            "example.co.uk",
            [("dkim", "example.co.uk", "not_checkable"), ("spf", "example.co.uk", "pass")],
            ("pass", "reject"),
        ),
        ("example.co.uk", [("dkim", "other.example", "not_checkable")], ("fail", "reject")),
        ("strict.example.com", [("dkim", "mail.strict.example.com", "pass")], ("fail", "reject")),
        ("strict.example.com", [("spf", "strict.example.com", "pass")], ("pass", "reject")),
        ("nothing.example.net", [("spf", "nothing.example.net", "pass")], ("none", None)),
    ],
)
def test_alignment_decides_in_both_editions(
    when: int,
    author: str,
    authenticated: list[tuple[str, str, str]],
    expected: tuple[str, str | None],
) -> None:
    found = check_dmarc(
        author, [Authenticated(*one) for one in authenticated], store(RECORDS, when).at(when), when
    )
    assert (found.result, found.policy) == expected


@pytest.mark.parametrize(("when", "expected"), [(OLD, ("fail", "none")), (NEW, ("pass", "none"))])
def test_the_editions_differ_where_a_suffix_publishes(when: int, expected: tuple[str, str]) -> None:
    """blogspot.com is on the public suffix list: two blogs were strangers; its own
    record makes them one organization now."""
    records = {"blogspot.com": "v=DMARC1; p=none", "a.blogspot.com": "v=DMARC1; p=none"}
    found = check_dmarc(
        "a.blogspot.com",
        [Authenticated("dkim", "b.blogspot.com", "pass")],
        store(records, when).at(when),
        when,
    )
    assert (found.result, found.policy) == expected


@pytest.mark.parametrize(
    ("record", "exists", "expected"),
    [
        ("v=DMARC1; p=none; sp=quarantine; np=reject", True, "quarantine"),
        ("v=DMARC1; p=none; sp=quarantine; np=reject", False, "reject"),
        ("v=DMARC1; p=none; sp=reject; t=y", True, "quarantine"),
    ],
)
def test_the_new_tags_count(record: str, exists: bool, expected: str) -> None:
    known: dict[str, dict[str, Any]] = {"_dmarc.example.com": {"TXT": [record]}} | (
        {"a.example.com": {"A": ["192.0.2.1"]}} if exists else {}
    )
    assert (
        check_dmarc(
            "a.example.com", [], store_of(known, NEW, "t", complete=True).at(NEW), NEW
        ).policy
        == expected
    )


def test_what_is_not_recorded_is_not_checkable() -> None:
    found = check_dmarc(
        "example.com",
        [Authenticated("dkim", "example.com", "pass")],
        store({}, OLD, complete=False).at(OLD),
        OLD,
    )
    assert (found.result, found.explanation, found.as_of) == (
        "not_checkable",
        "TXT of _dmarc.example.com: no recorded answer",
        None,
    )
    later = check_dmarc(
        "example.co.uk", [], store(RECORDS, OLD + 3000 * DAY, complete=False).at(OLD), OLD
    )
    assert later.result == "not_checkable"
    assert "the nearest answer is of" in later.explanation


def test_a_failing_dns_is_a_temporary_error() -> None:
    dns = store_of({"_dmarc.example.com": {"TXT": "SERVFAIL"}}, OLD, "t").at(OLD)
    assert check_dmarc("example.com", [], dns, OLD).result == "temperror"
