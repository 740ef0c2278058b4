"""A person who watches sees a bar on standard error; the results on standard output
stay as they are."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.children import started

pty = pytest.importorskip("pty")


def run_watched(*args: str) -> tuple[str, str]:
    """Standard output through a pipe, and what a terminal on standard error was sent.
    The terminal is read meanwhile: it holds some kilobytes, and a program that runs
    long would wait for ever to draw its next bar."""
    watcher, terminal = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color"}
    command = [sys.executable, "-m", "firsthop", *args]
    with ThreadPoolExecutor(1) as reader:
        with started(command, stderr=terminal, env=environment) as program:
            os.close(terminal)
            shown = reader.submit(_read_all, watcher)
            output, _ = program.communicate()
        return output, shown.result().decode()


def _read_all(watcher: int) -> bytes:
    shown = b""
    try:
        while chunk := os.read(watcher, 65_536):
            shown += chunk
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(watcher)
    return shown


@pytest.fixture
def heap(tmp_path: Path, message: bytes) -> str:
    (tmp_path / "many.mbox").write_bytes(
        (b"From a@b Thu May 29 14:18:38 2014\n" + message + b"\n") * 300
    )
    (tmp_path / "empty.eml").write_bytes(b"")
    return str(tmp_path)


def test_the_bar_stays_out_of_the_results(heap: str) -> None:
    output, shown = run_watched("trace", "--json", heap)
    assert len([json.loads(line) for line in output.splitlines()]) == 300
    assert "reading, " in shown
    assert shown.count("firsthop: not read: ") == 1


def test_quiet_draws_nothing(heap: str) -> None:
    output, shown = run_watched("trace", "--json", "--quiet", heap)
    assert len(output.splitlines()) == 300
    assert shown.replace("\r", "") == f"firsthop: not read: {heap}/empty.eml: empty\n"


def test_the_bytes_to_read_are_known_of_plain_files_only(heap: str, tmp_path: Path) -> None:
    from firsthop.faces.cli.progress import expected_bytes

    size = (Path(heap) / "many.mbox").stat().st_size
    assert expected_bytes([heap]) == size
    assert expected_bytes([heap, "-"]) is None
    (tmp_path / "more.tar.gz").write_bytes(b"x")
    assert expected_bytes([heap]) is None


@pytest.mark.slow
def test_a_long_run_tells_its_phases(heap: str, tmp_path: Path) -> None:
    _, shown = run_watched("investigate", heap, "-o", str(tmp_path / "out"))
    assert "reading, " in shown
    assert "gathering" in shown
