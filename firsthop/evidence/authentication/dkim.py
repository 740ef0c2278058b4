"""Checks DKIM signatures (RFC 6376, RFC 8301, RFC 8463): the body hash from the bytes alone, the signature where the store holds the key.

A key that nobody recorded is never a bad signature, and a key of another day that does not fit is none either: it may have been another one on the
mail's day. A key of any day that does fit is proof. Times and algorithms are judged at the mail's date, never today's.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from firsthop.evidence.authentication.canonical import canonical_body, select_fields, signed_octets
from firsthop.evidence.authentication.keys import PublishedKey, RsaKey, read_key, verifies
from firsthop.evidence.authentication.signature import ALGORITHMS, Signature, dkim_errors, read_signature
from firsthop.evidence.dns import Answer, DnsView, Missing, day
from firsthop.mail.message import Evidence, Message

PUBLISHED = ("published", "a published text is not the bytes that were signed")
RFC_8301 = 1_516_752_000  # 2018-01-24: rsa-sha1 and keys below 1024 bits no longer count


class Outcome(StrEnum):
    """What the check of a signature or chain gave."""

    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    NOT_CHECKABLE = "not_checkable"
    PERMERROR = "permerror"


class BodyHash(StrEnum):
    """Whether the body is the one that was signed; needs no DNS."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_CHECKED = "not_checked"


class DkimResult(NamedTuple):
    """One signature, checked."""

    outcome: Outcome
    reason: str  # a word: "", body_hash, signature, no_key, key_of_another_day, revoked, expired, missing_tag:bh, ...
    says: str  # one sentence for a person
    signature: Signature
    body: BodyHash
    as_of: int | None = None  # of the key that was used
    notes: tuple[str, ...] = ()  # testing, weak_key:512, body_length, signed_after_mail, ...


def dkim_results(message: Message, dns: DnsView) -> tuple[DkimResult, ...]:
    """Every DKIM-Signature of a message, checked; `dns` carries the mail's date. Never raises."""
    return tuple(check_dkim(message, read_signature(field), dns) for field in message.all("dkim-signature"))


def check_dkim(message: Message, signature: Signature, dns: DnsView) -> DkimResult:
    """One DKIM signature, checked in the order of RFC 6376 section 6.1."""
    body, why = check_body(message, signature)
    result = DkimResult(Outcome.PERMERROR, "", "", signature, body, None, tuple(_notes(message, signature, dns.instant)))
    errors = (*signature.errors, *dkim_errors(signature), *_outdated(signature, dns.instant))
    if errors:
        return result._replace(reason=errors[0], says=f"the signature field breaks its form: {', '.join(errors)}")
    if why:
        return result._replace(outcome=Outcome.NOT_CHECKABLE, reason=why[0], says=why[1])
    if body is BodyHash.DIFFERS:
        return result._replace(outcome=Outcome.FAIL, reason="body_hash", says="the body is not the one that was signed")
    return check_signature(message, signature, dns, result)


def check_body(message: Message, signature: Signature) -> tuple[BodyHash, tuple[str, str] | None]:
    """Whether the body hash fits (RFC 6376 section 3.7), or why the bytes at hand cannot tell."""
    if message.source.evidence is Evidence.PUBLICATION:
        return BodyHash.NOT_CHECKED, PUBLISHED
    if signature.algorithm not in ALGORITHMS or not signature.body_hash:
        return BodyHash.NOT_CHECKED, None
    if not message.body and message.source.evidence is Evidence.ENCLOSED:
        return BodyHash.NOT_CHECKED, ("no_body", "the report encloses the header only")
    found = body_hash(message.body, signature.body_form, ALGORITHMS[signature.algorithm][1], signature.body_length)
    return (BodyHash.MATCHES if found == signature.body_hash else BodyHash.DIFFERS), None


@lru_cache(maxsize=4)  # the signatures of one message mostly ask for the same
def body_hash(body: bytes, form: str, hash_name: str, length: int | None) -> str:
    """The hash of a body, as bh= holds it; of its first octets, where l= says how many."""
    data = canonical_body(body, form)
    return base64.b64encode(hashlib.new(hash_name, data if length is None else data[:length], usedforsecurity=False).digest()).decode()


def check_signature(message: Message, signature: Signature, dns: DnsView, result: DkimResult) -> DkimResult:
    """The signature over a message's fields (RFC 6376 section 3.7)."""
    return check_octets(lambda: _octets(message, signature), signature, dns, result)


def _octets(message: Message, signature: Signature) -> bytes:
    chosen = select_fields([field for field in message.fields if field is not signature.field], signature.names)
    return signed_octets(chosen, signature.field, signature.header_form)


def check_octets(octets: Callable[[], bytes], signature: Signature, dns: DnsView, result: DkimResult) -> DkimResult:
    """The signature over these octets, made once there is a key for them, with the key of the store (RFC 6376 section 6.1.2 and 6.1.3)."""
    found = dns.nearest(signature.key_name, "TXT")
    if isinstance(found, Missing) or found.failed or not found.records:
        return _no_key(found, dns, result)
    keys = [read_key(record) for record in found.records]
    key = next((key for key in keys if key.key is not None), keys[0])
    result = result._replace(as_of=found.as_of, notes=(*result.notes, *_key_notes(key)))
    refused = _refusal(key, signature, dns.instant)
    if refused:
        return _of_its_day(found, dns, result._replace(outcome=Outcome.PERMERROR, reason=refused, says=f"the key record cannot be used: {refused}"))
    if key_verifies(key, octets(), signature):
        return result._replace(outcome=Outcome.PASS, reason="", says=f"signed by {signature.domain}, with the key of {day(found.as_of)}")
    return _of_its_day(found, dns, result._replace(outcome=Outcome.FAIL, reason="signature", says="the signature does not fit the signed fields"))


def key_verifies(key: PublishedKey, octets: bytes, signature: Signature) -> bool:
    """Whether the signature over these octets is by the key."""
    name = ALGORITHMS[signature.algorithm][1]
    return key.key is not None and verifies(key.key, hashlib.new(name, octets, usedforsecurity=False).digest(), name, signature.value)


def _no_key(found: Answer | Missing, dns: DnsView, result: DkimResult) -> DkimResult:
    """No key at hand: permerror only where the DNS of the mail's day said that there is none (RFC 6376 section 6.1.2)."""
    name = result.signature.key_name
    if isinstance(found, Missing):
        return result._replace(outcome=Outcome.NOT_CHECKABLE, reason="no_key", says=f"the key {name} is not in the DNS evidence: {found.reason}")
    result = result._replace(as_of=found.as_of)
    if found.failed:
        return result._replace(outcome=Outcome.NOT_CHECKABLE, reason="no_key", says=f"the key {name} could not be asked for: {found.rcode}")
    return _of_its_day(found, dns, result._replace(outcome=Outcome.PERMERROR, reason="key_does_not_exist", says=f"no key is published at {name}"))


def _of_its_day(found: Answer, dns: DnsView, result: DkimResult) -> DkimResult:
    """A bad result stands only where the key is of the mail's day; keys are replaced, and their names used again."""
    if dns.is_of_the_day(found):
        return result
    says = f"{result.says}; but that is the DNS of {day(found.as_of)}, not of the mail's day"
    return result._replace(outcome=Outcome.NOT_CHECKABLE, reason="key_of_another_day", says=says)


def _refusal(key: PublishedKey, signature: Signature, instant: int | None) -> str | None:
    """Why a published key may not be used for this signature (RFC 6376 section 6.1.2, RFC 8301 section 3.2)."""
    kind, hash_name = ALGORITHMS[signature.algorithm]
    if key.error:
        return key.error
    if key.type != kind or (key.hashes and hash_name not in key.hashes):
        return "key_for_other_algorithm"
    if not {"*", "email"} & set(key.services):
        return "key_for_other_service"
    if "s" in key.flags and signature.identity.rpartition("@")[2].lower() != signature.domain:
        return "key_forbids_subdomains"
    after = signature.instance is not None or (instant is not None and instant >= RFC_8301)  # ARC is younger
    if isinstance(key.key, RsaKey) and key.key.bits < 1024 and after:
        return f"weak_key:{key.key.bits}"
    return None


def _key_notes(key: PublishedKey) -> list[str]:
    weak = [f"weak_key:{key.key.bits}"] if isinstance(key.key, RsaKey) and key.key.bits < 1024 else []
    return weak + (["testing"] if "y" in key.flags else [])


def _outdated(signature: Signature, instant: int | None) -> list[str]:
    """What did not count any more when the mail was sent (RFC 6376 section 3.5 x=, RFC 8301 section 3.1)."""
    if instant is None:
        return []
    expired = ["expired"] if signature.expires is not None and signature.expires < instant else []
    return expired + (["rsa-sha1_after_rfc_8301"] if signature.algorithm == "rsa-sha1" and instant >= RFC_8301 else [])


def _notes(message: Message, signature: Signature, instant: int | None) -> list[str]:
    notes = ["rsa-sha1"] if signature.algorithm == "rsa-sha1" else []
    if signature.body_length is not None:
        size = len(canonical_body(message.body, signature.body_form))
        notes.append(f"body_length:{signature.body_length}/{size}")  # RFC 6376 section 8.2: what follows was added by anyone
    if instant is not None and signature.signed_at is not None and signature.signed_at > instant + 3600:
        notes.append("signed_after_mail")
    return notes
