"""`investigate` writes a case that repeats to the byte; `verify` finds what was changed
in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def case(run: Run, example: str, tmp_path: Path) -> Path:
    written = run("investigate", example, "-o", tmp_path / "case")
    assert (written.exit_code, written.stderr) == (0, "")
    assert "r3.kawaz.jp" in written.stdout
    return tmp_path / "case"


def times(case: Path) -> list[str | None]:
    return [json.loads(line)["time"] for line in (case / "journal.jsonl").read_text().splitlines()]


def test_the_case_is_complete_and_intact(run: Run, case: Path) -> None:
    expected = {"inputs.jsonl", "journal.jsonl", "messages.parquet", "hops.parquet"}
    expected |= {
        f"bulletin.{language}.{ending}" for language in ("it", "en") for ending in ("md", "html")
    }
    assert expected <= set(contents(case))
    shown = run("verify", case)
    assert shown.exit_code == 0
    assert "intact" in shown.stdout


def test_a_repeated_run_gives_the_same_bytes(run: Run, case: Path, example: str) -> None:
    before = contents(case)
    assert run("investigate", example, "-o", case, "--quiet").stdout == ""
    assert contents(case) == before
    assert run("investigate", example, "-o", case.parent / "other").exit_code == 0
    assert contents(case.parent / "other") == before


def test_a_changed_byte_is_named(run: Run, case: Path) -> None:
    bulletin = case / "bulletin.it.md"
    bulletin.write_bytes(bulletin.read_bytes().replace(b"2014", b"2015", 1))
    shown = run("verify", case)
    assert (shown.exit_code, shown.stdout.partition(":")[0]) == (1, "bulletin.it.md")
    told = json.loads(run("verify", "--json", case).stdout)
    assert (told["intact"], [problem["file"] for problem in told["problems"]]) == (
        False,
        ["bulletin.it.md"],
    )


def test_verify_needs_a_folder(run: Run, tmp_path: Path) -> None:
    shown = run("verify", tmp_path / "none")
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)


def test_a_folder_that_is_no_case_is_refused(run: Run, example: str, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    shown = run("investigate", example, "-o", tmp_path)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
    assert contents(tmp_path) == {"thesis.txt": b"mine"}


def test_a_case_inside_its_own_input_is_not_read_again(
    run: Run, message: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.eml").write_bytes(message)
    first = run("investigate", "--json", tmp_path, "-o", tmp_path / "case")
    before = contents(tmp_path)
    second = run("investigate", "--json", tmp_path, "-o", tmp_path / "case")
    assert (first.exit_code, first.stdout) == (second.exit_code, second.stdout)
    assert (json.loads(first.stdout)["messages"], contents(tmp_path)) == (1, before)


def test_a_time_is_noted_when_asked_for(
    run: Run, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        run(
            "investigate", example, "-o", tmp_path / "a", "--time", "2026-01-01T01:00:00+01:00"
        ).exit_code
        == 0
    )
    assert times(tmp_path / "a") == ["2026-01-01T00:00:00Z"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1400331577")
    assert run("investigate", example, "-o", tmp_path / "b").exit_code == 0
    assert times(tmp_path / "b") == ["2014-05-17T12:59:37Z"]
    assert run("investigate", example, "-o", tmp_path / "c", "--time", "now").exit_code == 0
    (now,) = times(tmp_path / "c")
    assert now
    assert now > "2025"


@pytest.mark.parametrize("time", ["yesterday", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z"])
def test_a_time_without_zone_is_refused(run: Run, example: str, tmp_path: Path, time: str) -> None:
    shown = run("investigate", example, "-o", tmp_path / "case", "--time", time)
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "case").exists()


def test_publish_writes_what_may_go_out(run: Run, case: Path, tmp_path: Path) -> None:
    shown = run("publish", case, "--tlp", "CLEAR", "-o", tmp_path / "out")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "TLP:CLEAR, 9 files" in shown.stdout
    assert "bulletin.it.html" in contents(tmp_path / "out")
    assert run("verify", case).exit_code == 0, "the key of the pseudonyms is no change"
    again = run("publish", case, "--tlp", "CLEAR", "-o", tmp_path / "out")
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)
    told = json.loads(run("publish", case, "--json", "-o", tmp_path / "other").stdout)
    assert (told["tlp"], told["finds"]) == ("CLEAR", [])


def test_publish_names_a_leak_and_writes_nothing(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firsthop.investigation import publish

    leak = [("a.csv", b"n\nsomebody@example.com\n")]
    monkeypatch.setattr(publish, "_files", lambda _, **__: leak)
    shown = run("publish", case, "--tlp", "CLEAR", "-o", tmp_path / "out")
    assert shown.exit_code == 1
    assert shown.stdout.startswith("a.csv:2: address, plain")
    assert "somebody" not in shown.stdout
    assert not (tmp_path / "out").exists()
