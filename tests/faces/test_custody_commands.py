"""The commands by which something goes out of a case are in its journal, with their
arguments and without anybody's contacts; `verify` compares what went in and out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from firsthop.evidence.bulk.engine import PYTHON, engine
from firsthop.faces.cli import cli

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
VICTIM, CONTACT = "quizzical.victim@example.net", "quizzical.friend@example.net"
DAY = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with mail, its case by relative paths, and two sets that went out."""
    from click.testing import CliRunner

    folder = tmp_path_factory.mktemp("custody")
    shutil.copytree(ROOT / "examples" / "libero-2014", folder / "mail")
    (folder / "contacts.csv").write_text(f"First Name,E-mail Address\nElse,{CONTACT}\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for words in (
            f"investigate mail -o case -q --time {DAY} --contacts {VICTIM}=contacts.csv",
            "publish case --tlp CLEAR -o out --time 2026-01-02T00:00:00Z",
            "pack case -o case.zip --time 2026-01-03T00:00:00Z",
        ):
            done = CliRunner().invoke(cli, words.split(), prog_name="firsthop")
            assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same for one test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def journal() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("case/journal.jsonl").read_text().splitlines()]


def test_every_command_is_in_the_journal(here: Path) -> None:
    told = [(one["action"], one["arguments"], one["time"]) for one in journal()]
    read_by = {} if engine() == PYTHON else {"engine": engine()}
    assert told == [
        (
            "investigate",
            {"paths": ["mail"], "case_file": "mail/case.toml", "contacts": 1} | read_by,
            "2026-01-01T00:00:00Z",
        ),
        ("publish", {"tlp": "CLEAR"}, "2026-01-02T00:00:00Z"),
        ("pack", {}, "2026-01-03T00:00:00Z"),
    ]
    assert [one["out"]["tlp"] for one in journal()[1:]] == ["CLEAR", "AMBER"]


def test_no_contact_is_in_the_case_or_the_pack(here: Path) -> None:
    files = [path for path in Path("case").rglob("*") if path.is_file()]
    for path in [*files, Path("case.zip"), *Path("out").iterdir()]:
        assert b"quizzical" not in path.read_bytes(), path
        assert b"contacts.csv" not in path.read_bytes(), path


def test_all_is_as_it_was(run: Run, here: Path) -> None:
    before = {path: path.read_bytes() for path in Path("case").rglob("*") if path.is_file()}
    shown = run("verify", "case")
    assert shown.exit_code == 0
    assert "files given: 1 as they were given" in shown.stdout
    assert "../out (publish, TLP:CLEAR, entry 2): as it went out" in shown.stdout
    assert "../case.zip (pack, TLP:AMBER, entry 3): as it went out" in shown.stdout
    run("campaigns", "case")
    run("why", "case", "a", "b")
    after = {path: path.read_bytes() for path in Path("case").rglob("*") if path.is_file()}
    assert after == before, "who only looks leaves nothing"


def test_every_file_that_went_out_is_named_when_it_is_changed(run: Run, here: Path) -> None:
    for path in sorted(Path("out").iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"?")
        shown = run("verify", "case")
        assert (shown.exit_code, f"../out: {path.name}: changed" in shown.stdout) == (1, True)
        alone = run("verify", "case", "--set", "out")
        assert (alone.exit_code, f"out: {path.name}: changed" in alone.stdout) == (1, True)
        path.write_bytes(whole)
    Path("out/more.txt").write_text("")
    assert "more.txt: added" in run("verify", "case").stdout
    shutil.rmtree("out")
    shown = run("verify", "case")
    assert (shown.exit_code, "entry 2): not found here" in shown.stdout) == (0, True)


def test_a_changed_pack_and_a_changed_original_are_named(run: Run, here: Path) -> None:
    Path("case.zip").write_bytes(Path("case.zip").read_bytes()[:-1] + b"?")
    Path("mail/headers.txt").write_bytes(b"other")
    told = json.loads(run("verify", "case", "--json").stdout)
    assert told["intact"] is False
    assert told["inputs"] == {"intact": 0, "changed": ["mail/headers.txt"], "not_found": []}
    assert [one["place"] for one in told["sets"] if one["problems"]] == ["../case.zip"]
    shown = run("verify", "case")
    assert (shown.exit_code, "mail/headers.txt: changed" in shown.stdout) == (1, True)


def test_originals_elsewhere_are_said_and_found(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    shown = run("verify", here / "case")
    assert (shown.exit_code, "1 not found here" in shown.stdout) == (0, True)
    assert "1 as they were given" in run("verify", here / "case", "--inputs", here).stdout


def test_a_check_is_noted_when_that_is_asked_for(run: Run, here: Path) -> None:
    shown = run("verify", "case", "--record", "--time", "2026-02-01T00:00:00Z")
    assert (shown.exit_code, "4 entries" in shown.stdout) == (0, True)
    assert (journal()[-1]["action"], journal()[-1]["result"]) == ("verify", "intact")
    assert run("verify", "case").stdout.splitlines()[:2] == shown.stdout.splitlines()[:2]
    bulletin = Path("case/bulletin.it.md")
    bulletin.write_bytes(bulletin.read_bytes() + b"x")
    assert run("verify", "case", "--record").exit_code == 1
    assert journal()[-1]["result"] == "1 differ: bulletin.it.md"


def test_a_publication_that_was_stopped_is_noted(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firsthop.investigation import publish

    monkeypatch.setattr(
        publish, "_files", lambda _, **__: [("a.csv", b"n\nsomebody@example.com\n")]
    )
    assert run("publish", "case", "--tlp", "CLEAR", "-o", "leaking").exit_code == 1
    assert (journal()[-1]["result"], journal()[-1]["out"]) == ("nothing was written: 1 finds", None)


def test_nothing_is_published_of_a_case_that_was_changed(run: Run, here: Path) -> None:
    Path("case/campaigns.json").write_bytes(b"[]")
    shown = run("publish", "case", "--tlp", "CLEAR", "-o", "again")
    assert (shown.exit_code, "campaigns.json (changed" in shown.stderr) == (2, True)
    assert not Path("again").exists()


def test_pack_names_what_it_could_not_take(run: Run, here: Path) -> None:
    Path("mail/headers.txt").unlink()
    shown = run("pack", "case", "-o", "b.zip")
    assert shown.exit_code == 1
    assert shown.stderr.startswith("firsthop: mail/headers.txt: not found, and not in the pack")
    assert "not signed" in shown.stdout
    told = json.loads(run("pack", "case", "-o", "c.zip", "--json").stdout)
    assert (told["missing"], told["signed"], told["stamped"]) == (["mail/headers.txt"], False, None)
    again = run("pack", "case", "-o", "b.zip")
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)


def test_a_request_is_not_left_where_no_pack_comes_of_it(run: Run, here: Path) -> None:
    Path("mail/headers.txt").write_bytes(Path("mail/headers.txt").read_bytes().swapcase())
    shown = run("pack", "case", "-o", "b.zip", "--timestamp-request", "b.tsq")
    assert (shown.exit_code, "no longer the file" in shown.stderr) == (2, True)
    assert not Path("b.tsq").exists()
    assert run("pack", "case", "-o", "b.zip", "--sign", "none").exit_code == 2
    assert run("pack", "case", "-o", "b.zip", "--timestamp", "none").exit_code == 2
