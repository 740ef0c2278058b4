"""Child processes of the tests: each has a time limit, and one that hangs is killed
with all that it started.

Every test starts its programs here (tests/test_children.py sees to it). A child is the
leader of a session of its own, so that its workers go with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, CompletedProcess
from typing import IO, Any

__all__ = [
    "PIPE",
    "ROOT",
    "CompletedProcess",
    "HungError",
    "forked",
    "run",
    "run_python",
    "started",
]

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 300.0  # many times what any child needs, for a machine that is busy


class HungError(AssertionError):
    """A child did not end in time."""


@contextmanager
def started(
    command: Sequence[str | Path],
    *,
    seconds: float = SECONDS,
    cwd: Path | str = ROOT,
    env: Mapping[str, str] | None = None,
    stderr: int | IO[str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """A child that runs meanwhile, its standard output a pipe. It is killed where the
    `with` ends before it does, and after `seconds`: HungError then."""
    child = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=PIPE,
        stderr=stderr,
        text=True,
        cwd=cwd,
        env=env,
        start_new_session=True,
    )
    hung = threading.Event()

    def expire() -> None:
        hung.set()
        _kill(child)

    clock = threading.Timer(seconds, expire)
    clock.start()
    try:
        yield child
    finally:
        clock.cancel()
        clock.join()
        if child.poll() is None:
            _kill(child)
        child.wait()
        for pipe in (child.stdout, child.stderr):
            if pipe:
                pipe.close()
    if hung.is_set():
        raise HungError(f"killed after {seconds:.0f} s: {' '.join(map(str, command))[:200]}")


def run(
    command: Sequence[str | Path],
    *,
    seconds: float = SECONDS,
    cwd: Path | str = ROOT,
    env: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """What a child wrote, and how it ended."""
    with started(command, seconds=seconds, cwd=cwd, env=env, stderr=PIPE) as child:
        output, errors = child.communicate()
    return CompletedProcess(command, child.returncode, output, errors)


def run_python(
    *arguments: str | Path,
    seconds: float = SECONDS,
    cwd: Path | str = ROOT,
    env: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """The same for this Python, with `arguments` behind its name."""
    return run([sys.executable, *arguments], seconds=seconds, cwd=cwd, env=env)


def forked(work: Callable[[], object]) -> tuple[int, Any]:
    """Exit code and answer (what JSON can hold) of `work` in a copy of this process,
    for a program that was itself started here: it ends with that one."""
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


def _kill(child: subprocess.Popen[str]) -> None:
    """Ends a child and whatever it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
