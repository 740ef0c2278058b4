"""One changed byte anywhere is found and its file named; so are missing and added
files, links, and a journal that was cut or forged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.case.journal import JOURNAL, entry_line, new_entry, read_journal
from firsthop.case.verify import standing, verify
from firsthop.errors import CaseError

Write = Callable[..., Path]


def files_named(case: Path) -> set[str]:
    return {problem.file for problem in verify(case)}


def test_an_untouched_case_is_intact(write_case: Write) -> None:
    case = write_case()
    assert verify(case) == []
    assert (standing(case).files, standing(case).entries) == (8, 1)


@pytest.mark.slow
def test_every_flipped_byte_is_found_and_its_file_named(write_case: Write) -> None:
    case = write_case()
    for path in sorted(case.iterdir()):
        whole = path.read_bytes()
        for place in range(0, len(whole), 1 if path.name in (JOURNAL, "bulletin.en.md") else 97):
            for flip in (0x01, 0x20, 0x80) if path.name == JOURNAL else (0x01,):
                path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
                assert path.name in files_named(case), f"{path.name} byte {place} ^ {flip}"
        path.write_bytes(whole)
    assert verify(case) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: b" " + data,
        lambda data: data[:0],
    ],
)
def test_a_byte_too_few_or_too_many_is_found(
    write_case: Write, change: Callable[[bytes], bytes]
) -> None:
    case = write_case()
    for path in sorted(case.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(change(whole))
        assert path.name in files_named(case)
        path.write_bytes(whole)


def test_missing_and_added_files_are_named(write_case: Write) -> None:
    case = write_case()
    (case / "hops.parquet").unlink()
    (case / "deep").mkdir()
    (case / "deep" / "note.txt").write_text("mine")
    (case / "empty").mkdir()
    assert [(p.file, p.explanation.partition(":")[0]) for p in verify(case)] == [
        ("deep/note.txt", "added"),
        ("empty/", "added"),
        ("hops.parquet", "missing"),
    ]


def test_a_link_is_no_file_of_the_case(write_case: Write, tmp_path: Path) -> None:
    case = write_case()
    moved = tmp_path / "elsewhere.md"
    (case / "bulletin.en.md").rename(moved)
    (case / "bulletin.en.md").symlink_to(moved)
    (case / "extra").symlink_to(tmp_path)
    assert files_named(case) == {"bulletin.en.md", "extra"}


def test_a_case_without_its_journal_is_none(write_case: Write) -> None:
    case = write_case()
    (case / JOURNAL).unlink()
    assert files_named(case) == {JOURNAL}


def test_a_journal_cut_to_an_earlier_entry_is_found_by_its_files(write_case: Write) -> None:
    case = write_case()
    first = (case / JOURNAL).read_bytes()
    write_case(text="# Another\n")
    (case / JOURNAL).write_bytes(first)
    assert files_named(case) == {"bulletin.en.md"}


def test_entries_in_another_order_are_found(write_case: Write) -> None:
    case = write_case()
    write_case(text="# Another\n")
    lines = (case / JOURNAL).read_bytes().splitlines(keepends=True)
    (case / JOURNAL).write_bytes(lines[1] + lines[0])
    assert JOURNAL in files_named(case)


def test_an_entry_forged_with_its_own_digest_breaks_the_chain(write_case: Write) -> None:
    case = write_case()
    write_case(text="# Another\n")
    entries = read_journal((case / JOURNAL).read_bytes()).entries
    forged = new_entry(None, "something else", entries[0].inputs, list(entries[0].files))
    (case / JOURNAL).write_text(entry_line(forged) + "\n" + entry_line(entries[1]) + "\n")
    assert JOURNAL in files_named(case)


HOSTILE = [
    b"[" * 100_000,
    b"{}",
    b"null",
    b'{"sequence":NaN}',
    b'{"inputs":{},"files":[{"name":1,"size":"x","sha256":null}],"sha256":""}',
    b'{"inputs":[],"files":{}}',
    b"\xff\x00",
    b"",
]


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: repr(line[:20]))
def test_a_foreign_journal_never_raises(tmp_path: Path, line: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(line + b"\n")
    assert files_named(tmp_path) == {JOURNAL}


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a/../../b", ".hidden", "a//b", "a\nb", "", JOURNAL]
)
def test_a_journal_cannot_name_a_file_outside(write_case: Write, name: str) -> None:
    case = write_case()
    (entry,) = read_journal((case / JOURNAL).read_bytes()).entries
    forged = new_entry(
        None, "investigate", entry.inputs, [*entry.files, entry.files[0]._replace(name=name)]
    )
    (case / JOURNAL).write_text(entry_line(forged) + "\n")
    assert files_named(case) == {JOURNAL}


def test_a_folder_inside_that_became_a_link_is_not_followed(
    write_case: Write, tmp_path: Path
) -> None:
    case = write_case(more={"pictures/path.svg": "<svg/>"})
    outside = tmp_path / "outside"
    (case / "pictures").rename(outside)
    (case / "pictures").symlink_to(outside)
    assert "pictures/path.svg" in files_named(case)


def test_no_folder_is_the_operators_mistake(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such folder"):
        verify(tmp_path / "none")
