"""The same mail gives the same bytes in whatever steps and order it comes to a case."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import pytest

from firsthop.investigation.investigate import investigate
from firsthop.system.progress import Progress
from tests.adding.cases import STEPS, added, contents
from tests.children import ROOT, run_python


@pytest.mark.slow
@pytest.mark.parametrize("order", list(permutations(STEPS)))
def test_every_order_of_three_steps(order: tuple[str, ...], mail: Path) -> None:
    at_once = contents(added(mail / "at once", "a+b+c"))
    assert contents(added(mail / "case", *order)) == at_once
    assert contents(added(mail / "other", "+".join(order))) == at_once
    assert contents(added(mail / "two", order[0], f"{order[2]}+{order[1]}+{order[0]}")) == at_once


@pytest.mark.slow
def test_the_sizes_of_steps_leave_no_trace_in_the_segments(
    mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firsthop.campaign.archive.archive.SEGMENT_MESSAGES", 7)
    monkeypatch.setattr("firsthop.investigation.ingest.STRIDE", 4)
    case = added(mail / "case", "b", "c", "a")
    monkeypatch.setattr("firsthop.investigation.ingest.STRIDE", 16)
    assert contents(case) == contents(added(mail / "at once", "c+a+b"))
    assert len(list((case / "archive" / "segments").glob("message-*"))) == 4


@pytest.mark.slow
def test_neither_hash_seeds_nor_processes_leave_a_trace(mail: Path) -> None:
    at_once = contents(added(mail / "at once", "a+b+c"))
    for seed, jobs, steps in (("1", "1", "cab"), ("77", "2", "bca"), ("4711", "3", "acb")):
        case = mail / f"case-{seed}"
        for step in steps:
            done = run_python(
                *("-m", "firsthop", "investigate", step, "-q", "-o", case, "--jobs", jobs),
                env=dict(os.environ) | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
                cwd=mail,
            )
            assert done.returncode in (0, 1), done.stderr
        assert contents(case) == at_once


def test_nothing_new_leaves_the_case_as_it_is(mail: Path) -> None:
    case = added(mail / "case", "a+b")
    before = {path: path.stat().st_mtime_ns for path in sorted(case.rglob("*")) if path.is_file()}
    for paths in (["a", "b"], ["b", "a"], ["b"], ["a", "a", "b"]):
        result = investigate(paths, case)
        assert (result.unchanged, result.added, result.entries) == (True, 0, 1)
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_what_was_read_twice_is_one_input(mail: Path) -> None:
    at_once = contents(added(mail / "at once", "a+b"))
    assert contents(added(mail / "case", "a+b+a/00.eml+b")) == at_once


def test_a_mailbox_that_has_grown(mail: Path) -> None:
    case = added(mail / "case", "c/some.mbox")
    with Path("c/some.mbox").open("ab") as file:
        file.write(b"From a@b Thu May 29 14:18:38 2014\n" + Path("a/00.eml").read_bytes() + b"\n")
    assert investigate(["c/some.mbox"], case).added == 1
    assert contents(case) == contents(added(mail / "at once", "c/some.mbox"))


class StopsAt(Progress):
    """Interrupts a run where a phase begins."""

    def __init__(self, phase: str) -> None:
        self.phase = phase

    def begin(self, phase: str, total: int | None = None) -> None:  # noqa: ARG002 - what a progress is told
        if phase.startswith(self.phase):
            raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["taking up", "measuring", "publishing"])
def test_an_addition_that_was_interrupted_goes_on(
    phase: str, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firsthop.investigation.ingest.STRIDE", 4)
    case = added(mail / "case", "c", "a")
    before = contents(case)
    with pytest.raises(KeyboardInterrupt):
        investigate(["b"], case, progress=StopsAt(phase))
    kept = {name for name in contents(case) if name.startswith(".staging")}
    assert kept
    assert {name: data for name, data in contents(case).items() if name not in kept} == before
    assert contents(added(case, "b")) == contents(added(mail / "at once", "a+b+c"))
