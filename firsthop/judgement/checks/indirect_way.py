"""Did the message come by an indirect way: a list, a forwarder, somebody who sends on
behalf of others?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Observation, silent

NAME = "indirect_way"
AT_MOST = 10  # signs that are shown
# Fetching by POP or IMAP changes no path.
DECISIVE = frozenset(("list", "forwarded", "resent", "on_behalf", "bounce", "ticket", "calendar"))


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    decisive = [sign for sign in facts.indirect_signs if sign.flow in DECISIVE]
    if not decisive:
        return None
    on_path = [sign for sign in decisive if sign.on_path]
    told = on_path or decisive
    seen = tuple(
        Observation(sign.flow, sign.explanation, sign.field.name, sign.field.span)
        for sign in told[:AT_MOST]
    )
    hosts = dict.fromkeys(host for sign in on_path for host in sign.hosts[:1])
    flows = ", ".join(dict.fromkeys(sign.flow for sign in told))
    claimed = any(sign.claimed for sign in decisive)
    message_key = f"indirect.{'found' if on_path else 'claimed' if claimed else 'not_on_path'}"
    return silent(NAME, message_key, seen, flows=flows, hosts=", ".join(list(hosts)[:3]))


CHECK = Check(
    NAME,
    "sender",
    "Fields and hops of mailing lists, forwarders, resenders, services that send on behalf "
    "of others, bounces, calendars and ticket systems.",
    "On such a way the last server is not the author's, and SPF and DKIM break without "
    "anybody's fault: the author's authenticity stays undetermined.",
    "A forger can add such a field: it counts only where the host it names is really on the "
    "path. Who runs a list himself is called indirect, never authorised.",
    "RFC 7960 section 3; firsthop/evidence/path/indirect.toml",
    _look,
    "what it finds names the way and weighs nothing by itself",
)
