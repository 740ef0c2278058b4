"""A small case to look at and to tamper with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.case.folder import CaseFolder
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import Examination, examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, Skipped, read_sources
from firsthop.settings import OwnServers

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "libero-2014" / "headers.txt"

Write = Callable[..., Path]


@pytest.fixture
def mails() -> list[RawMail]:
    """The seven excerpts of the example."""
    return [mail for mail in read_sources([EXAMPLE]) if isinstance(mail, RawMail)]


@pytest.fixture
def examinations(mails: list[RawMail]) -> list[Examination]:
    """The same, examined."""
    return [examine(establish(read_mail(mail), OwnServers()), CaseFile()) for mail in mails]


@pytest.fixture
def write_case(mails: list[RawMail], examinations: list[Examination], tmp_path: Path) -> Write:
    """Writes the example as a case: everything a case can hold, in a folder below
    tmp_path."""

    def write(
        name: str = "case",
        text: str = "# Bulletin\n",
        time: str | None = None,
        more: dict[str, str] | None = None,
    ) -> Path:
        with CaseFolder.open(tmp_path / name) as case:
            with case.manifest() as manifest:
                for mail in mails:
                    manifest.add(mail)
                manifest.add(Skipped("broken.eml", "empty"))
            with case.evidence() as evidence:
                for examination in examinations:
                    evidence.add(examination)
            case.write_text("bulletin.en.md", text)
            for file, content in (more or {}).items():
                case.write_text(file, content)
            case.seal("investigate", time)
        return tmp_path / name

    return write


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(name="contents")
def contents_fixture() -> Callable[[Path], dict[str, bytes]]:
    """Reads a folder whole."""
    return contents
