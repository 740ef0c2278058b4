"""Summaries, skipped inputs and the operator's words, redacted: copies of the typed
objects, so that every section of a bulletin works on them unchanged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.case_file import Asserted, CaseFile
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.timestamp import Stamp
from firsthop.judgement.finding import Finding, Observation
from firsthop.judgement.hypotheses.weighed import WeighedQuestion
from firsthop.mail.sources.raw import Skipped
from firsthop.publication.redaction.redactor import Redactor

Redact = Callable[[str], str]
# RFC 5322 section 3.3, with the name of the zone that most servers add
_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}"
    r"(?: \([A-Z]{1,5}\))?"
)


def redacted_summary(one: MessageSummary, number: int, by: Redactor) -> MessageSummary:
    """The summary of the message of that number, from 1."""
    return one._replace(
        uri=by.place(one.uri, number),
        sha256=by.digest(one.sha256),
        message_id=None if one.message_id is None else by.message_id(one.message_id),
        first=None if one.first is None else redacted_hop(one.first, by),
        author_domain=_or_none(one.author_domain, by.host),
        findings=tuple(_finding(finding, by) for finding in one.findings),
    )


def redacted_skipped(one: Skipped, number: int, by: Redactor) -> Skipped:
    """An input that could not be read; its reason may name files."""
    if by.level.file_names:
        return one._replace(uri=by.place(one.uri, number), reason=by.text(one.reason))
    return one._replace(uri=f"input/{number}", reason="")


def redacted_case_file(case_file: CaseFile, by: Redactor) -> CaseFile:
    """What the operator and the sources say. Author and organisation of the publication
    are theirs to show."""
    title = case_file.title
    return case_file._replace(
        title={language: by.text(text) for language, text in title.items()}
        if isinstance(title, dict)
        else title and by.text(title),
        number=case_file.number and by.text(case_file.number),
        related=tuple(map(by.text, case_file.related)),
        asserted=tuple(
            Asserted(claim.key, by.text(claim.value), by.text(claim.source))
            for claim in case_file.asserted
        ),
    )


def redacted_question(question: WeighedQuestion, by: Redactor) -> WeighedQuestion:
    """A question about causes as it was weighed; whom a statement names are people."""
    findings = tuple(
        replace(one, stated_by=one.stated_by and by.text(one.stated_by))
        for one in question.findings
    )
    return replace(question, findings=findings)


def redacted_hop(hop: Hop, by: Redactor) -> Hop:
    """A hop; its names, paths and logins are people's, and every other word of its
    line may be."""
    return hop._replace(
        raw="",
        helo=_or_none(hop.helo, by.host),
        client_name=_or_none(hop.client_name, by.host),
        client_address=by.ip_address(hop.client_address),
        by=_or_none(hop.by, by.host),
        by_address=by.ip_address(hop.by_address),
        mta=_or_none(hop.mta, by.text),
        mta_version=_or_none(hop.mta_version, by.text),
        protocol=_or_none(hop.protocol, by.text),
        auth_mechanism=_or_none(hop.auth_mechanism, by.text),
        tls_version=_or_none(hop.tls_version, by.text),
        tls_cipher=_or_none(hop.tls_cipher, by.text),
        queue_id=_or_none(hop.queue_id, by.text),
        auth_identity=_or_none(hop.auth_identity, by.address),
        reverse_path=_or_none(hop.reverse_path, by.text),
        forward_path=_or_none(hop.forward_path, by.text),
        ident=_or_none(hop.ident, by.address),
        orcpt=_or_none(hop.orcpt, by.text),
        via=_or_none(hop.via, by.text),
        stamp=None if hop.stamp is None else _stamp(hop.stamp, by),
        unread=(),
        notes=(),
    )


def _stamp(stamp: Stamp, by: Redactor) -> Stamp:
    """A time; its text is worth reading for names where it is no date alone."""
    raw = stamp.raw if _DATE.fullmatch(stamp.raw) else by.text(stamp.raw)
    return stamp._replace(raw=raw, zone_name=None)


def _or_none(value: str | None, redact: Redact) -> str | None:
    return redact(value) if value else value


def _finding(finding: Finding, by: Redactor) -> Finding:
    if not finding.values and not finding.observations:
        return finding
    return finding._replace(
        values=tuple((name, _value(name, value, by)) for name, value in finding.values),
        observations=tuple(_observation(one, by) for one in finding.observations),
    )


def _observation(one: Observation, by: Redactor) -> Observation:
    return one._replace(value=_value(one.key, one.value, by))


def _value(name: str, value: str, by: Redactor) -> str:
    return by.message_id(value) if name == "message_id" else by.text(value)
