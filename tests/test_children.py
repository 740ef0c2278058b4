"""A child that hangs is killed with what it started, and no test starts one
elsewhere."""

from __future__ import annotations

import ast
import os
import sys
import time
from pathlib import Path

import pytest

from tests.children import HungError, run, run_python, started

TESTS = Path(__file__).parent
STARTERS = {"subprocess", "pexpect", "pty"}
CALLS = {"fork", "forkpty", "popen", "posix_spawn", "posix_spawnp", "spawnv", "spawnve", "system"}
# what they need of these modules starts nothing
ALLOWED = {"children.py", "faces/test_progress.py"}  # the second opens a terminal: pty.openpty
HANGS = """
import os, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(grandchild.pid, flush=True)
time.sleep(600)
"""


def gone(pid: int) -> bool:
    """Whether a process ends within some seconds; one that nobody waits for counts as
    ended."""
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_what_a_child_wrote_and_how_it_ended() -> None:
    ended = run_python("-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "out\n", "err\n")


@pytest.mark.slow
def test_a_child_that_hangs_is_killed() -> None:
    start = time.monotonic()
    with pytest.raises(HungError, match=r"killed after 1 s: .*sleep"):
        run([sys.executable, "-c", "import time; time.sleep(600)"], seconds=1)
    assert time.monotonic() - start < 30


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks Linux which processes live")
def test_what_a_child_started_goes_with_it() -> None:
    pids: list[int] = []

    def hang() -> None:
        with started([sys.executable, "-c", HANGS], seconds=2) as child:
            assert child.stdout
            pids.extend((child.pid, int(child.stdout.readline())))
            child.wait()

    with pytest.raises(HungError):
        hang()
    assert [pid for pid in pids if not gone(pid)] == []


def test_a_child_that_nobody_waits_for_ends_with_its_test() -> None:
    with started([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        assert child.poll() is None
    assert child.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_no_test_starts_a_child_elsewhere() -> None:
    """A program started past tests/children.py has no time limit: start it there."""
    offences = []
    for path in sorted(TESTS.rglob("*.py")):
        name = path.relative_to(TESTS).as_posix()
        for node in ast.walk(ast.parse(path.read_bytes())):
            named: set[str] = set()
            if isinstance(node, ast.Import):
                named = {alias.name.partition(".")[0] for alias in node.names} & STARTERS
            elif isinstance(node, ast.ImportFrom):
                named = {node.module or ""} & STARTERS
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named = {node.attr} & CALLS if node.value.id == "os" else set()
            offences += [f"{name}:{getattr(node, 'lineno', 0)} {one}" for one in named]
    assert [one for one in offences if one.partition(":")[0] not in ALLOWED] == []
