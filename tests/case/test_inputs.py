"""Neither the case file nor the case folder is taken for mail, however the folder is
named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from firsthop.case.inputs import case_files, mail_inputs
from firsthop.mail.sources import Skipped

MAIL = b"Received: from a by b; Thu, 29 May 2014 14:18:38 +0200\r\nSubject: x\r\n\r\nbody\r\n"
LOOKS_LIKE_MAIL = b"# Received: from a by b; Thu, 29 May 2014 14:18:38 +0200\nSubject: x\nFrom: y\n"


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    folder = tmp_path / "heap"
    (folder / "case-1" / "deep").mkdir(parents=True)
    (folder / "a.eml").write_bytes(MAIL)
    (folder / "case.toml").write_bytes(LOOKS_LIKE_MAIL)
    (folder / "case-1" / "deep" / "b.eml").write_bytes(MAIL)
    (folder / "case-10.eml").write_bytes(MAIL)
    return folder


def uris(*paths: str | Path, leave_out: tuple[Path, ...] = ()) -> list[str]:
    return [
        found.uri if isinstance(found, Skipped) else found.source.uri
        for found in mail_inputs(paths, leave_out)
    ]


def test_the_case_file_of_a_folder_is_no_mail(heap: Path) -> None:
    assert [Path(uri).name for uri in uris(heap)] == ["a.eml", "case-10.eml", "b.eml"]
    assert case_files([heap]) == [heap / "case.toml"]


def test_a_case_file_given_by_itself_is_no_mail(heap: Path) -> None:
    assert uris(heap / "a.eml", heap / "case.toml") == [str(heap / "a.eml")]
    assert case_files([heap / "a.eml", heap / "case.toml"]) == [heap / "case.toml"]


@pytest.mark.parametrize("spelt", ["heap", "heap/", "./heap", "heap/../heap", "link"])
def test_the_spelling_of_a_folder_does_not_matter(
    heap: Path, spelt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(heap.parent)
    Path("link").symlink_to("heap")
    assert [Path(uri).name for uri in uris(spelt, leave_out=(Path("heap/case-1"),))] == [
        "a.eml",
        "case-10.eml",
    ]


def test_another_case_file_in_the_folder_is_no_mail_either(heap: Path) -> None:
    (heap / "mine.toml").write_bytes(LOOKS_LIKE_MAIL)
    assert str(heap / "mine.toml") not in uris(heap, leave_out=(heap / "mine.toml",))


def test_a_deeper_file_of_that_name_is_read(heap: Path) -> None:
    (heap / "case-1" / "case.toml").write_bytes(MAIL)
    assert str(heap / "case-1" / "case.toml") in uris(heap)


def test_standard_input_is_read() -> None:
    (found,) = mail_inputs(["-"], stdin=io.BytesIO(MAIL))
    assert not isinstance(found, Skipped)
    assert found.data == MAIL
