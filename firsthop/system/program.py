"""Starts other programs of this machine: by a list of arguments and never by a shell,
with a limit of time, without the variables that could change what they do.

Raises:     EngineError where a program is not installed, or does not end in time.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from typing import NamedTuple

from firsthop.errors import EngineError

_KEPT = ("PATH", "HOME", "TMPDIR")
_SBIN = "/usr/sbin:/sbin"
_GRACE = 5.0  # seconds to end by itself


class Finished(NamedTuple):
    """How a program ended, and what it wrote."""

    code: int
    output: bytes
    errors: str


def installed(name: str, package: str) -> str:
    """Where a program lies; EngineError names the package that brings it."""
    path = which(name, path=_path())
    if path is None:
        raise EngineError(f"{name} is not installed (Debian: apt-get install {package})")
    return path


def run_program(
    command: Sequence[str | Path], *, seconds: float, cwd: Path, given: bytes = b""
) -> Finished:
    """Starts a program, gives it `given` and waits for its end."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            words,
            input=given,
            capture_output=True,
            check=False,
            timeout=seconds,
            cwd=cwd,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise EngineError(f"{words[0]} did not end in {seconds:.0f} s") from None
    return Finished(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


@contextmanager
def running_program(
    command: Sequence[str | Path], *, cwd: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs meanwhile and writes into `log`; it and all that it started
    are ended with the `with`."""
    with log.open("wb") as written:
        program = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            cwd=cwd,
            env=_environment(),
            start_new_session=True,
        )
    try:
        yield program
    finally:
        _end(program)


def _end(program: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            program.wait(_GRACE)
            if sign is signal.SIGKILL:
                return


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PATH": _path(), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:{_SBIN}"
