"""Runs one function over chunks of work in processes of its own; the results come in
the order of the chunks.

Each worker has a pipe and one chunk at a time; when this process goes, however it goes,
the pipe ends and the worker with it. A worker is started anew (spawn): it inherits no
open file, no database and no lock.
Raises:     WorkerError where a worker ends before its work does (killed, out of
            memory); what the function raises is raised here.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Generic, Self, TypeVar

from firsthop.errors import WorkerError
from firsthop.system.garbage import seldom_collected

_ASKING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


def usable_cpus() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Generic[Chunk, Result]):
    """At most `count` processes that run `function`, which can be pickled as chunks and
    results can. Use it in a `with`."""

    def __init__(self, function: Callable[[Chunk], Result], count: int) -> None:
        self._function, self._count = function, count
        self._context = get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes: list[SpawnProcess] = []

    def map(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Result]]:
        """Each chunk with its result. The next chunk goes to a worker before its last
        result is handed on, so that nobody waits."""
        busy = deque[tuple[Connection, Chunk]]()
        for chunk in chunks:
            if len(busy) < self._count:
                pipe = self._pipes[len(busy)] if len(busy) < len(self._pipes) else self._start()
                _send(pipe, chunk)
                busy.append((pipe, chunk))
            else:
                pipe, former = busy.popleft()
                result: Result = _receive(pipe)
                _send(pipe, chunk)
                busy.append((pipe, chunk))
                yield former, result
        for pipe, former in busy:
            yield former, _receive(pipe)

    def _start(self) -> Connection:
        """One worker more."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._function), daemon=True)
        with _signals_held():  # the worker is born with them held, too
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        theirs.close()
        return ours

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes if kind is not None else ():
            process.kill()
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()


@contextmanager
def _signals_held() -> Iterator[None]:
    """What asks the program to end waits meanwhile; Windows has no such thing."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - Windows has none

    resource_tracker.ensure_running()  # lets go of held signals where it is begun
    former = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _work(pipe: Connection, function: Callable[[Chunk], Result]) -> None:
    """What a worker does until its pipe ends. Who asks to end, asks the process that
    started it, also where a whole group of processes is told."""
    for one in _ASKING:
        signal.signal(one, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING)
    with seldom_collected(), suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            chunk = pipe.recv()
            try:
                told: tuple[bool, object] = (True, function(chunk))
            except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
                told = (False, error)
            pipe.send(told)


def _send(pipe: Connection, chunk: object) -> None:
    try:
        pipe.send(chunk)
    except OSError as error:
        raise WorkerError("a process that reads mail ended by itself") from error


def _receive(pipe: Connection) -> Result:  # type: ignore[type-var]
    try:
        done, told = pipe.recv()
    except (EOFError, OSError) as error:
        raise WorkerError(
            "a process that reads mail ended by itself: too little memory? --jobs 1 reads "
            "with one process"
        ) from error
    if not done:
        raise told
    result: Result = told
    return result
