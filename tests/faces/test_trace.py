"""`trace` shows the ladder with its boundary, and the contract as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_the_example_as_text(run: Run, example: str) -> None:
    shown = run("trace", example)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.count("published text: evidence of a publication, not of the message") == 7
    assert shown.stdout.count("boundary unknown: no own servers are set") == 7
    first = shown.stdout.split("\n\n")
    assert (
        "\nNOT DECIDED. This is published text, not the message: it can show what was" in first[0]
    )
    assert "6b2daac63ab3e8955fa9b2ddd3a1b768@7cho-me.com" in first[1]
    assert "19E99E83CED1 = 106137 µs, inode 243519185" in first[2]
    assert "2014-05-17 12:59:37 UTC · 14:59:37 CEST · written +0900 (JST)" in first[2]
    assert "1WqABD-0000h0-0r = 2014-05-29 23:56:15 UTC" in shown.stdout
    assert "value lost  reverse_path" in shown.stdout
    assert "duplicated_token" in shown.stdout
    assert shown.stdout.count("(value lost)") == 3


def test_the_example_as_json(run: Run, example: str) -> None:
    shown = run("trace", "--json", example)
    messages = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [message["hops"][0]["client_address"] for message in messages][5] == "109.86.164.213"
    assert (len(messages), shown.exit_code, shown.stderr) == (7, 0, "")


def test_own_servers_draw_the_boundary(run: Run, message: bytes) -> None:
    lines = run("trace", "-", "--own", "mx.example.com", stdin=message).stdout.splitlines()
    marks = [line.strip() for line in lines if line.lstrip()[:1] in ("1", "2") or "──" in line]
    assert marks == [
        "2  ▶ handover  by mx.example.com (Postfix)",
        (
            "── boundary: mx.example.com took the message over from 192.0.2.7; what stands below "
            "is claimed ──"
        ),
        "1  ? claimed  by relay.example.net (Postfix)",
    ]


def test_hops_tell_how_long_they_took(run: Run, message: bytes) -> None:
    shown = run("trace", "-", stdin=message).stdout
    assert "3 s after hop 1" in shown
    assert (
        "5 s before hop 1"
        in run("trace", "-", stdin=message.replace(b"14:18:41", b"14:18:33")).stdout
    )


def test_the_time_zone_is_the_readers(run: Run, message: bytes, tmp_path: Path) -> None:
    settings = tmp_path / "firsthop.toml"
    settings.write_text('time_zone = "Asia/Tokyo"\nown = ["mx.example.com"]\n')
    shown = run("trace", "-", "--settings", settings, stdin=message).stdout
    assert "2014-05-29 12:18:41 UTC · 21:18:41 JST" in shown
    assert "handover" in shown


def test_a_pipe_has_100_columns_and_no_colour(run: Run, message: bytes) -> None:
    shown = run("trace", "-", stdin=message.replace(b"hello", b"word " * 90)).stdout
    assert max(map(len, shown.splitlines())) <= 100
    assert "\x1b" not in shown
    assert not [line for line in shown.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("command", ["trace", "examine"])
def test_the_case_file_of_a_folder_is_no_mail(
    run: Run, message: bytes, tmp_path: Path, command: str
) -> None:
    (tmp_path / "a.eml").write_bytes(message)
    (tmp_path / "case.toml").write_text('tlp = "GREEN"\n')
    shown = run(command, "--json", tmp_path)
    assert (shown.exit_code, shown.stdout.count("\n"), shown.stderr) == (0, 1, "")
