"""What one SPF evaluation knows, asks and has used up: the limits of RFC 7208 section
4.6.4, names that lead back, the values of the macros."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from firsthop.evidence.authentication.spf.macro import dotted, reversed_name
from firsthop.evidence.authentication.spf.record import SpfRecord
from firsthop.evidence.dns.store import NXDOMAIN, Answer, Lookups, Missing
from firsthop.evidence.host.networks import number_of
from firsthop.system.named_tuple import NamedTuple

MAX_LOOKUPS = 10  # RFC 7208 section 4.6.4
MAX_VOID = 2
MAX_NAMES = 10  # of an MX or PTR answer

Address = IPv4Address | IPv6Address


class TraceStep(NamedTuple):
    """One decision of an evaluation."""

    depth: int  # how many include and redirect deep
    domain: str
    term: str  # as the record writes it; the record itself when it is fetched
    explanation: str  # what came of it


class Ended(Exception):  # noqa: N818 - not an error: the evaluation has its result
    """The whole evaluation ends with this result."""

    def __init__(self, result: str, explanation: str) -> None:
        super().__init__(explanation)
        self.result, self.explanation = result, explanation


@dataclass(slots=True)
class Evaluation:
    """What one evaluation knows and has used up."""

    dns: Lookups
    address: Address
    sender: str
    helo: str
    receiver: str
    instant: int
    lookups: int = 0
    void: int = 0
    term: str | None = None
    record: SpfRecord | None = None  # the one whose term decided
    decided_at: str = ""
    trace: list[TraceStep] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def is_domain(name: str) -> bool:
    """RFC 7208 section 4.3: a fully qualified name with labels of 1 to 63 octets."""
    labels = name.removesuffix(".").split(".")
    return len(labels) > 1 and len(name) <= 254 and all(0 < len(label) <= 63 for label in labels)


def ask(run: Evaluation, name: str, rtype: str) -> Answer:
    """An answer of the record; ends the evaluation where there is none, or the DNS
    failed (RFC 7208 section 4.4)."""
    answer = run.dns.ask(name, rtype)
    if isinstance(answer, Missing):
        raise Ended("not_checkable", f"{rtype} of {name}: {answer.reason}")
    run.answers.append(answer)
    if answer.failed:
        raise Ended("temperror", f"{rtype} of {name}: {answer.rcode}")
    return answer


def ask_counted(run: Evaluation, name: str, rtype: str) -> tuple[str, ...]:
    """The records, with empty answers counted (RFC 7208 section 4.6.4: two void
    look-ups at most)."""
    answer = ask(run, name, rtype)
    if not answer.records or answer.rcode == NXDOMAIN:
        run.void += 1
        if run.void > MAX_VOID:
            raise Ended(
                "permerror", f"more than {MAX_VOID} void look-ups, the last for {rtype} of {name}"
            )
    return answer.records


def count(run: Evaluation, term: str) -> None:
    """Counts a term that looks up (RFC 7208 section 4.6.4: ten at most)."""
    run.lookups += 1
    if run.lookups > MAX_LOOKUPS:
        raise Ended("permerror", f"more than {MAX_LOOKUPS} terms that look up, the last {term}")


def address_of(text: str) -> Address | None:
    """The address that a text is; None where it is none."""
    version, number = number_of(text)
    if not version or "%" in text:  # a zone is of one machine (RFC 4007 section 11)
        return None
    return IPv4Address(number) if version == 4 else IPv6Address(number)


def address_type(run: Evaluation) -> str:
    """The record type that the client address is compared with (RFC 7208 section 5)."""
    return "A" if run.address.version == 4 else "AAAA"


def validated_names(run: Evaluation) -> Iterator[str]:
    """The names of the client address that lead back to it (RFC 7208 section 5.5); a
    failing DNS gives none."""
    for name in _records_or_none(run, reversed_name(run.address), "PTR")[:MAX_NAMES]:
        addresses = _records_or_none(run, name, address_type(run))
        if any(address_of(address) == run.address for address in addresses):
            yield name


def _records_or_none(run: Evaluation, name: str, rtype: str) -> tuple[str, ...]:
    try:
        return ask(run, name, rtype).records
    except Ended as end:
        if end.result == "not_checkable":
            raise
        return ()


def is_below(name: str, domain: str) -> bool:
    """Whether a name is the domain or below it."""
    name, domain = name.lower().rstrip("."), domain.lower().rstrip(".")
    return name == domain or name.endswith("." + domain)


def values(run: Evaluation, domain: str) -> dict[str, Callable[[], str]]:
    """The values of the macro letters (RFC 7208 section 7.2)."""
    local, _, of_sender = run.sender.rpartition("@")
    return {
        "s": lambda: run.sender,
        "l": lambda: local,
        "o": lambda: of_sender,
        "d": lambda: domain,
        "i": lambda: dotted(run.address),
        "p": lambda: _p(run, domain),
        "v": lambda: "in-addr" if run.address.version == 4 else "ip6",
        "h": lambda: run.helo,
        "c": lambda: str(run.address),
        "r": lambda: run.receiver,
        "t": lambda: str(run.instant),
    }


def _p(run: Evaluation, domain: str) -> str:
    """RFC 7208 section 7.3: the domain itself if it is validated, else a name below it,
    else any."""
    names = list(validated_names(run))
    best = (
        [name for name in names if name.lower() == domain.lower()]
        or [name for name in names if is_below(name, domain)]
        or names
    )
    return best[0] if best else "unknown"
