"""A small case for the formats of intelligence: a campaign that comes to the receiver
directly and through somebody's server, with answers to one mailbox; the same as an
ExportSource, and with hostile values in every place."""

from __future__ import annotations

import json
import quopri
from dataclasses import replace
from pathlib import Path

from firsthop.case_file import CaseFile
from firsthop.investigation.export import open_source
from firsthop.investigation.investigate import investigate
from firsthop.publication.exports.source import ExportSource
from firsthop.settings import OwnServers, Settings
from tests.exports.heaps import write_heap

OWN = "mx.azienda-ricevente.it"
RELAY = "mail.falegnameria-conti.it"
RELAY_ADDRESS = "85.65.59.200"
REPLY = "raccolta@paga-subito.com"
CLIENT = "85.65.59.{}"
DIRECT, RELAYED = 8, 4
_NAMES = "mario.rossi giulia.neri paolo.fontana s.moretti anna_rizzo c.villa luca-greco".split()

_MAIL = """\
Return-Path: <rimbalzi-{n}@spedizioni-rapide.net>
{relayed}Received: from {helo} (unknown [{client}])
\tby {by} (Postfix) with {protocol} id 4ABCDEF{n:04d};
\tMon, 12 May 2025 {hour:02d}:{n:02d}:00 +0200
Date: Mon, 12 May 2025 {hour:02d}:{n:02d}:00 +0200
From: "Banca Vera" <{author}@banca-vera.it>
Reply-To: <{reply}>
To: persona{n}@azienda-ricevente.it
Subject: conferma {author}
Message-ID: <{token:08x}{n:02d}@{helo}>
X-Mailer: KitMailer 5.2.{n}
X-Kit-Track: {token:012x}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1_{token:032x}"

--b1_{token:032x}
Content-Type: text/plain; charset=UTF-8

La sua casella ha raggiunto il limite: confermi i suoi dati dalla pagina seguente entro oggi.
http://accesso.paga-subito.com/pagina?u={n}
--b1_{token:032x}--
"""
_RELAYED = """\
Received: from {relay} ({relay} [{address}])
\tby {own} (Postfix) with ESMTPS id 5BCDEFA{n:04d};
\tMon, 12 May 2025 {hour:02d}:{n:02d}:09 +0200
"""


def mails() -> list[bytes]:
    """The campaign's messages."""
    return [_mail(n) for n in range(DIRECT + RELAYED)]


def _mail(n: int) -> bytes:
    through = n >= DIRECT
    words = {"relay": RELAY, "address": RELAY_ADDRESS, "own": OWN, "n": n, "hour": 8 + n}
    text = _MAIL.format(
        n=n,
        hour=8 + n,
        relayed=_RELAYED.format(**words) if through else "",
        helo="posta.kit-veloce.net",
        client=CLIENT.format(n + 1),
        by=RELAY if through else OWN,
        protocol="ESMTPSA" if through else "ESMTP",
        author=_NAMES[n % len(_NAMES)],
        reply=REPLY,
        token=(n * 2_654_435_761 + 12_345) % 2**31,
    )
    return text.replace("\n", "\r\n").encode()


def case_of(folder: Path) -> Path:
    """The case of these messages."""
    mail = write_heap(folder / "mail", mails())
    case_file = CaseFile(
        organisation="CERT di prova", provider="Banca Vera", provider_domains=("banca-vera.it",)
    )
    settings = Settings(OwnServers(names=frozenset((OWN,))))
    investigate([mail], folder / "case", settings=settings, case_file=case_file, jobs=1)
    return folder / "case"


def hostile(source: ExportSource, text: str) -> ExportSource:
    """The source with a text in every place that mail fills."""
    summaries = tuple(
        one._replace(
            message_id=f"{text}@{text}",
            author_domain=text,
            first=one.first._replace(
                helo=text,
                client_name=text,
                client_address=text,
                by=text,
                protocol=text,
                queue_id=text,
            )
            if one.first
            else None,
        )
        for one in source.summaries
    )
    families = (
        *("client_address", "first_address", "relay", "helo", "first_helo", "envelope_domain"),
        *("reply_address", "url_host", "url_path", "author_domain", "author_address"),
        *("mailer", "id_affix", "subject_template", "passage"),
    )
    # what is never listed in one part is listed in none: they have values of their own
    values = frozenset(
        (family, f"{text}~" if family in ("relay", "author_domain") else text)
        for family in families
    )
    members = (values,) * len(source.members)
    hosts = tuple(one._replace(value=text) for one in source.full.infrastructure)
    full = source.full._replace(infrastructure=hosts)
    return replace(source, full=full, summaries=summaries, members=members)


HOSTILE = (
    "x' OR [ipv4-addr:value = '127.0.0.1']] OR '",
    '"}]},{"type":"bundle","',
    "=cmd|'/C calc'!A0",
    "a;=1+1;@SUM(A1)",
    "a\r\n8.8.8.8\n# TLP:CLEAR",
    "\\', 'b\\",
    "\u202e\u2028\x00\x1b[31m",
    "\ud800 %{HOME} $(id) `id` ]]> <!--",
    "fe80::1%\n0.0.0.0/0",
    "é" * 200,
    "62.76.228",
)


def draft_text(data: bytes) -> str:
    """All that a draft of a report says, its text decoded."""
    head, _, rest = data.partition(b"\r\n\r\n")
    parts = rest.split(b"\r\n\r\n", 1)
    text, _, others = parts[1].partition(b"\r\n--=_")
    told = (head, parts[0], quopri.decodestring(text), others)
    return b"\r\n".join(told).decode("utf-8", "replace")


def campaign_of(case: Path) -> str:
    """The id of its one campaign."""
    clusters = json.loads((case / "campaigns.json").read_text(encoding="utf-8"))
    return str(max(clusters, key=lambda one: (one["size"], one["level"] == "campaign"))["id"])


def source_of(case: Path, tlp: str) -> ExportSource:
    """The campaign as it may go out at a level."""
    return open_source(case, campaign_of(case), tlp).source
