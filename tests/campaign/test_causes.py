"""What causes are weighed by is counted from the mail of one provider's users, and what
cannot be counted stays unknown."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from firsthop.campaign.causes.contacts import ContactCounts
from firsthop.campaign.causes.coupling import keeps_origin
from firsthop.campaign.causes.measure import SERVICES
from firsthop.campaign.causes.outside import OutsideCounts, count_places
from firsthop.campaign.causes.scope import scope_of
from firsthop.campaign.causes.weigh import findings_of, weigh
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.campaign.first_hops.summary_lines import read_summary, summary_line
from firsthop.case_file import CaseFile, read_case_file
from firsthop.evidence.facts import establish
from firsthop.evidence.host.places import Gazetteer, Place, PlaceSource
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.judgement.examine import examine
from firsthop.judgement.finding import Finding, Outcome
from firsthop.judgement.hypotheses.finding import Findings
from firsthop.judgement.hypotheses.weighed import WeighedQuestion
from firsthop.mail.read import read_mail
from firsthop.mail.sources import read_sources
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers
from tests.campaign.messages import facts_of

WEEKDAYS = "Wed Thu Fri Sat Sun Mon Tue".split()  # of the days of May 2014, modulo 7
EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014"
ROME = Gazetteer(
    [PlaceSource("test", None, lambda address: Place("IT" if "9.9.9" in address else "KR"))]
)


NO_DATA = Gazetteer()
CONTACTS = ("contacts_beat_chance", "correspondents_only", "one_cut_off")


def mail(
    author: str = "mario@libero.it",
    relay: str = "relay.example.net",
    client: str = "9.9.9.9",
    name: str = "unknown",
    protocol: str = "ESMTPA",
    day: int = 17,
) -> MessageSummary:
    """A message whose first hop is as told."""
    line = (
        f"from pc ({name} [{client}]) by {relay} (Postfix) with {protocol} id AB12CD34EF; "
        f"{WEEKDAYS[day % 7]}, {day:2} May 2014 12:00:00 +0000 (UTC)"
    )
    header = f"Received: {line}\r\nFrom: {author}\r\n\r\n".encode()
    return summarize(examine(facts_of(header, uri=f"{client}/{day}"), CaseFile()))


def case_file(**table: Any) -> CaseFile:
    return read_case_file(table, "case.toml")


LIBERO = case_file(claimed_provider={"name": "Libero", "domains": ["libero.it"], "country": "IT"})


def counted(
    *summaries: MessageSummary, told: CaseFile = LIBERO, gazetteer: Gazetteer = NO_DATA
) -> Findings:
    scope = scope_of(summaries, told)
    assert scope is not None
    outside = OutsideCounts(count_places(summaries, told, gazetteer))
    return findings_of(summaries, scope, told, outside)


def of(findings: Findings, key: str) -> tuple[int, int]:
    return findings.of(key).k, findings.of(key).n


def test_logins_relays_and_networks() -> None:
    seen = counted(
        mail(client="9.9.9.9", day=1),
        mail(client="9.9.9.10", day=2),  # the same network
        mail(client="8.8.4.4", name="dns.example.org", day=3, protocol="ESMTP"),
        mail(client="1.1.1.1", name="1.1.1.1.dyn.example.org", relay="other.example.com", day=4),
    )
    assert of(seen, "logged_in") == (3, 4)
    assert of(seen, "other_relays") == (1, 4)
    assert of(seen, "new_networks") == (2, 3)
    assert of(seen, "one_relay_many_networks") == (1, 2)
    assert of(seen, "end_user_hosts") == (3, 4)
    assert of(seen, "service_line") == (0, 4)
    assert of(seen, "provider_on_path") == (0, 4)
    assert seen.messages == 4


def test_what_is_not_known_is_not_there() -> None:
    seen = counted(mail())
    assert not {"other_relays", "new_networks", "one_relay_many_networks"} & seen.counts.keys()
    assert not {"origins_at_home", "sender_keeps_origin", "authorised"} & seen.counts.keys()
    inside = counted(mail(client="10.0.0.1"), mail(client="192.168.7.7", day=18))
    assert not {"new_networks", "end_user_hosts"} & inside.counts.keys()


def test_origins_at_home_need_data_and_a_country() -> None:
    mails = (mail(), mail(client="8.8.4.4", day=18), mail(client="9.9.9.9", day=19))
    assert of(counted(*mails, gazetteer=ROME), "origins_at_home") == (1, 2)
    assert of(counted(*mails), "origins_at_home") == (0, 0)
    without = case_file(claimed_provider={"name": "Libero", "domains": ["libero.it"]})
    assert of(counted(*mails, told=without, gazetteer=ROME), "origins_at_home") == (0, 0)


def test_a_first_hop_that_the_path_contradicts_does_not_count() -> None:
    broken = mail(day=18)
    assert of(counted(mail(), broken), "logged_in") == (2, 2)
    contradicted = Finding("line_shape", Outcome.CONTRADICTS, None, "shape.broken")
    broken = broken._replace(findings=(contradicted,))
    assert of(counted(mail(), broken), "logged_in") == (1, 1)


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([(f"a{n % 5}", f"net{n % 5}") for n in range(40)], True),  # each author his own network
        ([(f"a{n % 5}", f"net{n // 5 % 8}") for n in range(40)], False),
        ([(f"a{n}", f"net{n}") for n in range(40)], None),  # nobody twice
        ([("a", "net"), ("a", "net"), ("b", "net"), ("b", "net")], None),  # one network
        ([], None),
    ],
)
def test_whether_authors_keep_to_their_networks(
    pairs: list[tuple[str, str]], told: bool | None
) -> None:
    assert keeps_origin(pairs) is told
    assert keeps_origin(pairs) is told, "the same each time"


def test_coupling_becomes_a_finding() -> None:
    mails = [
        mail(f"u{n % 4}@libero.it", client=f"9.{n % 4}.9.{n}", day=1 + n % 28) for n in range(32)
    ]
    assert of(counted(*mails), "sender_keeps_origin") == (1, 1)


def test_only_the_providers_users_are_weighed() -> None:
    others = [mail("x@example.org", day=day) for day in range(1, 9)]
    assert counted(mail(), *others).messages == 1
    assert scope_of(others, LIBERO) is None
    assert weigh(others, CaseFile()) == ()
    assert weigh([], LIBERO) == ()


def test_a_provider_that_stands_out_needs_no_case_file() -> None:
    mails = [mail(day=day) for day in range(1, 6)]
    scope = scope_of([*mails, mail("x@example.org")], CaseFile())
    assert scope is not None
    assert (len(scope.members), scope.named) == (5, False)
    assert scope_of([mail(), mail("a@gmail.com"), mail("b@yahoo.com")], CaseFile()) is None


def test_one_domain_is_counted_among_all_mail_through_the_same_relays() -> None:
    same = [mail(day=1), mail(day=2), mail("x@example.org", day=3)]
    elsewhere = [mail("y@example.org", relay="other.example.com", day=4)]
    seen = counted(*same, *elsewhere)
    assert of(seen, "one_author_domain") == (2, 3)
    assert seen.keyed_on_domain
    openly = case_file(
        claimed_provider={"name": "Libero", "domains": ["libero.it"]}, collected_by="anything"
    )
    assert not counted(*same, told=openly).keyed_on_domain


def test_statements_are_the_analysts_and_counts_go_before_them() -> None:
    told = case_file(
        claimed_provider={"name": "Libero", "domains": ["libero.it"]},
        statement=[
            {"key": "foreign_logins", "value": [4, 5], "source": "Libero", "grade": "B2"},
            {"key": "recipients_are_contacts", "value": True, "source": "a user", "grade": "C3"},
        ],
    )
    seen = counted(mail(), told=told)
    assert of(seen, "foreign_logins") == (4, 5)
    assert seen.of("foreign_logins").stated_by == "Libero"
    assert seen.of("logged_in").stated_by is None


def test_contacts_enter_as_counts() -> None:
    def contacts(counts: ContactCounts) -> dict[str, tuple[int, int]]:
        summaries = [mail()]
        scope = scope_of(summaries, LIBERO)
        assert scope is not None
        found = findings_of(summaries, scope, LIBERO, OutsideCounts(None, counts))
        return {key: of(found, key) for key in CONTACTS}

    assert contacts(ContactCounts(3, 90, 80, 5, 4.2, 0.01, (3, 9), True, 16_000)) == {
        "contacts_beat_chance": (1, 1),
        "correspondents_only": (3, 9),
        "one_cut_off": (1, 1),
    }
    assert contacts(ContactCounts(1, 90, 5, 7, 4.2, 0.4, one_cut_off=False)) == {
        "contacts_beat_chance": (0, 1),
        "correspondents_only": (0, 0),
        "one_cut_off": (0, 1),
    }
    alone = contacts(ContactCounts(1, 90, 90, 1, 90.0, 1.0))
    assert alone == contacts(ContactCounts(2, 0, 0, 4, 0.0, 1.0))
    assert set(alone.values()) == {(0, 0)}


def test_grades_are_of_the_text_unless_the_case_file_grades_it() -> None:
    assert counted(mail()).of("logged_in").grade == "B2"
    graded = case_file(
        claimed_provider={"name": "Libero", "domains": ["libero.it"]}, evidence_grade="D5"
    )
    assert counted(mail(), told=graded).of("logged_in").grade == "D5"
    assert {one.grade for one in example("transmission").findings if one.n} == {"C3"}


def test_a_summary_is_read_back_with_its_author() -> None:
    one = mail()
    assert (one.author_domain, len(one.author or "")) == ("libero.it", 16)
    assert one.author != mail("maria@libero.it").author
    assert "mario" not in summary_line(one)
    assert read_summary(summary_line(one)) == one


def test_every_service_is_a_dialect() -> None:
    assert set(DIALECTS) >= SERVICES


def example(question: str) -> WeighedQuestion:
    """The case of 2014, as its files have it."""
    told = read_case_file(
        tomllib.loads((EXAMPLE / "case.toml").read_text(encoding="utf-8")), "case.toml"
    )
    summaries = [
        summarize(examine(establish(read_mail(one), OwnServers(assume=True)), told))
        for one in read_sources([EXAMPLE / "headers.txt"])
        if isinstance(one, RawMail)
    ]
    assert len(summaries) == 7
    return next(one for one in weigh(summaries, told) if one.key == question)


def test_the_case_of_2014() -> None:
    transmission = example("transmission")
    assert transmission.decided == "abused_accounts"
    assert transmission.leader.likelihood == "likely"
    assert (transmission.confidence, transmission.turning) == ("low", "logged_in")
    assert example("contacts").decided is None
    assert example("one_provider").decided is None
    assert example("account").decided == "imitated"
    assert {one.key: (one.k, one.n) for one in transmission.findings if one.n} == {
        "provider_on_path": (0, 7),
        "logged_in": (6, 7),
        "other_relays": (4, 7),
        "new_networks": (6, 6),
        "one_relay_many_networks": (2, 2),
        "end_user_hosts": (5, 6),
        "mailer_is_genuine": (0, 2),
        "php_form": (2, 2),
        "service_line": (0, 7),
    }
