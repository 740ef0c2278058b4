"""The seal of a case, new or added to, ended at every call by which it changes the file
system: the case is the old one or the new one, and the next run makes of it what an
undisturbed run makes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks.campaigns.planted import Plan, write
from firsthop.case.sealing import finish_seal
from firsthop.case.verify import verify
from firsthop.errors import CaseError
from firsthop.faces.cli import cli
from firsthop.system.lock import lock_folder, unlock
from tests.case.sealed import KILLED, SHAPES, write_files
from tests.children import ROOT, run_python

pytestmark = pytest.mark.skipif("not hasattr(__import__('os'), 'fork')")


def moments(*words: object) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the program tells of the case, and of each moment."""
    done = run_python("-m", "tests.case.sealed", *map(str, words), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    whole, *each = map(json.loads, done.stdout.splitlines())
    return whole, each


def check(whole: dict[str, Any], moment: dict[str, Any]) -> None:
    """One moment."""
    assert moment["codes"] == [KILLED, 0], moment
    if moment["settled"]:
        assert moment["settled"] in (whole["before"], whole["after"]), moment
        code, told = moment["seen"]["verify"]
        assert (code, json.loads(told)["problems"]) == (0, []), moment
    assert moment["next"] == whole["after"] == whole["again"], moment
    assert moment["others"] == [], moment


QUICK = "files that go"


@pytest.mark.parametrize(
    "shape", [QUICK, *(pytest.param(one, marks=pytest.mark.slow) for one in SHAPES if one != QUICK)]
)
def test_every_moment_of_a_seal(shape: str, tmp_path: Path) -> None:
    whole, each = moments(tmp_path, 0, 1, "files", shape)
    assert [moment["at"] for moment in each] == list(range(1, len(whole["calls"]) + 1))
    for moment in each:
        check(whole, moment)
    if whole["before"] != whole["after"]:
        assert {"replace", "fsync", "write"} <= set(whole["calls"])
        settled = [moment["settled"] == whole["after"] for moment in each]
        assert settled == sorted(settled)  # from one moment on it is the new case
        assert len(set(settled)) == 2


@pytest.fixture(scope="module")
def heaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some mail, and the same with more of its campaign and others."""
    folder = tmp_path_factory.mktemp("heaps")
    planted = [*write(Plan("mine", 8), 1)]
    noise = [one for n in range(3) for one in write(Plan(f"noise-{n}", 1, kind=n % 2), 1)]
    for name, mails in {"first": planted[:4], "second": [*planted, *noise]}.items():
        (folder / name).mkdir()
        for number, data in enumerate(mails):
            (folder / name / f"{number:02}.eml").write_bytes(data)
    return folder


# Of the moments of a whole investigation each run of the tests tries one in eight;
# FIRSTHOP_EVERY_MOMENT=1 tries all. Those of the seal alone, above, are always tried
# all.
PARTS = 8
TRIED = range(PARTS) if os.environ.get("FIRSTHOP_EVERY_MOMENT") else (3,)


@pytest.mark.slow
@pytest.mark.parametrize("part", TRIED)
@pytest.mark.parametrize("first", ["-", "first"])
def test_every_moment_of_an_investigation(
    part: int, first: str, heaps: Path, tmp_path: Path
) -> None:
    given = first if first == "-" else heaps / first
    whole, each = moments(tmp_path, part, PARTS, "mail", given, heaps / "second")
    assert [moment["at"] for moment in each] == list(
        range(1 + part, len(whole["calls"]) + 1, PARTS)
    )
    for moment in each:
        check(whole, moment)
        if moment["settled"]:
            assert moment["seen"]["campaigns"][0] == 0


def interrupted(monkeypatch: pytest.MonkeyPatch, case: Path, times: int) -> None:
    """A seal that is interrupted so many times once it was begun."""
    left = times

    def interrupt(folder: Path, working: Path) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise KeyboardInterrupt if left == times - 1 else OSError(28, "No space left")
        finish_seal(folder, working)

    write_files(case, {"a": "1", "in/b": "2"})
    with monkeypatch.context() as patched:
        patched.setattr("firsthop.case.folder.finish_seal", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_files(case, {"a": "one", "c": "3"})


def test_a_seal_that_is_interrupted_is_finished_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, tmp_path / "case", 1)
    assert sorted(path.name for path in (tmp_path / "case").iterdir()) == [
        "a",
        "c",
        "journal.jsonl",
    ]
    assert verify(tmp_path / "case") == []


def command(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="firsthop")


def test_the_next_command_finishes_it_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "case"
    interrupted(monkeypatch, case, 2)
    assert (case / "a").read_text() == "1"
    shown = command("verify", case)
    assert (shown.exit_code, shown.stderr) == (
        0,
        f"firsthop: {case}: the seal of a run that was killed is finished now\n",
    )
    assert (case / "a").read_text() == "one"
    assert command("verify", case).stderr == ""


@pytest.mark.parametrize("name", ["a", "journal.jsonl"])
def test_what_cannot_be_finished_is_said_and_nothing_is_moved(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the working folder is lost, or the journal was changed meanwhile."""
    case = tmp_path / "case"
    interrupted(monkeypatch, case, 2)
    (working,) = case.glob(".staging-*")
    (working / name).unlink() if name == "a" else (case / name).write_bytes(b"{}\n")
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    for words in (["verify", case], ["campaigns", case], ["why", case, "x", "y"]):
        shown = command(*words)
        assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
        assert f"cannot be finished: {name}" in shown.stderr
    with pytest.raises(CaseError, match="cannot be finished"):
        write_files(case, {"a": "1"})
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


def test_the_list_of_a_case_that_came_from_elsewhere_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, tmp_path / "case", 2)
    shutil.copytree(tmp_path / "case", tmp_path / "copy")
    assert command("verify", tmp_path / "copy").exit_code == 1  # the folder is not known
    assert (tmp_path / "copy" / "a").read_text() == "1"


def test_a_seal_that_another_run_is_at_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fcntl")
    case = tmp_path / "case"
    interrupted(monkeypatch, case, 2)
    lock = lock_folder(case, "case")
    shown = command("verify", case)
    unlock(lock)
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)
    assert "another run" in shown.stderr
