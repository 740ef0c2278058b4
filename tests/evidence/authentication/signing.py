"""Signs messages for the tests, with an independent library; canonical forms written
out here."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DnsView
from firsthop.mail.message import BodyBytes, Evidence, Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

NOW = 1_748_851_200  # 2025-06-02T08:00:00Z
NAMES = ("from", "to", "subject", "date")
HEADER = (
    "From: News <news@bank.it>",
    "To: list@bank.it",
    "Subject: Newsletter",
    "Date: Mon, 2 Jun 2025 10:00:00 +0200",
)


@lru_cache(maxsize=4)
def private_key(number: int) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ed25519

    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def key_record(number: int = 1) -> str:
    """The key as it is published."""
    public = private_key(number).public_key().public_bytes_raw()
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}"


def keys(*domains: str, at: int = NOW) -> DnsView:
    """A store that holds the key of every domain named, on the day of the mail."""
    names = domains or ("bank.it",)
    answers = {f"s._domainkey.{name}": {"TXT": [key_record()]} for name in names}
    return store_of(answers, at, "test").at(at)


def relaxed(line: str) -> str:
    name, _, value = line.partition(":")
    return name.lower() + ":" + re.sub(r"[ \t]+", " ", value).strip(" \t")


def body_form(body: bytes, form: str) -> bytes:
    """RFC 6376 sections 3.4.3 and 3.4.4, for bodies with CRLF."""
    lines = body.split(b"\r\n")
    if form == "relaxed":
        lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    text = b"".join(line + b"\r\n" for line in lines)
    return text or (b"" if form == "relaxed" else b"\r\n")


def signature(
    body: bytes,
    header: tuple[str, ...] = HEADER,
    names: tuple[str, ...] = NAMES,
    form: str = "relaxed",
    tags: str = "",
    domain: str = "bank.it",
) -> str:
    """The signature field of a message; `tags` come before h=."""
    data = body_form(body, form)
    length = re.search(r"\bl=(\d+)", tags)
    signed = data if length is None else data[: int(length[1])]
    digest = base64.b64encode(hashlib.sha256(signed).digest()).decode()
    start = f"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/{form}; d={domain}; s=s; {tags}"
    field = f"{start}h={':'.join(names)}; bh={digest}; b="
    left, chosen = list(header), []
    for name in names:
        at = [i for i, line in enumerate(left) if line.lower().startswith(name + ":")]
        if at:
            chosen.append(left.pop(at[-1]))
    octets = "".join(relaxed(line) + "\r\n" for line in chosen) + relaxed(field)
    value = private_key(1).sign(hashlib.sha256(octets.encode()).digest())
    return field + base64.b64encode(value).decode()


def message(
    lines: tuple[str, ...],
    body: bytes,
    state: BodyBytes = BodyBytes.STORED,
    evidence: Evidence = Evidence.MESSAGE,
) -> Message:
    """A message of header lines and a body, as a reader of a container hands it on."""
    data = "".join(line + "\r\n" for line in lines).encode() + b"\r\n" + body
    read = read_mail(raw_mail(data, "t.eml", "eml", evidence=Evidence.MESSAGE, body_bytes=state))
    return replace(read, source=read.source._replace(evidence=evidence))
