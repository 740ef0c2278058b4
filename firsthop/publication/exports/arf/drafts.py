"""The format arf: drafts of abuse reports (RFC 5965), one for the operator of each
server that the mail went through, who is told as somebody who is harmed too, and one
for each network that its clients were in.

A draft is addressed to nobody (an empty group, RFC 5322 section 3.4): who answers for a
server or a network is the operator's to find out.
Never:      sends anything, looks anything up, or invents what a message does not tell.
"""

from __future__ import annotations

import quopri
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from firsthop import __version__
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.publication.bulletin.render import visible
from firsthop.publication.clock import utc
from firsthop.publication.exports.arf.cases import NETWORK, RELAY, Reported, reported
from firsthop.publication.exports.arf.sample import header_of
from firsthop.publication.exports.dates import dated
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.identifiers import identifier
from firsthop.publication.exports.observed import moment
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.words import LANGUAGES, say

MOST = 50  # drafts of a kind
RECORDS = 50  # lines of a draft
_COUNTRY = {"it": "it"}  # top-level domain: language of words/


def write(source: ExportSource) -> Exported:
    """The drafts."""
    originals = dict(source.originals())
    files: dict[str, bytes] = {}
    gaps: list[Gap] = []
    for kind in (RELAY, NETWORK):
        those = [one for one in reported(source) if one.kind == kind]
        gaps += [Gap(f"{kind} {one.name}", "more than are written") for one in those[MOST:]]
        for one in those[:MOST]:
            place = next((n for n in one.places if n in originals), None)
            if place is None:
                gaps.append(Gap(f"{kind} {one.name}", "no message of it lies where it was read"))
                continue
            name = one.name.replace("/", "_").replace(":", "-")
            files[f"{kind}_{name}.eml"] = _draft(source, one, place, originals[place])
    return Exported(files, tuple(gaps))


def _draft(source: ExportSource, one: Reported, place: int, original: bytes) -> bytes:
    languages = _languages(one)
    boundary = f"=_{identifier(source, 'arf', one.kind, one.name)}"
    text = "\n\n".join(_text(source, one, language) for language in languages)
    parts = (
        ("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", _quoted(text)),
        ("message/feedback-report", _feedback(one, source.summaries[place])),
        ("text/rfc822-headers", header_of(source, original)),
    )
    body = "".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{part}\r\n" for kind, part in parts
    )
    return f"{_head(source, one, boundary)}\r\n{body}--{boundary}--\r\n".encode("ascii")


def _languages(one: Reported) -> tuple[str, ...]:
    """The recipient's language first, where there are words of it; then English."""
    own = _COUNTRY.get(one.name.rpartition(".")[2]) if one.kind == RELAY else None
    return ("en",) if own is None or own not in LANGUAGES else (own, "en")


def _head(source: ExportSource, one: Reported, boundary: str) -> str:
    lines = (
        f"From: {source.investigation.case_file.contact or 'reporter:;'}",
        f"To: abuse desk of {one.name.replace(':', '-')}:;",
        f"Subject: {say('en', f'abuse.subject_{one.kind}', {'name': one.name})}",
        f"Date: {format_datetime(datetime.fromtimestamp(dated(source), UTC))}",
        "X-Unsent: 1",
        f"X-Campaign: {source.campaign.id}",
        f"X-TLP: TLP:{source.tlp}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=feedback-report;",
        f' boundary="{boundary}"',
    )
    return "".join(f"{line}\r\n" for line in lines)


def _feedback(one: Reported, sample: MessageSummary) -> str:
    """The machine-readable part (section 3): only what the message tells."""
    lines = ["Feedback-Type: abuse", f"User-Agent: firsthop/{__version__}", "Version: 1"]
    when, hop = moment(sample), sample.first
    if when is not None:
        lines.append(f"Arrival-Date: {format_datetime(datetime.fromtimestamp(when, UTC))}")
    if one.kind == NETWORK and hop and hop.client_address:
        lines.append(f"Source-IP: {hop.client_address}")
    lines.append(f"Incidents: {len(one.places)}")
    return "".join(f"{line}\r\n" for line in lines)


def _text(source: ExportSource, one: Reported, language: str) -> str:
    n = str(len(one.places))
    paragraphs = [
        say(language, "abuse.greeting", {"name": one.name}),
        say(language, f"abuse.{one.kind}", {"n": n}),
        say(language, f"abuse.{one.kind}_logs"),
        "\n".join(_records(source, one, language)),
        say(language, "abuse.claimed"),
        say(language, "abuse.sample"),
        say(language, "abuse.draft"),
    ]
    return "\n\n".join(paragraphs)


def _records(source: ExportSource, one: Reported, language: str) -> Iterator[str]:
    yield say(language, "abuse.records")
    for place in one.places[:RECORDS]:
        yield say(language, f"abuse.record_{one.kind}", _told(source.summaries[place], language))
    if len(one.places) > RECORDS:
        yield say(language, "abuse.more", {"n": str(len(one.places) - RECORDS)})


def _told(one: MessageSummary, language: str) -> dict[str, str]:
    unknown, hop = say(language, "abuse.unknown"), one.first
    shown = {
        "queue": hop.queue_id if hop else None,
        "client": hop.client_address if hop else None,
        "helo": hop.helo if hop else None,
        "relay": hop.by if hop else None,
        "local": hop.stamp.raw if hop and hop.stamp else None,
    }
    told = {name: visible(value) if value else unknown for name, value in shown.items()}
    when = moment(one)
    return {
        **told,
        "utc": unknown if when is None else utc(when).removesuffix("Z"),
        "login": say(
            language, "abuse.logged_in" if hop and hop.authenticated else "abuse.no_login"
        ),
    }


def _wrapped(text: str) -> str:
    """Lines short enough that none is broken within a word by its encoding."""
    return "\n".join(
        line
        for row in text.split("\n")
        for line in textwrap.wrap(
            row, 66, subsequent_indent="  " if row.startswith("-") else "", break_long_words=False
        )
        or [""]
    )


def _quoted(text: str) -> str:
    lines: Sequence[bytes] = quopri.encodestring(f"{_wrapped(text)}\n".encode()).split(b"\n")
    return b"\r\n".join(lines).decode("ascii")


ARF = Exporter(
    "arf",
    "Drafts of abuse reports, one for each server and each network. Nothing is sent.",
    "Sisimai",
    write,
)
