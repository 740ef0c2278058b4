"""The dated store: what it holds, what it does not, and whose day an answer is of."""

from __future__ import annotations

import pytest

from firsthop.errors import SettingsError
from firsthop.evidence.dns.recorded import Recorder, read_answers, store_of, write_answers
from firsthop.evidence.dns.store import (
    DAY,
    NOERROR,
    NXDOMAIN,
    SERVFAIL,
    TIMEOUT,
    Answer,
    DnsStore,
    Missing,
    dns_store,
)
from firsthop.evidence.dns.zone import read_zone
from firsthop.evidence.timestamp import LAST_INSTANT

MAY_2014 = 1_400_331_577
ZONE = r"""
$ORIGIN example.org.
$TTL 1h
@       IN SOA ns hostmaster ( 1 ; serial
                 2 3 4 5 )
        IN TXT  "v=spf1 mx " "-all"  ; two strings
        MX 10 mail
mail    300 IN A 192.0.2.1
        AAAA 2001:db8::1
www     CNAME mail
*.dyn   A 192.0.2.9
a.b.c   TXT "say \"hi\"; \065"
sub     NS ns.elsewhere.example.
s._domainkey TXT ( "v=DKIM1; "
        "p=abc" )
"""


@pytest.fixture
def zone() -> DnsStore:
    return read_zone(ZONE, "example.org", MAY_2014, "example.zone")


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        ("example.org", "TXT", ("v=spf1 mx -all",)),
        ("EXAMPLE.ORG.", "mx", ("10 mail.example.org",)),
        ("mail.example.org", "A", ("192.0.2.1",)),
        ("mail.example.org", "AAAA", ("2001:db8::1",)),
        ("www.example.org", "A", ("192.0.2.1",)),
        ("x.dyn.example.org", "A", ("192.0.2.9",)),
        ("y.x.dyn.example.org", "A", ("192.0.2.9",)),
        ("a.b.c.example.org", "TXT", ('say "hi"; A',)),
        ("s._domainkey.example.org", "TXT", ("v=DKIM1; p=abc",)),
    ],
)
def test_a_zone_file_answers(
    zone: DnsStore, name: str, rtype: str, expected: tuple[str, ...]
) -> None:
    answer = zone.ask(name, rtype)
    assert isinstance(answer, Answer)
    assert (answer.records, answer.as_of, answer.source) == (expected, MAY_2014, "example.zone")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nobody.example.org", NXDOMAIN),
        ("b.c.example.org", NOERROR),
        ("mail.example.org", NOERROR),
        ("host.sub.example.org", "no recorded answer"),
        ("example.com", "no recorded answer"),
    ],
)
def test_what_is_not_there_is_told_from_what_is_not_known(
    zone: DnsStore, name: str, expected: str
) -> None:
    found = zone.ask(name, "TXT")
    assert (found.reason if isinstance(found, Missing) else found.rcode) == expected


@pytest.mark.parametrize("text", ["x FOO bar", "x TXT ( open", "x 300 IN"])
def test_a_broken_zone_names_its_line(text: str) -> None:
    with pytest.raises(SettingsError, match="z:1: "):
        read_zone(text, "example.org", 0, "z")


def test_an_alias_that_turns_in_a_circle_is_a_failure() -> None:
    found = store_of(
        {"a.example": {"CNAME": ["b.example."]}, "b.example": {"CNAME": ["a.example."]}}, 0, "t"
    ).ask("a.example", "A")
    assert isinstance(found, Answer)
    assert (found.failed, found.rcode) == (True, SERVFAIL)


def test_the_answer_nearest_to_the_mail_is_taken() -> None:
    store = dns_store(
        Answer("a.example", "TXT", (text,), NOERROR, at, "t")
        for text, at in (("new", MAY_2014 + 300 * DAY), ("old", MAY_2014 - 20 * DAY))
    )
    assert store.ask("a.example", "TXT").records == ("new",)  # type: ignore[union-attr]
    assert store.at(MAY_2014).ask("a.example", "TXT").records == ("old",)  # type: ignore[union-attr]
    assert store.at(MAY_2014 + 290 * DAY).ask("a.example", "TXT").records == ("new",)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (MAY_2014, "the nearest answer is of 2026-10-01, the mail of 2014-05-17"),
        (None, "the mail has no date to hold the answer of 2026-10-01 against"),
        (
            LAST_INSTANT + 3_600,
            "the nearest answer is of 2026-10-01, the mail of a time beyond the calendar",
        ),
        (
            -(1 << 40),
            "the nearest answer is of 2026-10-01, the mail of a time beyond the calendar",
        ),
    ],
)
def test_the_answer_of_another_day_is_not_given_in_silence(
    instant: int | None, expected: str
) -> None:
    store = store_of({"a.example": {"TXT": ["x"]}}, 1_790_812_800, "today")
    assert store.at(instant).ask("a.example", "TXT") == Missing("a.example", "TXT", expected)
    assert store.at(instant).nearest("a.example", "TXT").records == ("x",)  # type: ignore[union-attr]


def test_answers_survive_being_written_and_read() -> None:
    answers = (
        Answer("a.example", "TXT", ("v=spf1 -all", "café"), NOERROR, MAY_2014, "dig"),
        Answer("b.example", "MX", (), NXDOMAIN, MAY_2014 + 1, "dig"),
        Answer("c.example", "A", (), TIMEOUT, MAY_2014 + 2, "dig"),
    )
    assert read_answers(write_answers(answers).splitlines(), "case") == answers


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"name": "a"}',
        '{"name": "a", "type": "A", "as_of": "2014-05-17"}',
        '{"name": "a", "type": "A", "as_of": "x"}',
        '{"name": "a", "type": "A", "as_of": "9999-12-31T23:59:59-01:00"}',
        '{"name": "a", "type": "A", "as_of": "0001-01-01T00:00:00Z"}',
    ],
)
def test_a_broken_record_names_its_line(line: str) -> None:
    with pytest.raises(SettingsError, match=r"dns\.jsonl:2: "):
        read_answers(["", line], "dns.jsonl")


def test_the_recorder_asks_once_and_keeps_the_time() -> None:
    class Resolver:
        asked: list[tuple[str, str]] = []  # noqa: RUF012 - of this test only

        def resolve(self, name: str, rtype: str) -> tuple[str, tuple[str, ...]]:
            self.asked.append((name, rtype))
            return NOERROR, ("10 MX.Example.org.",)

    times = iter((5, 6))
    recorder = Recorder(Resolver(), lambda: next(times), "live")
    answers = [recorder.ask(name, "MX") for name in ("Example.org.", "example.org")]
    assert answers == [Answer("example.org", "MX", ("10 mx.example.org",), NOERROR, 5, "live")] * 2
    assert Resolver.asked == [("example.org", "MX")]
    assert recorder.answers == (answers[0],)
