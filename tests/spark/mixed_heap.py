"""Some sixty messages in mixed forms: files, an mbox, archives,
a report that encloses mail, text of a web page, and what cannot be read. No empty
file: Sail leaves those of a folder out."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

from docs import samples

PASSWORD = "s3cret"
HOSTILE = ("'; DROP TABLE x", '"\\u0000\\ud800', "=?utf-8?q?=00=FF?=", "<b>", "\x1b[31m")


def mail(number: int) -> bytes:
    """A message; every fifth has odd values, every seventh broken bytes."""
    odd = HOSTILE[number // 5 % len(HOSTILE)] if number % 5 == 0 else f"offer {number}"
    day, relay = 1 + number % 27, f"mx{number % 4}.relay.example"
    lines = [
        f"Return-Path: <user{number % 9}@libero.example>",
        f"Received: from {relay} ({relay} [192.0.2.{number % 4 + 1}])",
        f" by in.isp.example (Postfix) with ESMTP id A{number:05X} for <v@isp.example>;",
        f" {day:02d} May 2014 10:{number:02d}:00 +0200",
        f"Received: from helo{number % 3}.example ([198.51.100.{number % 6 + 1}])",
        f" by {relay} with ESMTPA id B{number:05X}; {day:02d} May 2014 09:{number:02d}:00 +0200",
        f"From: Somebody {odd} <user{number % 9}@libero.example>",
        f"To: v{number}@isp.example",
        f"Subject: {odd}",
        f"Message-ID: <{number:032X}@host{number % 3}>",
        f"Date: {day:02d} May 2014 08:{number:02d}:00 +0200",
        "X-Mailer: Microsoft Windows Live Mail 15.4.3555.308",
    ]
    text = "\r\n".join([*lines, "", f"look http://site{number % 3}.example/x{number}", ""])
    return text.encode("latin-1") + (b"\xff\xfe\x00" if number % 7 == 0 else b"")


def report(number: int) -> bytes:
    """A complaint that encloses a message (RFC 5965)."""
    return (
        b"From: desk@isp.example\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=frontier8\r\n\r\n"
        b"--frontier8\r\nContent-Type: text/plain\r\n\r\nsee below\r\n"
        b"--frontier8\r\nContent-Type: message/rfc822\r\n\r\n"
        + mail(number)
        + b"\r\n--frontier8--\r\n"
    )


def write_heap(top: Path) -> Path:
    """The heap, in a new folder."""
    (top / "a b%20c").mkdir(parents=True)
    for number in range(24):
        (top / f"{number:02d}.eml").write_bytes(mail(number))
    (top / "a b%20c" / "è.eml").write_bytes(mail(24))
    mbox = b"".join(
        b"From a@b.example Thu May 29 10:00:00 2014\n"
        + mail(number).replace(b"\r\n", b"\n")
        + b"\n"
        for number in range(25, 40)
    )
    (top / "old.mbox").write_bytes(mbox)
    (top / "one.eml.gz").write_bytes(gzip.compress(mail(40), mtime=0))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(41, 56):
            archive.writestr(zipfile.ZipInfo(f"in/{number}.eml"), mail(number))
        archive.writestr(zipfile.ZipInfo("in/again.mbox"), mbox)
    (top / "more.zip").write_bytes(packed.getvalue())
    locked = samples.zip_by_aes("57.eml", mail(57), PASSWORD.encode())
    (top / "locked.zip").write_bytes(locked)
    (top / "report.eml").write_bytes(report(56))
    (top / "page.txt").write_bytes(
        b"Received: from x.example (HELO y) ([192.0.2.9]) by z.example\n"
    )
    (top / "nothing.txt").write_bytes(b"no mail\n")
    (top / "headless.eml").write_bytes(b"\r\nonly a body\r\n")
    return top
