"""The functions of the library: `read` gives messages, `trace` the facts of one,
`examine` the verdicts on it. `investigate`, the whole job, stands in
`firsthop.investigation`.

All are imported from `firsthop` itself, together with the types they take and give;
docs/reference/api.md shows each at work. None of them asks the network, and none raises
for what stands in a mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from firsthop.case_file import CaseFile
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.judgement.examine import Examination
from firsthop.judgement.examine import examine as judge
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources import Skipped, read_sources
from firsthop.settings import Settings


def read(paths: Sequence[Path | str]) -> Iterator[Message | Skipped]:
    """The messages in `paths`, one at a time, in the order in which they stand there.

    A path is a file or a folder: .eml, mbox, Maildir, .msg, .pst (extra: pst), zip and
    tar, text that a web page or a report shows, or "-" for standard input. Containers
    are told by their content, never by a file's name; what lies in them is read too,
    within the limits of `firsthop.mail.limits`.

    Whatever cannot be read comes as a `Skipped` with its URI and one line of reason, a
    path that is not there included. Positions (`Source.offset`, `Span`) are in bytes.
    Source: RFC 5322, RFC 4155 (mbox), RFC 2045.
    """
    for one in read_sources(paths):
        yield one if isinstance(one, Skipped) else read_mail(one)


def trace(message: Message, settings: Settings | None = None) -> MessageFacts:
    """The facts of a message: its path with who vouches for each line, its identities,
    the mail client it names.

    `settings.own` says which servers are the reader's; without it, whoever wrote the
    topmost Received line counts as the receiver, and `facts.path.boundary.basis` is
    "assumed". Times are seconds since 1970 in UTC (`Stamp.instant`), None where none
    can be read. Never raises. Source: RFC 5321 section 4.4, RFC 5322 section 3.6, RFC
    8601.
    """
    return establish(message, (settings or Settings()).own)


def examine(
    facts: MessageFacts,
    case_file: CaseFile | None = None,
    settings: Settings | None = None,
    store: DnsStore | None = None,
) -> Examination:
    """The findings of all checks over a message's facts, and the verdicts on its sender
    and its mail client.

    `case_file` brings asserted claims and the claimed provider. Own servers of
    `settings` other than those the facts were traced with draw the boundary anew;
    the DNS answers recorded in `store`, where one is given, replace those that the
    facts were traced with. Nothing is ever looked up.

    Strengths are in bits (`BaseRate.bits`), and a finding without a counted strength
    carries no weight. Never raises. Source: each check names its own (`firsthop
    explain`); RFC 7208, RFC 6376, RFC 8617, RFC 7489.
    """
    if settings is not None and facts.path.receiving.own != settings.own:
        facts = establish(facts.message, settings.own, facts.dns)
    if store is not None:
        facts = replace(facts, dns=store)
    return judge(facts, case_file or CaseFile())
