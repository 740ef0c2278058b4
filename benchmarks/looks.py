"""Holds what the native kernel says of sources (mail/sources/look.py) against what the
readers find: a file of which it is sure is one message as it stands, a message of which
it is sure carries none. On every message of the corpora, and on messages damaged by
what the readers look for.

python -m benchmarks.looks --mutants 100000 --seed 1 compares, tells of how many the
kernel was sure, and ends with 1 where it was wrong

python -m benchmarks.looks --seed 1 --only 4711 one mutant again"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.contents import TOKENS as OF_BODIES
from benchmarks.contents import compared
from benchmarks.mutants import shortened
from benchmarks.mutations import ODD, Pool, mutant
from firsthop.mail.header import find_block
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.sources.eml import read_eml
from firsthop.mail.sources.enclosed import enclosed
from firsthop.mail.sources.look import look
from firsthop.mail.sources.raw import raw_mail
from firsthop.mail.sources.sniff import HEAD_BYTES, Form, sniff

SHOWN = 20  # mistakes that are told
NAMES = ("a.eml", "a.txt", "a.MBOX", "eml")
LIMITS = Limits()
TOKENS = (  # what is put into messages, at the starts of lines too
    *(b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\n", b"received:", b"RECEIVED<"),
    *(b"eceived:", b"ECEIVED:", b"Message-ID: <a@b>\n", b"From: a@b\n", b"To:", b"Subject: "),
    *(b"Return-Path: <>\n", b"<>", b"Postmaster", b"MAILER-DAEMON", b"auto-submitted:"),
    *(b"Subject: returned mail\n", b"X-Failed-Recipients:", b"multipart/report", b"undeliv"),
    *(b"begin 644 a\n", b"begin 9", b"#86)C\n`\nend\n", b"X-Spam-Type=Original", b"From a "),
    *(b"From x Mon Jan  1 00:00:00 2024\n", b"> ", b"\t", b"\n> From:", b"text/rfc822-headers"),
    *(b"Content-Type: message/rfc822\n\n", b"Content-Disposition: attachment\n", b"; name=a.zip"),
    *(
        b"; filename=a.eml",
        b"Content-Type: image/png\n\n",
        b"\x89PNG\r\n",
        b"GIF89a",
        b"%PDF-1.4\n",
    ),
    *(b"-----BEGIN PGP SIGNATURE-----\n", b"PK\x03\x04", b"*** MESSAGE CONTENTS x ***\n", b"ustar"),
    *(b"\xef\xbb\xbf", b"\xe2\x80\x8b", b"<mailto:a@b>", b"a@b<mailto:", b"\r", b"\rto:", b"\0"),
    *(b"Date: ", b"Delivered-To: a\n", b"JMF3", b"BZh91AY&SY", b"MIIaaaaaKoZIhvcNAQ", b"C: "),
    *(b"1234567890123456", b"CD001", b"-lh5-", b"**ACE**", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
)


class Found(NamedTuple):
    """What a comparison found."""

    counts: Counter[str]  # of messages, and of how many the kernel was sure
    wrong: list[str]


def damaged(seed: int, number: int, pool: Pool) -> bytes:
    """The mutant of a seed and a number: a quarter of them as benchmarks/mutations.py
    makes them, the others with tokens in them."""
    chance = random.Random(f"look {seed} {number}")
    if chance.random() < 0.25:
        return mutant(seed, number, pool)[0]
    data = chance.choice(pool)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        tokens = TOKENS if chance.random() < 0.7 else chance.choice((OF_BODIES, ODD))
        at = chance.randint(
            0, chance.choice((min(len(data), 300), find_block(data).body, len(data)))
        )
        if chance.random() < 0.6:
            at = data.find(b"\n", at) + 1
        size = chance.choice((0, 0, 0, 1, 5, 80))
        data = data[:at] + chance.choice(tokens) + data[at + size :]
    return data


def compare(named: Iterable[tuple[str, bytes]]) -> Found:
    """Asks the kernel and the readers."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for which, data in named:
        counts["messages"] += 1
        mail = raw_mail(data, "a.eml", "eml")
        if look().carries_none(data, LIMITS):
            counts["carry none"] += 1
            if found := list(enclosed(mail, Allowance(LIMITS))):
                wrong.append(f"{which}: carries {found!r:.300}")
        for name in NAMES:
            if look().is_message(data, name):
                counts[name] += 1
                form = sniff(data[:HEAD_BYTES], name)
                if form is not Form.EML or list(read_eml(data, "a.eml", LIMITS)) != [mail]:
                    wrong.append(f"{which}: {name} is {form}")
    return Found(counts, wrong)


def compare_damaged(seed: int, numbers: Sequence[int], pool: Pool) -> Found:
    """Compares the mutants of these numbers."""
    return compare((f"mutant {number}", damaged(seed, number, pool)) for number in numbers)


def _told(what: str, every: Iterable[Found]) -> bool:
    """Tells a comparison; whether anything was wrong."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for found in every:
        counts += found.counts
        wrong += found.wrong
    print(f"{what}: {', '.join(f'{name} {count}' for name, count in counts.items())}")
    print(f"  wrong: {len(wrong)}", *wrong[:SHOWN], sep="\n    ")
    return bool(wrong) or len(counts) < 2  # without a kernel nothing is sure


def main(arguments: Sequence[str]) -> int:
    """The command."""
    return compared(arguments, __doc__, compare, compare_damaged, _told, shortened)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
