"""Evaluates DMARC by the rules of the mail's day (RFC 7489 section 6.6, RFC 9989
section 4.10) from results of SPF and DKIM and recorded DNS.

What decides is alignment: whether the domain that authenticated is the author's, or of
his organization. `not_checkable` where an answer is missing that could have changed the
result; a pass needs no more than one aligned pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from firsthop.evidence.authentication.dmarc.organization import (
    Found,
    Rules,
    Walk,
    rules_of,
    suffix_organization,
    tree_walk,
    walk_organization,
)
from firsthop.evidence.authentication.dmarc.record import DmarcRecord, read_dmarc
from firsthop.evidence.dns.store import NXDOMAIN, Answer, Lookups, Missing
from firsthop.evidence.host.names import registrable_domain
from firsthop.mail.message import Field
from firsthop.system.named_tuple import NamedTuple

_RELAXED: Mapping[str, bool] = MappingProxyType({})
LOWER = {"reject": "quarantine", "quarantine": "none", "none": "none"}


class Authenticated(NamedTuple):
    """One result of SPF or DKIM, from a check of ours or from a believed receiver."""

    mechanism: str  # spf or dkim
    domain: str  # of MAIL FROM (or HELO), or d=
    result: str  # pass, fail, not_checkable, ...
    seen: bool = False  # by a believed receiver; False: checked here
    field: Field | None = None  # where it stands


class Alignment(NamedTuple):
    """How a domain stands to the author's."""

    mechanism: str
    domain: str
    author_domain: str
    aligned: bool | None  # None: not known, see `says`
    strict: bool
    organization: str | None  # the author's organizational domain, where it was needed
    rules: Rules
    explanation: str

    @property
    def holds(self) -> bool:
        """Whether the domain is aligned; where the walk up the tree (RFC 9989 section
        4.10) lacks answers, relaxed and by the public suffix list."""
        if self.aligned is None and self.domain and not self.strict:
            mine = registrable_domain(self.author_domain)
            return mine is not None and mine == registrable_domain(self.domain)
        return self.aligned is True


class DmarcResult(NamedTuple):
    """An evaluation."""

    result: str  # pass fail none temperror, not_checkable, or not_applicable (several authors)
    explanation: str
    author_domain: str
    rules: Rules
    alignments: tuple[Alignment, ...] = ()
    policy: str | None = None  # what the owner asks for: none, quarantine, reject
    policy_domain: str | None = None  # where the record stands
    record: DmarcRecord | None = None
    as_of: int | None = None  # of the oldest answer that was used


class _Policy(NamedTuple):
    """Outcome of policy discovery."""

    found: Found | None
    answers: tuple[Answer, ...]
    missing: Missing | None = None
    failed: Answer | None = None


def check_dmarc(
    author_domain: str, authenticated: Sequence[Authenticated], dns: Lookups, instant: int | None
) -> DmarcResult:
    """DMARC of one author domain at the mail's date. Never raises."""
    author, rules = author_domain.lower().rstrip("."), rules_of(instant)
    policy = discover(author, dns, rules)
    as_of = min((answer.as_of for answer in policy.answers), default=None)
    strict = (
        {"dkim": policy.found.record.strict_dkim, "spf": policy.found.record.strict_spf}
        if policy.found
        else {}
    )
    result = aligned(author, authenticated, dns, rules, strict)._replace(as_of=as_of)
    if policy.missing:
        why = f"TXT of {policy.missing.name}: {policy.missing.reason}"
        return result._replace(explanation=why)
    if policy.failed:
        return result._replace(
            result="temperror", explanation=f"TXT of {policy.failed.name}: {policy.failed.rcode}"
        )
    if policy.found is None:
        return result._replace(result="none", explanation=f"{author} had no DMARC record")
    record = policy.found.record
    result = result._replace(
        policy=_asked_for(policy.found, author, dns, rules),
        policy_domain=policy.found.domain,
        record=record,
    )
    return _decide(result, authenticated)


def aligned(
    author: str,
    authenticated: Sequence[Authenticated],
    dns: Lookups,
    rules: Rules,
    strict: Mapping[str, bool] = _RELAXED,
) -> DmarcResult:
    """How the results stand to the author's domain, whatever its policy; `strict` says
    by mechanism what the policy demands."""
    alignments = tuple(
        [align(author, one, strict.get(one.mechanism, False), dns, rules) for one in authenticated]
    )
    return DmarcResult("not_checkable", "", author, rules, alignments)


def _decide(result: DmarcResult, authenticated: Sequence[Authenticated]) -> DmarcResult:
    """RFC 7489 section 6.6.2 steps 5 and 6: one aligned pass is enough."""
    pairs = list(zip(authenticated, result.alignments, strict=True))
    passed = next(
        (alignment for one, alignment in pairs if one.result == "pass" and alignment.aligned), None
    )
    if passed:
        return result._replace(
            result="pass",
            explanation=f"{passed.mechanism} passed for {passed.domain}: {passed.explanation}",
        )
    open_ones = [
        one
        for one, alignment in pairs
        if alignment.aligned is not False and one.result in ("pass", "not_checkable", "temperror")
    ]
    if open_ones:
        named = ", ".join(
            f"{one.mechanism} of {one.domain or 'a domain that is not known'}" for one in open_ones
        )
        return result._replace(
            result="not_checkable", explanation=f"it hangs on what cannot be checked: {named}"
        )
    return result._replace(
        result="fail", explanation=f"nothing that passed is aligned with {result.author_domain}"
    )


def discover(author: str, dns: Lookups, rules: Rules) -> _Policy:
    """The policy record that applies: RFC 7489 section 6.6.3, RFC 9989 section
    4.10.1."""
    if rules is Rules.RFC_9989:
        walk = tree_walk(author, dns)
        return _Policy(_applying(walk, author), walk.answers, walk.missing, walk.failed)
    answers: list[Answer] = []
    for name in _places(author):
        answer = dns.ask(f"_dmarc.{name}", "TXT")
        if isinstance(answer, Missing):
            return _Policy(None, tuple(answers), missing=answer)
        answers.append(answer)
        if answer.failed:
            return _Policy(None, tuple(answers), failed=answer)
        record = read_dmarc(answer.records)
        if record:
            return _Policy(Found(name, record), tuple(answers))
    return _Policy(None, tuple(answers))


def _places(author: str) -> Iterator[str]:
    """Where RFC 7489 section 6.6.3 looks for the policy."""
    yield author
    if (organization := suffix_organization(author)) != author:
        yield organization


def _applying(walk: Walk, author: str) -> Found | None:
    """The author's own record, else that of his organizational domain, else that of the
    public suffix above it."""
    by_name = {one.domain: one for one in walk.found}
    above = next((one for one in walk.found if one.record.psd == "y"), None)
    return by_name.get(author) or by_name.get(walk_organization(walk)) or above


def _asked_for(found: Found, author: str, dns: Lookups, rules: Rules) -> str:
    """What the record asks for: p= at its own name, sp= below it, np= (RFC 9989) where
    the name does not exist; t=y takes one step back."""
    record = found.record
    policy = record.policy if found.domain == author else record.subdomain_policy
    if rules is Rules.RFC_7489:
        return policy
    if found.domain != author and record.missing_policy != policy:
        answer = dns.ask(author, "A")
        policy = (
            record.missing_policy
            if isinstance(answer, Answer) and answer.rcode == NXDOMAIN
            else policy
        )
    return LOWER[policy] if record.testing else policy


def align(
    author_domain: str, one: Authenticated, strict: bool, dns: Lookups, rules: Rules
) -> Alignment:
    """Whether a domain is aligned with the author's (RFC 7489 section 3.1, RFC 9989
    section 4.4)."""
    author, domain = author_domain.lower().rstrip("."), one.domain.lower().rstrip(".")
    alignment = Alignment(
        one.mechanism, domain, author, True, strict, None, rules, "the author's own domain"
    )
    if not domain:
        return alignment._replace(aligned=None, explanation="the domain is not known")
    if author == domain:
        return alignment
    if strict:
        return alignment._replace(
            aligned=False, explanation="not the author's own domain, which his record demands"
        )
    mine, theirs, why = _organizations(author, domain, dns, rules)
    if mine is None or theirs is None:
        return alignment._replace(aligned=None, organization=mine, explanation=why)
    same = mine == theirs
    return alignment._replace(
        aligned=same,
        organization=mine,
        explanation=f"{'both of' if same else 'not of'} the organization {mine}",
    )


def _organizations(
    author: str, domain: str, dns: Lookups, rules: Rules
) -> tuple[str | None, str | None, str]:
    if rules is Rules.RFC_7489:
        return suffix_organization(author), suffix_organization(domain), ""
    organizations: list[str | None] = []
    why = ""
    for name in (author, domain):
        walk = tree_walk(name, dns)
        known = walk.missing is None and walk.failed is None
        organizations.append(walk_organization(walk) if known else None)
        why = why or ("" if known else f"the tree walk from {name} lacks an answer")
    return organizations[0], organizations[1], why
