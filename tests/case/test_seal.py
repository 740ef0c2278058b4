"""The seal of a case, new or added to, ended at every call by which it changes the file
system: the case is the old one or the new one, and the next run makes of it what an
undisturbed run makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaigns.planted import Plan, write
from tests.case.sealed import KILLED, SHAPES
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


@pytest.mark.parametrize("shape", SHAPES)
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


PARTS = 8


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
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
