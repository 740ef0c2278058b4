"""Answers the sender question from the findings: who vouches for the author, and what
forbids it?

authorised          something believed vouches for the author's domain: an aligned SPF,
                    DKIM or DMARC pass, or a departure from a provider whose servers
                    carry its own users' mail only
not_from_provider   the domain, or its provider, forbids or excludes this way: DMARC
                    fails under quarantine or reject, or a path misses the provider
                    strongly enough (AGAINST)
unauthenticated     somebody believed looked, or recorded answers tell: nothing that the
                    domain publishes vouches for the message, and nothing forbids it
indirect            a list, a forwarder or a service is really on the path: the author's
                    original authenticity is undetermined (RFC 7960)
insufficient        anything else; the reason says what is missing

What the receiver found goes before what a path shows, and a failure before a pass. A
message that has not exactly one author is never authorised (RFC 7489 section 6.6.1).
"Authorised" says nothing of a stolen account, "not from the provider" nothing of who
sent it. An excerpt, whose upper lines are missing, never gives "not from the provider".
Evidence from one cause counts once: path and provider's fields are one view.
"""

from __future__ import annotations

from firsthop.evidence.authentication.vouching import Vouching
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.indirect import RELAYS
from firsthop.evidence.path.path import Path
from firsthop.judgement.finding import Finding, Outcome, Verdict
from firsthop.judgement.verdicts.mailer import answer_of, total, weights
from firsthop.mail.message import Evidence

AUTHENTICATION = 1_070_236_800  # 2003-12-01: before the first SPF records nobody could vouch
# bits: 1 to 16. On the corpora no legitimate message reaches it
# (docs/reference/sender.md)
AGAINST = -4.0
MAILER_CAP = 5.0  # bits that a contradicted mail client can add at most
PATH_VIEW = ("left_provider", "provider_fields")
BEARING = frozenset((
    "indirect_way", "authentication", "left_provider", "provider_fields", "submission_elsewhere",
    "lookalike_domain",
))  # fmt: skip
Reason = tuple[str, str]  # the answer, and the key of its reason


def sender_verdict(facts: MessageFacts, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict on one message, with the findings it rests on."""
    by_check = {finding.check: finding for finding in findings}
    answer, reason = _answer(facts, by_check)
    because = tuple([f for f in findings if f.check in BEARING and _tells(f)])
    return Verdict("sender", answer, because, reason, str(facts.path.boundary.basis))


def _answer(facts: MessageFacts, findings: dict[str, Finding]) -> Reason:
    told = facts.authentication.vouching
    return (
        _vouched_or_refused(facts, findings, told)
        or _by_path(facts, findings, told)
        or _rest(facts, told)
    )


def _vouched_or_refused(
    facts: MessageFacts, findings: dict[str, Finding], told: Vouching | None
) -> Reason | None:
    """What vouches for the author, or forbids the way."""
    if told and told.vouchers:
        return "authorised", "vouched"
    if told and told.refusal and told.refusal.forbids:
        return ("indirect", "relayed") if _relayed(findings) else ("not_from_provider", "forbidden")
    if not (told and told.refusal) and _departed(facts, findings):
        return "authorised", "departed"
    return None


def _by_path(
    facts: MessageFacts, findings: dict[str, Finding], told: Vouching | None
) -> Reason | None:
    """What the path shows: an indirect way, or that it misses the provider. Lists and
    forwarders whose host nobody checked, and a signature that the container keeps from
    being checked, are not decided by it."""
    if _says(findings, "indirect.found"):
        return "indirect", "on_path"
    if not _excluded(facts, findings):
        return None
    if _says(findings, "indirect.claimed"):
        return "insufficient", "relay_claimed"
    rebuilt = told is not None and told.rebuilt
    return ("insufficient", "rebuilt") if rebuilt else ("not_from_provider", "missed")


def _rest(facts: MessageFacts, told: Vouching | None) -> Reason:
    """Whether anybody looked."""
    if told is None:
        looked = _looked_at(facts)
        return (
            ("unauthenticated", "no_author") if looked else ("insufficient", _missing(facts, told))
        )
    if told.refusal or told.nothing_vouches:
        several = len(facts.authorship.all) > 1
        return "unauthenticated", "several_authors" if several else "nothing_vouches"
    return "insufficient", _missing(facts, told)


def _looked_at(facts: MessageFacts) -> bool:
    """Whether a believed receiver judged the client at all."""
    if facts.path.handover is None:
        return False  # nobody is believed
    results = facts.authentication.results
    return any(one.inside and one.method in ("spf", "dkim", "dmarc") for one in results)


def _missing(facts: MessageFacts, told: Vouching | None) -> str:
    """What is missing for an answer."""
    if facts.message.source.evidence is Evidence.PUBLICATION:
        return "excerpt"
    if told is None:
        return "no_author"
    if facts.path.boundary.position is None:
        return "no_boundary" if facts.path.steps else "no_path"
    if facts.path.outsider is None:
        return "logged_in" if is_submission(facts.path) else "no_outsider"
    if told.gateway:
        return "gateway"
    results = facts.authentication.results
    if any(one.method and one.inside is None for one in results):
        return "not_believed"
    if any(one.method and one.inside for one in results):
        return "half_looked"
    early = facts.instant is not None and facts.instant < AUTHENTICATION
    return "too_early" if early else "nobody_looked"


def is_submission(path: Path) -> bool:
    """Whether somebody logged in where the message was handed over (RFC 6409)."""
    hop = path.handover.hop if path.handover else None
    return hop is not None and (hop.authenticated or hop.kind == "http")


def _departed(facts: MessageFacts, findings: dict[str, Finding]) -> bool:
    """Whether the message left servers that carry the mail of the provider's own users
    only, as somebody believed saw; where another's mail leaves there too, it proves
    nothing of the author."""
    left = findings.get("left_provider")
    if left is None or left.message_key != "provider.left_vouched" or not facts.authorship.single:
        return False
    return facts.provider is not None and facts.provider.shared is None


def _says(findings: dict[str, Finding], key: str) -> bool:
    sign = findings.get("indirect_way")
    return sign is not None and sign.message_key == key


def _relayed(findings: dict[str, Finding]) -> bool:
    """Whether what is on the path hands on what another wrote: a service that writes
    itself in the author's name is what a policy forbids."""
    if not _says(findings, "indirect.found"):
        return False
    return any(seen.key in RELAYS for seen in findings["indirect_way"].observations)


def _excluded(facts: MessageFacts, findings: dict[str, Finding]) -> bool:
    """Whether a complete path misses the provider, and enough speaks against it."""
    left = findings.get("left_provider")
    if left is None or left.message_key != "provider.missed":
        return False
    if facts.message.source.evidence is Evidence.PUBLICATION:
        return False
    return _path_bits(findings) + _mailer_bits(findings) <= AGAINST or _closed(facts)


def _path_bits(findings: dict[str, Finding]) -> float:
    """The strongest of what path and provider's fields say against the provider."""
    told = [
        f.strength.bits
        for name in PATH_VIEW
        if (f := findings.get(name)) and f.outcome is Outcome.CONTRADICTS and f.strength
    ]
    return min(told, default=0.0)


def _mailer_bits(findings: dict[str, Finding]) -> float:
    """What speaks against the named mail client, where it is contradicted: a forged one
    is one more thing that an honest author does not send."""
    bits = total(weights(findings.values()))
    return max(-MAILER_CAP, bits) if answer_of(bits) == "contradicted" else 0.0


def _closed(facts: MessageFacts) -> bool:
    """Whether the provider's policy of the day allows no other way out."""
    domain = facts.author.domain if facts.author else None
    return bool(facts.provider and domain and facts.provider.exclusive(domain, facts.instant))


def _tells(finding: Finding) -> bool:
    """Whether a finding bears on the answer; a silent one only where it names the way
    or the reason."""
    return finding.outcome is not Outcome.SILENT or finding.check in (
        "indirect_way",
        "left_provider",
        "authentication",
    )
