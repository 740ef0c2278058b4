"""Did the message come by an indirect way: a list, a forwarder, somebody who sends on behalf of others?"""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.indirect import signs
from firsthop.judgement.brief import Brief
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Observation, silent

NAME = "indirect_way"
DECISIVE = frozenset(("list", "forwarded", "resent", "on_behalf", "bounce", "ticket", "calendar"))  # fetching by POP or IMAP changes no path


def _look(facts: MessageFacts, _brief: Brief) -> Finding | None:
    found = [sign for sign in signs(facts.message, facts.path) if sign.flow in DECISIVE]
    if not found:
        return None
    seen = tuple(Observation(sign.flow, sign.says, sign.field.name, sign.field.span) for sign in found[:10])
    return silent(NAME, "indirect.found", seen, flows=", ".join(dict.fromkeys(sign.flow for sign in found)))


CHECK = Check(
    NAME,
    "sender",
    "Fields and hops of mailing lists, forwarders, resenders, services that send on behalf of others, bounces, calendars and ticket systems.",
    "On such a way the last server is not the author's, and SPF and DKIM break without anybody's fault: the author's authenticity stays undetermined.",
    "A forger can add such a field; the answer is then 'undetermined', never 'authorised'.",
    "RFC 7960 section 3; firsthop/evidence/indirect.toml",
    _look,
)
