"""The JSON of `trace --json` and `examine --json`, one object a message: a contract
that is extended and never broken.

Its keys, what each is and what its null means: docs/reference/json.md, from the schemas
beside it, which tests hold against real output.

Forms:      a value that is absent is null; one whose text was eaten is null too, and
            its key stands under "value_lost" of the same object. Addresses are bare.
            Times that a mail writes are objects with text, instant and offset, all
            others RFC 3339 text in UTC.
Promises:   keys in a fixed order; strings hold whole Unicode characters (a lone
            surrogate is shown as \\udNNN); numbers are finite and fit 64 bits.
Never:      raises for what a mail holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.author import Author
from firsthop.evidence.identity.identities import Claim, Mailbox, State, claim
from firsthop.evidence.path.indirect import signs
from firsthop.evidence.path.path import Boundary, Step
from firsthop.evidence.path.trace_fields import TraceField
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.queue_id import QueueId
from firsthop.evidence.roles import identities
from firsthop.evidence.services.account import ServiceAccount, service_accounts
from firsthop.evidence.timestamp import Stamp, read_stamp
from firsthop.judgement.checks.indirect_way import authenticated_hosts
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import BaseRate, Finding, Observation, Verdict
from firsthop.mail.message import Defect, Evidence, Source, Span
from firsthop.publication.json.authentication import (
    authentication_object,
    identity_object,
    sign_object,
)
from firsthop.publication.json.values import Object, number, time_text
from firsthop.publication.words import say

# An escaped surrogate without its partner; what only looks like one costs a second
# writing.
_HIGH, _LOW = r"\\ud[89ab][0-9a-f]{2}", r"\\ud[c-f][0-9a-f]{2}"
_LONE = re.compile(rf"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}")


def trace_object(facts: MessageFacts) -> Object:
    """What `trace --json` says of one message."""
    return {
        "source": _source(facts.message.source),
        "message_id": _claim(facts.message_id),
        "from": _mailbox(facts.author, facts.message.source.evidence),
        "authorship": _authorship(facts.authorship),
        "subject": facts.subject.value,
        "date": _date(facts),
        "mailer": _claim(facts.mailer),
        "hops": [_hop(step) for step in facts.path.steps],
        "waypoints": [_trace_field(trace_field) for trace_field in facts.trace_fields],
        "boundary": _boundary(facts.path.boundary),
        "defects": [_defect(defect) for defect in facts.message.defects],
        "value_lost": lost_fields(facts),
        "identities": [identity_object(one) for one in identities(facts.message, facts.path)],
        "service_accounts": [
            _service_account(one) for one in service_accounts(facts.message, facts.path)
        ],
    }


def examine_object(examination: Examination) -> Object:
    """What `examine --json` says of one message: the same, with what vouches for it,
    findings and verdicts. Sentences are English."""
    facts = examination.facts
    judged: Object = {
        "authentication": None
        if facts.authentication is None
        else authentication_object(facts.authentication),
        "indirect": [
            sign_object(sign)
            for sign in signs(facts.message, facts.path, authenticated_hosts(facts))
        ],
        "findings": [_finding(f) for f in examination.findings],
        "verdicts": [_verdict(v) for v in examination.verdicts],
    }
    return {**trace_object(facts), **judged}


def json_line(value: Any) -> str:
    """`value` as one line of strict JSON, in ASCII: nothing in it can steer a terminal
    or break on an encoding."""
    return _dumps(value)


def json_text(value: Any) -> str:
    """`value` as strict JSON over several lines, in ASCII, for a file."""
    return _dumps(value, indent=1) + "\n"


def json_texts(values: Iterable[Any]) -> Iterator[str]:
    """A list as `json_text` writes it, piece by piece, one value at a time."""
    end = "["
    for value in values:
        yield f"{end}\n{_dumps([value], indent=1)[2:-2]}"
        end = ","
    yield "[]\n" if end == "[" else "\n]\n"


def lost_fields(facts: MessageFacts) -> list[str]:
    """The names of the fields that are there and whose text was eaten."""
    claims = {
        "message_id": facts.message_id,
        "from": claim(facts.message, "from"),
        "subject": facts.subject,
    }
    claims |= {"date": claim(facts.message, "date"), "mailer": facts.mailer}
    return [name for name, found in claims.items() if found.state is State.VALUE_LOST]


def _source(source: Source) -> Object:
    return {
        "uri": source.uri,
        "sha256": source.sha256,
        "offset": source.offset,
        "container": source.container,
        "evidence": str(source.evidence),
        "enclosed_in": source.enclosed_in,
        "body_bytes": str(source.body_bytes),
        "notes": list(source.notes),
    }


def _claim(found: Claim) -> Object:
    return {"value": found.value, "state": str(found.state)}


def _mailbox(author: Mailbox | None, evidence: Evidence) -> Object | None:
    """A published From without an address had one (RFC 5322 section 3.4): its angle
    brackets were eaten."""
    if author is None:
        return None
    lost = ["address"] if author.address is None and evidence is Evidence.PUBLICATION else []
    return {"address": author.address, "display_name": author.display_name, "value_lost": lost}


def _authorship(author: Author) -> Object:
    """Every author, why "from" is the one that is judged, how the From fields break
    their form, and what mail clients show where it differs."""
    return {
        "why": author.why,
        "single": author.single,
        "authors": [
            {"address": box.address, "display_name": box.display_name, "domain": box.domain}
            for box in author.all
        ],
        "defects": list(author.defects),
        "shown": [{"client": client, "text": text} for client, text in author.shown],
    }


def _service_account(one: ServiceAccount) -> Object:
    """The account at a sending service that a field or a line of the service names."""
    return {
        "service": one.service,
        "account": one.account,
        "message": one.message,
        "field": one.field.name,
        "span": list(one.field.span),
    }


def _date(facts: MessageFacts) -> Object | None:
    written = claim(facts.message, "date").value
    return _stamp(facts.date or (read_stamp(written) if written else None))


def _stamp(stamp: Stamp | None) -> Object | None:
    if stamp is None:
        return None
    return {
        "raw": stamp.raw,
        "utc": stamp.utc,
        "offset": stamp.offset,
        "zone_name": stamp.zone_name,
        "defects": list(stamp.defects),
    }


def _boundary(boundary: Boundary) -> Object:
    """Where belief ends, and what that rests on; the receiver by its name, with its key
    among receivers/*.toml where it has one."""
    return {
        "position": boundary.position,
        "reason": boundary.reason,
        "basis": str(boundary.basis),
        "receiver": boundary.receiver,
        "receiver_key": boundary.receiver_key,
    }


def _hop(step: Step) -> Object:
    hop = step.hop
    return {
        "position": step.position,
        "helo": hop.helo,
        "client_name": hop.client_name,
        "client_name_verified": hop.client_name_verified,
        "client_address": hop.client_address,
        "client_port": number(hop.client_port),
        "by": hop.by,
        "by_address": hop.by_address,
        "mta": {"name": hop.mta, "version": hop.mta_version} if hop.mta else None,
        "protocol": hop.protocol,
        "authenticated": hop.authenticated,
        "auth_mechanism": hop.auth_mechanism,
        "auth_identity": hop.auth_identity,
        "tls": {"version": hop.tls_version, "cipher": hop.tls_cipher} if hop.tls else None,
        "queue_id": hop.queue_id,
        "queue_id_decoded": _queue_id(hop.queue_id_decoded),
        "reverse_path": hop.reverse_path,
        "forward_path": hop.forward_path,
        "ident": hop.ident,
        "via": hop.via,
        "orcpt": hop.orcpt,
        "stamp": _stamp(hop.stamp),
        "dialect": hop.dialect,
        "kind": hop.kind,
        "trust": str(step.trust),
        **_reading(hop, step.field.span),
    }


def _trace_field(trace_field: TraceField) -> Object:
    """What another field tells about the path: it stands above the hop at position
    "above" (0: below all)."""
    return {
        "kind": trace_field.kind,
        "field": trace_field.field.name,
        "value": trace_field.value,
        "above": trace_field.above,
        "trust": str(trace_field.trust),
        "span": list(trace_field.field.span),
    }


def _reading(hop: Hop, span: Span) -> Object:
    """How the line was read: what was repaired, eaten, left over, and where it
    stands."""
    return {
        "repairs": list(hop.repairs),
        "value_lost": list(hop.value_lost),
        "unread": list(hop.unread),
        "notes": list(hop.notes),
        "span": list(span),
        "raw": hop.raw,
    }


def _queue_id(decoded: QueueId | None) -> Object | None:
    if decoded is None:
        return None
    return {
        "scheme": decoded.scheme,
        "time": time_text(decoded.instant),
        "microseconds": decoded.microseconds,
        "inode": number(decoded.inode),
        "pid": number(decoded.pid),
        "possible": decoded.possible,
    }


def _defect(defect: Defect) -> Object:
    return {"name": defect.name, "says": defect.explanation, "span": _span(defect.span)}


def _span(span: Span | None) -> list[int] | None:
    return None if span is None else list(span)


def _finding(finding: Finding) -> Object:
    return {
        "check": finding.check,
        "outcome": str(finding.outcome),
        "strength": _strength(finding.strength),
        "says": say("en", finding.message_key, dict(finding.values)),
        "fields": [_observation(observation) for observation in finding.observations],
    }


def _strength(rate: BaseRate | None) -> Object | None:
    if rate is None:
        return None
    counts = {
        "corpus": say("en", f"corpus.{rate.corpus}"),
        "holds": list(rate.holds),
        "fails": list(rate.fails),
    }
    return {
        "likelihood_ratio": float(f"{rate.likelihood_ratio:.6g}"),
        "bits": round(rate.bits, 3),
        "base_rate": counts,
    }


def _observation(seen: Observation) -> Object:
    return {
        "field": seen.field,
        "key": seen.key,
        "value": seen.value,
        "span": _span(seen.span),
        "asserted": seen.asserted,
    }


def _verdict(verdict: Verdict) -> Object:
    told: Object = {
        "question": verdict.question,
        "answer": verdict.answer,
        "because": [finding.check for finding in verdict.because],
    }
    if verdict.question == "sender":
        told |= {"reason": verdict.reason, "rests_on": verdict.rests_on}
    return told


def _dumps(value: Any, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, indent=indent)
    if _LONE.search(text):
        return json.dumps(_whole(value), ensure_ascii=True, allow_nan=False, indent=indent)
    return text


def _whole(value: Any) -> Any:
    """`value` with each lone surrogate shown as text: a decoded word of a mail can hold
    one, no UTF-8 can."""
    if isinstance(value, str):
        return (
            value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
        )
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_whole(one) for one in value]
    return value
