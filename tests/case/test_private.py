"""What is written of mail is for its owner alone, whatever the umask: during a run, in
what a killed run leaves, and when it is sealed."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.archive import Archive
from firsthop.campaign.engine.duckdb import WORK
from firsthop.case.working import STAGING
from firsthop.faces.cli import cli
from firsthop.investigation.investigate import investigate
from firsthop.system.private import begin_private, end_private, owner_only
from firsthop.system.progress import Progress
from tests.case.conftest import EXAMPLE
from tests.children import run_python

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    former = os.umask(request.param)
    yield request.param
    assert os.umask(former) == request.param  # it is given back


def open_to_others(case: Path) -> list[str]:
    """What others may read, write or enter, each with its mode."""
    return [
        f"{path} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in (case, *case.rglob("*"))
        if not path.is_symlink() and path.lstat().st_mode & 0o077
    ]


def modes(case: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in (case, *case.rglob("*"))}


class Looks(Progress):
    """Looks at the case at each phase and step."""

    def __init__(self, case: Path) -> None:
        self.case = case
        self.seen: list[str] = []
        self.names: set[str] = set()

    def begin(self, phase: str, total: int | None = None) -> None:  # noqa: ARG002 - what a progress is told
        self.seen += open_to_others(self.case)
        self.names |= {path.name for path in self.case.rglob("*")}

    def step(self, place: str = "", size: int = 0) -> None:  # noqa: ARG002 - what a progress is told
        self.begin("")


def test_every_file_of_a_run(umask: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it runs, with a checkpoint and a database at work."""
    monkeypatch.setattr("firsthop.investigation.ingest.STRIDE", 2)
    case = tmp_path / "above" / "case"
    looks = Looks(case)
    investigate([EXAMPLE], case, progress=looks)
    assert {
        ".checkpoint.json",
        ".evidence.taken",
        ".summaries.jsonl",
    } <= looks.names
    assert any(name.startswith(WORK) for name in looks.names)
    assert looks.seen == []
    assert modes(case) == {0o700, 0o600}
    assert stat.S_IMODE(case.parent.stat().st_mode) & 0o077 == 0
    investigate([EXAMPLE, EXAMPLE.with_name("more")], case, progress=looks)
    assert looks.seen == open_to_others(case) == []
    probe = tmp_path / "probe"
    probe.touch()
    assert stat.S_IMODE(probe.stat().st_mode) == 0o666 & ~umask


KILLED = """
import os, signal, sys
from pathlib import Path
os.umask(int(sys.argv[3], 8))
from firsthop.investigation import ingest
from firsthop.investigation.investigate import investigate
from firsthop.system.progress import Progress

class Kills(Progress):
    left = int(sys.argv[4])
    def step(self, place="", size=0):
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

ingest.STRIDE = 16
investigate([sys.argv[1]], Path(sys.argv[2]), progress=Kills())
"""


@pytest.mark.parametrize("mask", ["000", "077"])
@pytest.mark.parametrize("after", [3, 40])
def test_what_a_killed_run_leaves(mask: str, after: int, tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    for number, data in enumerate(write(Plan("mine", 50), 1)):
        (tmp_path / "mail" / f"{number:02}.eml").write_bytes(data)
    case = tmp_path / "case"
    done = run_python("-c", KILLED, tmp_path / "mail", case, mask, str(after))
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list(case.glob(f"{STAGING}*"))
    assert open_to_others(case) == []


def test_a_case_that_was_more_open_is_tightened(tmp_path: Path) -> None:
    case = tmp_path / "case"
    investigate([EXAMPLE], case)
    for path in (case, *case.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o664)
    (case / "note.txt").write_text("not of the case")
    (case / "note.txt").chmod(0o644)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    investigate([EXAMPLE], case)
    assert [one.split()[0] for one in open_to_others(case)] == [str(case / "note.txt")]
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


@pytest.mark.usefixtures("umask")
def test_a_background(tmp_path: Path) -> None:
    words = ["background", "add", str(tmp_path / "genuine"), str(EXAMPLE)]
    assert CliRunner().invoke(cli, words, prog_name="firsthop").exit_code == 0
    assert open_to_others(tmp_path / "genuine") == []
    for path in (tmp_path / "genuine").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with Archive.open(tmp_path / "genuine"):
        assert open_to_others(tmp_path / "genuine") == []


def test_recorded_answers(umask: int, tmp_path: Path) -> None:
    record = tmp_path / "answers.jsonl"
    words = ["examine", "--quiet", str(EXAMPLE), "--record", str(record)]
    assert CliRunner().invoke(cli, words, prog_name="firsthop").exit_code == 0
    assert stat.S_IMODE(record.stat().st_mode) & 0o077 == 0
    assert umask == os.umask(umask)


def test_the_umask_comes_back_in_whatever_order_runs_end() -> None:
    former = os.umask(0o027)
    try:
        begin_private()
        with owner_only():
            begin_private()
            end_private()
            assert os.umask(0o077) == 0o077
        assert os.umask(0o077) == 0o077
        end_private()
        assert os.umask(0o027) == 0o027
        threads = [threading.Thread(target=_private_for_a_while) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(former)


def _private_for_a_while() -> None:
    for _ in range(200):
        with owner_only():
            pass
