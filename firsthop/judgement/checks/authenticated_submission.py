"""Did somebody log in at the relay?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe

NAME = "authenticated_submission"


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    first = facts.path.first_smtp
    if first is None:
        return None
    seen = (observe("protocol", first.hop.protocol or "", first.field),)
    values = (("by", first.hop.by or "?"), ("protocol", first.hop.protocol or "?"))
    if not first.hop.authenticated:
        return Finding(NAME, Outcome.SILENT, None, "authenticated.not_said", values, seen)
    return Finding(NAME, Outcome.SUPPORTS, None, "authenticated.said", values, seen)


CHECK = Check(
    NAME,
    "sender",
    "A first hop whose line says that its client had logged in (RFC 3848 'A', or the "
    "server's own words).",
    "Who logged in used an account of that relay: an abused account is then likelier than an "
    "open relay, and the relay can name the account.",
    "A line below the trust boundary can claim it. A line without it says neither: not every "
    "server writes it.",
    "RFC 3848; Postfix smtpd_sasl_authenticated_header; Exim $authenticated_id. A "
    "definition, not a statistic: it has no base rate",
    _look,
    "a definition, not a statistic",
)
