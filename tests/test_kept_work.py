"""What the program makes of its own files is kept, and made anew of other ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from firsthop.system import kept_work
from firsthop.system.kept_file import keep_file, read_kept
from firsthop.system.kept_work import once

FOLDERS = ("system",)
WORK = (b"some", b"work")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module beside whose bytecode it is kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return str(tmp_path / "module.pyc")


def kept(module: str) -> str:
    return str(next(Path(module).parent.glob("*.marshal")))


def no_work() -> tuple[bytes, ...]:
    pytest.fail("it was made once more")


def less() -> tuple[bytes, ...]:
    return (b"less",)


def test_it_is_made_once(module: str) -> None:
    assert once(module, FOLDERS, lambda: WORK, no_work) == WORK
    assert once(module, FOLDERS, no_work, no_work) == WORK


def test_of_other_files_it_is_made_anew(module: str) -> None:
    once(module, FOLDERS, lambda: WORK, no_work)
    of, work = read_kept(kept(module))
    keep_file(kept(module), ((*of[:-1], (*of[-1][:2], 0)), work))
    assert once(module, FOLDERS, lambda: (b"other",), no_work) == (b"other",)
    assert once(module, ("system", "mail"), lambda: (b"more",), no_work) == (b"more",)


@pytest.mark.parametrize("other", [None, (), (1, 2), ("a", b""), ((), ()), ((), ("text",))])
def test_anything_else_is_not_taken(module: str, other: object) -> None:
    once(module, FOLDERS, lambda: WORK, no_work)
    of, _ = read_kept(kept(module))
    keep_file(
        kept(module), (of, other[1]) if isinstance(other, tuple) and len(other) > 1 else other
    )
    assert once(module, FOLDERS, lambda: (b"anew",), no_work) == (b"anew",)


def test_in_an_archive_nothing_is_kept(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_work, "PACKAGE", "no such folder/")
    assert once(module, FOLDERS, no_work, less) == (b"less",)
    assert not list(Path(module).parent.iterdir())


def test_where_nothing_may_be_kept_less_is_made(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert once(module, FOLDERS, no_work, less) == (b"less",)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert once(module, FOLDERS, no_work, less) == (b"less",)
