"""The dossier: letters in both languages that say who is asked for what, accuse nobody,
and hold nothing that the level does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthop import __version__
from firsthop.investigation.export import export, open_source
from firsthop.publication.exports.dossier import write
from firsthop.publication.exports.source import ExportSource
from tests.exports.heaps import Case, investigated, wave_of_2014


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The wave of 2014."""
    return investigated(tmp_path_factory.mktemp("wave"), wave_of_2014())


@pytest.fixture(scope="module")
def clear(case: Case) -> ExportSource:
    """For everybody."""
    return open_source(case.folder, case.campaign, "CLEAR").source


def test_a_letter_in_each_language_with_table_and_bulletin(clear: ExportSource) -> None:
    files = write(clear).files
    assert {"letter.it.md", "letter.en.html", "bulletin.it.md", "first_hops.csv"} <= set(files)
    english, italian = files["letter.en.md"].decode(), files["letter.it.md"].decode()
    assert "preserve the records" in english
    assert "conservare le registrazioni" in italian
    assert "no person, country or company is accused" in english
    for text in (english, italian):
        assert "{" not in text
        assert "TLP:CLEAR" in text
        assert __version__ in text


def test_no_person_is_named_for_everybody(case: Case, tmp_path: Path) -> None:
    result = export(case.folder, case.campaign, tmp_path / "out", formats=["dossier"], tlp="CLEAR")
    assert not result.finds
    for path in (tmp_path / "out" / "dossier").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "giulia.neri" not in text
        assert "destinatario0" not in text


def test_queue_ids_and_digests_are_in_the_table(clear: ExportSource) -> None:
    table = write(clear).files["first_hops.csv"].decode()
    assert "19E99E83CED1" in table
    assert all(one.sha256 in table for one in clear.summaries)
