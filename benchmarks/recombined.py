"""Received lines put together of clauses of others: of what real servers write, in a
combination that none of them wrote. The native kernel puts what it knows of clauses
together in the same way, so this is where it could be wrong."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

from firsthop.evidence.bulk.native.clauses import LINE
from firsthop.evidence.received.clauses import CLAUSES
from firsthop.evidence.received.line_templates import MAX_FAST, without_time

DATE = "Sat, 17 May 2014 21:59:37 +0900"
LINES_A_MAIL = 8
# how often a line has a clause
SHARES = {"from": 0.8, "by": 0.97, "with": 0.8, "id": 0.8, "via": 0.1, "for": 0.5, "tail": 0.1}
BEHIND_BY = 0.5  # how often "via" stands there, and not behind all others but "for"
Pool = Mapping[str, Sequence[str]]


def pool_of(lines: Iterable[str]) -> Pool:
    """The texts of each clause in lines of a usual form."""
    found: dict[str, dict[str, None]] = {name: {} for name in CLAUSES}
    for line in lines:
        usual = line.isascii() and len(line) <= MAX_FAST
        if usual and (match := LINE.expression.fullmatch(without_time(line)[0])):
            for name, text in LINE.texts(match.groups("")).items():
                found[name][text] = None
    return {name: [text for text in texts if text] for name, texts in found.items()}


def recombined(pool: Pool, chance: int) -> Iterator[str]:
    """Lines without an end; the same for the same pool and chance."""
    choose = random.Random(chance)
    while True:
        told = {
            name: choose.choice(texts)
            for name, texts in pool.items()
            if texts and choose.random() < SHARES.get(name, 0.1)
        }
        if "from" in told:
            told.pop("head", None)
        head, tail = told.pop("head", ""), told.pop("tail", "")
        order = [name for name in SHARES if name in told]
        if "via" in told and "by" in told and choose.random() < BEHIND_BY:
            order.remove("via")
            order.insert(order.index("by") + 1, "via")
        clauses = " ".join(f"{name} {told[name]}" for name in order)
        yield f"{head} {clauses}; {DATE} {tail}".strip()


def mails(lines: Iterator[str], count: int) -> list[bytes]:
    """So many messages with the next of the lines."""
    return [
        b"".join(b"Received: %s\n" % next(lines).encode() for _ in range(LINES_A_MAIL))
        + b"From: a@b.example\n\nx"
        for _ in range(count)
    ]
