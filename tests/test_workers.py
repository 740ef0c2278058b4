"""Work in processes of its own: in order, and never in silence when one of
them ends."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from firsthop.errors import WorkerError
from firsthop.system.workers import Workers
from tests.children import started


def double(chunk: list[int]) -> list[int]:
    """Slower for the first chunks, so that an order of arrival would show."""
    time.sleep(0.02 if chunk[0] < 4 else 0)
    return [2 * one for one in chunk]


def fail(_chunk: int) -> int:
    raise ValueError("mine")


def end(_chunk: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_results_come_in_the_order_of_the_chunks() -> None:
    chunks = [[n, n + 1] for n in range(0, 40, 2)]
    with Workers(double, 3) as workers:
        assert list(workers.map(iter(chunks))) == [
            (chunk, [2 * one for one in chunk]) for chunk in chunks
        ]


def test_more_than_a_pipe_holds() -> None:
    chunks = [[n] * 200_000 for n in range(6)]
    with Workers(double, 2) as workers:
        assert [len(result) for _, result in workers.map(chunks)] == [200_000] * 6


def test_what_the_function_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="mine"), Workers(fail, 2) as workers:
        list(workers.map(range(5)))


def test_a_worker_that_is_killed_is_told() -> None:
    with pytest.raises(WorkerError, match="ended by itself"), Workers(end, 2) as workers:
        list(workers.map(range(5)))


def test_no_more_workers_than_chunks() -> None:
    with Workers(double, 50) as workers:
        list(workers.map([[1], [2]]))
        assert len(workers._processes) == 2


SLEEPS = """
import sys, time
from firsthop.system.workers import Workers
from tests.children import started
from tests.test_workers import double

if __name__ == "__main__":
    with Workers(double, 2) as workers:
        list(workers.map([[9], [9]]))
        print(*(process.pid for process in workers._processes), flush=True)
        time.sleep(60)
"""


@pytest.mark.slow
def test_no_worker_outlives_its_program(tmp_path: Path) -> None:
    script = tmp_path / "sleeps.py"
    script.write_text(SLEEPS)
    root = str(Path(__file__).parents[1])
    with started([sys.executable, script], env=os.environ | {"PYTHONPATH": root}) as program:
        assert program.stdout is not None
        pids = [int(word) for word in program.stdout.readline().split()]
        assert len(pids) == 2
        program.kill()
        program.wait()
    deadline = time.monotonic() + 10
    while (
        left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    ) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
