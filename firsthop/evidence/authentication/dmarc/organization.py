"""The organizational domain by the rules of the mail's day: the public suffix list
before RFC 9989 (RFC 7489 section 3.2), its DNS tree walk after.

The public suffix list is the copy that the program ships with. Suffixes that were added
since the mail was sent may draw the border elsewhere than its receiver did; no dated
list is kept, so a result says which rule it used."""

from __future__ import annotations

from enum import StrEnum

from firsthop.evidence.authentication.dmarc.record import DmarcRecord, read_dmarc
from firsthop.evidence.dns.store import Answer, Lookups, Missing
from firsthop.evidence.host.names import registrable_domain
from firsthop.system.named_tuple import NamedTuple

RFC_9989 = 1_779_235_200  # 2026-05-20
MAX_LABELS = 8  # RFC 9989 section 4.10


class Rules(StrEnum):
    """Which edition of DMARC was in force."""

    RFC_7489 = "RFC 7489"
    RFC_9989 = "RFC 9989"


class Found(NamedTuple):
    """A policy record and where it stands."""

    domain: str
    record: DmarcRecord


class Walk(NamedTuple):
    """What asking up the tree gave."""

    domain: str  # where it started
    found: tuple[Found, ...]  # from the bottom up
    answers: tuple[Answer, ...]
    missing: Missing | None = None  # the question that could not be answered
    failed: Answer | None = None  # the question at which the DNS failed


def rules_of(instant: int | None) -> Rules:
    """The edition in force at a mail's date; a mail without one is judged by the old
    one, which most stored mail is under."""
    return Rules.RFC_9989 if instant is not None and instant >= RFC_9989 else Rules.RFC_7489


def suffix_organization(domain: str) -> str:
    """RFC 7489 section 3.2: the public suffix and one label; a name that is a suffix
    itself is its own organization."""
    name = domain.lower().rstrip(".")
    return registrable_domain(name) or name


def walk_names(domain: str) -> list[str]:
    """The names a tree walk asks, in order (RFC 9989 section 4.10): long names are cut
    to seven labels after the first."""
    labels = domain.lower().rstrip(".").split(".")
    names = [".".join(labels)]
    rest = labels[1:] if len(labels) < MAX_LABELS else labels[-(MAX_LABELS - 1) :]
    return names + [".".join(rest[index:]) for index in range(len(rest))]


def tree_walk(domain: str, dns: Lookups) -> Walk:
    """RFC 9989 section 4.10: policy records from the domain upward, until one says
    psd=y or psd=n."""
    records: list[Found] = []
    answers: list[Answer] = []
    for name in walk_names(domain):
        answer = dns.ask(f"_dmarc.{name}", "TXT")
        if isinstance(answer, Missing):
            return Walk(domain, tuple(records), tuple(answers), missing=answer)
        answers.append(answer)
        if answer.failed:
            return Walk(domain, tuple(records), tuple(answers), failed=answer)
        record = read_dmarc(answer.records)
        if record:
            records.append(Found(name, record))
            if record.psd != "u":
                break
    return Walk(domain, tuple(records), tuple(answers))


def walk_organization(walk: Walk) -> str:
    """RFC 9989 section 4.10.2: psd=n marks it, psd=y above marks the name one label
    below, else the highest record; without one, the domain itself."""
    start = walk.domain.lower().rstrip(".")
    for record in walk.found:
        if record.record.psd == "n":
            return record.domain
        if record.record.psd == "y" and record.domain != start:
            return ".".join(start.split(".")[-(record.domain.count(".") + 2) :])
    return walk.found[-1].domain if walk.found else start
