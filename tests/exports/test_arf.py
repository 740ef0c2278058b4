"""The drafts of abuse reports, read by Sisimai: whom they are for, what they say, what
they never tell. Sisimai takes looser mail too: it must call them abuse."""

from __future__ import annotations

import shutil
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from firsthop.publication.exports.arf.drafts import ARF
from firsthop.publication.exports.source import ExportSource
from tests.children import run
from tests.engines import lacking
from tests.exports.intelligence import (
    CLIENT,
    DIRECT,
    HOSTILE,
    OWN,
    RELAY,
    RELAYED,
    draft_text,
    hostile,
)

_READ = (
    "my $told = Sisimai->make($ARGV[0]) || [];"
    'print join("|", $_->feedbacktype, $_->reason), "\\n" for @$told;'
)
RELAY_FILE = f"relay_{RELAY}.eml"
NETWORK_FILE = "network_85.65.59.0_24.eml"


@pytest.fixture(scope="module")
def sisimai() -> list[str]:
    """The command that reads a mail with Sisimai."""
    command = ["perl", "-MSisimai", "-e"]
    if shutil.which("perl") is None or run([*command, "1"]).returncode:
        lacking("sisimai", "no Sisimai (libsisimai-perl)")
    return [*command, _READ]


def read_by(sisimai: list[str], path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(run([*sisimai, str(path)]).stdout).strip()


def text_of(data: bytes) -> str:
    return " ".join(draft_text(data).split())


def test_sisimai_reads_abuse(sisimai: list[str], full_source: ExportSource, tmp_path: Path) -> None:
    files = ARF.write(full_source).files
    assert set(files) == {RELAY_FILE, NETWORK_FILE}
    for data in files.values():
        assert read_by(sisimai, tmp_path / "draft.eml", data) == "abuse|feedback"


@pytest.mark.parametrize("how", ["no feedback part", "another type", "truncated"])
def test_a_spoiled_draft_is_refused(
    sisimai: list[str], full_source: ExportSource, tmp_path: Path, how: str
) -> None:
    data = ARF.write(full_source).files[RELAY_FILE]
    spoiled = {
        "no feedback part": data.replace(b"feedback-report", b"nothing"),
        "another type": data.replace(b"Feedback-Type: abuse", b"Feedback-Type: fraud"),
        "truncated": data[: data.index(b"message/feedback-report")],
    }[how]
    assert read_by(sisimai, tmp_path / "draft.eml", spoiled) != "abuse|feedback"


def test_a_relay_is_told_as_somebody_who_is_harmed(full_source: ExportSource) -> None:
    data = ARF.write(full_source).files[RELAY_FILE]
    text = text_of(data)
    assert "Ci sembra che il vostro server sia abusato" in text  # its name ends in .it
    assert "It seems to us that your server is abused" in text
    assert text.count("queue id 4ABCDEF0008") == 2
    assert "2025-05-12 14:08:00 UTC = Mon, 12 May 2025 16:08:00 +0200" in text
    assert f"Incidents: {RELAYED}" in text
    assert "Source-IP" not in text


def test_a_draft_is_a_report_to_nobody(full_source: ExportSource) -> None:
    for name, data in ARF.write(full_source).files.items():
        mail = message_from_bytes(data)
        assert mail.get_content_type() == "multipart/report"
        assert mail.get_param("report-type") == "feedback-report"
        parts = [one.get_content_type() for one in mail.get_payload()]  # type: ignore[union-attr]
        assert parts == ["text/plain", "message/feedback-report", "text/rfc822-headers"]
        assert "@" not in f"{mail['From']} {mail['To']}", name
        assert mail["X-Unsent"] == "1"
        assert all(len(line) <= 998 for line in data.split(b"\r\n"))
        assert data.count(b"\n") == data.count(b"\r\n")


def test_the_header_tells_the_way_and_no_subject(
    full_source: ExportSource, clear_source: ExportSource
) -> None:
    full, clear = (ARF.write(one).files[NETWORK_FILE] for one in (full_source, clear_source))
    assert f"[{CLIENT.format(1)}]".encode() in clear
    assert OWN.encode() in full
    assert OWN.encode() not in clear
    assert b"mario.rossi@banca-vera.it" in full
    assert b"mario.rossi" not in clear
    assert b"conferma" not in full
    assert b"raggiunto il limite" not in full
    assert f"Incidents: {DIRECT + RELAYED}".encode() in clear


@pytest.mark.parametrize("text", HOSTILE)
def test_no_value_breaks_out_of_a_draft(full_source: ExportSource, text: str) -> None:
    plain = ARF.write(full_source).files
    source = hostile(full_source, text)
    # the name of a server is what a draft is called by: it is kept, all else is hostile
    summaries = tuple(
        one._replace(first=one.first._replace(by=was.relay) if one.first else None)
        for one, was in zip(source.summaries, full_source.summaries, strict=True)
    )
    spoiled = replace(source, summaries=summaries, members=full_source.members)
    files = ARF.write(spoiled).files
    assert set(files) <= set(plain)
    assert RELAY_FILE in files
    mail = message_from_bytes(files[RELAY_FILE])
    assert sorted(mail.keys()) == sorted(message_from_bytes(plain[RELAY_FILE]).keys())
    assert len(mail.get_payload()) == 3


def test_what_lies_nowhere_is_told(full_source: ExportSource) -> None:
    written = ARF.write(replace(full_source, originals=lambda: iter(())))
    assert not written.files
    assert {gap.what for gap in written.gaps} == {f"relay {RELAY}", "network 85.65.59.0/24"}
