"""Whether a result was written inside the boundary: only then is it believed (RFC 8601 section 5).

Servers write above what they receive. So a field above the hand-over line is by one of our own, and one below is by whoever sent the message, whatever
name it bears. In between, directly below the hand-over line, both may have written: mail filters of sendmail and Postfix, and Gmail, put theirs there,
and so does a forger who opens his message with one. There a field counts when its authserv-id is one the operator named (he says by that his border
removes foreign ones, as RFC 8601 section 5 demands) or when the server is known to remove them; else it stays undecided.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import islice

from firsthop.evidence.authentication.received_spf import received_spf
from firsthop.evidence.authentication.results import AuthenticationResult, authentication_results
from firsthop.evidence.path import Path, Step, Trust
from firsthop.mail.message import Message
from firsthop.settings import OwnServers

MAX_RESULTS = 500  # of one message that are weighed; the corpora's most has 16
REMOVES_FOREIGN = frozenset({"gmail"})  # dialects whose servers write below their own Received line and take away what bears their name
SORTS_FIELDS = (".protonmail.ch", ".proton.ch")  # writers that put all Received lines of a message on top, then their own results


class Place(StrEnum):
    """Where a field stands."""

    ABOVE = "above"  # above the hand-over line
    ADJACENT = "adjacent"  # below it, with no Received line between
    BELOW = "below"


def weigh_results(message: Message, own: OwnServers, path: Path) -> tuple[AuthenticationResult, ...]:
    """All results that the fields of a message tell, each with whether it is believed; forged ones are named in their defects."""
    weighed: list[AuthenticationResult] = []
    for result in islice((*authentication_results(message), *received_spf(message)), MAX_RESULTS):
        weighed.append(_weigh(result, own, path, weighed))
    return tuple(weighed)


def _weigh(result: AuthenticationResult, own: OwnServers, path: Path, earlier: list[AuthenticationResult]) -> AuthenticationResult:
    inside = believed(result, own, path)
    if not is_own(result, own) or path.boundary.position is None or place(result, path) is Place.ABOVE:
        return result if inside is None else result._replace(inside=inside)
    if inside is not False and not contradicts(result, earlier):  # a second one, below what our server wrote, is not by our server
        return result._replace(inside=inside, defects=result.defects if inside else (*result.defects, "place_of_sender_and_server"))
    defect = "returned_authserv_id" if _passed_before(own, path) else "forged_authserv_id"
    return result._replace(inside=False, defects=(*result.defects, defect))


def believed(result: AuthenticationResult, own: OwnServers, path: Path) -> bool | None:
    """Whether one of our own servers wrote a result; None: that cannot be told from where it stands, or the boundary is unknown."""
    handover = _handover(path)
    if handover is None:
        return None
    where = place(result, path)
    if where is Place.ABOVE:
        return result.authserv_id is None or is_own(result, own)
    if where is Place.BELOW or not is_own(result, own):
        return False
    return True if result.authserv_id in own.authserv_ids or handover.hop.dialect in REMOVES_FOREIGN else None


def place(result: AuthenticationResult, path: Path) -> Place:
    """Where the field of a result stands; below, where nothing is trusted."""
    handover, at = _handover(path), result.field.span.start if result.field else result.span.start
    if handover is None:
        return Place.BELOW
    top, lines = handover.field.span.start, [step.field.span.start for step in path.steps]
    if at < top:
        return Place.ABOVE
    if (handover.hop.by or "").endswith(SORTS_FIELDS) and at > max(lines):
        return Place.ADJACENT
    return Place.BELOW if any(top < line < at for line in lines) else Place.ADJACENT


def _handover(path: Path) -> Step | None:
    return next((step for step in path.steps if step.trust is Trust.HANDOVER), None)


def is_own(result: AuthenticationResult, own: OwnServers) -> bool:
    """Whether a result bears the name of one of our own."""
    return result.authserv_id is not None and (result.authserv_id in own.authserv_ids or own.has_name(result.authserv_id))


def contradicts(result: AuthenticationResult, earlier: Iterable[AuthenticationResult]) -> bool:
    """Whether a believed field above says something else under the same name: the same method about the same identity with another result."""
    return any(
        other.inside
        and other.authserv_id == result.authserv_id
        and other.method == result.method
        and other.field is not result.field
        and _about(other) == _about(result)
        and other.result != result.result
        for other in earlier
    )


def _about(result: AuthenticationResult) -> tuple[str, ...]:
    """The identity that a result is about; of a signature, the very signature."""
    names = (
        ("header.d", "header.i", "header.s", "header.b") if result.method == "dkim" else ("header.from", "smtp.mailfrom", "envelope-from", "domain")
    )
    return tuple(value for name, value in result.properties if name in names)


def _passed_before(own: OwnServers, path: Path) -> bool:
    """Whether a claimed line below the boundary names one of our own as its writer: the message may have come back to us."""
    return any(step.trust is Trust.CLAIMED and own.has_name(step.hop.by) for step in path.steps)
