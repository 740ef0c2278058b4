"""X-ARF reports: valid by the schemas of the xarf library, refused with the reason
where what the schema demands is not known, and nothing in them invented."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firsthop.investigation.export import open_source
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.xarf import write
from tests.exports.heaps import investigated, wave_of_2014

xarf = pytest.importorskip("xarf")


@pytest.fixture(scope="module")
def wave(tmp_path_factory: pytest.TempPathFactory) -> ExportSource:
    """The wave of 2014, at the level of its own analyst."""
    case = investigated(tmp_path_factory.mktemp("wave"), wave_of_2014())
    return open_source(case.folder, case.campaign, "RED").source


def _reporting(source: ExportSource) -> ExportSource:
    case_file = source.investigation.case_file._replace(
        organisation="CERT Example", contact="abuse@cert.example"
    )
    return replace(source, investigation=replace(source.investigation, case_file=case_file))


def _errors(report: dict[str, Any]) -> list[Any]:
    return list(xarf.schema_validator.validate(report))


def test_each_relay_with_a_login_gets_a_valid_report(wave: ExportSource) -> None:
    written = write(_reporting(wave))
    reports = [json.loads(data) for data in written.files.values()]
    relays = {one["source_identifier"] for one in reports}
    assert "r3.kawaz.jp" in relays
    assert len(relays) == 4
    for report in reports:
        assert _errors(report) == []
    assert any("gmotech.jp" in gap.what for gap in written.gaps)  # its line tells of no login


def test_without_a_contact_there_is_no_report(wave: ExportSource) -> None:
    written = write(wave)
    assert not written.files
    assert "contact" in written.gaps[0].reason


def test_without_a_port_no_message_is_reported(wave: ExportSource) -> None:
    gaps = write(_reporting(wave)).gaps
    assert any("source_port" in gap.reason for gap in gaps)


def test_a_port_and_a_reverse_path_make_a_report_of_a_message(wave: ExportSource) -> None:
    first = wave.summaries[0]
    assert first.first is not None
    hop = first.first._replace(client_port=44711, reverse_path="someone@libero.it")
    source = replace(_reporting(wave), summaries=(first._replace(first=hop), *wave.summaries[1:]))
    reports = [json.loads(data) for data in write(source).files.values()]
    spam = [one for one in reports if one["type"] == "spam"]
    assert [one["source_port"] for one in spam] == [44711]
    assert _errors(spam[0]) == []


@pytest.mark.parametrize("port", [0, 65_536, 9 * 10**29])
def test_a_number_that_is_no_port_makes_none(wave: ExportSource, port: int) -> None:
    first = wave.summaries[0]
    assert first.first is not None
    hop = first.first._replace(client_port=port, reverse_path="someone@libero.it")
    source = replace(_reporting(wave), summaries=(first._replace(first=hop), *wave.summaries[1:]))
    written = write(source)
    assert not [one for one in map(json.loads, written.files.values()) if one["type"] == "spam"]
    assert any("TCP" in gap.reason for gap in written.gaps)


@pytest.mark.parametrize("key", ["reporter", "source_identifier", "timestamp", "compromise_method"])
def test_the_judge_refuses_a_spoiled_report(wave: ExportSource, key: str) -> None:
    report = json.loads(next(iter(write(_reporting(wave)).files.values())))
    del report[key]
    assert _errors(report) != []


def test_the_same_campaign_gives_the_same_bytes(wave: ExportSource, tmp_path: Path) -> None:
    assert write(_reporting(wave)) == write(_reporting(wave))
