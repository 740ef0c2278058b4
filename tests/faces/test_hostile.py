"""Hostile header values and file names through every command: nothing of them steers
the terminal, as text and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

NASTY = [
    "\x1b]0;owned\x07\x1b[2J",
    "\x9b31m",
    "\u202egnp.exe\u202c",
    "\u2066x\u2069",
    "\u200b\ufeff",
    "\r\x08\x7f",
    "[bold red]x[/bold red][link=a]",
    "\x85\u2028",
]
NASTY_NAME = "\x1b[31m\u202e[red]\n.eml"


def hostile(text: str) -> bytes:
    """A message with `text` wherever a text can stand."""
    raw = text.replace("\r", "").encode()
    return (
        b"Received: from "
        + raw
        + b" ("
        + raw
        + b" [192.0.2.7]) by "
        + raw
        + b" (Postfix"
        + raw
        + b") with ESMTPA"
        + raw
        + b" id 4F2A"
        + raw
        + b" for <"
        + raw
        + b"@x>; Thu, 29 May 2014 14:18:38 +0200 ("
        + raw
        + b")\r\n"
        + b"Received: "
        + raw
        + b"\r\nX-"
        + raw
        + b": y\r\n"
        + raw
        + b"\r\n"
        + b"From: "
        + raw
        + b" <"
        + raw
        + b"@example.org>\r\nSubject: "
        + raw
        + b" =?utf-8?q?=1B=5B31m=E2=80=AE?= =?utf-7?q?+2AA-?=\r\n"
        + b"Message-ID: <"
        + raw
        + b"@"
        + raw
        + b">\r\nDate: Thu, 29 May 2014 14:18:30 +0200 ("
        + raw
        + b")\r\nX-Mailer: "
        + raw
        + b"\r\n\r\nbody\r\n"
    )


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    folder = tmp_path / "heap"
    folder.mkdir()
    for number, text in enumerate(NASTY):
        (folder / f"{number}.eml").write_bytes(hostile(text))
    (folder / NASTY_NAME).write_bytes(hostile("x"))
    (folder / f"empty{NASTY_NAME}").write_bytes(b"")
    return folder


def assert_harmless(shown: Result) -> None:
    """Only characters that print, and line feeds."""
    for text in (shown.stdout, shown.stderr):
        assert not [
            repr(c)
            for c in text
            if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        ]


@pytest.mark.parametrize("command", ["trace", "examine"])
def test_reading_commands_as_text(run: Run, heap: Path, command: str) -> None:
    shown = run(command, heap, heap / f"none{NASTY_NAME}")
    assert_harmless(shown)
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (1, 2)
    assert "\\x1b]0;owned\\x07" in shown.stdout
    assert "[bold red]x[/bold red]" in shown.stdout
    assert "\\u202e" in shown.stdout


@pytest.mark.parametrize("command", ["trace", "examine"])
def test_reading_commands_as_json(run: Run, heap: Path, command: str) -> None:
    shown = run(command, "--json", heap)
    assert_harmless(shown)
    subjects = [json.loads(line)["subject"] for line in shown.stdout.splitlines()]
    assert len(subjects) == len(NASTY) + 1
    assert any("\x1b]0;owned\x07" in subject for subject in subjects)


def test_investigate_and_verify(run: Run, heap: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    for form in ([], ["--json"]):
        shown = run("investigate", *form, heap, "-o", case)
        assert shown.exit_code == 1
        assert_harmless(shown)
    (case / NASTY_NAME).write_text("x")
    (case / "bulletin.en.md").write_text("x")
    for form in ([], ["--json"]):
        shown = run("verify", *form, case)
        assert shown.exit_code == 1
        assert_harmless(shown)


@pytest.mark.parametrize(
    "args",
    [
        ["explain", NASTY_NAME],
        ["verify", NASTY_NAME],
        [NASTY_NAME],
        ["trace", f"--{NASTY_NAME}"],
        ["trace", "x", "--own", NASTY_NAME],
    ],
)
def test_arguments_are_shown_harmless(run: Run, args: list[str]) -> None:
    shown = run(*args)
    assert shown.exit_code == 2
    assert_harmless(shown)


def test_a_case_file_is_shown_harmless(run: Run, heap: Path) -> None:
    (heap / "case.toml").write_text('tlp = "\\u001b[31m"\n')
    shown = run("examine", heap)
    assert shown.exit_code == 2
    assert_harmless(shown)
