"""Inserts forged Received lines into genuine mail of the corpora and counts how many
the path checks find, by kind of forgery.

    python -m benchmarks.forgeries            writes docs/reference/forged-lines.md

A forged message counts as found when a path check contradicts it that did not
contradict the message as it was. Kinds that contradict nothing cannot be found, and are
listed to say so."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

from benchmarks.corpora import messages
from docs.prose import wrapped
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.path.path import Step
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import Outcome
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "forged-lines.md"
SOURCES = ("spamassassin_corpus", "lists_", "special_libero")
PATH_CHECKS = tuple(
    check for check in CHECKS if check.question == "path" and check.name != "recipients_not_named"
)
HOSTS = (
    "mail.example-bank.com",
    "smtp.provider.net",
    "mx3.webhost.org",
    "relay7.isp.it",
    "post.company.de",
)
Forger = Callable[[random.Random, MessageFacts, list[Step]], bytes | None]


def main() -> None:
    """Counts and writes the page."""
    genuine = [
        establish(labelled.message(), OwnServers())
        for labelled in messages()
        if labelled.label == "ham" and labelled.source.startswith(SOURCES)
    ]
    genuine = [facts for facts in genuine if len(facts.path.steps) >= 2]
    pool = [
        step
        for facts in genuine
        for step in facts.path.steps
        if step.hop.kind == "smtp" and step.hop.client_address
    ]
    before = {id(facts): _contradicting(facts) for facts in genuine}
    rows = [_row(name, about, forge, genuine, pool, before) for name, about, forge in KINDS]
    alarms = Counter(check for found in before.values() for check in found)
    PAGE.write_text(
        wrapped(_page(rows, len(genuine), sum(bool(found) for found in before.values()), alarms)),
        encoding="utf-8",
    )
    print(PAGE.read_text(encoding="utf-8"))


def _contradicting(facts: MessageFacts) -> frozenset[str]:
    findings = (check.look(facts, CaseFile()) for check in PATH_CHECKS)
    return frozenset(
        f.check for f in findings if f is not None and f.outcome is Outcome.CONTRADICTS
    )


def _row(
    name: str,
    about: str,
    forge: Forger,
    genuine: list[MessageFacts],
    pool: list[Step],
    before: dict[int, frozenset[str]],
) -> tuple[str, str, int, int, Counter[str]]:
    chance, made, found, by = random.Random(7), 0, 0, Counter[str]()
    for facts in genuine:
        data = forge(chance, facts, pool)
        if data is None:
            continue
        made += 1
        new = (
            _contradicting(establish(read_mail(raw_mail(data, "forged", "eml")), OwnServers()))
            - before[id(facts)]
        )
        found += bool(new)
        by.update(new)
    return name, about, made, found, by


# How a line gets into the message


def _bytes(facts: MessageFacts, line: bytes, below: Step | None) -> bytes:
    """The message with a line put below a step (None: below the whole header)."""
    message, parts = facts.message, []
    for field in message.fields:
        parts.append(field.raw)
        if below is not None and field.span == below.field.span:
            parts.append(line)
    if below is None:
        parts.append(line)
    return b"".join(parts) + message.separator + message.body


def _line(text: str) -> bytes:
    return b"Received: " + text.encode("utf-8", "replace") + b"\n"


def _last(facts: MessageFacts) -> Step:
    return facts.path.steps[-1]


def _earlier(chance: random.Random, step: Step) -> datetime | None:
    """A moment shortly before a step, in a zone of the forger's."""
    if step.hop.stamp is None or step.hop.stamp.instant is None:
        return None
    zone = timezone(timedelta(hours=chance.randrange(-8, 10)))
    return datetime.fromtimestamp(
        step.hop.stamp.instant - chance.randrange(2, 900), UTC
    ).astimezone(zone)


def _address(chance: random.Random) -> str:
    return ".".join(str(chance.randrange(1, 255)) for _ in range(4))


# The kinds


def foreign(chance: random.Random, facts: MessageFacts, pool: list[Step]) -> bytes | None:
    return _bytes(facts, chance.choice(pool).field.raw, _last(facts))


def foreign_between(chance: random.Random, facts: MessageFacts, pool: list[Step]) -> bytes | None:
    return _bytes(facts, chance.choice(pool).field.raw, facts.path.steps[0])


def foreign_retimed(chance: random.Random, facts: MessageFacts, pool: list[Step]) -> bytes | None:
    step, when = chance.choice(pool), _earlier(chance, _last(facts))
    if when is None or step.hop.stamp is None:
        return None
    return _bytes(
        facts,
        _line(step.hop.raw.replace(step.hop.stamp.raw, f"{format_datetime(when)} (CET)")),
        _last(facts),
    )


def invented_postfix(chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    return _invented(chance, facts, chance.choice(HOSTS), "Postfix")


def invented_exim(chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    return _invented(chance, facts, chance.choice(HOSTS), "Exim")


def invented_meeting(chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    """The forger knows that the writer must be the client above, and names it."""
    hop = _last(facts).hop
    name = hop.client_name if hop.client_name and hop.client_name != "unknown" else hop.helo
    return _invented(chance, facts, name, "Postfix") if name and "." in name else None


def _invented(chance: random.Random, facts: MessageFacts, by: str, mta: str) -> bytes | None:
    when = _earlier(chance, _last(facts))
    if when is None:
        return None
    client, address = chance.choice(HOSTS), _address(chance)
    if mta == "Postfix":
        text = (
            f"from {client} ({client} [{address}]) by {by} (Postfix) with ESMTP id "
            f"{chance.randrange(16**11, 16**12):X}; {format_datetime(when)}"
        )
        return _bytes(
            facts, _line(text + (" (CET)" if chance.random() < 0.5 else "")), _last(facts)
        )
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    part = ["".join(chance.choice(letters) for _ in range(n)) for n in (6, 6, 2)]
    return _bytes(
        facts,
        _line(
            f"from {client} ([{address}]) by {by} with esmtp (Exim 4.92) id "
            f"{'-'.join(part)}; {format_datetime(when)}"
        ),
        _last(facts),
    )


def kit(chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    """As a mailing kit of 2019-2024 writes it: a date where the address belongs."""
    when = _earlier(chance, _last(facts))
    if when is None:
        return None
    text = (
        f"from unknown (HELO {chance.choice(HOSTS)}) ({format_datetime(when)}) by "
        f"{chance.choice(HOSTS)} with SMTP; {format_datetime(when)}"
    )
    return _bytes(facts, _line(text), _last(facts))


def below_author(_chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    """The sender's own lines end up below the author's fields, here one that meets and
    fits in time."""
    return _bytes(facts, _last(facts).field.raw, None)


def moved_clock(chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    """The time of the lowest line is moved by hours or days."""
    step = _last(facts)
    stamp = step.hop.stamp
    if stamp is None or stamp.instant is None:
        return None
    moved = datetime.fromtimestamp(
        stamp.instant + chance.choice((-1, 1)) * chance.randrange(7_200, 20 * 86_400), UTC
    )
    raw = _line(step.hop.raw.replace(stamp.raw, format_datetime(moved)))
    return (
        b"".join(raw if f.span == step.field.span else f.raw for f in facts.message.fields)
        + facts.message.separator
        + facts.message.body
    )


def swapped_address(chance: random.Random, facts: MessageFacts, _pool: list[Step]) -> bytes | None:
    """The client address of the lowest line is replaced by a random one."""
    step = _last(facts)
    old = step.hop.client_address
    if not old or old not in step.hop.raw:
        return None
    raw = _line(step.hop.raw.replace(old, _address(chance)))
    return (
        b"".join(raw if f.span == step.field.span else f.raw for f in facts.message.fields)
        + facts.message.separator
        + facts.message.body
    )


KINDS: tuple[tuple[str, str, Forger], ...] = (
    ("foreign line", "a genuine line of another message below the path", foreign),
    ("foreign line between", "the same, below the topmost line", foreign_between),
    ("foreign line, retimed", "the same below the path, its date set to fit", foreign_retimed),
    ("invented Postfix line", "random host, address and id, date set to fit", invented_postfix),
    ("invented Exim line", "random host, address and id, date set to fit", invented_exim),
    (
        "invented line that meets",
        "Postfix; its writer is the client of the line above",
        invented_meeting,
    ),
    ("kit line", "as one mailing kit writes it", kit),
    (
        "below the author's fields",
        "a copy of the lowest line at the end of the header",
        below_author,
    ),
    ("moved clock", "the lowest line's time moved by 2 hours to 20 days", moved_clock),
    (
        "swapped address",
        "the lowest line's client address replaced by a random one",
        swapped_address,
    ),
)


def _page(
    rows: list[tuple[str, str, int, int, Counter[str]]],
    total: int,
    alarmed: int,
    alarms: Counter[str],
) -> str:
    text = (
        "# Forged lines found\n\nWritten by `python -m benchmarks.forgeries`: forged lines put "
        "into genuine mail of the corpora, without own servers set.\n\n"
    )
    text += (
        "| kind | how it is made | made | found | share | found by "
        "|\n|---|---|---:|---:|---:|---|\n"
    )
    for name, about, made, found, by in rows:
        which = ", ".join(f"{check} {n}" for check, n in by.most_common())
        text += (
            f"| {name} | {about} | {made} | {found} | {100 * found / max(1, made):.1f} % | "
            f"{which or '–'} |\n"
        )
    text += (
        f"\nThe same checks contradict {alarmed} of the {total} genuine messages as they are "
        f"({100 * alarmed / total:.1f} %): "
    )
    text += ", ".join(f"{check} {n}" for check, n in alarms.most_common()) + ".\n"
    return text + (
        "\nA line that meets its neighbour, keeps the form, fits in time and names a "
        "plausible address contradicts nothing and cannot be found by these checks.\n"
    )


if __name__ == "__main__":
    main()
