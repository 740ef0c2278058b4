"""Runs the command line as a person would, within this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from firsthop.faces.cli import cli

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., Result]


@pytest.fixture
def example() -> str:
    """The folder of the example of 2014."""
    return str(ROOT / "examples" / "libero-2014")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command line."""
    for name in ("SOURCE_DATE_EPOCH", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*args: object, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(
            cli, [str(arg) for arg in args], prog_name="firsthop", input=stdin
        )

    return invoke


@pytest.fixture
def message() -> bytes:
    """One message of two hops: the upper one written by a server that a reader
    may own."""
    return (
        b"Received: from relay.example.net (relay.example.net [192.0.2.7])\r\n"
        b"\tby mx.example.com (Postfix) with ESMTPS id 4F2A91C0D3\r\n"
        b"\tfor <anna@example.com>; Thu, 29 May 2014 14:18:41 +0200 (CEST)\r\n"
        b"Received: from pc (unknown [203.0.113.9]) by relay.example.net (Postfix) with "
        b"ESMTPA id 1AB3C91C0D3;\r\n"
        b"\tThu, 29 May 2014 14:18:38 +0200 (CEST)\r\n"
        b"From: Mario <mario@example.org>\r\nSubject: hello\r\nMessage-ID: <a@example.org>\r\n"
        b"Date: Thu, 29 May 2014 14:18:30 +0200\r\n\r\nbody\r\n"
    )
