"""Shapes of bytes that people reported in public, rebuilt small in `tests/cases`: how
many messages each file holds, and what they say, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthop.faces.cli import cli

CASES = Path(__file__).parent / "cases"
CLIENTS = ["192.0.2.25", "203.0.113.9", "198.51.100.77"]


@pytest.mark.parametrize(
    ("file", "subjects", "container", "notes"),
    [
        ("01-utf16-eml/input.eml", 1, "eml", "UTF-16 text: read as UTF-8"),
        ("01-utf16-eml/input-pasted.txt", 1, "eml", "UTF-16 text: read as UTF-8"),
        ("02-cr-only/input.eml", 1, "eml", "carriage return alone"),
        ("02-cr-only/input-prefixed.eml", 1, "eml", "40 bytes before the header"),
        ("24-mbox-second-from-line/input.mbox", 2, "mbox", "mbox separator: From carlo"),
        ("24-mbox-second-from-line/input-takeout.mbox", 2, "mbox", "From 1792031234567890123@xxx"),
        ("25-mbox-body-line-from/input.mbox", 2, "mbox", ""),
        ("25-mbox-body-line-from/input-b.mbox", 2, "mbox", ""),
        ("28-emlx/input.partial.emlx", 1, "emlx", ""),
    ],
)
def test_the_messages(
    monkeypatch: pytest.MonkeyPatch, file: str, subjects: int, container: str, notes: str
) -> None:
    folder, _, name = file.partition("/")
    monkeypatch.chdir(CASES / folder)
    shown = CliRunner().invoke(cli, ["examine", "--json", "-q", name])
    assert shown.exit_code == 0, shown.output
    told = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [one["subject"] for one in told] == ["Documento urgente", "Secondo"][:subjects]
    for one in told:
        assert one["from"]["address"] == "carlo@libero.it"
        assert [hop["client_address"] for hop in one["hops"]] == CLIENTS
        assert one["source"]["container"] == container
    assert told[0]["message_id"]["value"] == "abc123@relay.example.net"
    assert notes in "\n".join(told[0]["source"]["notes"])
