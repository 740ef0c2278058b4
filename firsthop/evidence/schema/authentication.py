"""What vouches for a message and what speaks against it, described."""

from __future__ import annotations

from operator import attrgetter

from firsthop.evidence.authentication.vouching import Refusal, Voucher, Vouching
from firsthop.evidence.schema.policies import DMARC, POLICY, SPF
from firsthop.evidence.schema.results import RESULT
from firsthop.evidence.schema.signatures import ARC, DKIM
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    INSTANT,
    TEXT,
    TEXTS,
    Attribute,
    Listed,
    Record,
    listed,
    words,
)

VOUCHER = Record(
    "voucher",
    "One result that holds for the author's domain.",
    (
        Attribute(
            "mechanism",
            words("dkim spf dmarc".split()),
            "What holds.",
        ),
        Attribute(
            "domain",
            TEXT,
            "The domain that was authenticated.",
        ),
        Attribute(
            "checked",
            BOOLEAN,
            "True: checked here by recorded answers; false: a receiver says so.",
        ),
        Attribute(
            "open",
            TEXTS,
            "What of the message a signature leaves open, as in `covers`.",
            of="partial",
        ),
    ),
    covers={"": Voucher},
    apart={"field": "among the fields of the message", "dkim": "in `authentication`"},
)

REFUSAL = Record(
    "refusal",
    "A DMARC failure.",
    (
        Attribute(
            "policy",
            POLICY,
            "What the domain asks for.",
            "It is not known.",
        ),
        Attribute(
            "action",
            TEXT,
            "What the receiver says that it did, as in `quarantine`, `reject`, `none`.",
            "It does not say.",
        ),
        Attribute(
            "checked",
            BOOLEAN,
            "True: found here; false: a receiver says so.",
        ),
        Attribute(
            "forbids",
            BOOLEAN,
            "Whether the domain, or the receiver in its name, refuses such mail.",
        ),
    ),
    covers={"": Refusal},
    apart={"field": "among the fields of the message"},
)

VOUCHING = Record(
    "vouching",
    "What is known for and against the author's domain, from results that are "
    "believed and from checks made here.",
    (
        Attribute(
            "domain",
            TEXT,
            "The author's domain, or the one that a believed receiver judged where the "
            "field at hand was changed.",
        ),
        Attribute(
            "vouchers",
            Listed(VOUCHER),
            "The results that hold for it.",
        ),
        Attribute(
            "refusal",
            REFUSAL,
            "The DMARC failure.",
            "There is none, or a gateway stands before the mailbox.",
        ),
        Attribute(
            "looked",
            listed("dkim dmarc spf".split()),
            "The mechanisms that were decided, by a believed receiver or here.",
        ),
        Attribute(
            "gateway",
            TEXT,
            "What handed the message over, where that is a gateway: its key among the "
            "[receivers](receivers.md).",
            "No table knows it as a gateway.",
            read=attrgetter("key"),
        ),
        Attribute(
            "changed",
            BOOLEAN,
            "Whether a believed receiver saw a signature hold that does not fit the bytes at hand.",
        ),
        Attribute(
            "rebuilt",
            BOOLEAN,
            "Whether a signature of the author's organization cannot be checked since the"
            " bytes at hand were put together by a reader.",
        ),
    ),
    covers={"": Vouching},
    apart={"dkim": "in `authentication`", "believed": "in `authentication`, as `results`"},
)

AUTHENTICATION = Record(
    "authentication",
    "What vouches for the author, judged at the mail's own time: a DNS answer of "
    "another day gives `not_checkable` with its reason, and never a failure.",
    (
        Attribute(
            "judged_at",
            INSTANT,
            "The instant at which all of it is judged: the hand-over, else the newest "
            "line with a time, else the Date field.",
            "None of them tells one.",
        ),
        Attribute(
            "results",
            Listed(RESULT),
            "What receivers wrote, believed or not, from the top of the header down.",
        ),
        Attribute(
            "dkim",
            Listed(DKIM),
            "The DKIM signatures, checked here.",
        ),
        Attribute(
            "arc",
            ARC,
            "The ARC chain, checked here.",
        ),
        Attribute(
            "spf",
            SPF,
            "SPF of the client that handed the message over, evaluated here.",
        ),
        Attribute(
            "dmarc",
            DMARC,
            "DMARC of the author's domain, evaluated here.",
            "No author has a domain.",
        ),
        Attribute(
            "vouching",
            VOUCHING,
            "What all of that says for and against the author's domain.",
            "No author has a domain.",
        ),
    ),
)
