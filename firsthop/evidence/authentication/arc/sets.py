"""The sets of an ARC chain: for each instance its results, its message signature and
its seal (RFC 8617 section 4.2). Structure only, no cryptography."""

from __future__ import annotations

from firsthop.evidence.authentication.dkim.signature import Signature, arc_errors, read_signature
from firsthop.evidence.tag_list import read_tags, without_space
from firsthop.mail.field_names import ARC
from firsthop.mail.message import Field, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_INSTANCES = 50  # RFC 8617 section 4.2.1
_INSTANCE = compiled(r"[0-9]{1,9}")


class ArcSet(NamedTuple):
    """One instance of a chain."""

    instance: int
    results: Field  # ARC-Authentication-Results
    message_signature: Signature
    seal: Signature

    @property
    def cv(self) -> str:
        """What the sealer says of the chain as it came to him: none, pass or fail."""
        return without_space(self.seal.tags.get("cv") or "").lower()


class Chain(NamedTuple):
    """The sets of a message in the order of their instances, and why they are no valid
    chain, where they are not."""

    sets: tuple[ArcSet, ...]
    errors: tuple[str, ...] = ()


def read_chain(message: Message) -> Chain:
    """The ARC chain of a message: empty where it has none. Never raises."""
    if ARC.isdisjoint(message.by_key):
        return Chain(())
    results = [(_instance_of(field), field) for field in message.all("arc-authentication-results")]
    signed = [read_signature(field, arc=True) for field in message.all("arc-message-signature")]
    seals = [read_signature(field, arc=True) for field in message.all("arc-seal")]
    instances = [number for number, _ in results] + [
        signature.instance for signature in (*signed, *seals)
    ]
    numbers = sorted({number for number in instances if number is not None})
    errors = _counting_errors(instances, numbers)
    if errors:
        return Chain((), tuple(errors))
    by_results, by_signed, by_seal = (
        dict(results),
        {s.instance: s for s in signed},
        {s.instance: s for s in seals},
    )
    sets = tuple(
        ArcSet(n, by_results[n], by_signed[n], by_seal[n])
        for n in numbers
        if n in by_results and n in by_signed and n in by_seal
    )
    if len(sets) < len(numbers) or len(instances) != 3 * len(numbers):
        return Chain(sets, ("incomplete_set",))
    return Chain(
        sets, tuple(error for arc_set in sets for error in _set_errors(arc_set, len(sets)))
    )


def _instance_of(field: Field) -> int | None:
    """The instance that opens an ARC-Authentication-Results field (RFC 8617 section
    4.1.1); what follows it is no tag list."""
    opening = field.raw.partition(b":")[2].partition(b";")[0].decode("ascii", "replace")
    text = read_tags(opening).get("i") or ""
    return int(text) if _INSTANCE.fullmatch(text) else None


def _counting_errors(instances: list[int | None], numbers: list[int]) -> list[str]:
    """RFC 8617 section 5.2 step 3: instances are 1 to N, each with exactly one field of
    each kind."""
    if None in instances or not numbers:
        return ["no_instance"]
    if numbers[-1] > MAX_INSTANCES:
        return ["too_many_instances"]
    if numbers != list(range(1, len(numbers) + 1)):
        return ["instance_missing"]
    return ["instance_repeated"] if any(instances.count(number) > 3 for number in numbers) else []


def _set_errors(arc_set: ArcSet, last: int) -> list[str]:
    """What breaks the form of one set (RFC 8617 sections 4.1.2, 4.1.3 and 5.2
    step 3)."""
    where = arc_set.instance
    wanted = "none" if where == 1 else "pass"
    errors = [f"cv_{arc_set.cv or 'missing'}:{where}"] if arc_set.cv != wanted else []
    errors += [
        f"{error}:seal_{where}" for error in (*arc_set.seal.errors, *_seal_errors(arc_set.seal))
    ]
    if where == last:  # the older message signatures need not verify any more (section 5.2 step 4)
        errors += [
            f"{error}:message_signature_{where}"
            for error in _message_signature_errors(arc_set.message_signature)
        ]
    return errors


def _seal_errors(seal: Signature) -> list[str]:
    """RFC 8617 section 4.1.3: a seal has no h= and no body hash; an h= is a failure,
    other unknown tags are ignored."""
    return [*arc_errors(seal), *(["seal_with_h"] if seal.tags.get("h") is not None else [])]


def _message_signature_errors(signature: Signature) -> list[str]:
    """RFC 8617 section 4.1.2: as DKIM-Signature without v=, and never over a seal.
    Whether the author is signed is left to the sealer."""
    errors = [*signature.errors, *arc_errors(signature)]
    errors += [f"missing_tag:{name}" for name in ("bh", "h") if signature.tags.get(name) is None]
    return [*errors, "seal_signed"] if "arc-seal" in signature.names else errors
