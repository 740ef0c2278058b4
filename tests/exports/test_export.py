"""`firsthop export`: what it writes, what it refuses, and that it says what it left
out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthop import investigate
from firsthop.case_file import CaseFile
from firsthop.errors import CaseError, SettingsError
from firsthop.faces.cli import cli
from firsthop.investigation.export import export, open_source
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.rules.rule import rules_for
from tests.exports.heaps import Case, investigated, planted, wave_of_2014, write_heap
from tests.publication.schemas import REPORT, VALIDATORS


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The planted campaign, with its decoys."""
    return investigated(tmp_path_factory.mktemp("kit"), planted())


def test_all_formats_are_written_and_reported(case: Case, tmp_path: Path) -> None:
    result = export(case.folder, case.campaign, tmp_path / "out", tlp="AMBER")
    assert not result.finds
    assert set(result.formats) == set(EXPORTERS)
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert not list(VALIDATORS[REPORT].iter_errors(report))
    written = {
        str(path.relative_to(tmp_path / "out"))
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert written == set(result.files)
    for one in report["formats"]:
        assert {f"{one['format']}/{name}" for name in one["files"]} <= written
        assert one["files"] or one["gaps"] or one["rules"]["none"]


def test_the_same_case_gives_the_same_bytes(case: Case, tmp_path: Path) -> None:
    for out in ("a", "b"):
        export(case.folder, case.campaign, tmp_path / out)
    for path in (tmp_path / "a").rglob("*"):
        if path.is_file():
            twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
            assert path.read_bytes() == twin.read_bytes(), path


@pytest.mark.parametrize("level", ["campaign", "operation", "wave"])
def test_every_level_can_be_exported(case: Case, level: str) -> None:
    clusters = json.loads((case.folder / "campaigns.json").read_text(encoding="utf-8"))
    name = next(one["id"] for one in clusters if one["level"] == level and one["size"] == 24)
    assert open_source(case.folder, name).source.campaign.id == name


def test_a_campaign_that_is_not_there_is_one_line(case: Case, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="has no operation, campaign or wave ca-000"):
        export(case.folder, "ca-000000000000", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_format_that_is_none_is_one_line(case: Case, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'snort' is no format: "):
        export(case.folder, case.campaign, tmp_path / "out", formats=["snort"])


def test_a_folder_that_holds_something_is_left_alone(case: Case, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(CaseError, match="is not empty"):
        export(case.folder, case.campaign, tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["mine"]


def test_the_command_asks_for_formats(case: Case, tmp_path: Path) -> None:
    words = ["export", str(case.folder), case.campaign, "-o", str(tmp_path / "out")]
    told = CliRunner().invoke(cli, words)
    assert told.exit_code != 0
    told = CliRunner().invoke(cli, [*words, "--format", "dossier", "--json"])
    assert json.loads(told.output)["campaign"] == case.campaign


def test_rules_use_nothing_that_the_level_does_not_show(case: Case) -> None:
    for tlp in ("GREEN", "CLEAR"):
        source = open_source(case.folder, case.campaign, tlp).source
        for rule in rules_for(source, lambda _: None).rules:
            for clause in rule.clauses:
                for element in clause:
                    assert element.family not in {"author_address", "reply_address"}
                    assert "sandra" not in element.value


def test_what_an_engine_cannot_be_asked_is_in_no_rule_and_told(case: Case) -> None:
    source = open_source(case.folder, case.campaign, "RED").source
    whole = rules_for(source, lambda _: None)
    used = {e.family for rule in whole.rules for clause in rule.clauses for e in clause}
    without = rules_for(
        source, lambda condition: "cannot" if "X-Mailer".lower() in str(condition) else None
    )
    for rule in without.rules:
        for clause in rule.clauses:
            assert all("x-mailer" not in str(element.condition) for element in clause)
    assert used & {"toolmark", "mailer"}
    assert any(one.reason == "cannot" for one in without.left_out)
    nothing = rules_for(source, lambda _: "cannot")
    assert not nothing.rules
    assert len(nothing.none) == 3


def test_the_publishers_contact_goes_out(case: Case, tmp_path: Path) -> None:
    """It is the publisher's own to show, at every level."""
    heap = wave_of_2014()
    mail = write_heap(tmp_path / "mail", [*heap.members, *heap.decoys])
    who = CaseFile(organisation="CERT Example", contact="incidents@cert.example")
    investigate([mail], tmp_path / "case", case_file=who, jobs=1)
    name = json.loads((tmp_path / "case" / "campaigns.json").read_text(encoding="utf-8"))[0]["id"]
    result = export(
        tmp_path / "case", name, tmp_path / "out", formats=["arf", "xarf", "dossier"], tlp="CLEAR"
    )
    assert not result.finds
    drafts = list((tmp_path / "out" / "arf").iterdir())
    assert drafts
    assert all("From: incidents@cert.example" in one.read_text() for one in drafts)
    assert list((tmp_path / "out" / "xarf").iterdir())
