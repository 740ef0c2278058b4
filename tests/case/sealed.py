"""Ends a run at the N-th call by which its seal changes a file system, at every N, and
tells what each left: run as a program by test_seal.py.

Every function of `os` that changes something is counted, and so is each file that is
opened to be written; a write is ended after half of its bytes. Each run is a process of
its own (fork), and ends without any clean-up.

    sealed.py FOLDER PART PARTS files SHAPE           files as text, by CaseFolder
    sealed.py FOLDER PART PARTS mail FIRST SECOND     mail, by investigate

The first line tells the case before, after, and after a second such run; each further
line one moment; of several PARTS each takes every PARTS-th moment.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from firsthop.case.folder import CaseFolder
from firsthop.faces.cli import cli
from firsthop.investigation.investigate import investigate
from tests.children import forked

KILLED = 9
CHANGES = (
    "chmod fchmod fdatasync fsync ftruncate link mkdir mkfifo open pwrite remove rename replace "
    "rmdir symlink truncate unlink utime write"
).split()
SHAPES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a new case": ({}, {"a": "1", "in/b": "2", "in/deep/c": "3"}),
    "changed files": ({"a": "1", "b": "2"}, {"a": "one", "b": "two"}),
    "files that go": ({"a": "1", "in/b": "2", "in/deep/c": "3"}, {"a": "one"}),
    "files that come": ({"a": "1"}, {"a": "1", "in/b": "2", "in/deep/c": "3"}),
    "a folder for a file": ({"a": "1", "b": "2"}, {"a/a": "one", "b": "2"}),
    "nothing new": ({"a": "1", "in/b": "2"}, {"a": "1", "in/b": "2"}),
}
Run = Callable[[], object]


class Killer:
    """Counts the calls, and ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.calls: list[str] = []

    def watch(self) -> None:
        """From here on every call counts."""
        for name in CHANGES:
            if function := getattr(os, name, None):
                setattr(os, name, self._counted(name, function))
        opened = io.open

        def open_counted(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            if set(mode) & set("wax+"):
                self._moment(f"open {mode}")
            return opened(file, mode, *rest, **more)

        builtins.open = io.open = open_counted

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            if name == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return function(*arguments, **more)
            if name == "write" and len(self.calls) + 1 == self.at:
                function(arguments[0], arguments[1][: len(arguments[1]) // 2])
            self._moment(name)
            return function(*arguments, **more)

        return call

    def _moment(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) == self.at:
            os._exit(KILLED)


def contents(case: Path) -> dict[str, str]:
    """The digest of each file of a case."""
    return {
        path.relative_to(case).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(case.rglob("*"))
        if path.is_file()
    }


def open_to_others(case: Path) -> list[str]:
    """What others than the owner may read or enter."""
    return [str(path) for path in (case, *case.rglob("*")) if path.stat().st_mode & 0o077]


def watched(run: Run, at: int = 0) -> list[str]:
    """The run, watched from its seal on; gives the calls that it made."""
    os.umask(0)
    killer, seal = Killer(at), CaseFolder.seal

    def watched_seal(self: CaseFolder, *arguments: Any) -> Any:
        killer.watch()
        return seal(self, *arguments)

    CaseFolder.seal = watched_seal  # type: ignore[method-assign, assignment]
    run()
    return killer.calls


def write_files(case: Path, files: dict[str, str]) -> None:
    """A case of these files."""
    with CaseFolder.open(case, "a run") as folder:
        for name, text in files.items():
            folder.write_text(name, text)
        folder.seal("investigate")


def looked_at(case: Path) -> dict[str, Any]:
    """What the commands say that read a case."""
    told: dict[str, Any] = {}
    for name in ("verify", "campaigns"):
        done = CliRunner().invoke(cli, [name, "--json", str(case)], prog_name="firsthop")
        told[name] = [done.exit_code, done.stdout]
    return told


def main(what: str, folder: Path, part: int, parts: int, first: Run | None, second: Run) -> None:
    """Every moment, one JSON value a line."""
    case, kept = folder / "case", folder / "before"
    if first is not None:
        assert forked(first)[0] == 0
        case.rename(kept)

    def begin() -> None:
        shutil.rmtree(case, ignore_errors=True)
        if kept.exists():
            shutil.copytree(kept, case)

    begin()
    code, calls = forked(lambda: watched(second))
    assert code == 0
    told = {"before": contents(kept), "after": contents(case), "calls": calls}
    assert forked(lambda: watched(second))[0] == 0
    say({**told, "again": contents(case)})
    for at in range(1 + part, len(calls) + 1, parts):
        tell(case, at, begin, second, 1 if what == "files" else 4)


def tell(case: Path, at: int, begin: Callable[[], None], run: Run, reading: int) -> None:
    """One moment: what the next run makes of it, and, each `reading` moments, what a
    command that reads the case finds."""
    seen = settled = None
    if at % reading == 0:
        begin()
        forked(lambda: watched(run, at))
        _, seen = forked(lambda: looked_at(case))
        settled = {
            name: digest
            for name, digest in contents(case).items()
            if not name.startswith(".staging-")
        }
    begin()
    code, _ = forked(lambda: watched(run, at))
    others = open_to_others(case)
    repeated, _ = forked(lambda: watched(run))
    told = {"at": at, "codes": [code, repeated], "seen": seen, "settled": settled}
    say({**told, "others": others, "next": contents(case)})


def say(told: dict[str, Any]) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def mail_investigated(mail: str, case: Path) -> None:
    """A case of mail."""
    investigate([mail], case)


if __name__ == "__main__":
    place, part, parts, kind, *what = sys.argv[1:]
    here = Path(place) / "case"
    if kind == "files":
        before, after = SHAPES[what[0]]
        main(
            kind,
            Path(place),
            int(part),
            int(parts),
            (lambda: write_files(here, before)) if before else None,
            lambda: write_files(here, after),
        )
    else:
        main(
            kind,
            Path(place),
            int(part),
            int(parts),
            (lambda: mail_investigated(what[0], here)) if what[0] != "-" else None,
            lambda: mail_investigated(what[1], here),
        )
