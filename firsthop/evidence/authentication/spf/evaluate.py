"""Evaluates SPF (RFC 7208 section 4) against recorded answers, with the full trace of
what was asked and decided. Never a query of its own.

A question without a recorded answer ends the evaluation as `not_checkable`: SPF of
another day, or half of it, decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_network

from firsthop.evidence.authentication.spf.macro import expand, shorten
from firsthop.evidence.authentication.spf.record import RESULTS, SpfRecord, Term, read_spf
from firsthop.evidence.authentication.spf.run import (
    MAX_NAMES,
    Address,
    Ended,
    Evaluation,
    TraceStep,
    address_of,
    address_type,
    ask,
    ask_counted,
    count,
    is_below,
    is_domain,
    validated_names,
    values,
)
from firsthop.evidence.dns.store import Answer, Lookups
from firsthop.system.named_tuple import NamedTuple


class SpfResult(NamedTuple):
    """An evaluation."""

    # none neutral pass fail softfail temperror permerror (RFC 7208 section 2.6), or
    # not_checkable
    result: str
    reason: str  # one sentence for a person
    domain: str
    identity: str  # mailfrom or helo
    term: str | None = None  # the mechanism that decided
    explanation: str | None = None  # of a fail, where the record gives one
    as_of: int | None = None  # of the oldest answer that was used
    trace: tuple[TraceStep, ...] = ()
    answers: tuple[Answer, ...] = ()


def check_spf(
    dns: Lookups,
    address: str,
    mail_from: str,
    helo: str,
    receiver: str = "unknown",
    instant: int = 0,
) -> SpfResult:
    """SPF of the MAIL FROM identity, or of HELO where the reverse-path is null (RFC
    7208 section 2.4). Never raises."""
    local, at, domain = mail_from.rpartition("@")
    identity = "mailfrom" if at else "helo"
    domain = domain if at else helo
    sender = f"{local or 'postmaster'}@{domain}"
    client = address_of(address)
    if client is None:
        return SpfResult("not_checkable", f"no client address: {address!r}", domain, identity)
    run = Evaluation(dns, _mapped(client), sender, helo, receiver, instant)
    explanation = None
    try:
        result, reason = check_host(run, domain, 0), ""
        explanation = _explanation(run) if result == "fail" else None
    except Ended as end:
        result, reason = end.result, end.explanation
    reason = reason or _reason(result, run)
    as_of = min((answer.as_of for answer in run.answers), default=None)
    term = run.term if result in RESULTS.values() else None
    return SpfResult(
        result,
        reason,
        domain,
        identity,
        term,
        explanation,
        as_of,
        tuple(run.trace),
        tuple(run.answers),
    )


def _mapped(address: Address) -> Address:
    """An IPv4-mapped address is judged as IPv4 (RFC 7208 section 5)."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _reason(result: str, run: Evaluation) -> str:
    if result == "none":
        return "no SPF record"
    return (
        f"{run.term} of {run.decided_at} decides"
        if run.term
        else "no term matches and there is no redirect"
    )


def check_host(run: Evaluation, domain: str, depth: int) -> str:
    """RFC 7208 section 4: the result for one domain."""
    if not is_domain(domain):
        return "none"
    record = read_spf(ask(run, domain, "TXT").records)
    run.trace.append(
        TraceStep(
            depth,
            domain,
            record.text if record else "",
            (record.error or "record") if record else "no SPF record",
        )
    )
    if record is None:
        return "none"
    if record.error:
        raise Ended("permerror", f"{domain}: {record.error}")
    for term in record.terms:
        if _term_matches(run, term, domain, depth):
            run.term, run.record, run.decided_at = term.text, record, domain
            return RESULTS[term.qualifier]
    return _redirected(run, record, domain, depth)


def _redirected(run: Evaluation, record: SpfRecord, domain: str, depth: int) -> str:
    """RFC 7208 section 6.1; without redirect= the result is neutral (section 4.7)."""
    run.term = None
    if record.redirect is None:
        return "neutral"
    count(run, f"redirect={record.redirect}")
    target = shorten(expand(record.redirect, values(run, domain)))
    run.trace.append(
        TraceStep(depth, domain, f"redirect={record.redirect}", f"goes on at {target}")
    )
    result = check_host(run, target, depth + 1)
    if result == "none":
        raise Ended("permerror", f"redirect={record.redirect} of {domain} leads to no record")
    return result


def _term_matches(run: Evaluation, term: Term, domain: str, depth: int) -> bool:
    """RFC 7208 section 4.6.2 and 5."""
    if term.mechanism in MECHANISMS:
        count(run, term.text)
        target = shorten(expand(term.domain, values(run, domain))) if term.domain else domain
        matched = MECHANISMS[term.mechanism](run, term, target, depth)
    else:
        matched = term.mechanism == "all" or (
            term.network is not None
            and term.network.version == run.address.version
            and run.address in term.network
        )
    run.trace.append(
        TraceStep(depth, domain, term.text, "matches" if matched else "does not match")
    )
    return matched


def _include(run: Evaluation, term: Term, target: str, depth: int) -> bool:
    """RFC 7208 section 5.2."""
    result = check_host(run, target, depth + 1)
    if result == "none":
        raise Ended("permerror", f"{term.text} leads to no record")
    return result == "pass"


def _within(run: Evaluation, addresses: tuple[str, ...], term: Term) -> bool:
    """Whether the client is in a network of one of the addresses of its own kind; an
    answer may hold others."""
    version = run.address.version
    bits = term.bits4 if version == 4 else term.bits6
    return any(
        run.address in ip_network(f"{one}/{bits}", strict=False)
        for one in map(address_of, addresses)
        if one is not None and one.version == version
    )


def _a(run: Evaluation, term: Term, target: str, _depth: int) -> bool:
    """RFC 7208 section 5.3."""
    return is_domain(target) and _within(run, ask_counted(run, target, address_type(run)), term)


def _mx(run: Evaluation, term: Term, target: str, _depth: int) -> bool:
    """RFC 7208 section 5.4."""
    if not is_domain(target):
        return False
    hosts = [record.split()[-1] for record in ask_counted(run, target, "MX") if record.split()]
    if len(hosts) > MAX_NAMES:
        raise Ended("permerror", f"{term.text}: {len(hosts)} MX records")
    return any(
        _within(run, ask(run, host, address_type(run)).records, term)
        for host in hosts
        if is_domain(host)
    )


def _ptr(run: Evaluation, _term: Term, target: str, _depth: int) -> bool:
    """RFC 7208 section 5.5."""
    return any(is_below(name, target) for name in validated_names(run))


def _exists(run: Evaluation, _term: Term, target: str, _depth: int) -> bool:
    """RFC 7208 section 5.7: always of type A."""
    return is_domain(target) and bool(ask_counted(run, target, "A"))


MECHANISMS: dict[str, Callable[[Evaluation, Term, str, int], bool]] = {
    "include": _include,
    "a": _a,
    "mx": _mx,
    "ptr": _ptr,
    "exists": _exists,
}


def _explanation(run: Evaluation) -> str | None:
    """RFC 7208 section 6.2: of the record that decided; anything wrong with it means
    none."""
    if run.record is None or run.record.explanation is None:
        return None
    known = values(run, run.decided_at)
    try:
        target = shorten(expand(run.record.explanation, known))
        records = ask(run, target, "TXT").records if is_domain(target) else ()
        text = records[0] if len(records) == 1 else ""
        return expand(text, known) if text and text.isascii() else None
    except (Ended, KeyError):
        return None
