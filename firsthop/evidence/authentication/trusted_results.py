"""Whether a result was written inside the boundary: only then is it believed (RFC 8601
section 5).

Servers write above what they receive. So a field above the hand-over line is by one of
our own, and one below is by whoever sent the message, whatever name it bears. In
between, directly below the hand-over line, both may have written: mail filters of
sendmail and Postfix, and Gmail, put theirs there, and so does a forger who opens his
message with one. There a field counts when the operator named its authserv-id (he says
by that his border removes foreign ones, as RFC 8601 section 5 demands), or when it is
the first of its name at a receiver that is known to write there and to remove foreign
ones (receivers/*.toml). Even then it never outweighs what stands above the line.

Of a field into which the client may have written no pass is believed, wherever it
stands (clients_words.py).

An ARC-Authentication-Results field counts only where a seal covers it that was verified
here with a recorded key: borders that remove foreign results mostly leave these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain, groupby, islice
from operator import attrgetter

from firsthop.evidence.authentication.clients_words import clients_words, spoilt
from firsthop.evidence.authentication.results import (
    AuthenticationResult,
    ResultHead,
    authentication_results,
    head_of,
    read_heads,
)
from firsthop.evidence.authentication.spf.received_spf import read_spf_head, received_spf
from firsthop.evidence.path.path import Path, Trust
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.mail.field_names import RESULTS
from firsthop.mail.message import Field, Message
from firsthop.system.named_tuple import NamedTuple

MAX_RESULTS = 500  # of one message that are weighed; the corpora's most has 16
MAX_OF_METHOD = 100  # of one method in one field: as many as signatures are checked (verify.py)
# Writers that put all Received lines of a message on top, then their own results.
SORTS_FIELDS = (".protonmail.ch", ".proton.ch")
_OF_A_SIGNATURE = ("header.d", "header.i", "header.s", "header.b")
_OF_A_SENDER = ("header.from", "smtp.mailfrom", "envelope-from", "domain")
SHORTEST = 4  # octets of a result: `a=b;`
ARC = "arc-authentication-results"
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor


class Place(StrEnum):
    """Where a field stands."""

    ABOVE = "above"  # above the hand-over line
    ADJACENT = "adjacent"  # below it, with no Received line between
    BELOW = "below"


def weigh_results(
    message: Message, path: Path, sealed: frozenset[int] = frozenset()
) -> tuple[AuthenticationResult, ...]:
    """All results that the fields of a message tell, each with whether it is believed;
    forged ones are named in their defects. `sealed`: the ARC instances that a verified
    chain covers."""
    read = [*authentication_results(message), *received_spf(message)]
    if not read:
        return ()
    in_order = _at_most(sorted(read, key=_start))
    if path.handover is None:
        return tuple(in_order)  # nothing tells who wrote what
    weighed: list[AuthenticationResult] = []
    words = clients_words(message, path)
    # From the top down: what our servers wrote first is what the rest is held against.
    for _, of_field in groupby(in_order, key=attrgetter("field")):
        results = list(of_field)
        of_one = _weigh(results, path, weighed, sealed)
        weighed += map(_without_passes, of_one) if spoilt(results, words) else of_one
    return tuple(weighed)


def _without_passes(result: AuthenticationResult) -> AuthenticationResult:
    """A result of a field into which the client may have written: what passes there is
    not believed, and no client writes a failure of its own."""
    return _marked(result, None, "words_of_the_client") if result.result == "pass" else result


def _at_most(in_order: list[AuthenticationResult]) -> list[AuthenticationResult]:
    """The uppermost results, which the last servers wrote, and not too many of one
    method in one field: what a sender writes below, or how often it signs, drives no
    other result out."""
    if len(in_order) <= MAX_OF_METHOD:
        return in_order
    seen: Counter[tuple[int, str | None]] = Counter()
    kept = []
    for one in in_order:
        seen[_start(one), one.method] += 1
        if seen[_start(one), one.method] <= MAX_OF_METHOD:
            kept.append(one)
    return kept[:MAX_RESULTS]


def first_heads(message: Message, path: Path, most: int) -> list[ResultHead]:
    """The heads of the first results of `weigh_results` that name a method: what can be
    shown where nobody's word is believed. No more fields are read than these stand
    in."""
    fields = [*message.among(RESULTS), *message.all("received-spf")]
    heads: Iterable[ResultHead]
    if _all_weighed(fields) and not any(map(message.is_cut, fields)):
        fields.sort(key=attrgetter("span.start"))
        heads = chain.from_iterable(map(_heads, fields))
    else:
        heads = map(head_of, weigh_results(message, path))
    return list(islice((one for one in heads if one.method), most))


def _all_weighed(fields: Sequence[Field]) -> bool:
    """Whether these can tell no more results than are weighed."""
    octets = sum([len(one.raw) for one in fields])
    return octets <= SHORTEST * MAX_RESULTS and all(one.repaired is None for one in fields)


def _heads(field: Field) -> Sequence[ResultHead]:
    return read_heads(field) if field.key in RESULTS else (read_spf_head(field),)


def _start(result: AuthenticationResult) -> int:
    return result.field.span.start if result.field else result.span.start


class _Writer(NamedTuple):
    """What a field tells of who wrote it, whatever its results are."""

    where: Place
    own: bool  # whether it bears the name of one of our own


def _weigh(
    results: list[AuthenticationResult],
    path: Path,
    earlier: list[AuthenticationResult],
    sealed: frozenset[int],
) -> list[AuthenticationResult]:
    """The results of one field: all of them are by the same writer."""
    first = results[0]
    writer = _Writer(place(first, path), is_own(first, path))
    inside = _believed(first, path, writer, earlier, sealed)
    if path.boundary.position is None or writer.where is Place.ABOVE or not writer.own:
        return results if inside is None else [_marked(one, inside) for one in results]
    weighed = []
    for one in results:
        if inside is not False and not contradicts(one, earlier, path):
            named = () if inside else ("place_of_sender_and_server",)
            weighed.append(_marked(one, inside, *named))
        else:
            returned = _passed_before(path)
            defect = "returned_authserv_id" if returned else "forged_authserv_id"
            weighed.append(_marked(one, False, defect))
    return weighed


def _marked(
    result: AuthenticationResult, inside: bool | None, *defects: str
) -> AuthenticationResult:
    """A result with whether it is believed, and what defects it has beside its own."""
    *parts, _, own = result
    return _new(AuthenticationResult, (*parts, inside, (*own, *defects)))


def _believed(
    result: AuthenticationResult,
    path: Path,
    writer: _Writer,
    earlier: list[AuthenticationResult],
    sealed: frozenset[int],
) -> bool | None:
    """Whether one of our own servers wrote a result; None: that cannot be told from
    where it stands, or the boundary is unknown."""
    if path.handover is None:
        return None
    if result.field is not None and result.field.key == ARC:
        return writer.where is Place.ABOVE and result.instance in sealed and writer.own
    if writer.where is Place.ABOVE:
        name = result.authserv_id
        return name is None or writer.own or path.receiving.neighbours_authserv_id(name)
    if writer.where is Place.BELOW or not writer.own:
        return False
    if _named_id(result, path):
        return True
    return True if _is_receivers_own(result, path, earlier) else None


def _named_id(result: AuthenticationResult, path: Path) -> bool:
    """Whether the operator named the authserv-id itself."""
    ids, name = path.receiving.own.authserv_ids, result.authserv_id or ""
    return name in ids or name.partition("/")[0] in ids


def _is_receivers_own(
    result: AuthenticationResult, path: Path, earlier: list[AuthenticationResult]
) -> bool:
    """Whether the receiver is known to write this field directly below its own line and
    to remove foreign ones, and this is the first of its name there."""
    receiver = RECEIVERS.get(path.boundary.receiver_key or "")
    key = result.field.key if result.field else None
    if receiver is None or not any(
        one.field == key and one.place == "below" and one.removes_foreign
        for one in receiver.results
    ):
        return False
    others = (one for one in earlier if one.field and one.field is not result.field)
    return not any(
        one.field is not None and one.field.key == key and place(one, path) is Place.ADJACENT
        for one in others
    )


def place(result: AuthenticationResult, path: Path) -> Place:
    """Where the field of a result stands; below, where nothing is trusted."""
    handover, at = path.handover, _start(result)
    if handover is None:
        return Place.BELOW
    if at < handover.field.span.start:
        return Place.ABOVE
    if (handover.hop.by or "").endswith(SORTS_FIELDS) and at > max(path.starts):
        return Place.ADJACENT
    return Place.BELOW if path.below_handover < at else Place.ADJACENT


def is_own(result: AuthenticationResult, path: Path) -> bool:
    """Whether a result bears the name of one of our own."""
    return result.authserv_id is not None and path.receiving.owns_authserv_id(result.authserv_id)


def contradicts(
    result: AuthenticationResult, earlier: Iterable[AuthenticationResult], path: Path
) -> bool:
    """Whether a believed field further up says something else: the same method about
    the same identity with another result, or, of what stands above the hand-over line,
    another at all."""
    believed = [
        one
        for one in earlier
        if one.inside and one.method == result.method and one.result != result.result
        and one.field is not result.field
    ]  # fmt: skip
    above = place(result, path) is Place.ADJACENT
    return any(
        _about(one) == _about(result) or (above and place(one, path) is Place.ABOVE)
        for one in believed
    )


def _about(result: AuthenticationResult) -> tuple[str, ...]:
    """The identity that a result is about; of a signature, the very signature."""
    names = _OF_A_SIGNATURE if result.method == "dkim" else _OF_A_SENDER
    return tuple(value for name, value in result.properties if name in names)


def _passed_before(path: Path) -> bool:
    """Whether a claimed line below the boundary names one of our own as its writer: the
    message may have come back to us."""
    return any(
        step.trust is Trust.CLAIMED and path.receiving.wrote(step.hop) for step in path.steps
    )
