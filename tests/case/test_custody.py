"""The journal notes what a command did with a case that leaves it as it is: whole or
not at all, once, chained, and before anything goes out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from firsthop.case.arguments import arguments_of
from firsthop.case.custody import in_custody, note_going_out
from firsthop.case.folder import CaseFolder
from firsthop.case.given_out import check_all, check_one
from firsthop.case.journal import JOURNAL, Reading, read_journal
from firsthop.case.sealing import finish_left_seals
from firsthop.case.verify import standing, verify
from firsthop.case.working import left_by_runs
from firsthop.errors import CaseError
from tests.case.sealed import KILLED, Killer, write_files
from tests.children import forked

FILES = {"a.json": b"[]\n", "b.csv": b"n\n"}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of two files."""
    write_files(tmp_path / "case", {"a": "1", "in/b": "2"})
    return tmp_path / "case"


def went(case: Path, place: str = "out", time: str | None = None) -> None:
    """An export, noted and then written."""
    folder = case.parent / place
    note_going_out(
        case,
        "export",
        arguments_of(format="stix"),
        folder,
        FILES,
        tlp="AMBER",
        scan="nothing found",
        time=time,
    )
    folder.mkdir(exist_ok=True)
    for name, data in FILES.items():
        (folder / name).write_bytes(data)


def journal(case: Path) -> Reading:
    return read_journal((case / JOURNAL).read_bytes())


def test_what_went_out_is_noted_with_digests_level_and_scan(case: Path) -> None:
    went(case, time="2026-01-01T00:00:00Z")
    last = json.loads((case / JOURNAL).read_text().splitlines()[-1])
    assert (last["action"], last["arguments"]) == ("export", {"format": "stix"})
    assert last["out"]["path"] == "../out"
    assert (last["out"]["tlp"], last["out"]["scan"]) == ("AMBER", "nothing found")
    assert [file["name"] for file in last["out"]["files"]] == sorted(FILES)
    assert last["time"] == "2026-01-01T00:00:00Z"
    assert verify(case) == []
    assert (standing(case).files, standing(case).entries) == (2, 2)


def test_the_same_again_is_noted_once_and_another_time_is_another(case: Path) -> None:
    went(case)
    before = (case / JOURNAL).read_bytes()
    went(case)
    assert (case / JOURNAL).read_bytes() == before
    went(case, time="2026-01-01T00:00:00Z")
    went(case, time="2026-01-01T00:00:00Z")
    went(case)
    assert [one.time for one in journal(case).events] == [None, "2026-01-01T00:00:00Z"]
    went(case, "other")
    assert len(journal(case).lines) == 4


def test_a_case_that_went_out_is_still_the_same_to_a_later_run(case: Path) -> None:
    went(case)
    before = (case / JOURNAL).read_bytes()
    write_files(case, {"a": "1", "in/b": "2"})
    assert (case / JOURNAL).read_bytes() == before, "nothing new"
    write_files(case, {"a": "1"})
    assert [one.sequence for one in journal(case).lines] == [1, 2, 3]
    assert verify(case) == []


def test_what_a_killed_run_kept_stays(case: Path) -> None:
    with suppress(KeyboardInterrupt), CaseFolder.open(case, "a run") as folder:
        folder.keep(folder.checkpoint._replace(messages=7))
        raise KeyboardInterrupt
    (left,) = left_by_runs(case).items()
    went(case)
    assert left_by_runs(case) == dict([left])
    assert left[1] == 7


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[0], lines[2], lines[1]],
        lambda lines: [lines[0], lines[1].replace(b"AMBER", b"CLEAR"), lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: lines[1:],
    ],
    ids=["removed", "reordered", "edited", "cut out", "beheaded"],
)
def test_a_line_that_is_changed_is_found(
    case: Path, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    went(case)
    went(case, "other")
    went(case, "third")
    lines = (case / JOURNAL).read_bytes().splitlines(keepends=True)
    (case / JOURNAL).write_bytes(b"".join(change(lines)))
    assert {problem.file for problem in verify(case)} == {JOURNAL}
    with pytest.raises(CaseError, match="not as its journal says"):
        went(case, "fourth")


def test_a_journal_without_what_the_case_holds_is_none(case: Path) -> None:
    went(case)
    line = (case / JOURNAL).read_bytes().splitlines()[1]
    (case / JOURNAL).write_bytes(line + b"\n")
    assert JOURNAL in {problem.file for problem in verify(case)}


OUTSIDE = {"name": "../a", "size": 1, "sha256": "x"}
HOSTILE = [
    {"out": []},
    {"out": {"path": 1, "tlp": None, "scan": None, "files": []}},
    {"out": {"path": "x", "tlp": 1, "scan": None, "files": []}},
    {"out": {"path": "x", "tlp": None, "scan": None, "files": [OUTSIDE]}},
    {"arguments": [["a", 1]]},
    {"arguments": {"a": [1]}},
    {"arguments": {"a": {"b": 1}}},
    {"result": None},
    {"time": 1},
]


@pytest.mark.parametrize("told", HOSTILE, ids=lambda told: json.dumps(told)[:40])
def test_a_forged_event_is_a_fault_and_never_raises(case: Path, told: dict[str, object]) -> None:
    from firsthop.case.journal import digest

    went(case)
    first, last = (case / JOURNAL).read_text().splitlines()
    body = {**json.loads(last), **told}
    body.pop("sha256")
    text = json.dumps(body, separators=(",", ":"))
    line = json.dumps(body | {"sha256": digest(text)}, separators=(",", ":"))
    (case / JOURNAL).write_text(f"{first}\n{line}\n")
    assert journal(case).faults == ("line 2 is not as it was written",)


@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')")
def test_every_moment_of_a_note(case: Path, tmp_path: Path) -> None:
    """Ended at every call that changes the file system: the journal is the former or
    the new one, and the next note makes of it what an undisturbed one makes."""
    kept = tmp_path / "kept"
    case.rename(kept)

    def note(at: int = 0) -> list[str]:
        killer = Killer(at)
        killer.watch()
        note_going_out(case, "export", (), case.parent / "out", FILES, tlp=None, scan=None)
        return killer.calls

    def begin() -> None:
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(kept, case)

    begin()
    code, calls = forked(note)
    assert (code, (case / JOURNAL).read_bytes() != (kept / JOURNAL).read_bytes()) == (0, True)
    after = (case / JOURNAL).read_bytes()
    settled = set()
    for at in range(1, len(calls) + 1):
        begin()
        assert forked(lambda at=at: note(at))[0] == KILLED  # type: ignore[misc]
        finish_left_seals(case)
        settled.add((case / JOURNAL).read_bytes() == after)
        assert (case / JOURNAL).read_bytes() in {after, (kept / JOURNAL).read_bytes()}
        assert verify(case) == []
        assert forked(note)[0] == 0
        assert (case / JOURNAL).read_bytes() == after
        assert verify(case) == []
    assert settled == {True, False}


def test_a_case_that_another_run_holds_is_left_to_it(case: Path) -> None:
    pytest.importorskip("fcntl")
    with in_custody(case), pytest.raises(CaseError, match="another run"):
        went(case)


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such folder"):
        went(tmp_path / "none")
    with pytest.raises(CaseError, match="is no case"):
        went(tmp_path)


def test_nothing_goes_out_of_a_case_that_was_changed(case: Path) -> None:
    (case / "a").write_text("one")
    with pytest.raises(CaseError, match="a \\(changed"):
        went(case)
    assert not (case.parent / "out").exists()


def test_what_went_out_is_compared_file_by_file(case: Path) -> None:
    went(case)
    went(case, "gone")
    shutil.rmtree(case.parent / "gone")
    gone, out = check_all(case, journal(case).events)
    assert (out.place, out.found, out.problems, out.tlp) == ("../out", True, (), "AMBER")
    assert (gone.place, gone.found, gone.problems) == ("../gone", False, ())
    for name, data in FILES.items():
        (case.parent / "out" / name).write_bytes(data[:-1] + b"!")
        _, changed = check_all(case, journal(case).events)
        assert [one.file for one in changed.problems] == [name]
        (case.parent / "out" / name).write_bytes(data)
    (case.parent / "out" / "a.json").unlink()
    (case.parent / "out" / "more").write_text("")
    _, changed = check_all(case, journal(case).events)
    assert [one.explanation.partition(":")[0] for one in changed.problems] == ["missing", "added"]


def test_a_set_is_known_again_where_it_was_moved(case: Path, tmp_path: Path) -> None:
    went(case)
    (tmp_path / "out").rename(tmp_path / "by post")
    (tmp_path / "by post" / "b.csv").write_bytes(b"m\n")
    checked = check_one(journal(case).events, tmp_path / "by post")
    assert (checked.action, checked.entry) == ("export", 2)
    assert [one.file for one in checked.problems] == ["b.csv"]
    (tmp_path / "by post" / "a.json").write_bytes(b"{}\n")
    strange = check_one(journal(case).events, tmp_path / "by post")
    assert (strange.action, len(strange.problems)) == (None, 1)
    (tmp_path / "by post").rename(tmp_path / "out")
    assert len(check_one(journal(case).events, tmp_path / "out").problems) == 2, "by its name"
    assert check_one(journal(case).events, tmp_path / "none").problems


def test_the_place_is_noted_as_seen_from_the_case(case: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(case)
    with in_custody(tmp_path / "link") as custody:
        assert custody.went_out(tmp_path / "x" / "y", ()).path == "../x/y"
