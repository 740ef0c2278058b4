"""The answer on the sender in plain words, with its reason and what it must not be read
without. The sentences stand in words/*.toml; nothing is judged here. Values of the mail
are raw."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.evidence.authentication.dkim.verify import DkimResult
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.authentication.vouching import is_guessed, judged_author, judges
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.domain_kind import domain_kind
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Finding
from firsthop.publication.words import say

# Bits of a counted strength, in words: 1 to 16 and 1 to 100 and 1 to 1,000.
LIKELY = ((10.0, "almost_sure"), (6.6, "very_likely"), (4.0, "likely"))


class SenderAnswer:
    """Puts the sender verdict of one message into words."""

    def __init__(self, examination: Examination, language: str) -> None:
        self.examination = examination
        self.facts: MessageFacts = examination.facts
        self.language = language
        self.findings = {finding.check: finding for finding in examination.findings}
        self.verdict = next(v for v in examination.verdicts if v.question == "sender")
        self.vouching = self.facts.authentication.vouching
        author = self.facts.author
        shown = author.domain if author else None
        self.domain = (self.vouching.domain if self.vouching else shown) or self.say("no_domain")
        self.redacted = self.vouching is not None and shown != self.domain

    def say(self, sentence: str, **values: str) -> str:
        """A sentence of the opening."""
        return say(self.language, f"opening.{sentence}", values)

    def sentence(self) -> str:
        """Why, and what the answer must not be read without."""
        return " ".join(part for part in (self.reason(), *self.remarks()) if part)

    def headline(self) -> str:
        answer, reason = self.verdict.answer, self.verdict.reason
        if answer == "not_from_provider":
            missed = (
                dict(self.findings["left_provider"].values)["provider"]
                if reason == "missed"
                else ""
            )
            return self.say("not_from", name=short_name(missed) or self.domain).upper()
        return self.say(answer).upper()

    # the reason

    def reason(self) -> str:
        """One or two sentences: why."""
        key = f"{self.verdict.answer}.{self.verdict.reason}"
        writers = {
            "authorised.vouched": self._vouched,
            "authorised.departed": self._departed,
            "not_from_provider.forbidden": self._forbidden,
            "not_from_provider.missed": self._missed,
            "unauthenticated.nothing_vouches": self._nothing_vouches,
            "unauthenticated.several_authors": self._nothing_vouches,
            "unauthenticated.no_author": self._nothing_vouches,
        }
        write = writers.get(key)
        return write() if write else self.say(f"why.{key}", **self._values())

    def _values(self) -> dict[str, str]:
        way = dict(self.findings["indirect_way"].values) if "indirect_way" in self.findings else {}
        gateway = self.vouching.gateway if self.vouching else None
        return {
            "domain": self.domain,
            "receiver": self.receiver(),
            "flows": self._flows(way.get("flows", "")),
            "hosts": way.get("hosts") or "?",
            "gateway": gateway.name if gateway else "?",
            "key": gateway.key if gateway else "?",
            "boundary": self.facts.path.boundary.reason.removeprefix("unknown: "),
            "looked": ", ".join(m.upper() for m in self.vouching.looked) if self.vouching else "",
        }

    def _flows(self, flows: str) -> str:
        return ", ".join(self.say(f"flow.{flow}") for flow in flows.split(", ") if flow)

    def receiver(self) -> str:
        return short_name(self.facts.path.boundary.receiver or self.say("nobody"))

    def _vouched(self) -> str:
        vouchers = self.vouching.vouchers if self.vouching else ()
        names = ", ".join(dict.fromkeys(one.mechanism.upper() for one in vouchers))
        checked = all(one.checked for one in vouchers)
        key = "why.authorised.checked" if checked else "why.authorised.seen"
        kind = self.say(f"kind.{domain_kind(self.domain)}", domain=self.domain)
        text = self.say(
            key, names=names, domain=self.domain, receiver=self.receiver(), found=self.results()
        )
        return f"{text} {kind}"

    def _departed(self) -> str:
        values = dict(self.findings["left_provider"].values)
        by = self.findings["left_provider"].observations[0].value
        kind = self.say(f"kind.{domain_kind(self.domain)}", domain=self.domain)
        text = self.say("why.authorised.departed", provider=values["provider"], by=by)
        return f"{text} {kind}"

    def _forbidden(self) -> str:
        refusal = self.vouching.refusal if self.vouching else None
        policy = (refusal and (refusal.policy or refusal.action)) or "?"
        text = self.say("why.not_from_provider.forbidden", domain=self.domain, policy=policy)
        return f"{text} {self._found_by()}"

    def _missed(self) -> str:
        finding = self.findings["left_provider"]
        provider = short_name(dict(finding.values)["provider"])
        text = self.say("why.not_from_provider.missed", provider=provider)
        return f"{text} {self._handed_by()}{self._how_sure(finding)} {self._found_by()}".strip()

    def _how_sure(self, finding: Finding) -> str:
        bits = -finding.strength.bits if finding.strength else 0.0
        word = next((word for limit, word in LIKELY if bits >= limit), None)
        return " " + self.say(f"sure.{word}") if word else ""

    def _handed_by(self) -> str:
        handover = self.facts.path.handover
        if handover is None:
            return self.say("handed_unknown")
        client = handover.hop.client_name or handover.hop.client_address or handover.hop.helo
        return self.say("handed_by", client=client or "?", receiver=self.receiver())

    def _nothing_vouches(self) -> str:
        text = self.say(f"why.unauthenticated.{self.verdict.reason}", domain=self.domain)
        return f"{text} {self._found_by()}"

    def _found_by(self) -> str:
        """What the receiver found, or what was checked here."""
        if results := self.results():
            return self.say("found_by", receiver=self.receiver(), found=results)
        told = self.facts.authentication
        if told.spf.result == "not_checkable":
            return ""
        signed = ", ".join(dict.fromkeys(str(one.outcome) for one in told.dkim)) or "none"
        dmarc = told.dmarc.result if told.dmarc else "?"
        return self.say("found_here", spf=told.spf.result, dkim=signed, dmarc=dmarc)

    def _results(self) -> tuple[AuthenticationResult, ...]:
        return self.facts.authentication.results

    def results(self) -> str:
        """The believed results of SPF, DKIM and DMARC, in words."""
        believed = [one for one in self._results() if one.inside and one.result]
        path = self.facts.path
        spf = [one for one in believed if one.method == "spf" and judges(one, path)][:1]
        dkim = [one for one in believed if one.method == "dkim"]
        dmarc = [one for one in believed if one.method == "dmarc" and judges(one, path)][:1]
        parts = [*map(self._spf_text, spf), *self._dkim_text(dkim), *map(_dmarc_text, dmarc)]
        return ", ".join(dict.fromkeys(parts))

    def _dkim_text(self, results: list[AuthenticationResult]) -> Iterator[str]:
        for one in results[:3]:
            if one.result == "none":
                yield self.say("no_signature")
            else:
                domain = one.get("header.d") or (one.get("header.i") or "").rpartition("@")[2]
                yield f"DKIM {one.result}" + (f" ({domain})" if domain else "")

    def _spf_text(self, one: AuthenticationResult) -> str:
        names = ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "envelope-from", "domain", "smtp.helo")
        identity = next((value for name in names if (value := one.get(name))), "")
        domain = identity.rpartition("@")[2]
        if is_guessed(one):
            text = self.say("no_record_of_spf", domain=domain)
            return text if domain else text.partition(" (")[0]
        return f"SPF {one.result}" + (f" ({domain})" if domain else "")

    # remarks at the answer itself

    def remarks(self) -> Iterator[str]:
        """What an answer must not be read without."""
        told = self.vouching
        if self.verdict.answer == "authorised" and told:
            partial = next((one.partial for one in told.vouchers if one.partial), ())
            whole = any(one.mechanism == "dkim" and not one.partial for one in told.vouchers)
            if partial and not whole:
                yield self.say("partial", parts=", ".join(partial))
        judged = judged_author(results, self.facts.path) if (results := self._results()) else None
        if judged and told and judged != told.domain:
            yield self.say("another_judged", domain=judged)
        if self.redacted:
            yield self.say("redacted", domain=self.domain)
        elif told and told.changed:
            yield self.say("changed")
        authorship = self.facts.authorship
        if len(authorship.all) > 1 or (authorship.all and len(authorship.fields) > 1):
            others = ", ".join(box.address or "?" for box in authorship.all[:4])
            yield self.say("judged", judged=self._judged(), authors=others)
        signed = _of_lower_from(self.facts)
        if lower := next((one for one in signed if one.covers.from_fields > 1), None):
            yield self.say("lower_from", domain=lower.signature.domain)
        results_finding = self.findings.get("authentication")
        if results_finding and results_finding.message_key.endswith("forged"):
            yield self.say("forged")

    def _judged(self) -> str:
        author = self.facts.author
        return (author.address if author else None) or "?"


def _of_lower_from(facts: MessageFacts) -> list[DkimResult]:
    """The signatures that hold and do not cover the From that people see."""
    told = facts.authentication.dkim
    return [one for one in told if one.outcome == "pass" and not one.covers.author_signed]


def short_name(name: str) -> str:
    """A name of a table without what it says in parentheses and behind a slash."""
    return name.partition(" (")[0].partition(" / ")[0]


def _dmarc_text(one: AuthenticationResult) -> str:
    action = one.get("action")
    return f"DMARC {one.result}" + (f" (action {action})" if action else "")
