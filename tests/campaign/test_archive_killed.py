"""A run that is killed, at whatever point, leaves an archive that opens, and the same
run again brings it to the same content."""

from __future__ import annotations

import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from firsthop.campaign.archive import Archive
from tests.children import CompletedProcess, run_python, started

pytestmark = pytest.mark.slow

MESSAGES = 96
RUN = """
import os, signal, sys
from pathlib import Path
from firsthop.campaign import archive as package
from firsthop.campaign.archive import Archive, ClusteringRecord, archive
from tests.campaign.test_engine_data import heap

archive.SEGMENT_MESSAGES = 16
left = int(sys.argv[2])
here = os.path.dirname(package.__file__)

def line(frame, event, argument):
    global left
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return line

def call(frame, event, argument):
    return line if frame.f_code.co_filename.startswith(here) else None

mail = heap({messages})
if left:
    sys.settrace(call)
print("begins", flush=True)
with Archive.open(Path(sys.argv[1])) as opened:
    for one in mail[:64]:
        opened.add(one)
    opened.flush()
    if not opened.campaigns():
        opened.record(ClusteringRecord([("c", "campaign", None, 1, 2, 64)], [("c", one.id) for one in mail[:64]], [("a", "c", "merged")], [(1, 0.5, 1.0)]))
    for one in mail[64:]:
        opened.add(one)
    opened.flush()
sys.settrace(None)
print("lines", -left)
"""  # noqa: E501 - as it is written
SCRIPT = RUN.replace("{messages}", str(MESSAGES))


def run(folder: Path, kill_at_line: int = 0) -> CompletedProcess[str]:
    return run_python("-c", SCRIPT, folder, str(kill_at_line))


def content(folder: Path) -> dict[str, Any]:
    """All that an archive holds: its segments by name, in order, and its state."""
    with Archive.read(folder) as opened:
        assert opened.changed() == []
        return {
            "segments": opened.segments(),
            "messages": list(opened.messages()),
            "state": (
                opened.campaigns(),
                list(opened.members()),
                opened.aliases(),
                list(opened.weights()),
                opened.facts(),
            ),
            "files": sorted(path.name for path in (folder / "segments").iterdir()),
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The content after a run that nobody killed, and how many lines of the archive's
    code such a run takes."""
    folder = tmp_path_factory.mktemp("whole")
    told = run(folder, kill_at_line=10**9).stdout
    found = content(folder)
    assert len(found["messages"]) == MESSAGES
    return found, 10**9 + int(told.split()[-1])


def check_and_finish(folder: Path, whole: dict[str, Any]) -> None:
    """What is there is a beginning of the whole; the next run completes it."""
    if (folder / "archive.sqlite").exists():
        with Archive.open(folder) as opened:
            messages = list(opened.messages())
            assert messages == whole["messages"][: len(messages)]
            assert opened.segments("message") == whole_segments(whole, opened)
    assert run(folder).returncode == 0
    assert content(folder) == whole


def whole_segments(whole: dict[str, Any], opened: Archive) -> list[Any]:
    """The first segments of the whole, gathered as far as the archive says it got."""
    done = bool(opened.campaigns())
    listed = [one for one in whole["segments"] if one.kind == "message"][
        : len(opened.segments("message"))
    ]
    return [one._replace(clustered=one.clustered and done) for one in listed]


@pytest.mark.parametrize("part", range(12))
def test_killed_at_a_line(part: int, tmp_path: Path, whole: tuple[dict[str, Any], int]) -> None:
    """The archive's code is cut into parts, and the run is killed at a line in each:
    before and after every write, rename and commit by and by."""
    found, lines = whole
    at = random.Random(part).randrange(1 + part * lines // 12, 1 + (part + 1) * lines // 12)
    assert run(tmp_path / "a", at).returncode == -signal.SIGKILL
    check_and_finish(tmp_path / "a", found)


def test_killed_again_and_again(tmp_path: Path, whole: tuple[dict[str, Any], int]) -> None:
    """At random moments, inside SQLite and DuckDB too, on one archive until a run gets
    through."""
    dice = random.Random(4)
    kills = 0
    for _ in range(12):
        with started([sys.executable, "-c", SCRIPT, tmp_path / "a", "0"]) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(dice.random() * 0.12)
            process.kill()
            kills += process.wait() == -signal.SIGKILL
    assert kills
    check_and_finish(tmp_path / "a", whole[0])
