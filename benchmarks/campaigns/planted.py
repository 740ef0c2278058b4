"""Writes seed-like campaigns as whole messages: one abused relay, one HELO, a forged
Windows Live Mail, Subject = local part, contacts as recipients.

Each feature can be rotated, alone or with others: the value is then drawn anew for
every message. Waves lie 13 days apart, as in the seed. All names are invented (RFC 2606
and random words); nothing is copied from real mail."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

FEATURES = ("relay", "helo", "mailer", "id", "subject", "domain", "url", "body", "order", "zone")
START = datetime(2014, 5, 17, 12, 59, 37, tzinfo=UTC)
GAP = timedelta(days=13)
_SYLLABLES = "ba ce di fo gu la me ni po ra se ti vo zu ca de fi go lu ma ne pi ro sa te vi".split()
_FIELDS = (
    "Message-ID",
    "From",
    "To",
    "Subject",
    "Date",
    "MIME-Version",
    "Content-Type",
    "X-Priority",
    "X-Mailer",
    "X-MimeOLE",
)


class Plan(NamedTuple):
    """One campaign to write."""

    name: str
    size: int
    rotated: frozenset[str] = frozenset()
    waves: int = 2
    relay: str | None = None  # shared with a rival; None: its own
    kind: int = 0  # 0: as the seed; 1: a rival with another program, Subject and link


def write(plan: Plan, seed: int) -> Iterator[bytes]:
    """The messages of a campaign."""
    chance = random.Random(f"{plan.name} {seed}")
    fixed = {feature: _draw(feature, chance, plan.kind) for feature in FEATURES}
    if plan.relay:
        fixed["relay"] = plan.relay
    for number in range(plan.size):
        traits = {
            f: _draw(f, chance, plan.kind) if f in plan.rotated else fixed[f] for f in FEATURES
        }
        if "subject" in plan.rotated:
            traits["subject"] = _words(chance, chance.randrange(1, 7))
        if "domain" not in plan.rotated and not plan.kind:
            traits["domain"] = "libero.it"
        when = (
            START
            + GAP * (number * plan.waves // plan.size)
            + timedelta(seconds=chance.randrange(40_000))
        )
        yield _message(traits, when, chance)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randrange(2, 5)))


def _name(chance: random.Random) -> str:
    """A name as people choose them: a word or two, a dot, some digits."""
    text = chance.choice(("{}{}", "{}.{}", "{}")).format(_word(chance), _word(chance))
    return text + chance.choice(
        (
            "",
            "",
            str(chance.randrange(10)),
            str(chance.randrange(10, 99)),
            str(chance.randrange(1950, 2000)),
        )
    )


def _words(chance: random.Random, count: int) -> str:
    return " ".join(_word(chance) for _ in range(count))


def _draw(feature: str, chance: random.Random, kind: int) -> str:
    """A value of a feature."""
    if feature in ("relay", "helo", "domain"):
        return _host(chance)
    if feature == "url":
        return _host(chance) + chance.choice(
            (
                "/{w}/{n}.php?id={n}",
                "/{w}",
                "/{w}.html",
                "/{w}/{w}/?u={n}",
                "/wp-content/{w}/{n}.html",
                "/?{n}",
            )
        )
    if feature == "mailer":
        real = ("Microsoft Windows Live Mail", "The Bat! (v)", "Foxmail", "Mailsmith")
        return f"{chance.choice((*real, _name(chance)))} {_name(chance)}"
    if feature == "id":
        return chance.choice(("md5", "uuid", "stamp", "words", "long", "short"))
    if feature == "subject":
        return _words(chance, 4) if kind else "local"
    if feature == "body":
        return _words(chance, 60)
    if feature == "order":
        return " ".join(map(str, chance.sample(range(len(_FIELDS)), len(_FIELDS))))
    return str(chance.choice((-8, -3, 0, 1, 2, 3, 7, 9)))


def _host(chance: random.Random) -> str:
    return f"{_name(chance)}.{chance.choice(('com', 'jp', 'net', 'it', 'com.br', 'org'))}"


def _local(kind: str, chance: random.Random) -> str:
    hexadecimal = f"{chance.getrandbits(128):032x}"
    a, b, c, d, e = (hexadecimal[i:j] for i, j in ((0, 8), (8, 12), (13, 16), (17, 20), (20, 32)))
    return {
        "md5": hexadecimal,
        "uuid": f"{a}-{b}-4{c}-a{d}-{e}".upper(),
        "stamp": f"{chance.randrange(10**13, 10**14)}.{chance.randrange(10**5, 10**6)}",
        "words": "-".join(_word(chance) for _ in range(3)),
        "long": f"{_name(chance)}.{_name(chance)}.{_name(chance)}",
        "short": f"{chance.getrandbits(40):010x}",
    }[kind]


def _message(traits: dict[str, str], when: datetime, chance: random.Random) -> bytes:
    client = ".".join(str(chance.randrange(1, 224)) for _ in range(4))
    local = _name(chance)
    zone = timezone(timedelta(hours=int(traits["zone"])))
    subject = local if traits["subject"] == "local" else traits["subject"]
    values = {
        "Message-ID": f"<{_local(traits['id'], chance)}@{traits['helo']}>",
        "From": f"{local}@{traits['domain']}",
        "To": ", ".join(f"{_name(chance)}@{_name(chance)}.it" for _ in range(3)),
        "Subject": subject,
        "Date": format_datetime(when.astimezone(zone)),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=iso-8859-1",
        "X-Priority": "3",
        "X-Mailer": traits["mailer"],
        "X-MimeOLE": f"Produced By Microsoft MimeOLE V{traits['mailer'][-4:]}",
    }
    lines = [
        *_received(traits, when, client, chance),
        *(f"{_FIELDS[int(i)]}: {values[_FIELDS[int(i)]]}" for i in traits["order"].split()),
    ]
    link = re.sub(
        "{.}",
        lambda hole: _word(chance) if hole[0] == "{w}" else str(chance.randrange(10**6)),
        traits["url"],
    )
    body = f"\n{traits['body']}\nhttp://{link}\n"
    return ("\n".join(lines) + "\n" + body).encode()


def _received(
    traits: dict[str, str], when: datetime, client: str, chance: random.Random
) -> list[str]:
    later = when + timedelta(seconds=chance.randrange(2, 90))
    relay, helo = traits["relay"], traits["helo"]
    address = ".".join(map(str, sha256(relay.encode()).digest()[:4]))
    upper = (
        f"from {relay} ({relay} [{address}])\n\tby mx1.reader.example (Postfix) with ESMTP id "
        f"{chance.getrandbits(44):011X}"
    )
    lower = (
        f"from {helo} (unknown [{client}])\n\tby {relay} (Postfix) with ESMTPA id "
        f"{chance.getrandbits(48):012X}"
    )
    return [
        f"Received: {upper}\n\tfor <abuse@reader.example>; {format_datetime(later)}",
        f"Received: {lower};\n\t{format_datetime(when)}",
    ]
