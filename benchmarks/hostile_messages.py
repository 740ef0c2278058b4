"""Hostile messages of any size: one long field, part or word of each kind, or many of
them, for commands to read in a time that grows with the size and no faster.

    python -m benchmarks.hostile_messages
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from firsthop.faces.cli import cli

GROWTH = 14.0  # at most, for eight times the size

HEAD = (
    b"Received: from a.example (a.example [192.0.2.1]) by mx.example.it with ESMTP id 1;"
    b" Mon, 1 Jan 2024 00:00:00 +0000\r\nFrom: a@example.org\r\nSubject: x\r\n"
    b"Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <a@example.org>\r\n"
)
LONG = (
    "Return-Path", "From", "To", "Subject", "Date", "Message-ID", "Received", "Reply-To",
    "Content-Type", "Authentication-Results", "ARC-Seal", "DKIM-Signature", "Received-SPF",
    "List-Unsubscribe", "References", "X-Mailer", "Feedback-ID", "List-Id", "X-Unknown",
    "ARC-Authentication-Results", "Sender", "X-Originating-IP", "X-MSFBL",
)  # fmt: skip
TEXTS = (
    "a", "<a@b.example>, ", "((", ")", '"', "=?utf-8?q?a", "=?utf-8?q?a?= ", ";a=b", "a.",
    "[1.2.3.4] ",
    "-bounces+", "@", " ", "from a by ", "dkim=pass ", "\\", "<", ": ", "\r\n ", "é",
    "multipart/a;",
)  # fmt: skip
LINES = (
    (
        "Received: from a{n}.example (a [192.0.2.1]) by b{n}.example (Postfix) with ESMTP id"
        " 4F2A91C0D3; Mon, 1 Jan 2024 00:00:00 +0000"
    ),
    "Received: from a((( by b{n} by c by d <<>> for <a for <a>; x",
    (
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a{n}.example; s=s;"
        " h=from:to; bh=AAAA; b=BBBB"
    ),
    (
        "DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; l={n}; d=a.example; s=s;"
        " h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=BBBB"
    ),
    "ARC-Seal: i={n}; a=rsa-sha256; cv=none; d=a.example; s=s; b=AAAA",
    "ARC-Message-Signature: i={n}; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA",
    "Authentication-Results: mx{n}.example; dkim=pass header.d=a.example",
    (
        "Received-SPF: pass (mx: domain of a{n}@b.example designates 192.0.2.1 as permitted"
        " sender)"
    ),
    "From: a{n}@example.org",
    "To: a{n}@example.org",
    "X-A{n}: a",
    "X-A: a",
    "List-Id: <a{n}.example>",
    "Feedback-ID: a:b:c{n}:postmark",
    "Message-ID: <{n}@example.org>",
    "Return-Path: <a{n}-bounces@example.org>",
    "a{n}",
)  # fmt: skip
BODIES = (
    b"a", b"a ", b"--x\r\n", b"<a>", b"<a", b"https://a.example/b ", b"http://", b"&lt;", b"\r\n",
    b"\r",
    b"From a\r\n", b"\nFrom a@b.example Mon Jan  1 00:00:00 2024\n", b"> ", b"=\r\n", b"=20",
    b"--x--\r\n",
    b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", b"a@b.example ",
    b"--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\n\r\na\r\n",
    b"Received: from a by b\r\n", b"\xe9", b"Content-Type: text/plain\r\n\r\n",
    b"-----\n", b"begin 644 a\n",
    b"-- \r\n", b"\0",
)  # fmt: skip
BODY_TYPES = (
    b"text/plain",
    b"text/html",
    b"multipart/mixed; boundary=x",
    b"multipart/report; boundary=x",
)
Family = tuple[str, Callable[[int], bytes]]


def families() -> Iterator[Family]:
    for name in LONG:
        for text in TEXTS:
            yield f"{name}: {text!r} again and again", _long(name, text)
    for line in LINES:
        yield f"many lines {line!r}", _many(line)
    for kind in BODY_TYPES:
        for body in BODIES:
            yield f"a body {kind!r} of {body!r}", _body(kind, body)


def _long(name: str, text: str) -> Callable[[int], bytes]:
    before = f"{name}: {'<' if name in ('Return-Path', 'Message-ID') else ''}"
    return lambda size: (
        before.encode() + (text * (size // len(text))).encode() + b"\r\n" + HEAD + b"\r\nx\r\n"
    )


def _many(line: str) -> Callable[[int], bytes]:
    return lambda size: (
        "".join(line.format(n=n) + "\r\n" for n in range(size // len(line))).encode()
        + HEAD
        + b"\r\nx\r\n"
    )


def _body(kind: bytes, body: bytes) -> Callable[[int], bytes]:
    return lambda size: (
        HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body * (size // len(body)) + b"\r\n"
    )


def main() -> None:
    """Prints every family whose time grows faster than its size, for `examine`."""
    for name, made in families():
        took = [(size, seconds(made(size))) for size in (32 << 10, 256 << 10, 2 << 20)]
        ratios = [b[1] / max(a[1], 0.03) for a, b in pairwise(took)]
        if max(ratios) > GROWTH:
            print(f"{name[:100]}: {', '.join(f'{size}: {cpu:.2f} s' for size, cpu in took)}")


def seconds(data: bytes) -> float:
    """CPU seconds of `examine` for one message."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.eml"
        file.write_bytes(data)
        start = time.process_time()
        CliRunner().invoke(cli, ["examine", "--json", "-q", str(file)])
        return time.process_time() - start


if __name__ == "__main__":
    main()
