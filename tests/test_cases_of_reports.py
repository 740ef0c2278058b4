"""Reports in shapes that people described in public, rebuilt small in `tests/cases`:
the reported message is found in each, by the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from docs.containers import CONTENTS, attached
from firsthop.faces.cli import cli

CASES = Path(__file__).parent / "cases"
HANDED_ON = ["192.0.2.25", "203.0.113.9", "198.51.100.77"]


def trace(file: str) -> list[dict[str, Any]]:
    """What `trace --json` says of the messages in a case's file; its exit code is 0."""
    shown = CliRunner().invoke(cli, ["trace", "--json", "-q", str(CASES / file)])
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in shown.stdout.splitlines()]


@pytest.mark.parametrize(
    ("file", "evidence"),
    [
        ("14-report-zip/input.eml", "enclosed"),
        ("16-report-p7m/input.eml", "enclosed"),
        ("18-report-winmail-dat/input.eml", "enclosed"),
        ("20-report-pasted-in-body/input.eml", "publication"),
        ("20-report-pasted-in-body/input-quoted.eml", "publication"),
        ("22-unindented-content-type/input.eml", "enclosed"),
        ("23-arf-sparse-and-journal/input-jmrp.eml", "enclosed"),
        ("23-arf-sparse-and-journal/input-journal.eml", "enclosed"),
    ],
)
def test_the_reported_message_is_evidence(file: str, evidence: str) -> None:
    report, reported = trace(file)
    assert report["from"]["address"] == "ana@example.com"
    assert reported["source"]["evidence"] == evidence
    assert reported["source"]["enclosed_in"] == report["source"]["uri"]
    assert reported["from"]["address"] == "carlo@libero.it"
    assert reported["subject"] == "Documento urgente"
    assert reported["message_id"]["value"] == "abc123@relay.example.net"
    assert [hop["client_address"] for hop in reported["hops"]] == HANDED_ON


def test_what_cannot_be_opened_is_named_and_the_exit_code_is_1(tmp_path: Path) -> None:
    file = tmp_path / "report.eml"
    file.write_bytes(attached(CONTENTS["zip, unknown password"].data, "x.zip"))
    shown = CliRunner().invoke(cli, ["trace", "--json", "-q", str(file)])
    assert shown.exit_code == 1
    assert f"{file}!/part-2!/mail: encrypted, and no known password opens it" in shown.stderr
    opened = CliRunner().invoke(
        cli, ["trace", "--json", "-q", str(file), "--password", "correct horse"]
    )
    assert opened.exit_code == 0
    assert len(opened.stdout.splitlines()) == 2
