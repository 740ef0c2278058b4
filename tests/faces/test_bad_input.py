"""What cannot be read is one clear line each, the rest is processed, and the exit code
is 1."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.faces.cli.left_out import left_out_lines
from firsthop.mail.sources.raw import Skipped
from tests.children import PIPE, started
from tests.children import run as run_child

Run = Callable[..., Result]
TWO_GIB = 2 << 30


@pytest.fixture
def heap(tmp_path: Path, message: bytes) -> Path:
    """A folder with good mail and with everything that is none."""
    folder = tmp_path / "heap"
    folder.mkdir()
    (folder / "good.eml").write_bytes(message)
    (folder / "empty.eml").write_bytes(b"")
    (folder / "binary").write_bytes(b"\x7fELF" + bytes(range(256)) * 64)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4_096))
    (folder / "prose.txt").write_bytes(b"Nothing in here is a header line.\n" * 10)
    (folder / "cut.mbox").write_bytes(
        b"From a@b Thu May 29 14:18:38 2014\n"
        + message
        + b"\nFrom a@b Thu May 29 14:18:39 2014\nReceived: from x by"
    )
    with (folder / "sparse.eml").open("wb") as file:
        file.truncate(TWO_GIB)
    os.mkfifo(folder / "pipe")
    (folder / "dangling").symlink_to(folder / "none")
    return folder


UNREADABLE = {
    "empty.eml",
    "binary",
    "cut.mbox",
    "picture.png",
    "prose.txt",
    "sparse.eml",
    "pipe",
    "dangling",
}


@pytest.mark.parametrize("command", ["trace", "examine"])
@pytest.mark.parametrize("form", [["--json"], []], ids=["json", "text"])
def test_each_is_one_line_and_the_rest_is_processed(
    run: Run, heap: Path, command: str, form: list[str]
) -> None:
    shown = run(command, *form, heap, heap / "missing.eml")
    lines = shown.stderr.splitlines()
    assert {Path(line.split(": ")[2]).name for line in lines} == UNREADABLE | {"missing.eml"}
    assert len(lines) == len(UNREADABLE) + 1
    assert all(line.startswith("firsthop: not read: ") for line in lines)
    assert shown.exit_code == 1
    assert shown.stdout.count("good.eml") == 1
    assert shown.stdout.count("cut.mbox") == 2


def test_investigate_names_them_too(run: Run, heap: Path, tmp_path: Path) -> None:
    shown = run("investigate", "--json", heap, "-o", tmp_path / "case")
    told = json.loads(shown.stdout)
    assert (shown.exit_code, told["messages"], len(told["skipped"])) == (1, 3, len(UNREADABLE))
    assert len(shown.stderr.splitlines()) == len(UNREADABLE)
    manifest = [
        json.loads(line) for line in (tmp_path / "case" / "inputs.jsonl").read_text().splitlines()
    ]
    assert {Path(line["uri"]).name for line in manifest if "reason" in line} == UNREADABLE


def test_hundreds_that_are_left_out_for_one_reason_are_one_line(
    run: Run, tmp_path: Path, message: bytes
) -> None:
    heap, hostile = tmp_path / "heap", "\x1b[2J\nfirsthop: all is well"
    heap.mkdir()
    (heap / "good.eml").write_bytes(message)
    for name in (hostile, *(f"n{number:04}" for number in range(299))):
        (heap / name).symlink_to("nowhere")
    shown = run("investigate", "--json", heap, "-o", tmp_path / "case")
    escaped = "\\x1b[2J\\x0afirsthop: all is well"
    assert shown.stderr == (
        f"firsthop: not read: 300 inputs: a symbolic link to nothing: {heap}/{escaped}, "
        f"{heap}/n0000, {heap}/n0001 and 297 more (inputs.jsonl names all)\n"
    )
    assert (shown.exit_code, len(json.loads(shown.stdout)["skipped"])) == (1, 300)
    manifest = (tmp_path / "case" / "inputs.jsonl").read_text().splitlines()
    assert sum("reason" in json.loads(line) for line in manifest) == 300


def test_up_to_ten_of_one_reason_have_a_line_each_and_numbers_make_no_reason() -> None:
    few = [Skipped(f"f{n}", "empty") for n in range(10)]
    many = [Skipped(f"m{n}", f"{n},000 bytes: more than 8") for n in range(11)]
    assert list(left_out_lines([many[0], *few, *many[1:]], "x names all")) == [
        "11 inputs: N bytes: more than N: m0, m1, m2 and 8 more (x names all)",
        *(f"f{n}: empty" for n in range(10)),
    ]


def test_a_message_without_headers_is_kept_and_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bare.eml").write_bytes(b"\r\nOnly a body.\r\n")
    shown = run("trace", "--json", tmp_path)
    assert json.loads(shown.stdout)["source"]["uri"].endswith("bare.eml")
    assert shown.stderr.splitlines() == [
        (
            f"firsthop: not read: {tmp_path / 'bare.eml'}: no header field: kept as a message "
            f"without a header"
        )
    ]
    assert shown.exit_code == 1


def test_a_binary_called_eml_is_no_mail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.eml").write_bytes(bytes(range(256)) * 16)
    shown = run("trace", tmp_path)
    assert (shown.exit_code, shown.stdout, len(shown.stderr.splitlines())) == (1, "", 1)


def test_nothing_on_standard_input(run: Run) -> None:
    shown = run("trace", "-")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (
        1,
        "",
        "firsthop: not read: -: empty\n",
    )


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_folder_without_permission(run: Run, heap: Path) -> None:
    closed = heap / "closed"
    closed.mkdir(mode=0)
    lines = run("trace", heap).stderr.splitlines()
    closed.chmod(0o700)
    assert [line for line in lines if f"{closed}: " in line and "Permission denied" in line]


def test_interrupted(run: Run, heap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("firsthop.faces.cli.reading.read_mail", interrupt)
    shown = run("trace", heap)
    assert (shown.exit_code, shown.stdout) == (130, "")
    assert "Traceback" not in shown.stderr


def test_a_fault_of_the_program_shows_no_raw_text_of_a_mail(
    run: Run, heap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("\x1b[31mmail")

    monkeypatch.setattr("firsthop.faces.cli.reading.read_mail", fail)
    shown = run("trace", heap)
    assert shown.exit_code == 70
    assert "\\x1b[31mmail" in shown.stderr
    assert "\x1b" not in shown.stderr


@pytest.mark.parametrize("form", ["--json", "--quiet"])
def test_a_reader_that_goes_away(tmp_path: Path, message: bytes, form: str) -> None:
    (tmp_path / "many.mbox").write_bytes(
        (b"From a@b Thu May 29 14:18:38 2014\n" + message + b"\n") * 3_000
    )
    command = [sys.executable, "-m", "firsthop", "trace", form, str(tmp_path / "many.mbox")]
    with started(command, stderr=PIPE) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == ""
        assert program.wait() == 128 + signal.SIGPIPE


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["trace", "examine --json", "background add {}/kept"])
def test_a_stream_that_is_closed_is_no_fault(
    tmp_path: Path, message: bytes, command: str, closed: str
) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(message)
    asked = f"{sys.executable} -m firsthop {command.format(tmp_path)} {mail} {closed}"
    ended = run_child(["sh", "-c", asked])
    assert ended.returncode == 0
    assert not ended.stderr
    assert bool(ended.stdout) is (">&-" not in closed.replace("2>&-", ""))
    assert mail.read_bytes() == message
