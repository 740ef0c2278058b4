"""X-ARF: a report for machines, one for each relay where a client had logged in and one
for each message whose client's port is known. What the schema demands and nobody knows
is never invented: the report is refused, and the reason is told.

Source:     XARF v4 (xarf.org): core schema, infrastructure/compromised_server,
            messaging/spam. `compromised_server` is the form that a relay fits whose
            accounts are used by others; `messaging/spam` demands smtp_from and
            source_port.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.timestamp import utc_text
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.source import ExportSource

VERSION = "4.2.0"
MOST_LINES = 200  # of the evidence of one report
LAST_PORT = 65_535  # RFC 9293 section 3.1: 16 bits
MOST_MESSAGES = 200  # that get a report of their own, the earliest
_NO_CONTACT = (
    "the schema demands who reports: the case file names no `organisation` or no `contact`"
)
_NO_LOGIN = "no line says that the client had logged in: it may be an open relay or a script"
_NO_TIME = "no time is known"
_NO_PORT = "the schema demands source_port, and no line tells the client's port"
_PORT_BEYOND = "the line's number of the client's port is none that TCP has"
_NO_FROM = "the schema demands smtp_from, and no reverse-path is known or may be shown"


def write(source: ExportSource) -> Exported:
    """The reports of a campaign."""
    case_file = source.investigation.case_file
    if not case_file.organisation or not case_file.contact:
        return Exported({}, (Gap("all reports", _NO_CONTACT),))
    reporter = {
        "org": case_file.organisation[:200],
        "contact": case_file.contact,
        "domain": case_file.contact.rpartition("@")[2],
    }
    files: dict[str, bytes] = {}
    gaps: list[Gap] = []
    for what, report in (*_relays(source), *_messages(source)):
        if isinstance(report, str):
            gaps.append(Gap(what, report))
            continue
        whole = _whole(source, report, reporter)
        files[f"{whole['type']}-{whole['report_id'][:8]}.json"] = (
            json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        ).encode()
    return Exported(files, _counted(gaps))


def _relays(source: ExportSource) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """For each relay its report, or why there is none."""
    by_relay: defaultdict[str, list[MessageSummary]] = defaultdict(list)
    for one in source.summaries:
        if one.relay:
            by_relay[one.relay].append(one)
    for relay, messages in sorted(by_relay.items()):
        logged_in = [one for one in messages if one.first and one.first.authenticated]
        timed = [one for one in logged_in if one.instant is not None]
        if not timed:
            yield f"the relay {relay}", _NO_TIME if logged_in else _NO_LOGIN
            continue
        clients = {one.first.client_address for one in timed if one.first}
        yield (
            relay,
            {
                "category": "infrastructure",
                "type": "compromised_server",
                "source_identifier": relay,
                "timestamp": utc_text(min(one.instant or 0 for one in timed)),
                "evidence_source": "researcher_analysis",
                "compromise_method": (
                    "use of an account: the server's own Received lines say that the client had "
                    f"logged in (RFC 3848); {len(timed)} messages from {len(clients)} client "
                    "addresses. The server is the victim; its logs can name the account."
                ),
                "evidence": [_evidence(timed)],
            },
        )


def _evidence(messages: list[MessageSummary]) -> dict[str, Any]:
    """What to look for in the server's logs, a line a message."""
    lines = ["time (UTC)\tqueue id\tclient address\tHELO\tprotocol"]
    for one in sorted(messages, key=lambda m: m.instant or 0)[:MOST_LINES]:
        hop = one.first
        if hop is not None:
            values = (hop.queue_id, hop.client_address, hop.helo, hop.protocol)
            lines.append("\t".join([utc_text(one.instant or 0), *(v or "-" for v in values)]))
    if len(messages) > MOST_LINES:
        lines.append(f"and {len(messages) - MOST_LINES} more")
    data = ("\n".join(lines) + "\n").encode()
    return {
        "content_type": "text/plain",
        "description": "The server's own lines in the messages: time, queue id, client.",
        "payload": b64encode(data).decode(),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "size": len(data),
    }


def _messages(source: ExportSource) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """For each message its report, or why there is none."""
    reported = 0
    for one in source.summaries:
        hop = one.first
        if reported >= MOST_MESSAGES:
            yield "a report of a message", f"the first {MOST_MESSAGES} have one"
        elif hop is None or hop.client_address is None:
            yield "a report of a message", "no line tells the client's address"
        elif hop.client_port is None:
            yield "a report of a message", _NO_PORT
        elif not 0 < hop.client_port <= LAST_PORT:
            yield "a report of a message", _PORT_BEYOND
        elif not hop.reverse_path:
            yield "a report of a message", _NO_FROM
        elif one.instant is None:
            yield "a report of a message", _NO_TIME
        else:
            reported += 1
            yield (
                one.uri,
                {
                    "category": "messaging",
                    "type": "spam",
                    "protocol": "smtp",
                    "source_identifier": hop.client_address,
                    "source_port": hop.client_port,
                    "smtp_from": hop.reverse_path,
                    "timestamp": utc_text(one.instant),
                    "evidence_source": "content_analysis",
                    **({"message_id": one.message_id[:200]} if one.message_id else {}),
                    "evidence": [_evidence([one])],
                },
            )


def _whole(
    source: ExportSource, report: dict[str, Any], reporter: dict[str, str]
) -> dict[str, Any]:
    """A report with what all have; its id comes from its content."""
    told = {
        "xarf_version": VERSION,
        "reporter": reporter,
        "sender": reporter,
        "description": (
            f"Campaign {source.campaign.id}: {source.campaign.size} messages with forged senders. "
            f"TLP:{source.tlp}. A claim of the lines named, not a proof; nothing is known of who "
            "acted."
        ),
        "tags": [f"campaign:{source.campaign.id}", f"tlp:{source.tlp.lower()}"],
        **report,
    }
    content = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return {**told, "report_id": str(uuid5(NAMESPACE_URL, f"firsthop:xarf:{content}"))}


def _counted(gaps: list[Gap]) -> tuple[Gap, ...]:
    """Each gap once, with how often it came."""
    counts: dict[Gap, int] = {}
    for one in gaps:
        counts[one] = counts.get(one, 0) + 1
    return tuple(
        gap if n == 1 else Gap(f"{gap.what} ({n} times)", gap.reason) for gap, n in counts.items()
    )


XARF = Exporter(
    "xarf",
    "X-ARF reports for relays whose accounts are used, and for messages with a known port.",
    "validated by xarf 1.0 and its schemas",
    write,
)
