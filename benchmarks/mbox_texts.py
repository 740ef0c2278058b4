"""What stands in the bodies of the mboxes that `mbox_splits` makes: sentences that
begin with "From ", and separators that people quote."""

from __future__ import annotations

import random
from collections.abc import Callable

SENTENCES = [
    sentence.encode()
    for sentence in (
        "From Monday, March 11, 08:30 the office is closed.",
        "From Monday 5 May 2014 at 10:00 the office is closed.",
        "From Monday, March 11, 08:30",
        "From 12 May 2024 10:00 to 12:00 we meet.",
        "From now on, Mon Mar 11 2024, call 10:30 or later",
        "From Tue Mar 5 10:00:12 2024 until further notice the server is down.",
        "From 10:00 Tue Mar 5 2024",
        "From our log: Tue Mar  5 10:00:12 2024 connection refused",
        "From carlo@libero.it on Tue Mar 5 2024 at 10:00: the keys are with Ana",
        "From me on Sat May 17 at 21:59:37 it rained",
        "From Sat 17 May 2014 21:59 on, nothing worked",
        "From 2024-03-05 10:00 to 2024-03-05 11:00 there is maintenance",
        "From May 2 at 9:15 AM you may enter by the back door.",
        "From the desk of Mr. Pius, Mon, 5 May 2014 10:00:00",
        "From all of us, thank you. Fri Jan 3, 7:30",
        "From Russia with love",
        "From the testcase viewpoint TMPDIR always was the path",
        "From Sister Josephine HOLLAND.",
        "From Jan 5 10:00 the gate is locked 2014",
        "From what I gathered (12 Jan 2015 13:10:55 +0100) nobody knew",
        "From London Thu 5 May 10:15 to Paris Thu 5 May 13:40",
        "From: nobody, at 10:30 on May 5",
    )
]
_QUOTED_LINES = (
    b"From joe@example.com Thu May  5 10:15:00 2005",
    b"From joe@example.com  Thu May  5 10:15:00 2005",
    b"From - Thu May  5 10:15:00 2005",
    b"From MAILER-DAEMON Thu May  5 10:15:00 2005",
)
_HEADER = (
    b"Received: from a.example (a.example [192.0.2.1])\n\tby b.example with ESMTP id 1;\n"
    b"\tThu, 5 May 2005 10:15:00 +0000\nFrom: Joe <joe@example.com>\nTo: ana@example.org\n"
    b"Subject: quoted\nDate: Thu, 5 May 2005 10:15:00 +0000\n\nThe quoted text.\n"
)

Text = Callable[[random.Random], bytes]


def with_note(chance: random.Random, lines: list[bytes]) -> bytes:
    """A line, and one with a colon behind it."""
    note = chance.choice([b"Note: bring your badge.", b"Gate: 7", b"X-Ray: at ten"])
    return chance.choice(lines) + b"\n" + note


def with_fields(chance: random.Random, lines: list[bytes]) -> bytes:
    """A line, and two that look like fields of a message behind it."""
    return chance.choice(lines) + b"\nSubject: the office\nDate: tomorrow"


def _separator(chance: random.Random) -> bytes:
    return chance.choice(_QUOTED_LINES)


QUOTED: dict[str, Text] = {
    "a separator among lines of prose": lambda c: (
        b"the line\n" + _separator(c) + b"\nbegins a message"
    ),
    "a separator after an empty line, prose behind it": lambda c: (
        _separator(c) + b"\nbegins a message"
    ),
    "a separator between empty lines": lambda c: _separator(c) + b"\n\nbegins a message",
    "a separator, one field": lambda c: _separator(c) + b"\nX-Field: 1\n\nand so on",
    "a quoted message with its separator": lambda c: _separator(c) + b"\n" + _HEADER,
    "the same without an empty line before": lambda c: (
        b"Quote:\n" + _separator(c) + b"\n" + _HEADER
    ),
    "an mbox of three": lambda c: b"\n".join(_separator(c) + b"\n" + _HEADER for _ in range(3)),
}
