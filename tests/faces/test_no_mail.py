"""No mail is no case: one line, exit code 2, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.errors import NoMailError
from firsthop.investigation.investigate import investigate

Run = Callable[..., Result]


def empty(folder: Path) -> list[Path]:
    (folder / "empty").mkdir()
    return [folder / "empty"]


def a_case_file_alone(folder: Path) -> list[Path]:
    (folder / "case.toml").write_text('title = "nothing"\n')
    return [folder]


def one_that_is_no_mail(folder: Path) -> list[Path]:
    (folder / "note.txt").write_text("hello\n")
    return [folder]


def several_that_are_no_mail(folder: Path) -> list[Path]:
    for name, data in {"a.bin": bytes(range(256)) * 9, "b.txt": b"hello\n", "c.eml": b""}.items():
        (folder / name).write_bytes(data)
    return [folder, folder / "none.eml"]


def one_that_is_not_there(folder: Path) -> list[Path]:
    return [folder / "none"]


def five_that_are_not_there(folder: Path) -> list[Path]:
    return [folder / f"none{n}" for n in range(5)]


def a_link_to_nothing(folder: Path) -> list[Path]:
    (folder / "a.eml").symlink_to(folder / "none")
    return [folder]


SHAPES = {
    empty: 1,
    a_case_file_alone: 1,
    one_that_is_no_mail: 1,
    several_that_are_no_mail: 5,
    one_that_is_not_there: 1,
    five_that_are_not_there: 6,
    a_link_to_nothing: 1,
}


@pytest.mark.parametrize(("shape", "lines"), SHAPES.items())
def test_nothing_is_written(
    shape: Callable[[Path], list[Path]], lines: int, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "mail").mkdir()
    paths = shape(tmp_path / "mail")
    case = tmp_path / "new" / "case"
    shown = run("investigate", *paths, "-o", case)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", lines)
    assert "nothing is written" in shown.stderr.splitlines()[-1]
    assert not case.parent.exists()
    with pytest.raises(NoMailError):
        investigate(paths, case)
    assert not case.parent.exists()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_case_that_is_there_stays_as_it_is(
    shape: Callable[[Path], list[Path]], run: Run, example: str, tmp_path: Path
) -> None:
    case = tmp_path / "case"
    assert run("investigate", example, "-o", case).exit_code == 0
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files(case)}
    (tmp_path / "mail").mkdir()
    assert run("investigate", *shape(tmp_path / "mail"), "-o", case).exit_code == 2
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files(case)} == before


def files(case: Path) -> list[Path]:
    return sorted(path for path in case.rglob("*") if path.is_file())


def test_an_empty_standard_input(run: Run, tmp_path: Path) -> None:
    shown = run("investigate", "-", "-o", tmp_path / "case", stdin=b"")
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "case").exists()


def test_one_message_is_mail(run: Run, message: bytes, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello\n")
    (tmp_path / "z.eml").write_bytes(message)
    shown = run("investigate", tmp_path, "-o", tmp_path / "case", "--json")
    assert shown.exit_code == 1
    assert '"messages": 1' in shown.stdout
