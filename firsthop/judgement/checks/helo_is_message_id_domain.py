"""Does the first hop's HELO equal the domain of the Message-ID?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe, silent
from firsthop.judgement.rates.base_rates import base_rate

NAME = "helo_is_message_id_domain"


def equal_names(facts: MessageFacts) -> bool | None:
    """Whether the two names are equal; None where either is missing or the HELO is no
    dotted name."""
    first = facts.path.first_smtp
    value = facts.message_id.value
    if (
        first is None
        or not first.hop.helo
        or not value
        or "@" not in value
        or "." not in first.hop.helo
        or first.hop.helo[0] == "["
    ):
        return None
    return first.hop.helo.lower().rstrip(".") == value.rpartition("@")[2].lower()


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    first = facts.path.first_smtp
    if first is None or not first.hop.helo:
        return None
    message_id = facts.message_id
    if message_id.value is None:
        return silent(
            NAME, f"helo_id.{message_id.state}", [observe("helo", first.hop.helo, first.field)]
        )
    seen = (
        observe("helo", first.hop.helo, first.field),
        observe("message_id", message_id.value, message_id.field),
    )
    equal = equal_names(facts)
    if not equal:
        return silent(
            NAME, "helo_id.not_comparable" if equal is None else "helo_id.different", seen
        )
    return Finding(
        NAME,
        Outcome.SILENT,
        base_rate(NAME, "equal"),
        "helo_id.equal",
        (("helo", first.hop.helo),),
        seen,
    )


CHECK = Check(
    NAME,
    "sender",
    "A first hop whose HELO is the very domain of the Message-ID.",
    "The host that sent the message also made it, as a mailing script does: a trait by which "
    "messages of one campaign resemble each other.",
    "Servers that send their own mail do the same and are genuine: on the corpora legitimate "
    "mail shows it more often than spam. It never speaks for forgery.",
    "RFC 5321 section 4.1.1.1, RFC 5322 section 3.6.4; counted on the corpora",
    _look,
)
