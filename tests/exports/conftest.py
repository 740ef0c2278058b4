"""Two heaps whose campaign is known, investigated once for all formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthop.investigation.export import open_source
from firsthop.publication.exports.source import ExportSource
from tests.exports.heaps import Case, ham, investigated, planted, wave_of_2014
from tests.exports.intelligence import case_of, source_of


def _source(case: Case) -> ExportSource:
    return open_source(case.folder, case.campaign, "RED").source


@pytest.fixture(scope="session")
def wave_source(tmp_path_factory: pytest.TempPathFactory) -> ExportSource:
    """The wave of 2014, rebuilt as mails."""
    return _source(investigated(tmp_path_factory.mktemp("wave"), wave_of_2014()))


@pytest.fixture(scope="session")
def planted_source(tmp_path_factory: pytest.TempPathFactory) -> ExportSource:
    """The planted campaign."""
    return _source(investigated(tmp_path_factory.mktemp("planted"), planted()))


@pytest.fixture(scope="session")
def genuine(corpus_messages: Path) -> list[bytes]:
    """Genuine mail of the corpora."""
    return ham(corpus_messages)


@pytest.fixture(scope="session")
def intelligence_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case."""
    return case_of(tmp_path_factory.mktemp("intelligence"))


@pytest.fixture(scope="session")
def full_source(intelligence_case: Path) -> ExportSource:
    """Its campaign for named readers: nothing is hidden."""
    return source_of(intelligence_case, "RED")


@pytest.fixture(scope="session")
def clear_source(intelligence_case: Path) -> ExportSource:
    """Its campaign for everybody."""
    return source_of(intelligence_case, "CLEAR")
