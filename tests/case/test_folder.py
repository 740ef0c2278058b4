"""A case folder changes at once or not at all, repeats to the byte, and takes nothing
that is not a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.case.folder import CaseFolder
from firsthop.case.journal import JOURNAL, read_journal
from firsthop.case.verify import verify
from firsthop.errors import CaseError

Write = Callable[..., Path]
Contents = Callable[[Path], dict[str, bytes]]


def test_a_case_holds_what_was_written(write_case: Write, contents: Contents) -> None:
    case = write_case(more={"pictures/path.svg": "<svg/>"})
    expected = (
        "bulletin.en.md findings.parquet header_fields.parquet hops.parquet inputs.jsonl "
        "journal.jsonl "
        "messages.parquet people.parquet pictures/path.svg verdicts.parquet"
    )
    assert list(contents(case)) == expected.split()
    assert (case / "bulletin.en.md").read_bytes() == b"# Bulletin\n"


def test_a_repeated_run_leaves_the_same_bytes(write_case: Write, contents: Contents) -> None:
    case = write_case()
    before = contents(case)
    write_case()
    assert contents(case) == before
    assert contents(write_case("another")) == before


def test_a_change_continues_the_journal(write_case: Write) -> None:
    case = write_case()
    first = (case / JOURNAL).read_bytes()
    write_case(text="# Another\n")
    assert (case / JOURNAL).read_bytes().startswith(first)
    entries = read_journal((case / JOURNAL).read_bytes()).entries
    assert [entry.sequence for entry in entries] == [1, 2]
    assert verify(case) == []


def test_a_time_is_noted_only_when_it_is_given(write_case: Write) -> None:
    case = write_case(time="2026-01-01T00:00:00Z")
    noted = (case / JOURNAL).read_bytes()
    write_case()
    write_case(time="2026-01-01T00:00:00Z")
    assert (case / JOURNAL).read_bytes() == noted
    write_case(time="2026-01-02T00:00:00Z")
    assert [entry.time for entry in read_journal((case / JOURNAL).read_bytes()).entries] == [
        "2026-01-01T00:00:00Z",
        "2026-01-02T00:00:00Z",
    ]


def test_files_that_are_not_written_again_are_removed_and_foreign_ones_stay(
    write_case: Write, contents: Contents
) -> None:
    case = write_case(more={"old.txt": "old"})
    (case / "note.txt").write_text("mine")
    write_case()
    assert "old.txt" not in contents(case)
    assert [problem.file for problem in verify(case)] == ["note.txt"]


def fail_halfway(path: Path, error: BaseException) -> None:
    """A run that stops after it has written some files."""
    with CaseFolder.open(path) as case:
        case.write_text("bulletin.en.md", "half")
        with case.evidence():
            raise error


def test_a_run_that_fails_leaves_the_case_as_it_was(write_case: Write, contents: Contents) -> None:
    case = write_case()
    before = contents(case)
    with pytest.raises(RuntimeError):
        fail_halfway(case, RuntimeError())
    assert contents(case) == before


def test_a_first_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail_halfway(tmp_path / "new", KeyboardInterrupt())
    assert not (tmp_path / "new").exists()


def test_what_a_killed_run_left_is_cleared(write_case: Write, contents: Contents) -> None:
    case = write_case()
    before = contents(case)
    (case / ".staging-abc").mkdir()
    (case / ".staging-abc" / "half").write_text("x")
    assert [problem.file for problem in verify(case)] == [".staging-abc/half"]
    write_case()
    assert contents(case) == before


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CaseError, match="is not empty and holds no case"):
        CaseFolder.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("")
    with pytest.raises(CaseError, match="is a file"):
        CaseFolder.open(tmp_path / "case")


def test_a_damaged_journal_is_refused(write_case: Write) -> None:
    case = write_case()
    (case / JOURNAL).write_bytes(
        (case / JOURNAL).read_bytes().replace(b"investigate", b"investigats")
    )
    with pytest.raises(CaseError, match=r"journal.jsonl \(line 1 is not as it was written\)"):
        CaseFolder.open(case)


def test_two_runs_do_not_write_one_case(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with CaseFolder.open(tmp_path / "case") as case:
        with pytest.raises(CaseError, match="another run"):
            CaseFolder.open(tmp_path / "case")
        case.write_text("a.txt", "a")
        case.seal("investigate")
    with CaseFolder.open(tmp_path / "case"):
        pass


@pytest.mark.parametrize("name", ["../up.txt", "/abs.txt", ".hidden", JOURNAL, "", "a//b"])
def test_no_name_leads_outside(tmp_path: Path, name: str) -> None:
    with (
        CaseFolder.open(tmp_path / "case") as case,
        pytest.raises(ValueError, match="no name for a file"),
    ):
        case.write_text(name, "x")
