"""Checks DKIM signatures (RFC 6376, RFC 8301, RFC 8463): the body hash from the bytes
alone, the signature where the store holds the key.

A key that nobody recorded is never a bad signature, and a key of another day that does
not fit is none either: it may have been another one on the mail's day. A key of any day
that does fit is proof. Times and algorithms are judged at the mail's date, never
today's.

Every result says what the signature covers (coverage.py): one that holds may leave open
what people see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from enum import StrEnum
from itertools import islice

from firsthop.evidence.authentication.dkim.body import PUBLISHED, BodyHash, check_body
from firsthop.evidence.authentication.dkim.canonical import select_fields, signed_octets
from firsthop.evidence.authentication.dkim.container import SAYS
from firsthop.evidence.authentication.dkim.coverage import Coverage, coverage, says_open
from firsthop.evidence.authentication.dkim.keys import PublishedKey, RsaKey, read_key, verifies
from firsthop.evidence.authentication.dkim.signature import (
    ALGORITHMS,
    Signature,
    dkim_errors,
    read_signature,
)
from firsthop.evidence.dns.store import Answer, DnsView, Missing, day
from firsthop.mail.message import BodyBytes, Message
from firsthop.system.cached_property import cached_property
from firsthop.system.named_tuple import NamedTuple

__all__ = ["PUBLISHED", "BodyHash", "DkimOutcome", "DkimResult", "check_dkim", "dkim_results"]

MAX_SIGNATURES = 100  # of a message that are checked (RFC 6376 section 6.1 allows a limit)
REBUILT_HEADER = (
    "the signature does not fit the header, but a mail program kept that in its own form"
)
RFC_8301 = 1_516_752_000  # 2018-01-24: rsa-sha1 and keys below 1024 bits no longer count


class DkimOutcome(StrEnum):
    """What the check of a signature or chain gave."""

    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    NOT_CHECKABLE = "not_checkable"
    PERMERROR = "permerror"


class DkimResult(NamedTuple):
    """One signature, checked."""

    outcome: DkimOutcome
    # a word: "", body_hash, signature, no_key, key_of_another_day, revoked, expired,
    # missing_tag:bh, ...
    reason: str
    explanation: str  # one sentence for a person
    signature: Signature
    body: BodyHash
    as_of: int | None = None  # of the key that was used
    # testing, weak_key:512, body_length:7/36, signed_after_mail, unsigned:subject,
    # added:from, ...
    notes: tuple[str, ...] = ()
    covers: Coverage = Coverage()
    repairs: tuple[str, ...] = ()  # undone before the body hash fitted (container.py)


class Signatures:
    """The DKIM signatures of a message, read and checked when that is first asked
    for."""

    def __init__(self, message: Message, dns: DnsView) -> None:
        self.message, self.dns = message, dns  # which carries the mail's date

    @cached_property
    def read(self) -> tuple[Signature, ...]:
        """What each says."""
        fields = islice(self.message.all("dkim-signature"), MAX_SIGNATURES)
        return tuple(map(read_signature, fields))

    @cached_property
    def checked(self) -> tuple[DkimResult, ...]:
        """Each, checked."""
        return tuple(check_dkim(self.message, one, self.dns) for one in self.read)

    @property
    def keyed(self) -> tuple[DkimResult, ...]:
        """Those for which there may be a key: none of them holds without."""
        return () if self.dns.store.empty else self.checked


def dkim_results(message: Message, dns: DnsView) -> tuple[DkimResult, ...]:
    """Every DKIM-Signature of a message, checked; `dns` carries the mail's date. Never
    raises."""
    return Signatures(message, dns).checked


def check_dkim(message: Message, signature: Signature, dns: DnsView) -> DkimResult:
    """One DKIM signature, checked in the order of RFC 6376 section 6.1."""
    body = check_body(message, signature)
    covers = coverage(message, signature, body.size, dns.instant)
    notes = (*_notes(signature, body.size, dns.instant), *covers.notes)
    told = (None, notes, covers, body.repairs)
    result = DkimResult(DkimOutcome.PERMERROR, "", "", signature, body.hash, *told)
    errors = (*signature.errors, *dkim_errors(signature), *_outdated(signature, dns.instant))
    if errors:
        return result._replace(
            reason=errors[0],
            explanation=f"the signature field breaks its form: {', '.join(errors)}",
        )
    if body.why:
        return result._replace(
            outcome=DkimOutcome.NOT_CHECKABLE, reason=body.why[0], explanation=body.why[1]
        )
    if body.hash is BodyHash.DIFFERS:
        return result._replace(
            outcome=DkimOutcome.FAIL,
            reason="body_hash",
            explanation="the body is not the one that was signed",
        )
    return _with_limits(check_signature(message, signature, dns, result))


def _with_limits(result: DkimResult) -> DkimResult:
    """The same, saying what was undone before the body fitted, and what is
    left open."""
    covers = result.covers
    if covers.whole and not covers.late and not result.repairs:
        return result
    if result.outcome not in (DkimOutcome.PASS, DkimOutcome.NOT_CHECKABLE):
        return result
    said = [f"the body fits once this is undone: {SAYS[name]}" for name in result.repairs]
    said += says_open(covers, holds=result.outcome is DkimOutcome.PASS)
    return result._replace(explanation="; ".join([result.explanation, *said])) if said else result


def check_signature(
    message: Message, signature: Signature, dns: DnsView, result: DkimResult
) -> DkimResult:
    """The signature over a message's fields (RFC 6376 section 3.7)."""
    checked = check_octets(lambda: _octets(message, signature), signature, dns, result)
    if checked.outcome is DkimOutcome.FAIL and message.source.body_bytes is BodyBytes.REBUILT:
        checked = checked._replace(outcome=DkimOutcome.NOT_CHECKABLE, reason="rebuilt_header")
        return checked._replace(explanation=REBUILT_HEADER)
    return checked


def _octets(message: Message, signature: Signature) -> bytes:
    chosen = select_fields(
        [field for field in message.fields if field is not signature.field], signature.names
    )
    return signed_octets(chosen, signature.field, signature.header_form)


def check_octets(
    octets: Callable[[], bytes], signature: Signature, dns: DnsView, result: DkimResult
) -> DkimResult:
    """The signature over these octets, made once there is a key for them, with the key
    of the store (RFC 6376 section 6.1.2 and 6.1.3)."""
    answer = dns.nearest(signature.key_name, "TXT")
    if isinstance(answer, Missing) or answer.failed or not answer.records:
        return _no_key(answer, dns, result)
    keys = [read_key(record) for record in answer.records]
    key = next((key for key in keys if key.key is not None), keys[0])
    result = result._replace(as_of=answer.as_of, notes=(*result.notes, *_key_notes(key)))
    refused = _refusal(key, signature, dns.instant)
    if refused:
        return _of_its_day(
            answer,
            dns,
            result._replace(
                outcome=DkimOutcome.PERMERROR,
                reason=refused,
                explanation=f"the key record cannot be used: {refused}",
            ),
        )
    if key_verifies(key, octets(), signature):
        return result._replace(
            outcome=DkimOutcome.PASS,
            reason="",
            explanation=f"signed by {signature.domain}, with the key of {day(answer.as_of)}",
        )
    return _of_its_day(
        answer,
        dns,
        result._replace(
            outcome=DkimOutcome.FAIL,
            reason="signature",
            explanation="the signature does not fit the signed fields",
        ),
    )


def key_verifies(key: PublishedKey, octets: bytes, signature: Signature) -> bool:
    """Whether the signature over these octets is by the key."""
    name = ALGORITHMS[signature.algorithm][1]
    return key.key is not None and verifies(
        key.key, hashlib.new(name, octets, usedforsecurity=False).digest(), name, signature.value
    )


def _no_key(answer: Answer | Missing, dns: DnsView, result: DkimResult) -> DkimResult:
    """No key at hand: permerror only where the DNS of the mail's day said that there is
    none (RFC 6376 section 6.1.2)."""
    name = result.signature.key_name
    if isinstance(answer, Missing):
        return result._replace(
            outcome=DkimOutcome.NOT_CHECKABLE,
            reason="no_key",
            explanation=f"the key {name} is not in the DNS evidence: {answer.reason}",
        )
    result = result._replace(as_of=answer.as_of)
    if answer.failed:
        return result._replace(
            outcome=DkimOutcome.NOT_CHECKABLE,
            reason="no_key",
            explanation=f"the key {name} could not be asked for: {answer.rcode}",
        )
    return _of_its_day(
        answer,
        dns,
        result._replace(
            outcome=DkimOutcome.PERMERROR,
            reason="key_does_not_exist",
            explanation=f"no key is published at {name}",
        ),
    )


def _of_its_day(answer: Answer, dns: DnsView, result: DkimResult) -> DkimResult:
    """A bad result stands only where the key is of the mail's day; keys are replaced,
    and their names used again."""
    if dns.is_of_the_day(answer):
        return result
    explanation = (
        f"{result.explanation}; but that is the DNS of {day(answer.as_of)}, not of the mail's day"
    )
    return result._replace(
        outcome=DkimOutcome.NOT_CHECKABLE, reason="key_of_another_day", explanation=explanation
    )


def _refusal(key: PublishedKey, signature: Signature, instant: int | None) -> str | None:
    """Why a published key may not be used for this signature (RFC 6376 section 6.1.2,
    RFC 8301 section 3.2)."""
    kind, hash_name = ALGORITHMS[signature.algorithm]
    if key.error:
        return key.error
    if key.type != kind or (key.hashes and hash_name not in key.hashes):
        return "key_for_other_algorithm"
    if not {"*", "email"} & set(key.services):
        return "key_for_other_service"
    if "s" in key.flags and signature.identity.rpartition("@")[2].lower() != signature.domain:
        return "key_forbids_subdomains"
    # ARC is younger
    after = signature.instance is not None or (instant is not None and instant >= RFC_8301)
    if isinstance(key.key, RsaKey) and key.key.bits < 1024 and after:
        return f"weak_key:{key.key.bits}"
    return None


def _key_notes(key: PublishedKey) -> list[str]:
    weak = (
        [f"weak_key:{key.key.bits}"] if isinstance(key.key, RsaKey) and key.key.bits < 1024 else []
    )
    return weak + (["testing"] if "y" in key.flags else [])


def _outdated(signature: Signature, instant: int | None) -> list[str]:
    """What did not count any more when the mail was sent (RFC 6376 section 3.5 x=, RFC
    8301 section 3.1)."""
    if instant is None:
        return []
    expired = ["expired"] if signature.expires is not None and signature.expires < instant else []
    return expired + (
        ["rsa-sha1_after_rfc_8301"]
        if signature.algorithm == "rsa-sha1" and instant >= RFC_8301
        else []
    )


def _notes(signature: Signature, size: int | None, instant: int | None) -> list[str]:
    notes = ["rsa-sha1"] if signature.algorithm == "rsa-sha1" else []
    if signature.body_length is not None:  # RFC 6376 section 8.2: what follows was added by anyone
        notes.append(f"body_length:{signature.body_length}/{'?' if size is None else size}")
    if (
        instant is not None
        and signature.signed_at is not None
        and signature.signed_at > instant + 3600
    ):
        notes.append("signed_after_mail")
    return notes
