"""A case that is not as its journal says is added to by nobody: one line names what
differs, and nothing changes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthop.case.folder import CaseFolder
from firsthop.case.journal import JOURNAL
from firsthop.errors import CaseError
from firsthop.faces.cli import cli
from firsthop.investigation.investigate import investigate
from tests.case.conftest import EXAMPLE

FILES = (
    "archive/archive.sqlite archive/segments/message-*.parquet archive/segments/feature-*.parquet "
    "archive/segments/weight-*.parquet bulletin.en.html bulletin.en.md bulletin.it.html "
    "bulletin.it.md campaigns.json findings.parquet gathering.json hops.parquet inputs.jsonl "
    "messages.parquet verdicts.parquet"
).split()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    investigate([EXAMPLE], tmp_path / "case")
    return tmp_path / "case"


def state(case: Path) -> dict[str, object]:
    """Every name of a folder with what it is."""
    return {
        str(path.relative_to(case)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else path.stat().st_mode
        for path in sorted(case.rglob("*"))
    }


def refused(case: Path, name: str) -> str:
    """What the command says that would add to the case."""
    before = state(case)
    words = ["investigate", str(EXAMPLE), "-o", str(case)]
    shown = CliRunner().invoke(cli, words, prog_name="firsthop")
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1), shown.output
    assert name in shown.stderr
    assert state(case) == before
    return shown.stderr


def edited(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def missing(path: Path) -> None:
    path.unlink()


def a_link(path: Path) -> None:
    """To the very bytes."""
    elsewhere = path.parents[len(path.parents) - 1 - len(path.parts[:-2])] / f"kept-{path.name}"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def a_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES: tuple[Callable[[Path], None], ...] = (
    edited,
    longer,
    cut,
    emptied,
    missing,
    a_link,
    a_link_to_nothing,
    a_folder,
    a_pipe,
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed") / "case"
    investigate([EXAMPLE], folder)
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_file(damage: Callable[[Path], None], sealed: Path, tmp_path: Path) -> None:
    import shutil

    for pattern in FILES:
        case = tmp_path / "top" / pattern.replace("/", "-").replace("*", "x") / "case"
        shutil.copytree(sealed, case)
        (path,) = case.glob(pattern)
        damage(path)
        refused(case, str(path.relative_to(case)))


@pytest.mark.parametrize("damage", [edited, longer, cut, emptied, missing, a_folder, a_pipe])
def test_the_journal(damage: Callable[[Path], None], case: Path) -> None:
    damage(case / JOURNAL)
    refused(case, "no case" if damage is missing else JOURNAL)


def test_a_journal_without_its_last_entry(case: Path, tmp_path: Path) -> None:
    first = (case / JOURNAL).read_bytes()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.eml").write_bytes(b"From: a@example.org\nSubject: x\n\nbody\n")
    investigate([EXAMPLE, tmp_path / "more"], case)
    assert (case / JOURNAL).read_bytes() != first
    (case / JOURNAL).write_bytes(first)
    refused(case, "and ")  # more than are named


def test_a_made_up_id_is_not_sealed(case: Path) -> None:
    """Edited by hand, as a database."""
    with sqlite3.connect(case / "archive" / "archive.sqlite") as connection:
        connection.execute("INSERT INTO alias VALUES (99, 'ca-made-up', 'ca-other', 'none')")
    connection.close()
    refused(case, "archive/archive.sqlite")


@pytest.mark.parametrize(
    "name",
    [
        "archive/archive.sqlite-wal",
        "archive/archive.sqlite-journal",
        "archive/segments/message-0.parquet",
        "archive/note.txt",
    ],
)
def test_what_came_to_the_folders_of_a_case(name: str, case: Path) -> None:
    (case / name).write_bytes(b"x")
    refused(case, f"{name} (added")


def test_answers_that_the_journal_does_not_know(case: Path) -> None:
    (case / "dns.jsonl").write_text("{}\n")
    refused(case, "dns.jsonl")


def test_a_folder_that_is_a_link(case: Path) -> None:
    (case / "archive").rename(case.parent / "elsewhere")
    (case / "archive").symlink_to(case.parent / "elsewhere")
    refused(case, "archive")


def test_the_first_ones_are_named_and_the_others_counted(case: Path) -> None:
    for path in case.glob("bulletin.*"):
        edited(path)
    edited(case / "inputs.jsonl")
    told = refused(case, "bulletin.en.html")
    assert "bulletin.it.md" not in told
    assert "; and 2 more:" in told


def test_a_note_beside_it_is_nobodys_concern(case: Path) -> None:
    (case / "note.txt").write_text("mine")
    (case / "archive" / ".DS_Store").write_text("of a file manager")
    investigate([EXAMPLE], case)
    assert (case / "note.txt").read_text() == "mine"


def test_a_note_in_the_place_of_a_new_file_is_not_overwritten(case: Path) -> None:
    (case / "new.txt").write_text("mine")
    with CaseFolder.open(case) as folder:
        folder.write_text("new.txt", "ours")
        with pytest.raises(CaseError, match=r"new.txt is not of this case"):
            folder.seal("investigate")
    assert (case / "new.txt").read_text() == "mine"
    assert "campaigns.json" in state(case)
