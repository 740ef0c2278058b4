"""Parts of a hop, described: its written time, what its queue id decodes to, the
software, the encryption."""

from __future__ import annotations

from firsthop.evidence.received.queue_id import QueueId
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    INSTANT,
    MINUTES,
    TEXT,
    TIME,
    UNBOUNDED_COUNT,
    Attribute,
    Form,
    Record,
    Scalar,
    listed,
    words,
)
from firsthop.evidence.timestamp import Stamp

NOT_WRITTEN = "None is written."

STAMP = Record(
    "stamp",
    "A written time.",
    (
        Attribute("raw", TEXT, "The time as written, white space folded.", column="_raw"),
        Attribute(
            "utc",
            TIME,
            "The instant.",
            "No zone is written, or the text is no time: see `defects`.",
            row="instant",
            column="",
            unit="seconds",
        ),
        Attribute(
            "offset",
            Scalar(Form.TEXT, pattern="^[+-][0-9]{4}$"),
            "The offset as written; `-0000` where the local zone is not told.",
            "There is no instant.",
            column=None,
        ),
        Attribute(
            "offset_minutes",
            MINUTES,
            "The offset as written, east of UTC.",
            "No zone is written, or `-0000`.",
            of="utc_offset",
            column="_offset_minutes",
            json=False,
            unit="minutes",
        ),
        Attribute(
            "zone_name",
            TEXT,
            "The zone's name as written, mostly in a comment.",
            NOT_WRITTEN,
            column="_zone_name",
        ),
        Attribute(
            "defects",
            listed(
                "unreadable ambiguous_order short_year no_zone unknown_zone zone_by_name "
                "wrong_weekday unknown_weekday no_such_day no_such_time".split()
            ),
            "How the time breaks its form.",
            column="_defects",
        ),
    ),
    covers={"": Stamp},
    apart={"wall": "the clock's face, which is only compared"},
    order=("utc",),
)

QUEUE_ID = Record(
    "queue_id",
    "What a mail server wrote into its own name for a message.",
    (
        Attribute(
            "scheme",
            words("exim postfix_short postfix_long sendmail".split()),
            "How the id is built.",
            column="_scheme",
        ),
        Attribute(
            "time",
            INSTANT,
            "The time in it, in whole seconds.",
            "It holds none, or one outside the years 1970 to 9999.",
            of="instant",
            column="_time",
            unit="seconds",
        ),
        Attribute(
            "microseconds",
            UNBOUNDED_COUNT,
            "The microseconds within the second.",
            "It holds none, or more than a second has.",
            column="_microseconds",
            unit="microseconds",
        ),
        Attribute(
            "inode",
            UNBOUNDED_COUNT,
            "The inode of the queue file.",
            "It holds none, or one beyond 64 bits.",
            column="_inode",
        ),
        Attribute(
            "pid",
            UNBOUNDED_COUNT,
            "The process of the server.",
            "It holds none, or one beyond 64 bits.",
            column="_pid",
        ),
        Attribute(
            "possible",
            BOOLEAN,
            "False where the server that is named cannot have made this id.",
            column="_possible",
        ),
    ),
    covers={"": QueueId},
)

MTA = Record(
    "mta",
    "The software of a server.",
    (
        Attribute("name", TEXT, "Its name.", of="mta", column=""),
        Attribute(
            "version",
            TEXT,
            "Its version as written.",
            NOT_WRITTEN,
            of="mta_version",
            column="_version",
        ),
    ),
)

TLS = Record(
    "tls",
    "An encrypted transfer.",
    (
        Attribute(
            "told",
            BOOLEAN,
            "Whether the line says that the transfer was encrypted; false: it does not say so.",
            of="tls",
            column="",
            json=False,
        ),
        Attribute(
            "version",
            TEXT,
            "The version as written.",
            NOT_WRITTEN,
            of="tls_version",
            column="_version",
        ),
        Attribute(
            "cipher",
            TEXT,
            "The cipher as written.",
            NOT_WRITTEN,
            of="tls_cipher",
            column="_cipher",
        ),
    ),
)
