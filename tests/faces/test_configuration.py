"""Settings and case file: a mistake is one line that names file and key, and nothing is
done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.case_file import CaseFile, audience_of
from firsthop.investigation.kept import read_kept
from firsthop.settings import Audience, Settings

Run = Callable[..., Result]

WRONG_SETTINGS = {
    "own = 1": "own must be a list of texts",
    "own = ['a b']": "neither a host name nor an address range",
    "own = ['192.0.2.0/99']": "192.0.2.0/99",
    "servers = []": "unknown key 'servers'",
    "time_zone = 'Rome'": "time_zone 'Rome' is no IANA time zone",
    "time_zone = 1": "time_zone 1 is no IANA time zone",
    "tlp = 'WHITE'": "tlp must be one of RED",
    "tlp = ['RED']": "tlp must be one of RED",
    "own = [": "own.toml",
    "\x1b[31m = 1": "own.toml",
}


@pytest.mark.parametrize("text", WRONG_SETTINGS)
def test_wrong_settings(run: Run, message: bytes, tmp_path: Path, text: str) -> None:
    (tmp_path / "own.toml").write_text(text)
    shown = run("trace", "-", "--settings", tmp_path / "own.toml", stdin=message)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
    assert WRONG_SETTINGS[text] in shown.stderr
    assert "\x1b" not in shown.stderr


@pytest.mark.parametrize("option", ["--settings", "--case"])
def test_a_file_that_is_not_there(run: Run, message: bytes, option: str) -> None:
    shown = run("examine", "-", option, "none.toml", stdin=message)
    assert (shown.exit_code, shown.stderr) == (
        2,
        "firsthop: none.toml: No such file or directory\n",
    )


def test_a_settings_file_that_is_no_text(run: Run, message: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00")
    shown = run("trace", "-", "--settings", tmp_path / "own.toml", stdin=message)
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)


def test_a_wrong_case_file_in_the_folder(run: Run, message: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(message)
    (tmp_path / "case.toml").write_text("titel = 'x'\n")
    shown = run("examine", tmp_path)
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path / 'case.toml'}: unknown key 'titel'" in shown.stderr


def test_two_case_files_need_a_choice(run: Run, message: bytes, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "m.eml").write_bytes(message)
        (tmp_path / name / "case.toml").write_text('tlp = "GREEN"\n')
    assert "name one with --case" in run("examine", tmp_path / "a", tmp_path / "b").stderr
    chosen = run(
        "examine", "--json", tmp_path / "a", tmp_path / "b", "--case", tmp_path / "a" / "case.toml"
    )
    assert (chosen.exit_code, chosen.stdout.count("\n")) == (0, 2)


def test_a_wrong_own_server(run: Run, message: bytes) -> None:
    shown = run("trace", "-", "--own", "10.0.0.0/77", stdin=message)
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)


AUDIENCES = {
    ("", ""): ("Europe/Rome", "AMBER"),
    ("", "time_zone = 'Asia/Tokyo'\ntlp = 'GREEN'\n"): ("Asia/Tokyo", "GREEN"),
    ("tlp = 'RED'\n", "time_zone = 'Asia/Tokyo'\ntlp = 'GREEN'\n"): ("Asia/Tokyo", "RED"),
    ("time_zone = 'UTC'\n", "time_zone = 'Asia/Tokyo'\n"): ("UTC", "AMBER"),
}


@pytest.mark.parametrize(("settings", "case"), AUDIENCES)
def test_settings_go_before_the_case_file(
    run: Run, message: bytes, tmp_path: Path, settings: str, case: str
) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_bytes(message)
    (tmp_path / "mail" / "case.toml").write_text(case)
    (tmp_path / "own.toml").write_text(settings)
    run(
        "investigate",
        tmp_path / "mail",
        "-o",
        tmp_path / "case",
        "--settings",
        tmp_path / "own.toml",
    )
    written = (tmp_path / "case" / "bulletin.en.md").read_text()
    zone, tlp = AUDIENCES[settings, case]
    # nobody has redacted it: no wider than AMBER; `publish` takes what was asked
    assert f"**TLP:{'AMBER' if tlp == 'GREEN' else tlp}**" in written
    assert read_kept(tmp_path / "case").audience.tlp == tlp
    told = {"Europe/Rome": "Italian time"}.get(zone, f"`{zone}`")
    assert f"The local time ({told}) stands beside UTC" in written


def test_without_settings_of_its_own_a_call_keeps_those_of_the_case_file() -> None:
    case_file = CaseFile(time_zone="Asia/Tokyo", tlp="GREEN")
    assert audience_of(Settings(), case_file) == Audience("Asia/Tokyo", "GREEN")
