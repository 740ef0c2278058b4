"""Heaps of mail whose campaign is known: the wave of 2014 rebuilt as whole mails, and a
planted one; with decoys that share single traits of theirs, and genuine mail beside.

The rebuilt mails hold the facts that the bulletin of 2014 published (examples/); names,
texts and dates of people are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from firsthop import investigate

HAM_OF = ("foff_milter", "sa_tdata", "spamassassin_corpus", "special_wlm")
LISTS = "lists_"


class Planted(NamedTuple):
    """A heap with one campaign."""

    members: tuple[bytes, ...]
    decoys: tuple[bytes, ...]  # like it in one trait each; none is of it


class Case(NamedTuple):
    """A heap, investigated."""

    folder: Path
    campaign: str  # the id of the smallest cluster that holds most of the members
    covers: int  # how many of them


# client, its name, HELO, relay, protocol, queue id, date with blanks as underlines
_WAVE = """
85.65.59.147   85.65.59.147.dynamic.barak-online.net 7cho-me.com      r3.kawaz.jp
ESMTPA 19E99E83CED1 Sat,_17_May_2014_21:59:37_+0900
112.171.218.7  unknown                               7cho-me.com      r3.kawaz.jp
ESMTPA E9C16C5BEF1E Fri,_30_May_2014_08:17:15_+0900
113.16.185.65  unknown                               tafner.com.br    servidor.tafner.com.br
ESMTPA 7B796208985  Thu,_29_May_2014_01:07:31_-0300
178.88.90.195  unknown                               7cho-me.com      r3.kawaz.jp
ESMTPA 69F40C5BF190 Fri,_30_May_2014_11:40:53_+0900
178.122.55.251 unknown                               gmo-seo.jp       gmotech.jp
ESMTP  7E0971188406 Thu,_29_May_2014_23:18:38_+0900
109.86.164.213 unknown                               mustlovewine.com server1.commentspot.net
ESMTPA 1WqABD0000h0 Thu,_29_May_2014_16:56:15_-0700
93.73.165.90   frequenciless-standing.volia.net      weissy.com       websitetickets.com
ESMTPA 34CA41DB2614 Thu,_29_May_2014_12:22:35_-0400
"""
_NETWORKS = ("203.0.113", "198.51.100", "192.0.2")  # RFC 5737
_AUTHORS = "giulia.neri paolo.fontana s.moretti anna_rizzo carlo.villa71 luca-greco elena.sarti"
_WLM = """X-Mailer: Microsoft Windows Live Mail 16.4.3522.110
X-MimeOLE: Produced By Microsoft MimeOLE V16.4.3522.110"""


def wave_of_2014() -> Planted:
    """The seven mails of the published excerpts, and mail that is like them in one
    trait."""
    words = _WAVE.split()
    hops = [words[n : n + 7] for n in range(0, len(words), 7)]
    members = (
        _of_wave(n, author, hop)
        for n, (author, hop) in enumerate(zip(_AUTHORS.split(), hops, strict=True))
    )
    return Planted(tuple(members), (*_of_provider(), *_of_relay()))


def _of_wave(n: int, author: str, hop: Sequence[str]) -> bytes:
    client, name, helo, relay, protocol, queue, date = (one.replace("_", " ") for one in hop)
    token, network = _hex(f"wave {n}")[:32], _NETWORKS[sum(map(ord, relay)) % 3]
    return _mail(f"""\
Return-Path: <{author}@libero.it>
Received: from {relay} (mail.{relay} [{network}.{20 + n}])
\tby mx.example.it (Postfix) with ESMTP id 3Q{n}A7B;
\t{date}
Received: from {helo} ({name} [{client}])
\tby {relay} (Postfix) with {protocol} id {queue};
\t{date}
Message-ID: <{token}@{helo}>
From: "{author}" <{author}@libero.it>
To: <destinatario{n}@example.it>
Subject: {author}
Date: {date}
MIME-Version: 1.0
Content-Type: text/plain; charset="iso-8859-1"
{_WLM}

http://www.sito-{n}.example/wp-content/plugins/{token[:6]}/?ind
""")


def _of_provider() -> Iterator[bytes]:
    """Genuine mail of the same provider and program."""
    for n, author in enumerate(("m.ferri", "rosa.conti", "piero.galli")):
        yield _mail(f"""\
Return-Path: <{author}@libero.it>
Received: from smtp-17.italiaonline.it (smtp-17.italiaonline.it [212.48.25.{140 + n}])
\tby mx.example.it (Postfix) with ESMTPS id 4R{n}C;
\tFri, 30 May 2014 09:0{n}:00 +0200
Message-ID: <{_hex(author)[:32].upper()}@PC-{n}>
From: "{author}" <{author}@libero.it>
To: <amico{n}@example.it>
Subject: cena di sabato
Date: Fri, 30 May 2014 09:0{n}:00 +0200
MIME-Version: 1.0
Content-Type: text/plain; charset="iso-8859-1"
{_WLM}

Ci vediamo alle otto, porto io il vino.
""")


def _of_relay() -> Iterator[bytes]:
    """Other mail of the same relay: one with the author's name as Subject, one under
    the HELO of the wave."""
    rows = (
        ("taro", "meeting", "r3.kawaz.jp"),
        ("hanako", "hanako", "kawaz.jp"),
        ("jiro", "report", "7cho-me.com"),
    )
    for n, (author, subject, host) in enumerate(rows):
        yield _mail(f"""\
Return-Path: <{author}@kawaz.jp>
Received: from r3.kawaz.jp (r3.kawaz.jp [203.0.113.20])
\tby mx.example.it (Postfix) with ESMTP id 5S{n}D;
\tThu, 29 May 2014 10:0{n}:00 +0200
Received: from {host} (pc{n}.kawaz.jp [198.51.100.{n}])
\tby r3.kawaz.jp (Postfix) with ESMTPA id 77{n}E83CED1;
\tThu, 29 May 2014 17:0{n}:00 +0900
Message-ID: <2014052908{n}@{host}>
From: {author} <{author}@kawaz.jp>
To: <ufficio@example.it>
Subject: {subject}
Date: Thu, 29 May 2014 17:0{n}:00 +0900
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
User-Agent: Mozilla/5.0 Thunderbird/24.5.0

Please find the figures of this week below.
""")


_NAMES = "anna bruno carla dario elisa fabio gina hugo irene lara marco nadia".split()
_HELOS = ("cheapwine-shop.example", "parts-and-more.example", "old-forum.example")
_KIT_TEXT = (
    "Gentile cliente, la sua casella ha raggiunto il limite dello spazio e i messaggi in arrivo "
    "saranno respinti entro due giorni; confermi i suoi dati dalla pagina seguente per non "
    "perdere la posta che le scrivono gli amici e il lavoro."
)


def planted(n: int = 24) -> Planted:
    """A campaign of one kit: one program, a Message-ID that the HELO makes, a Subject
    that repeats the author, a landing page; from many clients through three relays."""
    return Planted(tuple(map(_of_kit, range(n))), tuple(map(_kit_decoy, range(8))))


def _of_kit(n: int) -> bytes:
    author, helo = f"{_NAMES[n % 12]}.{_NAMES[n * 5 % 12]}", _HELOS[n % 3]
    token = _hex(f"kit {n}")
    date = f"Mon, {3 + n // 8 % 20:02d} Mar 2025 {8 + n % 8:02d}:{n % 60:02d}:11 +0100"
    link = f"https://landing.example/offer/?u={token[:6]}"
    return _mail(f"""\
Return-Path: <bounce-{token[:8]}@{helo}>
Received: from relay{n % 3}.{helo} (relay{n % 3}.{helo} [198.51.100.{10 + n % 3}])
\tby mx.example.it (Postfix) with ESMTPS id 6T{n:02d};
\t{date}
Received: from {helo} (unknown [192.0.2.{n % 250 + 1}])
\tby relay{n % 3}.{helo} (Postfix) with ESMTPSA id {token[:11].upper()};
\t{date}
Date: {date}
To: persona{n}@example.it
From: "{author}" <{author}@provider.example>
Subject: {author}
Message-ID: <{token[:32]}@{helo}>
X-Mailer: KitMailer {5 + n % 2}.2.{n % 4} (https://kit.example/)
X-Kit-Track: {token[32:44]}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1_{token[:32]}"

--b1_{token[:32]}
Content-Type: text/plain; charset=UTF-8

{_KIT_TEXT}
{link}
--b1_{token[:32]}
Content-Type: text/html; charset=UTF-8

<html><body><p>{_KIT_TEXT}</p><a href="{link}">qui</a></body></html>
--b1_{token[:32]}--
""")


_KIT_MAILER = "KitMailer 5.2.1 (https://kit.example/)"
_KIT_LINK = "https://landing.example/offer/?u=abc123"


def _kit_decoy(n: int) -> bytes:
    """Mail of somebody else with one trait of the kit: Subject, program, HELO,
    Message-ID, text, link, field, author's domain."""

    def one_of(kit: str, other: str, place: int) -> str:
        return kit if n == place else other

    domain = one_of("provider.example", "ufficio.example", 7)
    return _mail(f"""\
Return-Path: <sandra.bianchi@{domain}>
Received: from {one_of(_HELOS[0], "pc.ufficio.example", 2)} (pc.ufficio.example [203.0.113.9{n}])
\tby mx.example.it (Postfix) with ESMTPS id 7U{n};
\tTue, 04 Mar 2025 10:0{n}:00 +0100
Date: Tue, 04 Mar 2025 10:0{n}:00 +0100
From: Sandra Bianchi <sandra.bianchi@{domain}>
To: ufficio@example.it
Subject: {one_of("sandra.bianchi", "verbale della riunione", 0)}
Message-ID: <{one_of(_hex("decoy")[:32], f"a{n}.b", 3)}@pc.ufficio.example>
X-Mailer: {one_of(_KIT_MAILER, "Evolution 3.46", 1)}
{one_of("X-Kit-Track", "X-Ufficio", 6)}: 0123456789ab
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

{one_of(_KIT_TEXT, "Allego il verbale, grazie a tutti per la partecipazione.", 4)}
{one_of(_KIT_LINK, "https://ufficio.example/verbale", 5)}
""")


def _hex(seed: str) -> str:
    return sha256(seed.encode()).hexdigest()


def _mail(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def ham(root: Path, most: int = 300) -> list[bytes]:
    """Genuine mail of the corpora, as much of each source, in one order; `root` is that
    of the unpacked messages."""
    sources = sorted({*HAM_OF, *(one.name for one in root.glob(f"{LISTS}*"))} - {"lists_spam"})
    files = [sorted(root.glob(f"{source}/ham/*")) for source in sources]
    files = [one for one in files if one]
    return [path.read_bytes() for one in files for path in one[: -(-most // len(files))]][:most]


def write_heap(folder: Path, messages: Sequence[bytes]) -> Path:
    """A folder of mail files."""
    folder.mkdir(parents=True)
    for n, data in enumerate(messages):
        (folder / f"{n:05d}.eml").write_bytes(data)
    return folder


def investigated(folder: Path, heap: Planted, other: Sequence[bytes] = ()) -> Case:
    """A heap with other mail beside it, as a case in `folder`."""
    mail = write_heap(folder / "mail", [*heap.members, *heap.decoys, *other])
    investigate([mail], folder / "case", jobs=1)
    own = {sha256(one).hexdigest() for one in heap.members}
    return Case(folder / "case", *_cluster_of(folder / "case", own))


def _cluster_of(case: Path, own: set[str]) -> tuple[str, int]:
    clusters = json.loads((case / "campaigns.json").read_text(encoding="utf-8"))
    found = [
        (
            sum(_digest(Path(m["uri"])) in own for m in one["members"]),
            -one["size"],
            one["level"] == "campaign",
            one["id"],
        )
        for one in clusters
    ]
    covers, _, _, name = max(found)
    return name, covers


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
