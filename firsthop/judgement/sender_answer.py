"""Answers the sender question from the findings: did this message leave the claimed provider's servers?

authorised          something believed vouches for it: SPF, DKIM or DMARC of the author's domain, or a hand-over by the provider's own server
indirect            it came by a list, a forwarder, on behalf of somebody: the author's original authenticity is undetermined (RFC 7960)
not_from_provider   a complete path misses the provider, and what speaks against it is strong enough: see AGAINST
insufficient        anything else, above all where the boundary or the provider is not known

An answer of "authorised" says nothing of a stolen account, and "not from the provider" nothing of who sent it. An excerpt, whose upper lines are
missing, never gives "not from the provider". Evidence that comes from one cause counts once: path and provider's fields are one view.
"""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.provider import provider_of
from firsthop.judgement.finding import Finding, Outcome, Verdict
from firsthop.judgement.mailer_answer import answer_of, total, weights
from firsthop.mail.message import Evidence

AGAINST = -4.0  # bits: 1 to 16. On the corpora no legitimate message reaches it (docs/reference/sender.md)
MAILER_CAP = 5.0  # bits that a contradicted mail client can add at most
VOUCHING = ("authentication.passes", "provider.left_vouched")
PATH_VIEW = ("left_provider", "provider_fields")
BEARING = ("indirect_way", "authentication", "left_provider", "provider_fields", "submission_elsewhere", "lookalike_domain")


def sender_verdict(facts: MessageFacts, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict on one message, with the findings it rests on."""
    by_check = {finding.check: finding for finding in findings}
    return Verdict("sender", _answer(facts, by_check), tuple(f for f in findings if f.check in BEARING and _tells(f)))


def _answer(facts: MessageFacts, found: dict[str, Finding]) -> str:
    if any(finding.says in VOUCHING for finding in found.values()):
        return "authorised"
    if "indirect_way" in found:
        return "indirect"
    if facts.message.source.evidence is Evidence.PUBLICATION or not _missed(found):
        return "insufficient"
    against = _path_bits(found) + _mailer_bits(found)
    return "not_from_provider" if against <= AGAINST or _refused(facts, found) else "insufficient"


def _missed(found: dict[str, Finding]) -> bool:
    left = found.get("left_provider")
    return left is not None and left.says == "provider.missed"


def _path_bits(found: dict[str, Finding]) -> float:
    """The strongest of what path and provider's fields say against the provider."""
    told = [f.strength.bits for name in PATH_VIEW if (f := found.get(name)) and f.outcome is Outcome.CONTRADICTS and f.strength]
    return min(told, default=0.0)


def _mailer_bits(found: dict[str, Finding]) -> float:
    """What speaks against the named mail client, where it is contradicted: a forged one is one more thing that an honest author does not send."""
    bits = total(weights(found.values()))
    return max(-MAILER_CAP, bits) if answer_of(bits) == "contradicted" else 0.0


def _refused(facts: MessageFacts, found: dict[str, Finding]) -> bool:
    """Whether the provider asks others to refuse such mail: its DMARC fails before believed servers, or its policy allows no other way out."""
    if (told := found.get("authentication")) and told.says == "authentication.fails":
        return True
    domain = facts.author.domain if facts.author else None
    provider = provider_of(domain) if domain else None
    return bool(provider and domain and provider.exclusive(domain, facts.instant))


def _tells(finding: Finding) -> bool:
    """Whether a finding bears on the answer; a silent one only where it names the way or the reason."""
    return finding.outcome is not Outcome.SILENT or finding.check in ("indirect_way", "left_provider", "authentication")
