"""Ends an investigation at the N-th call by which its seal changes a file system, and
says how many there were: run as a program by test_seal.py.

Every function of `os` that changes something is counted, and so is a file that is
opened to be written. A write is ended after half of its bytes. Each run is a process of
its own (fork): what it leaves is what a machine that stops leaves.

    sealed.py count FIRST SECOND FOLDER     how many moments there are, in FOLDER/case
    sealed.py kill  FIRST SECOND FOLDER     ends a run at each, and tells of each in JSON
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

CHANGES = (
    "chmod fchmod fdatasync fsync ftruncate link makedirs mkdir mkfifo open pwrite remove rename "
    "replace rmdir symlink truncate unlink utime write"
).split()


class Killer:
    """Counts the calls, and ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0
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

        builtins.open = io.open = open_counted  # type: ignore[assignment]

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            if name == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return function(*arguments, **more)
            half = lambda: function(arguments[0], arguments[1][: len(arguments[1]) // 2])
            self._moment(name, half if name == "write" else None)
            return function(*arguments, **more)

        return call

    def _moment(self, name: str, last: Callable[[], Any] | None = None) -> None:
        self.count += 1
        self.calls.append(name)
        if self.count == self.at:
            if last:
                last()
            os._exit(9)


def contents(case: Path) -> dict[str, str]:
    """The digest of each file of a case."""
    return {
        path.relative_to(case).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(case.rglob("*"))
        if path.is_file()
    }


def modes(case: Path) -> list[str]:
    """What others may read."""
    return [str(path) for path in (case, *case.rglob("*")) if path.stat().st_mode & 0o077]


def forked(work: Callable[[], Any]) -> tuple[int, Any]:
    """Exit code and answer of `work` in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code = 1
        try:
            answer = json.dumps(work()).encode()
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(answer)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(told) if told else None


def add(mail: Path, case: Path, at: int = 0) -> list[str]:
    """Investigate, watched from the seal on; gives the calls that the seal made."""
    killer, seal = Killer(at), CaseFolder.seal

    def watched(self: CaseFolder, *arguments: Any) -> Any:
        killer.watch()
        return seal(self, *arguments)

    CaseFolder.seal = watched  # type: ignore[method-assign]
    investigate([mail], case)
    return killer.calls


def command(*words: str) -> tuple[int, str]:
    """Exit code and what a command says."""
    done = CliRunner().invoke(cli, list(words), prog_name="firsthop")
    return done.exit_code, done.output


def main(what: str, first: str, second: str, folder: str) -> None:
    """Tells what the tests ask for, one JSON value a line."""
    case = Path(folder) / "case"

    def begin() -> None:
        shutil.rmtree(case, ignore_errors=True)
        if first != "-":
            assert forked(lambda: investigate([first], case) and None)[0] == 0

    begin()
    old = contents(case) if case.exists() else {}
    _, calls = forked(lambda: add(Path(second), case))
    new = contents(case)
    forked(lambda: add(Path(second), case))
    again = contents(case)
    print(json.dumps({"old": old, "new": new, "again": again, "calls": calls}), flush=True)
    for at in range(1, len(calls) + 1 if what == "kill" else 0):
        told: dict[str, Any] = {"at": at, "call": calls[at - 1]}
        begin()
        told["code"], _ = forked(lambda at=at: add(Path(second), case, at))  # type: ignore[misc]
        told["open"] = modes(case)
        if case.is_dir():
            for words in (["verify", "--json", str(case)], ["campaigns", "--json", str(case)]):
                _, told[words[0]] = forked(lambda words=words: command(*words))  # type: ignore[misc]
        told["settled"] = {
            name: digest
            for name, digest in (contents(case) if case.is_dir() else {}).items()
            if not name.startswith(".staging-")
        }
        forked(lambda: add(Path(second), case))
        told["next"] = contents(case)
        begin()
        forked(lambda at=at: add(Path(second), case, at))  # type: ignore[misc]
        forked(lambda: add(Path(second), case))
        told["at once"] = contents(case)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
