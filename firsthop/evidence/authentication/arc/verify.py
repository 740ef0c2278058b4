"""Validates ARC chains (RFC 8617 section 5.2) with the keys of a dated store. A chain
whose keys are not at hand is `not_checkable`, never broken.

A valid chain proves that the named sealers handled the message in this order and what
they wrote; whether they are to be believed is not asked here."""

from __future__ import annotations

from enum import StrEnum

from firsthop.evidence.authentication.arc.sets import ArcSet, Chain, read_chain
from firsthop.evidence.authentication.dkim.body import PUBLISHED, BodyHash, check_body
from firsthop.evidence.authentication.dkim.canonical import signed_octets
from firsthop.evidence.authentication.dkim.coverage import coverage
from firsthop.evidence.authentication.dkim.verify import (
    DkimOutcome,
    DkimResult,
    check_octets,
    check_signature,
)
from firsthop.evidence.dns.store import DnsView
from firsthop.mail.message import Evidence, Message
from firsthop.system.named_tuple import NamedTuple


class ChainStatus(StrEnum):
    """RFC 8617 section 4.4, and what is not known."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    NOT_CHECKABLE = "not_checkable"


class ArcResult(NamedTuple):
    """A chain, checked."""

    status: ChainStatus
    reason: str  # a word with its instance, e.g. "signature:seal_2"; "" for pass and none
    explanation: str  # one sentence for a person
    chain: Chain
    # the lowest instance whose message signature still verifies (RFC 8617 section 5.2);
    # 0: all do
    oldest_pass: int | None = None
    as_of: int | None = None  # the farthest from the mail of the keys that were used


def check_arc(message: Message, dns: DnsView) -> ArcResult:
    """The ARC chain of a message, checked in the order of RFC 8617 section 5.2. Never
    raises."""
    chain = read_chain(message)
    if not chain.sets and not chain.errors:
        return ArcResult(ChainStatus.NONE, "", "the message carries no ARC set", chain)
    result = ArcResult(ChainStatus.FAIL, "", "", chain)
    if chain.errors:
        return result._replace(
            reason=chain.errors[0],
            explanation=f"the ARC sets are no chain: {', '.join(chain.errors)}",
        )
    checked = [
        (
            f"message_signature_{chain.sets[-1].instance}",
            check_message_signature(message, chain.sets[-1], dns),
        )
    ]
    checked += [
        (f"seal_{arc_set.instance}", check_seal(chain, arc_set, message, dns))
        for arc_set in reversed(chain.sets)
    ]
    result = result._replace(
        as_of=_farthest([result_of_one.as_of for _, result_of_one in checked], dns)
    )
    for wanted in (DkimOutcome.FAIL, DkimOutcome.PERMERROR, DkimOutcome.NOT_CHECKABLE):
        bad = next(
            (
                (name, result_of_one)
                for name, result_of_one in checked
                if result_of_one.outcome is wanted
            ),
            None,
        )
        if bad:
            status = (
                ChainStatus.NOT_CHECKABLE
                if wanted is DkimOutcome.NOT_CHECKABLE
                else ChainStatus.FAIL
            )
            return result._replace(
                status=status,
                reason=f"{bad[1].reason}:{bad[0]}",
                explanation=f"{bad[0].replace('_', ' ')}: {bad[1].explanation}",
            )
    explanation = f"sealed by {', '.join(arc_set.seal.domain for arc_set in chain.sets)}"
    return result._replace(
        status=ChainStatus.PASS,
        explanation=explanation,
        oldest_pass=_oldest_pass(message, chain, dns),
    )


def vouched_instances(arc: ArcResult) -> frozenset[int]:
    """The instances whose ARC-Authentication-Results a verified chain covers: all of a
    chain that passes, none of any other. A field without a seal breaks its chain, and
    is covered by nothing.

    Covered is not believed: whoever sealed a set can have written anything into it.
    """
    if arc.status is not ChainStatus.PASS:
        return frozenset()
    return frozenset(arc_set.instance for arc_set in arc.chain.sets)


def check_message_signature(message: Message, arc_set: ArcSet, dns: DnsView) -> DkimResult:
    """The ARC-Message-Signature of one set (RFC 8617 section 5.2 step 4)."""
    signature = arc_set.message_signature
    body = check_body(message, signature)
    covers = coverage(message, signature, body.size, dns.instant)
    result = DkimResult(DkimOutcome.FAIL, "", "", signature, body.hash, None, covers.notes)
    result = result._replace(covers=covers, repairs=body.repairs)
    if body.why:
        return result._replace(
            outcome=DkimOutcome.NOT_CHECKABLE, reason=body.why[0], explanation=body.why[1]
        )
    if body.hash is not BodyHash.MATCHES:
        return result._replace(
            reason="body_hash", explanation="the body is not the one that was signed"
        )
    return check_signature(message, signature, dns, result)


def check_seal(chain: Chain, arc_set: ArcSet, message: Message, dns: DnsView) -> DkimResult:
    """The ARC-Seal of one set: over all sets up to it, relaxed (RFC 8617 section
    5.1.1)."""
    result = DkimResult(DkimOutcome.FAIL, "", "", arc_set.seal, BodyHash.NOT_CHECKED)
    if message.source.evidence is Evidence.PUBLICATION:
        return result._replace(
            outcome=DkimOutcome.NOT_CHECKABLE, reason=PUBLISHED[0], explanation=PUBLISHED[1]
        )
    return check_octets(lambda: seal_octets(chain, arc_set), arc_set.seal, dns, result)


def seal_octets(chain: Chain, last: ArcSet) -> bytes:
    """What a seal is made over."""
    below = [arc_set for arc_set in chain.sets if arc_set.instance < last.instance]
    fields = [
        field
        for arc_set in below
        for field in (arc_set.results, arc_set.message_signature.field, arc_set.seal.field)
    ]
    return signed_octets(
        [*fields, last.results, last.message_signature.field], last.seal.field, "relaxed"
    )


def _oldest_pass(message: Message, chain: Chain, dns: DnsView) -> int:
    """RFC 8617 section 5.2: down from the last, how far the message signatures
    verify."""
    for arc_set in reversed(chain.sets[:-1]):
        if (
            arc_set.message_signature.errors
            or check_message_signature(message, arc_set, dns).outcome is not DkimOutcome.PASS
        ):
            return arc_set.instance + 1
    return 0


def _farthest(days: list[int | None], dns: DnsView) -> int | None:
    told = [day for day in days if day is not None]
    return max(told, key=lambda day: abs(day - (dns.instant or 0)), default=None)
