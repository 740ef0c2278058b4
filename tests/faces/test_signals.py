"""A signal that asks to end cleans up, says so in one line and ends with the code of
that signal; what was kept is gone on from."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.case.verify import verify
from firsthop.case.working import STAGING
from tests.children import PIPE, started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks at processes by /proc"),
]
SIGNALS: dict[int, int] = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}
MAIL = (
    b"Received: from pc%d (unknown [192.0.2.%d]) by mx.example.org (Postfix) with ESMTP id "
    b"4F2A91C0D3; Thu, 29 May 2014 14:18:38 +0200\r\nFrom: jo@example.org\r\n"
    b"Message-ID: <%d@example.org>\r\nSubject: word %d\r\n\r\nbody %d\r\n"
)
# Says when it has read N messages, or where it gathers, and goes slowly from there on;
# the strides are small
SLOW = """
import sys, time
from firsthop.faces.cli import main
from firsthop.faces.cli.progress import ProgressBar
from firsthop.investigation import ingest

ingest.STRIDE, ingest.FEW, ingest.CHUNK = 16, 8, 4
at, count = sys.argv.pop(1), 0

def wait():
    print("here", flush=True)
    time.sleep(60)

def step(self, place="", size=0):
    global count
    count += 1
    if at.isdigit() and count == int(at):
        wait()

def begin(self, phase, total=None):
    if phase == at:
        wait()

ProgressBar.step, ProgressBar.begin = step, begin
if __name__ == "__main__":
    main()
"""
# The same in the midst of a query of DuckDB, which makes an error of its own of it
QUERY = """
import sys, threading, time
from firsthop.campaign.engine.duckdb import DuckDBEngine
from firsthop.faces.cli import main
sys.argv.pop(1)
create = DuckDBEngine._create

def long(self, table, query):
    threading.Timer(0.5, lambda: print("here", flush=True)).start()
    self._connection.execute("SELECT sum(a.range * b.range % 7) FROM range(15000) a, range(15000) b")

DuckDBEngine._create = long
if __name__ == "__main__":
    main()
"""  # noqa: E501 - as it is written


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    folder = tmp_path / "mail"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n:02}.eml").write_bytes(MAIL % (n, n, n, n, n))
    return folder


Stop = Callable[..., tuple[int, str]]


@pytest.fixture
def stop(tmp_path: Path) -> Stop:
    """Runs the command line in a program, sends it a signal where it says "here", and
    gives its exit code and what it told."""

    def run(
        program: str, at: str, number: int, *words: object, group: bool = False, twice: bool = False
    ) -> tuple[int, str]:
        script = tmp_path / "script.py"
        script.write_text(program)
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        command: list[str | Path] = [sys.executable, script, at, *map(str, words)]
        with started(command, env=environment, stderr=PIPE) as child:
            assert child.stdout is not None
            assert "here\n" in iter(child.stdout.readline, "")
            below = children_of(child.pid)
            (os.killpg if group else os.kill)(child.pid, number)
            if twice:
                child.send_signal(number)
            _, told = child.communicate(timeout=60)
        assert gone(below)
        return child.returncode, told

    return run


def children_of(process: int) -> list[int]:
    """The processes that it has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if int(text.rpartition(")")[2].split()[1]) == process:
            found.append(int(status.parent.name))
    return found


def gone(processes: list[int]) -> bool:
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{one}").exists() for one in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("group", [False, True])
def test_what_was_read_is_kept(
    number: int, jobs: int, group: bool, mail: Path, tmp_path: Path, stop: Stop
) -> None:
    case = tmp_path / "case"
    words = ("investigate", mail, "-o", case, "--jobs", jobs)
    code, told = stop(SLOW, "40", number, *words, group=group)
    name = "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"
    assert (code, told) == (
        SIGNALS[number],
        f"firsthop: {name}: 32 messages are kept in {case}; the same command goes on from there\n",
    )
    left = [path.name for path in case.rglob("*")]
    assert not [name for name in left if name.endswith((".new", ".tmp")) or "unfinished" in name]
    code, told = stop(SLOW, "publishing", signal.SIGTERM, *words)  # it went on
    assert code == 143


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("at", ["3", "reading"])
def test_nothing_is_left_where_nothing_is_kept(
    number: int, at: str, mail: Path, tmp_path: Path, stop: Stop
) -> None:
    case = tmp_path / "new" / "case"
    code, told = stop(SLOW, at, number, "investigate", mail, "-o", case, twice=True)
    assert (code, told.count("\n")) == (SIGNALS[number], 1)
    assert "nothing unfinished is left" in told
    assert not case.parent.exists()


def test_a_case_that_was_there_stays_as_it_was(mail: Path, tmp_path: Path, stop: Stop) -> None:
    from firsthop.investigation.investigate import investigate

    case = tmp_path / "case"
    investigate([mail / "00.eml"], case)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    code, _ = stop(SLOW, "3", signal.SIGTERM, "investigate", mail, "-o", case)
    assert code == 143
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before
    assert verify(case) == []


@pytest.mark.parametrize("number", SIGNALS)
def test_within_a_query(number: int, mail: Path, tmp_path: Path, stop: Stop) -> None:
    code, told = stop(QUERY, "-", number, "investigate", mail, "-o", tmp_path / "case")
    assert (code, told.count("\n")) == (SIGNALS[number], 1), told
    assert not list((tmp_path / "case").glob(f"{STAGING}*"))


@pytest.mark.parametrize("number", SIGNALS)
def test_a_command_that_only_reads(number: int, mail: Path, stop: Stop) -> None:
    code, told = stop(SLOW, "3", number, "trace", "--json", mail)
    name = "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"
    assert (code, told) == (SIGNALS[number], f"firsthop: {name}\n")


def test_a_signal_that_is_ignored_stays_ignored(mail: Path, tmp_path: Path, stop: Stop) -> None:
    """As `nohup` has it."""
    program = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + SLOW.replace(
        "time.sleep(60)", "time.sleep(1)"
    )
    code, told = stop(program, "3", signal.SIGHUP, "investigate", mail, "-o", tmp_path / "case")
    assert (code, told) == (0, "")
