"""A case with known people, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthop.investigation.publish import Prepared, prepare
from tests.publication.redaction.mail import case_of, heap


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mail of the case."""
    return heap(tmp_path_factory.mktemp("posta") / "home" / "caterina" / "segnalate")


@pytest.fixture(scope="session")
def case(mail_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case, with its own servers named."""
    return case_of(mail_folder, tmp_path_factory.mktemp("casi") / "caso")


@pytest.fixture(scope="session")
def clear(case: Path) -> Prepared:
    """What may go out of it to everybody."""
    return prepare(case, "CLEAR")
