"""SPF: the suite of RFC 7208, the trace, and that nothing is ever asked of the net."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication.spf.evaluate import check_spf
from firsthop.evidence.authentication.spf.record import read_spf
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DAY, DnsStore

NOW = 1_400_331_577


def records(zone: dict[str, list[Any]]) -> dict[str, dict[str, list[str] | str]]:
    """The zone data of the suite: SPF records stand for TXT where no TXT is given;
    TIMEOUT answers whatever is not there."""
    return {name: _types(entries) for name, entries in zone.items()}


def _types(entries: list[Any]) -> dict[str, list[str] | str]:
    types: dict[str, Any] = {}
    silent = "TIMEOUT" in entries
    for rtype, value in (
        pair for entry in entries if isinstance(entry, dict) for pair in entry.items()
    ):
        if value == "TIMEOUT":
            types[rtype] = "TIMEOUT"
        else:
            types.setdefault(rtype, []).append(f"{value[0]} {value[1]}" if rtype == "MX" else value)
    if types.get("TXT") == ["NONE"]:
        types["TXT"] = []
        if silent:
            del types["TXT"]
    elif "SPF" in types and not silent:
        types.setdefault("TXT", types["SPF"])
    return types | (
        {rtype: types.get(rtype, "TIMEOUT") for rtype in ("A", "AAAA", "MX", "PTR", "TXT")}
        if silent
        else {}
    )


def suite(corpora: Path) -> Iterator[tuple[str, dict[str, Any], DnsStore]]:
    yaml = pytest.importorskip("yaml")
    for scenario in yaml.safe_load_all(
        (corpora / "standards/rfc7208/rfc7208-tests.yml").read_text()
    ):
        if scenario:
            store = store_of(records(scenario["zonedata"]), NOW, "suite", complete=True)
            yield from ((name, test, store) for name, test in scenario["tests"].items())


def test_the_suite_of_rfc_7208(corpora: Path) -> None:
    count, wrong = 0, []
    for name, test, store in suite(corpora):
        found = check_spf(
            store.at(NOW), str(test["host"]), test.get("mailfrom") or "", test.get("helo") or ""
        )
        wanted = test["result"] if isinstance(test["result"], list) else [test["result"]]
        told = test.get("explanation") in (None, found.explanation or "DEFAULT")
        count += 1
        if found.result not in wanted or not told:
            wrong.append((name, wanted, found.result, found.explanation))
    assert (count, wrong) == (203, [])


ZONE: dict[str, dict[str, list[str] | str]] = {
    "example.com": {
        "TXT": ["v=spf1 ip4:192.0.2.0/28 include:other.example mx -all"],
        "MX": ["10 mx.example.com"],
    },
    "other.example": {"TXT": ["v=spf1 ip6:2001:db8::/32 ~all"]},
    "mx.example.com": {"A": ["192.0.2.77"]},
    "half.example": {"TXT": ["v=spf1 ip4:192.0.2.1 include:nobody.asked.example -all"]},
}


@pytest.mark.parametrize(
    ("address", "result", "term"),
    [
        ("192.0.2.3", "pass", "ip4:192.0.2.0/28"),
        ("::ffff:192.0.2.3", "pass", "ip4:192.0.2.0/28"),
        ("2001:db8::5", "pass", "include:other.example"),
        ("192.0.2.77", "pass", "mx"),
        ("198.51.100.1", "fail", "-all"),
        ("not an address", "not_checkable", None),
    ],
)
def test_the_term_that_decides_is_named(address: str, result: str, term: str | None) -> None:
    found = check_spf(
        store_of(ZONE, NOW, "zone").at(NOW), address, "jo@example.com", "h.example.com"
    )
    assert (found.result, found.term) == (result, term)


def test_the_trace_tells_every_step() -> None:
    found = check_spf(
        store_of(ZONE, NOW, "zone").at(NOW), "192.0.2.77", "jo@example.com", "h.example.com"
    )
    assert [
        (step.depth, step.domain, step.term.partition(" ")[0], step.explanation)
        for step in found.trace
    ] == [
        (0, "example.com", "v=spf1", "record"),
        (0, "example.com", "ip4:192.0.2.0/28", "does not match"),
        (1, "other.example", "v=spf1", "record"),
        (1, "other.example", "ip6:2001:db8::/32", "does not match"),
        (1, "other.example", "~all", "matches"),
        (0, "example.com", "include:other.example", "does not match"),
        (0, "example.com", "mx", "matches"),
    ]
    assert [f"{answer.rtype} {answer.name}" for answer in found.answers] == [
        "TXT example.com",
        "TXT other.example",
        "MX example.com",
        "A mx.example.com",
    ]
    assert found.as_of == NOW


@pytest.mark.parametrize(
    ("address", "result"), [("192.0.2.1", "pass"), ("192.0.2.2", "not_checkable")]
)
def test_an_answer_that_was_not_recorded_decides_nothing(address: str, result: str) -> None:
    found = check_spf(
        store_of(ZONE, NOW, "zone").at(NOW), address, "jo@half.example", "h.example.com"
    )
    assert found.result == result
    assert "nobody.asked.example" in found.reason or result == "pass"


def test_todays_record_does_not_judge_old_mail() -> None:
    found = check_spf(
        store_of(ZONE, NOW + 4000 * DAY, "zone").at(NOW),
        "192.0.2.3",
        "jo@example.com",
        "h.example.com",
    )
    assert (found.result, found.reason) == (
        "not_checkable",
        "TXT of example.com: the nearest answer is of 2025-04-29, the mail of 2014-05-17",
    )


def test_a_null_reverse_path_is_judged_by_helo() -> None:
    found = check_spf(store_of(ZONE, NOW, "zone").at(NOW), "192.0.2.3", "", "example.com")
    assert (found.result, found.identity, found.domain) == ("pass", "helo", "example.com")


def test_no_evaluation_opens_a_socket(corpora: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("an evaluation opened a socket")

    for name in ("socket", "getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    for _, test, store in suite(corpora):
        for dns in (store.at(NOW), DnsStore().at(NOW)):
            check_spf(dns, str(test["host"]), test.get("mailfrom") or "", test.get("helo") or "")


WORDS = st.sampled_from(
    [
        "a",
        "mx",
        "-all",
        "ip4:1.2.3.4/33",
        "include:",
        "exists:%{i}.x",
        "redirect=%{d}",
        "exp=x.y",
        "a:b//",
        "%",
        "ptr/3",
        "x=y",
        "é",
        "  ",
        "a:%{z}",
        "ip6:::1",
    ]
)


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_no_record_raises(text: str) -> None:
    assert read_spf([f"v=spf1 {text}"]) is not None
    assert check_spf(
        store_of({"a.example": {"TXT": [f"v=spf1 {text}"]}}, NOW, "t", complete=True).at(NOW),
        "192.0.2.1",
        "a@a.example",
        "b",
    ).result


@pytest.mark.parametrize("address", ["192.0.2.3", "2001:db8::3"])
@pytest.mark.parametrize(
    "answer",
    ["192.0.2.3", "2001:db8::3", "::ffff:192.0.2.3", "fe80::1%eth0", "x", "", "\u0661.2.3.4"],
)
def test_an_answer_of_another_kind_of_address_is_none(address: str, answer: str) -> None:
    """Whoever answers may put anything into an A or AAAA record."""
    zone: dict[str, dict[str, list[str] | str]] = {
        "a.example": {"TXT": ["v=spf1 a/32//128 -all"], "A": [answer], "AAAA": [answer]}
    }
    store = store_of(zone, NOW, "t", complete=True).at(NOW)
    found = check_spf(store, address, "jo@a.example", "h.example")
    assert found.result == ("pass" if answer == address else "fail")
